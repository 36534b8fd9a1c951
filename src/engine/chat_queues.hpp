// Copyright (c) 2026 The yunhu authors
// SPDX-License-Identifier: BSL-1.0
#pragma once

#include "engine/time.hpp"

#include <yunhu/config.hpp>
#include <yunhu/types.hpp>

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <deque>
#include <map>
#include <optional>
#include <set>
#include <string>
#include <utility>

YUNHU_NAMESPACE_BEGIN
namespace engine {

struct chat_queue_limits {
    std::size_t max_handlers = 1;
    std::size_t max_per_chat = 1;
    std::size_t max_total = 1;
    std::size_t max_waiting = 1;
    std::chrono::nanoseconds handler_timeout{};
};

/// Which handler of a bot runs when: a queue for each chat. Pure: it knows events and handlers by their numbers.
///
/// One handler of a chat runs at a time, in the order of the events; those of different chats run at the same time, up
/// to `max_handlers`, and chats take turns. A handler that waits for the next message of a user lets the chat's other
/// events go on. The message that it waits for takes its place in the queue like any other: the handler is resumed when
/// the chat is its own again. A wait that expires is resumed next.
///
/// An event is done when its handler has ended. Events are reported as done in the order in which they arrived in their
/// chat: a later one waits for the earlier ones.
///
/// A handler that exceeds its time is cancelled. When it has not ended after the same time again it is given up: the
/// chat goes on without it.
class chat_queues {
public:
    using key = std::pair<chat_type, std::string>;

    /// An event that arrives.
    struct arrival {
        std::uint64_t event = 0; ///< its number, not 0
        key chat;                ///< empty: none; such events are handled in their order as well
        std::string user;        ///< author of a message, for those who wait for one; empty: not a message
        bool handled = true;     ///< a handler matches
        bool held = false;       ///< `hold` was called for it
    };
    struct action {
        enum class kind : std::uint8_t {
            none,
            start,     ///< the handler of `event`, as `turn`
            resume,    ///< the handler `turn`, with the message `event`; 0: the time has expired
            abort,     ///< the wait of the handler `turn`
            cancel,    ///< the handler `turn`: its time has expired
            give_up,   ///< the handler `turn`: it did not end after it was cancelled
            done,      ///< `event` is done
            unmatched, ///< no handler matches `event`, and none waited for it
        };
        kind what = kind::none;
        std::uint64_t turn = 0;
        std::uint64_t event = 0;
    };

    explicit chat_queues(chat_queue_limits limits) : limits_(limits) {}

    /// An event that is not complete: it takes its place among the events that are not done, and is added later.
    void hold(const arrival& next);
    void add(arrival next, time_point now);
    /// An event for nobody: it is done as soon as those before it in its chat are.
    void skip(const arrival& next);
    /// The handler has ended, normally or not. `done`: false if the stop has ended it.
    void ended(std::uint64_t turn, bool done, time_point now);
    /// The handler waits for the next message of its user. False: it must not, as it does not run or too many wait.
    [[nodiscard]] bool wait(std::uint64_t turn, const std::string& user, time_point until, time_point now);
    /// The handler does not want to wait any longer.
    void stop_waiting(std::uint64_t turn, time_point now);
    void expire(time_point now);
    /// No handler starts any more: queued events are forgotten, waits are aborted. Those events are never done.
    void stop();
    /// After `stop`: cancels the handlers that run. Their events are not done.
    void cancel_all();
    /// The next action to apply; `none` when there are no more.
    [[nodiscard]] action next_action();

    /// False: the queues are full.
    [[nodiscard]] bool wants_events() const noexcept {
        return !stopped_ && queued_ < limits_.max_total && full_chats_ == 0;
    }
    [[nodiscard]] std::optional<time_point> due() const;
    /// No handler runs or waits.
    [[nodiscard]] bool idle() const noexcept { return turns_.empty(); }
    [[nodiscard]] std::size_t running() const noexcept { return running_; }
    [[nodiscard]] std::size_t waiting() const noexcept { return waiting_; }
    [[nodiscard]] std::size_t queued() const noexcept { return queued_; }
    /// Chats with events that are not done.
    [[nodiscard]] std::size_t chats() const noexcept { return lanes_.size(); }

private:
    struct entry {
        arrival what;           ///< `event` 0: an expired wait
        std::uint64_t turn = 0; ///< not 0: resumes that handler
    };
    struct unfinished {
        std::uint64_t event = 0;
        std::uint64_t turn = 0; ///< 0: not given to a handler yet
        bool done = false;
    };
    struct waiter {
        std::uint64_t turn = 0;
        std::string user;
    };
    struct lane {
        std::deque<entry> queue;
        std::deque<unfinished> order;
        std::deque<waiter> waiters;
        std::uint64_t active = 0; ///< the handler that runs
        bool ready = false;       ///< in `ready_`
    };
    enum class phase : std::uint8_t { running, cancelled, waiting, resuming };
    struct turn_state {
        key chat;
        phase what = phase::running;
        time_point due = time_point::max();
    };
    using lanes = std::map<key, lane>;

    void act(action::kind what, std::uint64_t turn, std::uint64_t event) { actions_.push_back({what, turn, event}); }
    void push(lane& in, entry e, bool front);
    [[nodiscard]] entry pop(lane& from);
    void advance(const key& chat, lane& in, time_point now);
    void advance_ready(time_point now);
    void run(const key& chat, lane& in, time_point now);
    void give_to(lane& in, std::uint64_t event, std::uint64_t turn);
    void finish(lane& in, std::uint64_t turn, std::uint64_t event);
    void release(const key& chat, lane& in, time_point now);
    void set_due(std::uint64_t turn, turn_state& of, time_point due);
    void forget_if_idle(const key& chat);
    void drop_entries(lane& in, std::uint64_t turn);
    void end_wait(std::uint64_t turn, turn_state& of, time_point now);

    chat_queue_limits limits_;
    lanes lanes_;
    std::deque<key> ready_; ///< chats that wait for one of `max_handlers`
    std::map<std::uint64_t, turn_state> turns_;
    std::set<std::pair<time_point, std::uint64_t>> dues_;
    std::deque<action> actions_;
    std::size_t running_ = 0;
    std::size_t waiting_ = 0;
    std::size_t queued_ = 0;
    std::size_t full_chats_ = 0;
    std::uint64_t last_turn_ = 0;
    bool stopped_ = false;
};

} // namespace engine
YUNHU_NAMESPACE_END
