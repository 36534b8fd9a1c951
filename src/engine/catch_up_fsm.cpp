// Copyright (c) 2026 The yunhu authors
// SPDX-License-Identifier: BSL-1.0

#include "engine/catch_up_fsm.hpp"

#include <algorithm>
#include <utility>

// Connections, requests and timers. The way of a push to its chat is in push_routing.cpp.
YUNHU_NAMESPACE_BEGIN
namespace engine {
namespace {

// Messages of one burst may share a millisecond, of which a part was pushed, or listed.
constexpr std::uint64_t burst_ms = 1'000;

} // namespace

catch_up_fsm::catch_up_fsm(catch_up_options options, const inbox_cursors& from)
    : options_(std::move(options)), events_(options_.own_id, options_.max_events, options_.max_seen),
      context_(events_, options_.max_per_chat, options_.max_total), since_(from.since) {
    context_.page_size = options_.page_size;
    context_.list_changes = options_.list_changes;
    for (const chat_cursor& c : from.chats) {
        if (follows(c.chat)) {
            chats_.try_emplace(c.chat, c.chat, chat_position{c.msg_seq, c.time});
        }
    }
    mark_cut();
}

void catch_up_fsm::connected(time_point now) {
    disconnected();
    connected_ = true;
    // In a sequence with holes one more is looked into: the service may number densely by now.
    context_.empty_holes = context_.sparse() ? context_.empty_holes - 1 : context_.empty_holes;
    list_ = list_state::wanted;
    list_failures_ = 0;
    list_due_ = time_point::max();
    list_id_ = 0;
    timer(now);
}

void catch_up_fsm::disconnected() {
    // Requests for messages go on: what they list stays true. The next connection pushes before it is known what was
    // missed, from its login on.
    connected_ = false;
    mark_cut();
    for (auto& [in, t] : chats_) {
        t.timeline.invalidate();
    }
    list_ = list_state::idle;
    list_id_ = 0;
    list_due_ = time_point::max();
}

std::optional<catch_up_fsm::request> catch_up_fsm::next_request(time_point now) {
    if (list_ == list_state::wanted) {
        list_ = list_state::outstanding;
        list_sent_ = now;
        request made;
        made.id = list_id_ = ++last_id_;
        made.conversations = true;
        made.md5 = md5_;
        return made;
    }
    while (!queue_.empty() && requests_.size() < options_.max_requests && !events_.full()) {
        const chat in = std::move(queue_.front());
        queue_.pop_front();
        tracked* const t = find(in);
        if (t == nullptr || !std::exchange(t->queued, false)) {
            continue;
        }
        if (t->timeline.now_in() != chat_timeline::state::listing) {
            if (!t->moved && !t->timeline.needs_round() && !t->timeline.has_hole()) {
                look_at(*t, now); // the hole closed meanwhile
                continue;
            }
            t->timeline.begin_round(t->moved || t->timeline.needs_round());
        }
        request made;
        made.id = t->outstanding = ++last_id_;
        made.chat = in;
        made.query = t->timeline.query(context_);
        requests_.emplace(made.id, in);
        return made;
    }
    release_unplaced(now);
    return std::nullopt;
}

void catch_up_fsm::on_conversations(request_id id, const std::vector<listed_conversation>& listed, std::string md5,
                                    time_point now) {
    if (list_ != list_state::outstanding || id != list_id_) {
        return;
    }
    list_ = list_state::idle;
    list_id_ = 0;
    list_failures_ = 0;
    const bool unchanged = listed.empty() && !md5_.empty() && md5 == md5_;
    md5_ = std::move(md5);
    const bool first = since_ == 0;
    if (unchanged) {
        look_again(now);
    } else {
        std::uint64_t newest_listed = 1;
        for (const listed_conversation& l : listed) {
            newest_listed = std::max(newest_listed, l.time);
        }
        for (const listed_conversation& l : listed) {
            if (!follows(l.chat)) {
                continue;
            }
            tracked* t = find(l.chat);
            if (t == nullptr) {
                if (first || l.time <= since_) {
                    continue; // no message since the first start
                }
                t = &track(l.chat);
            }
            note_listed(*t, l.time, newest_listed, now);
            if (first && t->timeline.now_at().seq == 0) {
                t->verified_time = l.time; // it starts here
            } else {
                judge(*t);
            }
        }
        if (first) {
            since_ = newest_listed;
            for (auto& [in, t] : chats_) {
                t.timeline.set_start(since_);
            }
        }
    }
    verify_all(now);
}

/// What happens within the millisecond of a chat's last change, but after the list was read, does not change the list.
/// The millisecond has passed if the list has much later ones, or shows the same as one that is much older.
void catch_up_fsm::note_listed(tracked& t, std::uint64_t time, std::uint64_t newest_listed, time_point now) const {
    const bool same = time == t.listed_time;
    t.listed_for_good = time + burst_ms < newest_listed ||
                        (same && list_sent_ >= later(t.listed_since, std::chrono::milliseconds(burst_ms)));
    t.listed_since = same ? t.listed_since : now;
    t.listed_time = time;
}

/// The list is the same as before: only those chats whose millisecond had not passed may have moved.
void catch_up_fsm::look_again(time_point now) {
    for (auto& [in, t] : chats_) {
        if (t.listed_time != 0) {
            note_listed(t, t.listed_time, 0, now);
            judge(t);
        }
    }
}

void catch_up_fsm::judge(tracked& t) {
    if (has_moved(t)) {
        t.moved = true;
    } else if (t.listed_for_good) {
        t.verified_time = t.listed_time;
    }
}

/// A connection that pushed much later messages has pushed all with a chat's last time; what it pushed just before its
/// end, or what was listed since, may not have been all.
void catch_up_fsm::mark_cut() {
    std::uint64_t newest = 0;
    for (const auto& [in, t] : chats_) {
        newest = std::max(newest, t.timeline.now_at().time);
    }
    for (auto& [in, t] : chats_) {
        t.cut = t.cut || t.timeline.now_at().time + burst_ms >= newest;
    }
}

/// Whether the conversation may have messages that are not known. Equality of times, not their order: the clock of the
/// list may differ from that of the messages.
bool catch_up_fsm::has_moved(const tracked& t) {
    return t.listed_time != t.verified_time && (t.listed_time != t.timeline.known_until() || t.cut);
}

/// Nothing was missed in the chats that have not moved; the others are caught up.
void catch_up_fsm::verify_all(time_point now) {
    for (auto& [in, t] : chats_) {
        if (t.moved) {
            enqueue(t);
        } else {
            t.timeline.verify(context_);
            look_at(t, now);
        }
    }
    release_unplaced(now);
    evict();
}

/// Without a list of conversations any chat may have moved.
void catch_up_fsm::fall_back(time_point now) {
    list_ = list_state::idle;
    md5_.clear();
    for (auto& [in, t] : chats_) {
        t.moved = t.moved || t.timeline.now_at().seq != 0;
    }
    verify_all(now);
}

void catch_up_fsm::on_page(request_id id, std::vector<message> page, time_point now, std::size_t unreadable) {
    const auto found = requests_.find(id);
    if (found == requests_.end()) {
        return;
    }
    tracked* const t = find(found->second);
    requests_.erase(found);
    if (t != nullptr && t->outstanding == id) {
        if (unreadable != 0) {
            report_unreadable(t->timeline.chat());
        }
        end_request(*t, t->timeline.on_page(std::move(page), context_), now);
    }
}

void catch_up_fsm::on_failure(request_id id, bool transient, time_point now) {
    if (list_ == list_state::outstanding && id == list_id_) {
        list_id_ = 0;
        if (!transient || ++list_failures_ >= options_.max_attempts) {
            fall_back(now);
            return;
        }
        list_ = list_state::backing_off;
        list_due_ = later(now, pause(list_failures_));
        return;
    }
    const auto found = requests_.find(id);
    if (found == requests_.end()) {
        return;
    }
    tracked* const t = find(found->second);
    requests_.erase(found);
    if (t == nullptr || t->outstanding != id) {
        return;
    }
    if (transient && ++t->failures < options_.max_attempts) {
        t->outstanding = 0;
        set_due(*t, later(now, pause(t->failures)));
        return;
    }
    const gap_reason why = transient ? gap_reason::unavailable : gap_reason::refused;
    end_request(*t, t->timeline.on_failure(why, context_), now);
}

void catch_up_fsm::end_request(tracked& t, bool round_ended, time_point now) {
    t.outstanding = 0;
    t.failures = 0;
    if (!round_ended) {
        enqueue(t);
        return;
    }
    if (std::exchange(t.moved, false)) {
        t.cut = false;
        t.verified_time = t.listed_for_good ? t.listed_time : 0;
    }
    look_at(t, now);
    release_unplaced(now);
}

/// Starts what the chat needs next: a round, or the grace of a hole.
void catch_up_fsm::look_at(tracked& t, time_point now) {
    if (t.outstanding != 0 || t.queued || t.timeline.now_in() == chat_timeline::state::listing) {
        return;
    }
    const bool listed = list_ == list_state::idle;
    const bool round = t.timeline.needs_round() && (listed || t.timeline.now_in() == chat_timeline::state::live);
    const bool hole = t.timeline.has_hole();
    if (round || (hole && t.timeline.now_at().seq == 0)) { // to a first message no earlier one is on its way
        enqueue(t);
    } else if (!hole) {
        set_due(t, time_point::max());
    } else if (t.due == time_point::max()) {
        set_due(t, later(now, options_.hole_grace * (1U << t.timeline.failed_checks())));
    }
}

void catch_up_fsm::enqueue(tracked& t) {
    set_due(t, time_point::max());
    if (!t.queued && t.outstanding == 0) {
        t.queued = true;
        if (t.timeline.now_in() == chat_timeline::state::listing) {
            queue_.push_front(t.timeline.chat()); // few chats at a time buffer their messages
        } else {
            queue_.push_back(t.timeline.chat());
        }
    }
}

void catch_up_fsm::timer(time_point now) {
    if (now >= list_due_ && list_ == list_state::backing_off) {
        list_ = list_state::wanted;
        list_due_ = time_point::max();
    }
    release_unplaced(now);
    while (!timers_.empty() && timers_.begin()->first <= now) {
        enqueue(*timers_.begin()->second);
    }
}

void catch_up_fsm::set_due(tracked& t, time_point at) {
    if (t.due == at) {
        return;
    }
    if (t.due != time_point::max()) {
        timers_.erase({t.due, &t});
    }
    t.due = at;
    if (at != time_point::max()) {
        timers_.emplace(at, &t);
    }
}

std::optional<time_point> catch_up_fsm::due() const noexcept {
    time_point first = list_due_;
    if (!unplaced_.empty() && !may_list_more()) {
        first = std::min(first, unplaced_.front().due);
    }
    if (!timers_.empty()) {
        first = std::min(first, timers_.begin()->first);
    }
    return first != time_point::max() ? std::optional(first) : std::nullopt;
}

std::chrono::nanoseconds catch_up_fsm::pause(unsigned failures) const {
    std::chrono::nanoseconds made = options_.backoff_base;
    for (unsigned i = 1; i < failures && made < options_.backoff_max; ++i) {
        made *= 2;
    }
    return std::min(made, options_.backoff_max);
}

bool catch_up_fsm::settled() const noexcept {
    return list_ == list_state::idle && requests_.empty() && queue_.empty() && timers_.empty() && unplaced_.empty() &&
           context_.buffered == 0;
}

/// Forgets the chats that were quiet for the longest time; what is newer than all of them is new.
void catch_up_fsm::evict() {
    if (chats_.size() <= options_.max_chats || since_ == 0) {
        return;
    }
    std::vector<tracked*> idle;
    for (auto& [in, t] : chats_) {
        if (t.timeline.idle() && t.outstanding == 0 && !t.queued && t.due == time_point::max()) {
            idle.push_back(&t);
        }
    }
    const std::size_t excess = std::min(chats_.size() - options_.max_chats + options_.max_chats / 10, idle.size());
    std::sort(idle.begin(), idle.end(),
              [](const tracked* a, const tracked* b) { return a->timeline.now_at().time < b->timeline.now_at().time; });
    for (std::size_t i = 0; i < excess; ++i) {
        since_ = std::max(since_, idle[i]->timeline.now_at().time);
        chats_.erase(chat(idle[i]->timeline.chat()));
    }
}

} // namespace engine
YUNHU_NAMESPACE_END
