// Copyright (c) 2026 The yunhu authors
// SPDX-License-Identifier: BSL-1.0

#include "engine/chat_timeline.hpp"

#include <algorithm>
#include <iterator>
#include <unordered_map>
#include <utility>

// The rounds of requests of a chat: what was missed is listed, merged with what was pushed, and delivered.
YUNHU_NAMESPACE_BEGIN
namespace engine {

chat_timeline::round::round() = default;

void chat_timeline::begin_round(bool review) {
    state_ = state::listing;
    dirty_ = false;
    round& r = round_.emplace();
    r.review = review;
    r.from = position_.seq != 0 ? first_wanted() : 0;
    r.since = known_until_ != 0 ? known_until_ - 1 : 0; // a change at the very time of the last one may be another one
    const bool behind_hole = !held_.empty() && position_.seq != 0 && held_.front().key > first_wanted();
    r.hole_to = behind_hole ? held_.front().key : 0;
}

page_query chat_timeline::query(const timeline_context& c) const {
    page_query made;
    if (!round_) {
        return made;
    }
    made.what = round_->step;
    switch (round_->step) {
    case page_query::kind::by_seq:
        made.seq = position_.seq;
        break;
    case page_query::kind::before:
        made.msg_id = round_->anchor;
        made.count = c.page_size;
        break;
    case page_query::kind::changes:
        made.time = round_->since;
        made.count = c.changes_size + round_->found.size();
        break;
    }
    return made;
}

bool chat_timeline::on_page(std::vector<message> page, timeline_context& c) {
    if (!round_) {
        return true;
    }
    if (round_->step == page_query::kind::changes) {
        const bool complete = lists_all_changes(page.size(), c);
        absorb(page, c);
        if (!complete) {
            report_gap(0, 0, gap_reason::changes, c);
        }
        end_round(c);
        return true;
    }
    const message* const before = lowest_found();
    const std::uint64_t lowest = before != nullptr ? before->msg_seq : 0;
    const bool empty = page.empty();
    absorb(page, c);
    return advance_round(empty, lowest, c);
}

/// New messages are listed among the changes. A service that lists at most `changes_size` of them, whatever it is asked
/// for, is one that may have left some out.
bool chat_timeline::lists_all_changes(std::size_t listed, const timeline_context& c) const noexcept {
    return listed != c.changes_size && listed < c.changes_size + round_->found.size();
}

bool chat_timeline::on_failure(gap_reason why, timeline_context& c) {
    if (!round_) {
        return true;
    }
    if (round_->step == page_query::kind::changes) {
        if (why == gap_reason::refused) {
            c.list_changes = false; // the service does not have it
        } else {
            report_gap(0, 0, gap_reason::changes, c);
        }
        end_round(c);
        return true;
    }
    // A message that was removed meanwhile is no anchor.
    if (why == gap_reason::refused && round_->step == page_query::kind::before && try_other_anchor()) {
        return false;
    }
    std::uint64_t to = 0;
    if (const message* const lowest = lowest_found()) {
        to = lowest->msg_seq - 1;
    } else if (!held_.empty() && held_.front().key != 0) {
        to = held_.front().is_message() ? held_.front().key - 1 : held_.front().key;
    }
    give_up_below(to, why);
    end_round(c);
    return true;
}

/// Sorts the page's messages: new ones, and older ones that changed.
void chat_timeline::absorb(std::vector<message>& page, timeline_context& c) {
    round& r = *round_;
    for (message& m : page) {
        if (r.step == page_query::kind::by_seq) {
            r.listed_until = std::max(r.listed_until, last_time(m));
        }
        const seen_messages::entry* const known = c.events.seen().find(m.msg_id);
        const bool delivered = known != nullptr && known->delivered;
        if (is_old(m) || delivered) {
            r.saw_old = r.saw_old || is_old(m);
            const bool newer = std::max(m.edit_time, m.msg_delete_time) > r.since && r.since != 0;
            const bool differs = delivered && ((m.msg_delete_time != 0 && !known->recalled) ||
                                               (m.edit_time > known->edit_time && !known->recalled));
            if (newer || differs) {
                r.changed.push_back(std::move(m));
            }
        } else if (r.step != page_query::kind::changes && !m.msg_id.empty()) {
            // Changes are listed by their time, with holes: their new messages belong to the next round.
            ++c.buffered;
            r.found.push_back(std::move(m));
        }
    }
}

bool chat_timeline::advance_round(bool page_was_empty, std::uint64_t lowest_before, timeline_context& c) {
    round& r = *round_;
    const message* const lowest = lowest_found();
    if (lowest == nullptr || r.saw_old || lowest->msg_seq == first_wanted()) {
        return end_listing(c);
    }
    if (r.found.size() >= c.max_per_chat || c.buffered >= c.max_total) {
        give_up_below(lowest->msg_seq - 1, gap_reason::limit);
        return end_listing(c);
    }
    if (r.step == page_query::kind::before) {
        if (page_was_empty) {
            if (position_.seq == 0) { // the first message of the chat
                return end_listing(c);
            }
            if (try_other_anchor()) {
                return false;
            }
            give_up_below(lowest->msg_seq - 1, gap_reason::not_listed);
            return end_listing(c);
        }
        if (lowest->msg_seq >= lowest_before) {
            if (try_other_anchor()) {
                return false;
            }
            give_up_below(lowest->msg_seq - 1, gap_reason::unavailable);
            return end_listing(c);
        }
    }
    r.step = page_query::kind::before;
    r.anchor = lowest->msg_id;
    r.tried_other = false;
    return false;
}

/// The message with the lowest number, or with the lowest one above that number.
const message* chat_timeline::lowest_found(std::uint64_t above) const {
    const message* lowest = nullptr;
    for (const message& m : round_->found) {
        if (m.msg_seq > above && (lowest == nullptr || m.msg_seq < lowest->msg_seq)) {
            lowest = &m;
        }
    }
    return lowest;
}

bool chat_timeline::try_other_anchor() {
    const message* const lowest = lowest_found();
    const message* const other = lowest != nullptr ? lowest_found(lowest->msg_seq) : nullptr;
    if (other == nullptr || std::exchange(round_->tried_other, true)) {
        return false;
    }
    round_->anchor = other->msg_id;
    return true;
}

bool chat_timeline::end_listing(timeline_context& c) {
    round& r = *round_;
    if (r.review && c.list_changes && r.since != 0 && position_.seq != 0) {
        r.step = page_query::kind::changes;
        return false;
    }
    end_round(c);
    return true;
}

void chat_timeline::end_round(timeline_context& c) {
    merge(c);
    for (message& m : round_->changed) {
        if (position_.seq != 0) {
            position_.time = std::max(position_.time, last_time(m));
        }
        c.events.add_listed_change(chat_, std::move(m), saved_position());
    }
    if (round_->hole_to != 0 && !round_->gave_up) {
        c.empty_holes = round_->hole_filled ? 0 : c.empty_holes + 1;
    }
    if (round_->review && !dirty_) {
        // Of the messages that were sent later the changes are later, too, and are pushed.
        known_until_ = std::max(known_until_, round_->listed_until);
        set_verified();
    }
    round_.reset();
    // What was pushed since the round began may follow messages that it does not have: of a new connection, or beyond
    // the limits.
    state_ = dirty_ ? state::unverified : state::live;
    if (state_ == state::live) {
        settle(c);
        close_hole(c);
    }
}

/// Delivers the listed messages and, between them, the held ones.
void chat_timeline::merge(timeline_context& c) {
    std::vector<message>& found = round_->found;
    c.buffered -= found.size();
    std::sort(found.begin(), found.end(), [](const message& a, const message& b) {
        return a.msg_seq != b.msg_seq ? a.msg_seq < b.msg_seq : last_time(a) > last_time(b);
    });
    if (!held_.empty() || !held_deltas_.empty()) {
        std::unordered_map<std::string_view, std::uint64_t> numbers;
        for (const message& m : found) {
            numbers.emplace(m.msg_id, m.msg_seq);
        }
        assign_keys([&](const std::string& msg_id) {
            const auto listed = numbers.find(msg_id);
            return listed != numbers.end() ? listed->second : 0;
        });
        // A delta that arrived before the page may be part of the listed text.
        c.buffered -= std::erase_if(held_deltas_, [&](const auto& d) { return numbers.contains(d.msg_id); });
    }
    for (message& m : found) {
        while (!held_.empty() && held_.front().key < m.msg_seq) {
            deliver_first(c);
        }
        const auto pushed = std::find_if(held_.begin(), held_.end(), [&](const held& h) {
            return h.is_message() && h.pushed.message.msg_id == m.msg_id;
        });
        if (pushed != held_.end()) {
            if (last_time(pushed->pushed.message) > last_time(m)) {
                m = std::move(pushed->pushed.message);
            }
            held_.erase(pushed);
            --c.buffered;
        }
        const bool passed = m.msg_seq != 0 && m.msg_seq <= position_.seq;
        if (passed || c.events.delivered(m.msg_id)) {
            c.events.count_duplicate();
        } else {
            deliver(std::move(m), c);
        }
    }
    found.clear();
    if (const std::optional<range> rest = round_->missing) {
        report_gap(position_.seq != 0 ? first_wanted() : 0, rest->to, round_->why, c);
        if (position_.seq != 0) {
            skip_to(rest->to);
        }
        round_->missing.reset();
    }
}

/// The round does not list the messages up to that number.
void chat_timeline::give_up_below(std::uint64_t to, gap_reason why) {
    round_->missing = range{round_->from, to};
    round_->why = why;
    round_->gave_up = true;
}

/// Names the missing messages before the next one that is delivered: a pushed one may lie between them. True: there are
/// some.
bool chat_timeline::report_missing(std::uint64_t next, timeline_context& c) {
    if (!round_ || !round_->missing) {
        return false;
    }
    const std::uint64_t last = round_->missing->to;
    const std::uint64_t to = std::min(next - 1, last);
    if (next > last) {
        round_->missing.reset();
    }
    if (to < first_wanted()) {
        return false;
    }
    report_gap(position_.seq != 0 ? first_wanted() : 0, to, round_->why, c);
    return true;
}

/// Goes on behind a hole that the service does not fill: at once in a chat without a position, else after some rounds,
/// as a pushed message may be listed late.
void chat_timeline::close_hole(timeline_context& c) {
    while (!held_.empty() && position_.seq == 0) {
        if (held_.front().is_message()) {
            deliver_first(c); // sets the position
            settle(c);
        } else {
            deliver_first(c);
        }
    }
    constexpr unsigned max_checks = 3;
    if (held_.empty()) {
        failed_checks_ = 0;
    } else if (++failed_checks_ >= max_checks) {
        const held& first = held_.front();
        const std::uint64_t to = first.is_message() ? first.key - 1 : first.key;
        report_gap(first_wanted(), to, gap_reason::not_listed, c);
        skip_to(to);
        failed_checks_ = 0;
        settle(c);
    }
}

} // namespace engine
YUNHU_NAMESPACE_END
