// Copyright (c) 2026 The yunhu authors
// SPDX-License-Identifier: BSL-1.0

#include "engine/chat_timeline.hpp"

#include <algorithm>
#include <utility>

// Pushes, and the order of delivery. The rounds of requests are in chat_rounds.cpp.
YUNHU_NAMESPACE_BEGIN
namespace engine {

using kind = gateway::pushed_message::kind;

void chat_timeline::push(gateway::pushed_message&& pushed, timeline_context& c) {
    const message& m = pushed.message;
    note_push(m);
    if (pushed.what == kind::message) {
        if (m.msg_seq != 0 && m.msg_seq <= position_.seq) {
            on_old_message(m, c);
            return;
        }
        if (c.events.delivered(m.msg_id) || held_message(m.msg_id) != nullptr) {
            c.events.count_duplicate();
            return;
        }
        if (state_ == state::live && held_.empty() && !dirty_ && may_deliver(m.msg_seq, true, c)) {
            deliver(std::move(pushed.message), c);
            return;
        }
    } else if (c.events.delivered(m.msg_id) || (m.msg_seq != 0 && m.msg_seq <= position_.seq)) {
        if (position_.seq != 0) {
            position_.time = std::max(position_.time, last_time(m));
        }
        c.events.add_change(chat_, std::move(pushed), saved_position());
        return;
    }
    hold(std::move(pushed), c);
    if (state_ == state::live) {
        settle(c);
    }
}

void chat_timeline::push(gateway::pushed_delta pushed, timeline_context& c) {
    if (c.events.delivered(pushed.msg_id) || (state_ == state::live && held_.empty())) {
        c.events.add_delta(chat_, std::move(pushed));
    } else if (held_deltas_.size() < c.max_per_chat && c.buffered < c.max_total / 2) {
        ++c.buffered;
        held_deltas_.push_back(std::move(pushed));
    }
}

void chat_timeline::invalidate() noexcept {
    verified_ = false;
    pushed_until_ = 0;
    if (state_ == state::listing) {
        dirty_ = true;
    } else {
        state_ = state::unverified;
    }
}

void chat_timeline::verify(timeline_context& c) {
    if (state_ == state::unverified) {
        state_ = state::live;
        set_verified();
        settle(c);
    }
}

void chat_timeline::set_start(std::uint64_t time) noexcept {
    if (position_.seq == 0 && position_.time == 0) {
        position_.time = time;
    }
}

bool chat_timeline::is_old(const message& m) const noexcept {
    if (position_.seq == 0) {
        // A pushed message and those after it are new, even if they were sent before the list that gave the time.
        const auto pushed = std::find_if(held_.begin(), held_.end(), [](const held& h) { return h.is_message(); });
        const bool follows = pushed != held_.end() && m.msg_seq >= pushed->key;
        return position_.time != 0 && m.send_time <= position_.time && !follows;
    }
    return m.msg_seq != 0 && m.msg_seq <= position_.seq;
}

bool chat_timeline::may_deliver(std::uint64_t key, bool is_message, const timeline_context& c) const noexcept {
    if (key == 0 || key <= position_.seq || (is_message && key == first_wanted())) {
        return true;
    }
    // Without order by number there must be no push that was left to a round.
    return !dirty_ && (c.sparse() || (position_.seq == 0 && position_.time == 0));
}

const chat_timeline::held* chat_timeline::held_message(std::string_view msg_id) const {
    const auto found = std::find_if(held_.begin(), held_.end(),
                                    [&](const held& h) { return h.is_message() && h.pushed.message.msg_id == msg_id; });
    return found != held_.end() ? &*found : nullptr;
}

void chat_timeline::hold(gateway::pushed_message&& pushed, timeline_context& c) {
    held made;
    made.key = pushed.message.msg_seq;
    made.pushed = std::move(pushed);
    const message& m = made.pushed.message;
    if (!made.is_message() && made.key == 0) {
        if (const held* const target = held_message(m.msg_id)) {
            made.key = target->key;
        }
    }
    if (held_.size() >= c.max_per_chat || c.buffered >= c.max_total / 2) {
        // The next round lists a message; of a change only its message is listed, if at all.
        dirty_ = true;
        if (!made.is_message()) {
            report_gap(made.key, made.key, gap_reason::changes, c);
        }
        return;
    }
    c.events.seen().at(m.msg_id).chat = chat_;
    ++c.buffered;
    const bool numbered = made.is_message() && made.key != 0;
    const std::uint64_t key = made.key;
    const std::string msg_id = numbered ? m.msg_id : std::string();
    insert(std::move(made));
    if (numbered) {
        assign_keys([&](const std::string& of) { return of == msg_id ? key : 0; });
    }
}

/// A change without a number may have arrived before its message, whose number it gets from `number_of`.
void chat_timeline::assign_keys(const std::function<std::uint64_t(const std::string&)>& number_of) {
    std::vector<held> changes;
    std::erase_if(held_, [&](held& h) {
        if (h.is_message() || h.key != 0) {
            return false;
        }
        h.key = number_of(h.pushed.message.msg_id);
        if (h.key != 0) {
            changes.push_back(std::move(h));
            return true;
        }
        return false;
    });
    for (held& h : changes) {
        insert(std::move(h));
    }
}

// A message stands before its changes, which keep their order.
void chat_timeline::insert(held h) {
    const auto after = std::upper_bound(held_.begin(), held_.end(), h, [](const held& a, const held& b) {
        return a.key != b.key ? a.key < b.key : a.is_message() && !b.is_message();
    });
    held_.insert(after, std::move(h));
}

void chat_timeline::on_old_message(const message& m, timeline_context& c) {
    const auto passed = std::find_if(skipped_.begin(), skipped_.end(),
                                     [&](const range& r) { return r.from <= m.msg_seq && m.msg_seq <= r.to; });
    if (passed == skipped_.end() || c.events.delivered(m.msg_id)) {
        c.events.count_duplicate();
        return;
    }
    report_gap(m.msg_seq, m.msg_seq, gap_reason::late, c);
    c.empty_holes = 0; // holes mean something here
    const range rest{m.msg_seq + 1, passed->to};
    passed->to = m.msg_seq - 1;
    if (passed->from > passed->to) {
        skipped_.erase(passed);
    }
    if (rest.from <= rest.to) {
        skipped_.push_back(rest);
    }
}

void chat_timeline::deliver(message&& m, timeline_context& c) {
    if (m.msg_seq != 0) {
        if (round_ && m.msg_seq < round_->hole_to) {
            round_->hole_filled = true;
        }
        const bool named = report_missing(m.msg_seq, c);
        if (m.msg_seq > first_wanted() && !named) {
            constexpr std::size_t max_skipped = 8;
            if (skipped_.size() >= max_skipped) {
                skipped_.erase(skipped_.begin());
            }
            skipped_.push_back({first_wanted(), m.msg_seq - 1});
        }
        if (position_.seq == 0 && known_until_ == 0) {
            known_until_ = m.send_time; // from the first message on changes may be missed
        }
        position_.seq = std::max(position_.seq, m.msg_seq);
        position_.time = std::max(position_.time, last_time(m));
    }
    failed_checks_ = 0;
    c.events.add_message(chat_, std::move(m), saved_position());
}

void chat_timeline::deliver_first(timeline_context& c) {
    held first = std::move(held_.front());
    held_.erase(held_.begin());
    --c.buffered;
    message& m = first.pushed.message;
    if (!first.is_message()) {
        if (first.key > position_.seq && report_missing(first.key + 1, c)) {
            skip_to(first.key); // its message is among the missing ones
        }
        if (position_.seq != 0) { // else the time decides which messages are new
            position_.time = std::max(position_.time, last_time(m));
        }
        c.events.add_change(chat_, std::move(first.pushed), saved_position());
    } else if (m.msg_seq != 0 && m.msg_seq <= position_.seq) {
        on_old_message(m, c);
    } else {
        deliver(std::move(m), c);
    }
}

void chat_timeline::settle(timeline_context& c) {
    while (!held_.empty() && may_deliver(held_.front().key, held_.front().is_message(), c)) {
        deliver_first(c);
    }
    release_deltas(c);
}

void chat_timeline::release_deltas(timeline_context& c) {
    if (held_deltas_.empty()) {
        return;
    }
    std::vector<gateway::pushed_delta> waiting;
    for (gateway::pushed_delta& d : std::exchange(held_deltas_, {})) {
        if (held_message(d.msg_id) != nullptr) {
            waiting.push_back(std::move(d));
        } else {
            --c.buffered;
            c.events.add_delta(chat_, std::move(d));
        }
    }
    held_deltas_ = std::move(waiting);
}

void chat_timeline::report_gap(std::uint64_t from, std::uint64_t to, gap_reason why, timeline_context& c) {
    ++c.gaps;
    chat_position after = saved_position();
    if (after.seq != 0) {
        after.seq = std::max(after.seq, to);
    }
    c.events.add(gap_event(chat_, from, to, why), after);
}

/// Later changes may be pushed before the missing ones are listed.
void chat_timeline::note_push(const message& m) noexcept {
    pushed_until_ = std::max(pushed_until_, last_time(m));
    if (verified_) {
        known_until_ = std::max(known_until_, pushed_until_);
    }
}

void chat_timeline::set_verified() noexcept {
    verified_ = true;
    known_until_ = std::max(known_until_, pushed_until_);
}

/// What a restarted program goes on from: it must list the missing changes, too.
chat_position chat_timeline::saved_position() const noexcept {
    return {position_.seq, std::min(known_until_, position_.time)};
}

void chat_timeline::skip_to(std::uint64_t seq) noexcept {
    position_.seq = std::max(position_.seq, seq);
}

} // namespace engine
YUNHU_NAMESPACE_END
