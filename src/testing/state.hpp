// Copyright (c) 2026 The yunhu authors
// SPDX-License-Identifier: BSL-1.0
#pragma once

#include "testing/community.hpp"
#include "testing/conversation.hpp"
#include "testing/directory.hpp"

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
#include <utility>
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
inline constexpr api_status already_recalled{-1, "消息已撤回"};
inline constexpr api_status not_editable{-1, "该消息不支持编辑"};
inline constexpr api_status not_a_file{-1, "该消息不是文件"};
inline constexpr api_status no_such_user{4402, "用户不存在"};
inline constexpr api_status no_such_bot{-1, "机器人不存在"};
inline constexpr api_status no_such_group{-1, "群聊不存在"};
inline constexpr api_status no_such_chat{-1, "添加的对象不存在"};
inline constexpr api_status no_such_request{-1, "该申请不存在"};
inline constexpr api_status no_such_tag{-1, "标签不存在"};
inline constexpr api_status added_already{-9, "您已添加过对方"};
inline constexpr api_status owner_cannot_leave{-1, "群主不可退群"};
inline constexpr api_status owner_cannot_be_gagged{-1, "不可以禁言群主！"};
inline constexpr api_status owner_cannot_be_removed{-1, "不可以移除群主！"};
inline constexpr api_status wrong_gag{-1, "禁言时长错误，请重试"};
inline constexpr api_status not_an_admin{-1, "您无权操作此群聊，请联系群主或者管理员"};
inline constexpr api_status no_such_account{-1, "账号不存在"};
inline constexpr api_status wrong_password{-1, "密码错误"};
inline constexpr api_status wrong_code{-1, "验证码错误"};
inline constexpr api_status not_your_bot{-1, "您无权操作此机器人"};
inline constexpr api_status not_the_owner{-1, "您无权操作此群聊，请联系群主"};
inline constexpr api_status not_a_member{-1, "该用户不在这个群聊，请重试"};

/// A page of messages, newest first unless said otherwise. The pointers are valid until the next change of the state.
struct listing {
    api_status status = success;
    std::vector<const stored_message*> messages;
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

/// A conversation as an entry of an account's list. Valid until the next change of the state.
struct conversation_entry {
    const conversation* in = nullptr;
    const stored_message* last = nullptr;
    std::uint64_t changed = 0; ///< ms since the epoch
    std::uint64_t unread = 0;  ///< messages of others since the account's last one, at most 99
    bool mentioned = false;    ///< in one of them
};

/// A change of a message: pushed to accounts, and stored with the message itself.
struct change {
    enum class kind : std::uint8_t { sent, edited, recalled, blocked, streamed, hidden, erased };

    kind what{};
    const conversation* in = nullptr;
    std::size_t index = 0; ///< of the message
    std::string text;      ///< of streamed: the appended text
    wire::Sender by;       ///< of recalled

    [[nodiscard]] const stored_message& message() const { return in->messages[index]; }
};

/// The data of the emulated service: accounts, conversations, messages, edits, and reports. No I/O, no clock, no lock.
class state {
public:
    explicit state(std::uint64_t seed) : random_(seed) {}

    [[nodiscard]] const directory& people() const { return people_; }
    [[nodiscard]] directory& people() { return people_; }

    /// A text that was not given before, of 32 hexadecimal digits.
    [[nodiscard]] std::string fresh_id() { return new_id(); }

    [[nodiscard]] const community& relations() const { return relations_; }
    [[nodiscard]] community& relations() { return relations_; }

    /// Sets `duplicate`, returns success and stores nothing when the `msg_id` is already in use.
    api_status send(account_index account, const wire::SendMessageRequest& request, std::uint64_t now, bool& duplicate);
    api_status edit(account_index account, const wire::SendMessageRequest& request, std::uint64_t now);
    /// Recalls all of them, or none if any of them can't be recalled. A chat without a type is found by the message.
    api_status recall(account_index account, const chat& in, std::span<const std::string* const> msg_ids,
                      std::uint64_t now);
    /// Hides the message from the account.
    api_status remove(account_index account, const chat& in, const std::string& msg_id);
    api_status forward(account_index account, chat_type from, const std::string& msg_id, std::span<const chat> receive,
                       std::uint64_t now);
    api_status report_button(account_index account, button_press press);
    api_status record_download(account_index account, download done);

    /// `count` messages before `cursor`; an empty cursor means the end of the chat.
    [[nodiscard]] listing before(account_index account, const chat& in, const std::string& cursor,
                                 std::uint64_t count) const;
    /// The messages newer than `seq`, at most the newest 31.
    [[nodiscard]] listing since(account_index account, const chat& in, std::uint64_t seq) const;
    /// How many messages to list around another one.
    struct extent {
        std::uint64_t earlier = 0;
        std::uint64_t newer = 0;
        mid_seq_order order = mid_seq_order::newest_first; ///< any_position: `newer` is the number of both
    };
    [[nodiscard]] listing around(account_index account, const chat& in, const std::string& msg_id, extent wanted) const;
    /// `seq` 0: the oldest message.
    [[nodiscard]] listing around(account_index account, const chat& in, std::uint64_t seq, extent wanted) const;
    /// The picture with that seq, `earlier` pictures before it and `later` ones after it.
    [[nodiscard]] listing pictures(account_index account, const chat& in, std::uint64_t seq, std::uint64_t earlier,
                                   std::uint64_t later) const;
    /// The `count` messages that were sent, edited or recalled first after `time`, in that order.
    [[nodiscard]] listing updates(account_index account, const chat& in, std::uint64_t time, std::uint64_t count) const;
    [[nodiscard]] edit_listing edits(account_index account, const std::string& msg_id, std::uint64_t size,
                                     std::uint64_t page) const;
    /// The conversations of the account that have messages, the last changed first.
    [[nodiscard]] std::vector<conversation_entry> conversations(account_index account) const;

    /// Throws `std::invalid_argument` if the `msg_id` is already in use.
    const stored_message& deliver(account_index viewer, const chat& in, wire::Message message, std::uint64_t now);
    /// A text of any user or bot; see `emulator::say`.
    const stored_message& say(const std::string& speaker, const chat& to, std::string text, const std::string& quote,
                              std::uint64_t now);
    /// These throw `std::invalid_argument` if there is no such message.
    void erase(account_index viewer, const chat& in, const std::string& msg_id);
    void rewrite(const std::string& msg_id, std::string text, std::uint64_t now);
    void recall_as(const std::string& by, const std::string& msg_id, std::uint64_t now);
    void block(const std::string& msg_id, std::uint64_t now);
    void stream(const std::string& msg_id, const std::string& text);
    /// The messages of the chat, oldest first; with those that the account deleted, without erased ones.
    [[nodiscard]] std::vector<const stored_message*> all(account_index viewer, const chat& in) const;
    [[nodiscard]] const std::vector<button_press>& button_reports() const { return presses_; }
    [[nodiscard]] const std::vector<download>& downloads() const { return downloads_; }

    /// Whether the conversation is one of the account's.
    [[nodiscard]] bool has(account_index account, const conversation& it) const;
    /// The changes since the last call, in order. Valid until the next change of the state.
    [[nodiscard]] std::vector<change> take_changes() { return std::exchange(changes_, {}); }

    /// Puts a message of a stored state where it was. Later ones with the same id replace it.
    void restore(chat_type type, std::string first, std::string second, stored_message message);
    void restore_edit(const std::string& msg_id, old_version version);
    [[nodiscard]] const std::vector<old_version>* edits_of(const std::string& msg_id) const;

private:
    struct position {
        conversation* in = nullptr;
        std::size_t index = 0;
        [[nodiscard]] stored_message& get() const { return in->messages[index]; }
    };

    [[nodiscard]] const std::string& id_of(account_index account) const { return people_.at(account).user_id; }
    [[nodiscard]] const conversation* find(const std::string& viewer, const chat& in) const;
    [[nodiscard]] conversation& open(const std::string& viewer, const chat& in);
    [[nodiscard]] conversation& open(chat_type type, std::string first, std::string second);
    [[nodiscard]] const position* find(const std::string& msg_id) const;
    [[nodiscard]] const position* find(account_index account, const chat& in, const std::string& msg_id) const;
    [[nodiscard]] const position& existing(const std::string& msg_id, std::string_view caller) const;
    [[nodiscard]] static listing around(account_index account, const conversation& in, std::size_t target,
                                        extent wanted);
    stored_message& append(conversation& to, stored_message added);
    void touch(conversation& in, std::size_t index);
    void add_change(change::kind what, const position& at);
    void mark_recalled(const position& at, wire::Sender by, std::uint64_t now);
    [[nodiscard]] std::string new_id();
    [[nodiscard]] wire::Sender sender_of(chat_type type, const std::string& id) const;
    void set_sender(stored_message& message, account_index account) const;

    directory people_;
    community relations_;
    std::mt19937_64 random_;
    std::unordered_map<std::string, conversation> conversations_; // by key_of
    std::unordered_map<std::string, position> positions_;         // by msg_id
    std::unordered_map<std::string, std::vector<old_version>> edits_;
    std::uint64_t last_edit_id_ = 0;
    std::vector<button_press> presses_;
    std::vector<download> downloads_;
    std::vector<change> changes_;
};

} // namespace testing::detail
YUNHU_NAMESPACE_END
