// Copyright (c) 2026 The yunhu authors
// SPDX-License-Identifier: BSL-1.0
#pragma once

#include "engine/catch_up_fsm.hpp"

#include <gtest/gtest.h>

#include <chrono>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <variant>
#include <vector>

// The catch-up machine and its clock; events and requests as texts.
namespace yunhu::test {

using namespace std::chrono_literals;
using kind = gateway::pushed_message::kind;

inline constexpr std::string_view own_id = "1234567";
inline constexpr std::uint64_t base_time = 1'767'225'600'000;

/// The message of that number: `m7` of chat `big`, sent at `base_time + 7000`.
inline message listed(const chat& in, std::uint64_t seq, std::uint64_t edited_at = 0, std::uint64_t recalled_at = 0) {
    message made;
    made.msg_id = in.id + "-" + std::to_string(seq);
    made.sender.chat_id = "7654321";
    made.sender.chat_type = chat_type::user;
    made.content_type = content_type::text;
    made.msg_seq = seq;
    made.send_time = base_time + seq * 1000;
    made.edit_time = edited_at != 0 ? base_time + edited_at : 0;
    made.msg_delete_time = recalled_at != 0 ? base_time + recalled_at : 0;
    return made;
}

inline gateway::pushed_message pushed(const chat& in, std::uint64_t seq) {
    gateway::pushed_message made;
    made.message = listed(in, seq);
    made.recv_id = own_id;
    made.chat = in;
    return made;
}

/// As the gateway pushes it: without sender, send time and kind of the chat.
inline gateway::pushed_message edit(const chat& in, std::uint64_t seq, std::uint64_t at) {
    gateway::pushed_message made = pushed(in, seq);
    made.what = kind::edit;
    made.message.sender = sender();
    made.message.send_time = 0;
    made.message.edit_time = base_time + at;
    made.recv_id = in.id;
    made.chat.type = chat_type{};
    return made;
}

inline gateway::pushed_message recall(const chat& in, std::uint64_t seq, std::uint64_t at) {
    gateway::pushed_message made = pushed(in, seq);
    made.what = kind::recall;
    made.message.msg_delete_time = base_time + at;
    return made;
}

inline gateway::pushed_message blocked(const chat& in, std::uint64_t seq) {
    gateway::pushed_message made;
    made.what = kind::blocked;
    made.message.msg_id = in.id + "-" + std::to_string(seq);
    made.recv_id = own_id;
    made.chat = chat(chat_type{}, in.id);
    return made;
}

struct event_text {
    std::string operator()(const message_event& m) const {
        return m.chat.id + " " + std::to_string(m.message.msg_seq) + (m.own ? " own" : "");
    }
    std::string operator()(const edit_event& m) const {
        return "edit " + m.message.msg_id + "@" + std::to_string(m.message.edit_time - base_time);
    }
    std::string operator()(const recall_event& m) const { return "recall " + m.message.msg_id; }
    std::string operator()(const blocked_event& m) const { return "blocked " + m.msg_id; }
    std::string operator()(const stream_event& m) const { return "stream " + m.msg_id + " " + m.text; }
    std::string operator()(const draft_event& m) const { return "draft " + m.chat.id; }
    std::string operator()(const gap_event& g) const {
        return "gap " + g.chat.id + " " + std::to_string(g.from_seq) + "-" + std::to_string(g.to_seq) + " " +
               std::string(to_string(g.reason));
    }
    std::string operator()(const session_event& s) const { return "session " + std::string(to_string(s.state)); }
    std::string operator()(const auto& other) const { return std::string(name(event(other))); }
};

inline std::string text_of(const event& e) {
    return std::visit(event_text(), e);
}

inline std::string text_of(const engine::catch_up_fsm::request& r) {
    if (r.conversations) {
        return "conversations " + r.md5;
    }
    switch (r.query.what) {
    case engine::page_query::kind::by_seq:
        return "by_seq " + r.chat.id + " " + std::to_string(r.query.seq);
    case engine::page_query::kind::before:
        return "before " + r.query.msg_id;
    case engine::page_query::kind::changes:
        return "changes " + r.chat.id + " " + std::to_string(r.query.time - base_time);
    }
    return "?";
}

using texts = std::vector<std::string>;

struct catch_up_script {
    explicit catch_up_script(engine::catch_up_options with = {}, inbox_cursors from = {})
        : machine((with.own_id = own_id, std::move(with)), from) {}

    void push(gateway::frame f) { machine.pushed(std::move(f), now); }
    texts events() {
        texts made;
        while (machine.has_event()) {
            made.push_back(text_of(machine.take().value));
        }
        return made;
    }
    /// The requests that the machine wants to send now.
    texts requests() {
        texts made;
        while (auto r = machine.next_request(now)) {
            made.push_back(text_of(*r));
            sent.push_back(*std::move(r));
        }
        return made;
    }
    void conversations(std::vector<engine::listed_conversation> list, std::string md5) {
        const auto r = first();
        machine.on_conversations(r.id, list, std::move(md5), now);
    }
    void page(std::vector<message> messages) {
        const auto r = first();
        machine.on_page(r.id, std::move(messages), now);
    }
    void fail(bool transient) {
        const auto r = first();
        machine.on_failure(r.id, transient, now);
    }
    /// Lets the time pass until the timer is due.
    void wait() {
        now = machine.due().value();
        machine.timer(now);
    }
    /// Connects; nothing was missed.
    void connect(std::string md5 = "a") {
        machine.connected(now);
        EXPECT_EQ(requests().size(), 1U);
        conversations({}, std::move(md5));
    }

    engine::catch_up_fsm machine;
    engine::time_point now{1'000'000h};
    std::vector<engine::catch_up_fsm::request> sent; ///< without an answer, the oldest first

private:
    engine::catch_up_fsm::request first() {
        if (sent.empty()) {
            ADD_FAILURE() << "no request was sent";
            return {};
        }
        auto made = sent.front();
        sent.erase(sent.begin());
        return made;
    }
};

/// A position after message `seq` of the chat.
inline chat_cursor cursor(const chat& in, std::uint64_t seq) {
    return {in, seq, base_time + seq * 1000};
}

inline inbox_cursors cursors(std::vector<chat_cursor> chats) {
    inbox_cursors made;
    made.since = base_time;
    made.chats = std::move(chats);
    return made;
}

inline const chat big = group("big");
inline const chat small = group("small");

inline engine::listed_conversation conversation(const chat& in, std::uint64_t seq) {
    return {in, base_time + seq * 1000};
}

inline std::vector<message> messages(const chat& in, std::uint64_t from, std::uint64_t to) {
    std::vector<message> made;
    for (std::uint64_t seq = from; seq <= to; ++seq) {
        made.push_back(listed(in, seq));
    }
    return made;
}

inline texts expected(const chat& in, std::uint64_t from, std::uint64_t to) {
    texts made;
    for (std::uint64_t seq = from; seq <= to; ++seq) {
        made.push_back(in.id + " " + std::to_string(seq));
    }
    return made;
}

} // namespace yunhu::test
