// Copyright (c) 2026 The yunhu authors
// SPDX-License-Identifier: BSL-1.0

#include "engine/chat_queues.hpp"

#include <algorithm>

YUNHU_NAMESPACE_BEGIN
namespace engine {

void chat_queues::push(lane& in, entry e, bool front) {
    if (front) {
        in.queue.push_front(std::move(e));
    } else {
        in.queue.push_back(std::move(e));
    }
    ++queued_;
    full_chats_ += in.queue.size() == limits_.max_per_chat ? 1 : 0;
}

chat_queues::entry chat_queues::pop(lane& from) {
    full_chats_ -= from.queue.size() == limits_.max_per_chat ? 1 : 0;
    --queued_;
    entry e = std::move(from.queue.front());
    from.queue.pop_front();
    return e;
}

void chat_queues::set_due(std::uint64_t turn, turn_state& of, time_point due) {
    if (of.due != time_point::max()) {
        dues_.erase({of.due, turn});
    }
    of.due = due;
    if (due != time_point::max()) {
        dues_.insert({due, turn});
    }
}

void chat_queues::hold(const arrival& next) {
    if (!stopped_) {
        lanes_[next.chat].order.push_back({next.event, 0, false});
    }
}

void chat_queues::skip(const arrival& next) {
    if (!stopped_) {
        const key chat = next.chat;
        hold(next);
        finish(lanes_.at(chat), 0, next.event);
        forget_if_idle(chat);
    }
}

void chat_queues::add(arrival next, time_point now) {
    if (stopped_) {
        return;
    }
    const key chat = next.chat;
    lane& in = lanes_[chat];
    if (!next.held) {
        in.order.push_back({next.event, 0, false});
    }
    std::uint64_t resumed = 0;
    if (!next.user.empty()) {
        const auto found = std::ranges::find(in.waiters, next.user, &waiter::user);
        if (found != in.waiters.end()) {
            resumed = found->turn;
            in.waiters.erase(found);
            turn_state& state = turns_.at(resumed);
            state.what = phase::resuming;
            set_due(resumed, state, time_point::max());
            give_to(in, next.event, resumed);
        }
    }
    push(in, {std::move(next), resumed}, false);
    advance(chat, in, now);
}

/// Runs what is next in a chat, if it may.
void chat_queues::advance(const key& chat, lane& in, time_point now) {
    while (in.active == 0 && !in.queue.empty()) {
        const entry& front = in.queue.front();
        if (front.turn == 0 && !front.what.handled) {
            const std::uint64_t event = pop(in).what.event;
            act(action::kind::unmatched, 0, event);
            finish(in, 0, event);
            continue;
        }
        if (running_ >= limits_.max_handlers) {
            if (!std::exchange(in.ready, true)) {
                ready_.push_back(chat);
            }
            return;
        }
        run(chat, in, now);
    }
    forget_if_idle(chat);
}

void chat_queues::run(const key& chat, lane& in, time_point now) {
    const entry e = pop(in);
    ++running_;
    std::uint64_t turn = e.turn;
    if (turn == 0) {
        turn = ++last_turn_;
        turns_[turn].chat = chat;
        give_to(in, e.what.event, turn);
        act(action::kind::start, turn, e.what.event);
    } else {
        --waiting_;
        act(action::kind::resume, turn, e.what.event);
    }
    in.active = turn;
    turn_state& state = turns_.at(turn);
    state.what = phase::running;
    set_due(turn, state, later(now, limits_.handler_timeout));
}

void chat_queues::give_to(lane& in, std::uint64_t event, std::uint64_t turn) {
    const auto found = std::ranges::find(in.order, event, &unfinished::event);
    if (found != in.order.end()) {
        found->turn = turn;
    }
}

/// Marks the events of a handler, or one event, as done; reports those that have no unfinished one before them.
void chat_queues::finish(lane& in, std::uint64_t turn, std::uint64_t event) {
    for (unfinished& u : in.order) {
        u.done = u.done || (turn != 0 ? u.turn == turn : u.event == event);
    }
    while (!in.order.empty() && in.order.front().done) {
        act(action::kind::done, 0, in.order.front().event);
        in.order.pop_front();
    }
}

/// The chat's handler does not run any more.
void chat_queues::release(const key& chat, lane& in, time_point now) {
    in.active = 0;
    --running_;
    // Another chat that waits goes first, so that a busy one does not keep its place for ever.
    if (!ready_.empty() && !in.queue.empty() && !std::exchange(in.ready, true)) {
        ready_.push_back(chat);
    }
    advance_ready(now);
    if (const auto found = lanes_.find(chat); found != lanes_.end()) {
        advance(chat, found->second, now);
    }
}

void chat_queues::advance_ready(time_point now) {
    while (running_ < limits_.max_handlers && !ready_.empty()) {
        const key chat = std::move(ready_.front());
        ready_.pop_front();
        lane& in = lanes_.at(chat);
        in.ready = false;
        advance(chat, in, now);
    }
}

void chat_queues::forget_if_idle(const key& chat) {
    const auto found = lanes_.find(chat);
    if (found != lanes_.end()) {
        const lane& l = found->second;
        if (l.active == 0 && l.queue.empty() && l.order.empty() && l.waiters.empty() && !l.ready) {
            lanes_.erase(found);
        }
    }
}

void chat_queues::ended(std::uint64_t turn, bool done, time_point now) {
    const auto found = turns_.find(turn);
    if (found == turns_.end()) {
        return; // given up before
    }
    const key chat = found->second.chat;
    const phase was = found->second.what;
    set_due(turn, found->second, time_point::max());
    turns_.erase(found);
    lane& in = lanes_.at(chat);
    if (stopped_ && (was != phase::running || !done)) {
        if (in.active == turn) {
            in.active = 0;
            --running_;
        }
        return; // aborted or cancelled by the stop: seen again after it
    }
    if (was == phase::waiting || was == phase::resuming) { // it gave up its wait without a word
        --waiting_;
        std::erase_if(in.waiters, [&](const waiter& w) { return w.turn == turn; });
        drop_entries(in, turn);
        finish(in, turn, 0);
        advance(chat, in, now);
        return;
    }
    finish(in, turn, 0);
    release(chat, in, now);
}

void chat_queues::drop_entries(lane& in, std::uint64_t turn) {
    const bool was_full = in.queue.size() >= limits_.max_per_chat;
    queued_ -= std::erase_if(in.queue, [&](const entry& e) { return e.turn == turn; });
    full_chats_ -= was_full && in.queue.size() < limits_.max_per_chat ? 1 : 0;
}

bool chat_queues::wait(std::uint64_t turn, const std::string& user, time_point until, time_point now) {
    const auto found = turns_.find(turn);
    if (stopped_ || found == turns_.end() || found->second.what != phase::running || waiting_ >= limits_.max_waiting) {
        return false;
    }
    turn_state& state = found->second;
    const key chat = state.chat;
    lane& in = lanes_.at(chat);
    ++waiting_;
    const auto arrived = std::ranges::find_if(
        in.queue, [&](const entry& e) { return e.turn == 0 && !user.empty() && e.what.user == user; });
    if (arrived != in.queue.end()) {
        arrived->turn = turn;
        give_to(in, arrived->what.event, turn);
        state.what = phase::resuming;
        set_due(turn, state, time_point::max());
    } else {
        in.waiters.push_back({turn, user});
        state.what = phase::waiting;
        set_due(turn, state, until);
    }
    release(chat, in, now);
    return true;
}

void chat_queues::stop_waiting(std::uint64_t turn, time_point now) {
    const auto found = turns_.find(turn);
    if (found != turns_.end() && found->second.what == phase::waiting && !stopped_) {
        end_wait(turn, found->second, now);
    }
}

void chat_queues::end_wait(std::uint64_t turn, turn_state& of, time_point now) {
    const key chat = of.chat;
    lane& in = lanes_.at(chat);
    std::erase_if(in.waiters, [&](const waiter& w) { return w.turn == turn; });
    of.what = phase::resuming;
    set_due(turn, of, time_point::max());
    arrival expired;
    expired.chat = chat;
    push(in, {std::move(expired), turn}, true);
    advance(chat, in, now);
}

void chat_queues::expire(time_point now) {
    while (!dues_.empty() && dues_.begin()->first <= now) {
        const std::uint64_t turn = dues_.begin()->second;
        turn_state& state = turns_.at(turn);
        switch (state.what) {
        case phase::running:
            state.what = phase::cancelled;
            set_due(turn, state, later(now, limits_.handler_timeout));
            act(action::kind::cancel, turn, 0);
            break;
        case phase::cancelled: {
            const key chat = state.chat;
            set_due(turn, state, time_point::max());
            turns_.erase(turn);
            lane& in = lanes_.at(chat);
            act(action::kind::give_up, turn, 0);
            if (stopped_) {
                in.active = 0;
                --running_;
            } else {
                finish(in, turn, 0);
                release(chat, in, now);
            }
            break;
        }
        case phase::waiting:
            end_wait(turn, state, now);
            break;
        case phase::resuming:
            set_due(turn, state, time_point::max());
            break;
        }
    }
}

void chat_queues::stop() {
    if (std::exchange(stopped_, true)) {
        return;
    }
    ready_.clear();
    for (auto& [chat, in] : lanes_) {
        in.queue.clear();
        in.waiters.clear();
        in.ready = false;
    }
    queued_ = 0;
    full_chats_ = 0;
    waiting_ = 0;
    for (auto& [turn, state] : turns_) {
        if (state.what == phase::waiting || state.what == phase::resuming) {
            state.what = phase::waiting;
            set_due(turn, state, time_point::max());
            act(action::kind::abort, turn, 0);
        }
    }
}

void chat_queues::cancel_all() {
    for (auto& [turn, state] : turns_) {
        if (state.what == phase::running) {
            set_due(turn, state, time_point::max());
        }
        state.what = phase::cancelled;
        act(action::kind::cancel, turn, 0);
    }
}

chat_queues::action chat_queues::next_action() {
    if (actions_.empty()) {
        return {};
    }
    const action a = actions_.front();
    actions_.pop_front();
    return a;
}

std::optional<time_point> chat_queues::due() const {
    return dues_.empty() ? std::nullopt : std::optional(dues_.begin()->first);
}

} // namespace engine
YUNHU_NAMESPACE_END
