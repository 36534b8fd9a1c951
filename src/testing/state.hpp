// Copyright (c) 2026 The yunhu authors
// SPDX-License-Identifier: BSL-1.0
#pragma once

#include <yunhu/config.hpp>
#include <yunhu/testing/emulator.hpp>
#include <yunhu/types.hpp>

#include <yunhu/msg.pb.h>

#include <cstddef>
#include <cstdint>
#include <functional>
#include <random>
#include <span>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

YUNHU_NAMESPACE_BEGIN
namespace testing::detail {

/// The status in a response of the API.
struct api_status {
    int code;
    std::string_view text;
};

inline constexpr api_status success{1, "success"};
inline constexpr api_status not_logged_in{-101, "未登录"};
inline constexpr api_status bad_parameters{1100, "参数错误"};
inline constexpr api_status no_such_message{-1, "消息不存在"};
inline constexpr api_status not_yours{-1, "没有权限操作该消息"};
inline constexpr api_status recalled{-1, "消息已撤回"};
inline constexpr api_status not_editable{-1, "该消息不支持编辑"};
inline constexpr api_status not_a_file{-1, "该消息不是文件"};

/// A page of messages, newest first. The pointers are valid until the next change of the state.
struct listing {
    api_status status = success;
    std::vector<const wire::Message*> messages;
};

/// An earlier version of a message.
struct old_version {
    std::uint64_t id;
    std::uint64_t content_type;
    std::string content; ///< JSON text
    std::uint64_t create_time;
    std::uint64_t edit_time;
};

/// A page of earlier versions, newest first.
struct edit_listing {
    api_status status = success;
    std::uint64_t total = 0;
    std::vector<const old_version*> records;
};

/// The data of the emulated service: chats, messages, edits, and the reports of one account. No I/O, no clock, no lock.
class state {
public:
    state(std::string user_id, std::string user_name, std::uint64_t seed);

    /// Sets `duplicate`, returns success and stores nothing when the `msg_id` is already in use.
    api_status send(const wire::SendMessageRequest& request, std::uint64_t now, bool& duplicate);
    api_status edit(const wire::SendMessageRequest& request, std::uint64_t now);
    /// Recalls all of them, or none if any of them can't be recalled.
    api_status recall(const chat& in, std::span<const std::string* const> msg_ids, std::uint64_t now);
    api_status remove(const chat& in, const std::string& msg_id);
    api_status forward(chat_type from, const std::string& msg_id, std::span<const chat> receive, std::uint64_t now);
    api_status report_button(button_press press);
    api_status record_download(download done);

    /// `count` messages before `cursor`; an empty cursor means the end of the chat.
    [[nodiscard]] listing before(const chat& in, const std::string& cursor, std::uint64_t count) const;
    /// The messages newer than `seq`, at most the newest 31.
    [[nodiscard]] listing since(const chat& in, std::uint64_t seq) const;
    /// The message and `count` more around it.
    [[nodiscard]] listing around(const chat& in, const std::string& msg_id, std::uint64_t count) const;
    [[nodiscard]] listing around(const chat& in, std::uint64_t seq, std::uint64_t count) const;
    /// The picture with that seq, `earlier` pictures before it and `later` ones after it.
    [[nodiscard]] listing pictures(const chat& in, std::uint64_t seq, std::uint64_t earlier, std::uint64_t later) const;
    [[nodiscard]] edit_listing edits(const std::string& msg_id, std::uint64_t size, std::uint64_t page) const;

    /// Throws `std::invalid_argument` if the `msg_id` is already in use.
    const wire::Message& deliver(const chat& in, wire::Message message, std::uint64_t now);
    /// Throws `std::invalid_argument` if the chat has no such message.
    void erase(const chat& in, const std::string& msg_id);
    /// The messages of the chat, oldest first; with those that the account deleted, without erased ones.
    [[nodiscard]] std::vector<const wire::Message*> all(const chat& in) const;
    [[nodiscard]] const std::vector<button_press>& button_reports() const { return presses_; }
    [[nodiscard]] const std::vector<download>& downloads() const { return downloads_; }

private:
    struct stored_message {
        wire::Message message;
        bool deleted = false; // for this account
        bool erased = false;  // for every account; implies `deleted`
    };
    struct chat_log {
        chat_type type{};
        std::vector<stored_message> messages; // msg_seq is the index + 1
        std::vector<std::size_t> pictures;    // indexes into `messages`, ascending
    };
    struct position {
        chat_log* in = nullptr;
        std::size_t index = 0;
        [[nodiscard]] stored_message& get() const { return in->messages[index]; }
    };
    struct chat_hash {
        std::size_t operator()(const chat& c) const noexcept {
            return std::hash<std::string>()(c.id) ^ static_cast<std::size_t>(c.type);
        }
    };

    [[nodiscard]] const chat_log* find(const chat& in) const;
    [[nodiscard]] const position* find(const std::string& msg_id) const;
    [[nodiscard]] const position* find(const chat& in, const std::string& msg_id) const;
    [[nodiscard]] static listing around(const chat_log& in, std::size_t target, std::uint64_t count);
    wire::Message& append(const chat& to, wire::Message message);
    [[nodiscard]] std::string new_id();
    void set_own_sender(wire::Message& message) const;

    std::string user_id_;
    std::string user_name_;
    std::mt19937_64 random_;
    std::unordered_map<chat, chat_log, chat_hash> chats_;
    std::unordered_map<std::string, position> positions_; // by msg_id
    std::unordered_map<std::string, std::vector<old_version>> edits_;
    std::uint64_t last_edit_id_ = 0;
    std::vector<button_press> presses_;
    std::vector<download> downloads_;
};

} // namespace testing::detail
YUNHU_NAMESPACE_END
