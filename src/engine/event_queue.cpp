// Copyright (c) 2026 The yunhu authors
// SPDX-License-Identifier: BSL-1.0

#include "engine/event_queue.hpp"

#include "engine/speaker.hpp"

#include <algorithm>
#include <utility>

YUNHU_NAMESPACE_BEGIN
namespace engine {

using kind = gateway::pushed_message::kind;

std::uint64_t last_time(const message& m) noexcept {
    return std::max({m.send_time, m.edit_time, m.msg_delete_time});
}

void event_queue::add_message(const chat& in, message&& m, chat_position at) {
    seen_messages::entry& known = seen_.at(m.msg_id);
    known.chat = in;
    known.delivered = true;
    known.own = is_own_message(m, known.own);
    if (m.msg_delete_time != 0) {
        if (std::exchange(known.recalled, true)) {
            ++duplicates_;
            return;
        }
        recall_event made;
        made.chat = in;
        made.message = std::move(m);
        add(std::move(made), at);
        return;
    }
    known.edit_time = std::max(known.edit_time, m.edit_time);
    message_event made;
    made.chat = in;
    made.own = known.own;
    m.direction = made.own ? "right" : "left"; // a pushed one has none
    made.message = std::move(m);
    add(std::move(made), at);
}

void event_queue::add_change(const chat& in, gateway::pushed_message&& change, chat_position at) {
    seen_messages::entry& known = seen_.at(change.message.msg_id);
    if (known.chat.id.empty()) {
        known.chat = in;
    }
    message& m = change.message;
    switch (change.what) {
    case kind::message:
        return;
    case kind::blocked: {
        if (std::exchange(known.blocked, true)) {
            ++duplicates_;
            return;
        }
        blocked_event made;
        made.chat = in;
        made.msg_id = std::move(m.msg_id);
        add(std::move(made), at);
        return;
    }
    case kind::recall: {
        // Of a pushed recall the sender is the account that recalled, not the author.
        std::optional<sender> by;
        if (!m.sender.chat_id.empty()) {
            by = std::exchange(m.sender, sender());
        }
        add_recall(in, known, std::move(m), std::move(by), at);
        return;
    }
    case kind::edit: {
        // Without a time nothing tells a version from another.
        if (known.recalled || (m.edit_time != 0 && m.edit_time <= known.edit_time)) {
            ++duplicates_;
            return;
        }
        known.edit_time = std::max(known.edit_time, m.edit_time);
        edit_event made;
        made.chat = in;
        made.own = is_own_message(m, known.own);
        made.message = std::move(m);
        add(std::move(made), at);
        return;
    }
    }
}

void event_queue::add_recall(const chat& in, seen_messages::entry& known, message&& m, std::optional<sender> by,
                             chat_position at) {
    if (std::exchange(known.recalled, true)) {
        ++duplicates_;
        return;
    }
    recall_event made;
    made.chat = in;
    made.recalled_by = std::move(by);
    made.message = std::move(m);
    add(std::move(made), at);
}

void event_queue::add_listed_change(const chat& in, message&& m, chat_position at) {
    gateway::pushed_message change;
    change.what = m.msg_delete_time != 0 ? kind::recall : kind::edit;
    seen_messages::entry& known = seen_.at(m.msg_id);
    known.own = is_own_message(m, known.own);
    change.message = std::move(m);
    if (change.what == kind::recall) {
        // The sender of a listed message is its author: it stays in the message.
        add_recall(in, known, std::move(change.message), std::nullopt, at);
        return;
    }
    if (change.message.edit_time != 0) {
        add_change(in, std::move(change), at);
    }
}

void event_queue::add_delta(const chat& in, gateway::pushed_delta delta) {
    if (events_.size() >= max_events_ / 2) {
        ++dropped_;
        return;
    }
    stream_event made;
    made.chat = in;
    made.msg_id = std::move(delta.msg_id);
    made.text = std::move(delta.text);
    add(std::move(made));
}

void event_queue::add_draft(const chat& in, gateway::pushed_draft draft) {
    if (events_.size() >= max_events_ / 2) {
        ++dropped_;
        return;
    }
    draft_event made;
    made.chat = in;
    made.text = std::move(draft.text);
    add(std::move(made));
}

bool event_queue::delivered(std::string_view msg_id) {
    const seen_messages::entry* const known = seen_.find(msg_id);
    return known != nullptr && known->delivered;
}

queued_event event_queue::take() {
    queued_event first = std::move(events_.front());
    events_.pop_front();
    return first;
}

bool event_queue::is_own_message(const message& m, bool registered) const {
    return registered || m.direction == "right" || is_own(m.sender, own_id_);
}

} // namespace engine
YUNHU_NAMESPACE_END
