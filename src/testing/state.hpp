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

/// What the application says to a request.
struct retry_decision {
    int code;
    std::string_view text;
};

inline constexpr retry_decision success{1, "success"};
inline constexpr retry_decision not_logged_in{-101, "未登录"};
inline constexpr retry_decision bad_parameters{1100, "参数错误"};
inline constexpr retry_decision no_such_message{-1, "消息不存在"};
inline constexpr retry_decision not_yours{-1, "没有权限操作该消息"};
inline constexpr retry_decision recalled{-1, "消息已撤回"};
inline constexpr retry_decision not_editable{-1, "该消息不支持编辑"};
inline constexpr retry_decision not_a_file{-1, "该消息不是文件"};

/// Messages listed, newest first. They live until the next change of the state.
struct listing {
    retry_decision said = success;
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

/// Old versions listed, newest first.
struct edit_listing {
    retry_decision said = success;
    std::uint64_t total = 0;
    std::vector<const old_version*> records;
};

/// What Yunhu remembers: chats, messages, edits, and what one account did. No I/O, no clock, no lock.
class state {
public:
    state(std::string user_id, std::string user_name, std::uint64_t seed);

    /// `duplicate`: the msg_id is known already; says success and stores nothing.
    retry_decision send(const wire::SendMessageRequest& request, std::uint64_t now, bool& duplicate);
    retry_decision edit(const wire::SendMessageRequest& request, std::uint64_t now);
    /// All of them, or none when one of them can't be recalled.
    retry_decision recall(const chat& in, std::span<const std::string* const> msg_ids, std::uint64_t now);
    retry_decision remove(const chat& in, const std::string& msg_id);
    retry_decision forward(chat_type from, const std::string& msg_id, std::span<const chat> receive, std::uint64_t now);
    retry_decision report_button(button_press press);
    retry_decision record_download(download done);

    /// `count` messages before `cursor`; from the newest when that is empty.
    [[nodiscard]] listing before(const chat& in, const std::string& cursor, std::uint64_t count) const;
    /// What is newer than `seq`, at most the newest 31.
    [[nodiscard]] listing since(const chat& in, std::uint64_t seq) const;
    /// The message and `count` more around it.
    [[nodiscard]] listing around(const chat& in, const std::string& msg_id, std::uint64_t count) const;
    [[nodiscard]] listing around(const chat& in, std::uint64_t seq, std::uint64_t count) const;
    /// The picture with that seq, `earlier` pictures before it and `later` ones after it.
    [[nodiscard]] listing pictures(const chat& in, std::uint64_t seq, std::uint64_t earlier, std::uint64_t later) const;
    [[nodiscard]] edit_listing edits(const std::string& msg_id, std::uint64_t size, std::uint64_t page) const;

    /// Throws `std::invalid_argument` for a msg_id that is known already.
    const wire::Message& deliver(const chat& in, wire::Message message, std::uint64_t now);
    /// Throws `std::invalid_argument` for a message that is not there.
    void erase(const chat& in, const std::string& msg_id);
    /// All of the chat, also what the account has deleted, but nothing erased; the oldest first.
    [[nodiscard]] std::vector<const wire::Message*> all(const chat& in) const;
    [[nodiscard]] const std::vector<button_press>& button_reports() const { return presses_; }
    [[nodiscard]] const std::vector<download>& downloads() const { return downloads_; }

private:
    struct entry {
        wire::Message message;
        bool deleted = false; // from the account's own view
        bool erased = false;  // for everybody; deleted too
    };
    struct log {
        chat_type type{};
        std::vector<entry> entries;        // msg_seq is the index + 1
        std::vector<std::size_t> pictures; // indexes into `entries`, ascending
    };
    struct place {
        log* in = nullptr;
        std::size_t index = 0;
        [[nodiscard]] entry& get() const { return in->entries[index]; }
    };
    struct chat_hash {
        std::size_t operator()(const chat& c) const noexcept {
            return std::hash<std::string>()(c.id) ^ static_cast<std::size_t>(c.type);
        }
    };

    [[nodiscard]] const log* find(const chat& in) const;
    [[nodiscard]] const place* find(const std::string& msg_id) const;
    [[nodiscard]] const place* find(const chat& in, const std::string& msg_id) const;
    [[nodiscard]] static listing around(const log& in, std::size_t target, std::uint64_t count);
    wire::Message& append(const chat& to, wire::Message message);
    [[nodiscard]] std::string new_id();
    void sign(wire::Message& message) const; // as the account's own

    std::string user_id_;
    std::string user_name_;
    std::mt19937_64 random_;
    std::unordered_map<chat, log, chat_hash> chats_;
    std::unordered_map<std::string, place> places_; // by msg_id
    std::unordered_map<std::string, std::vector<old_version>> edits_;
    std::uint64_t last_edit_id_ = 0;
    std::vector<button_press> presses_;
    std::vector<download> downloads_;
};

} // namespace testing::detail
YUNHU_NAMESPACE_END
