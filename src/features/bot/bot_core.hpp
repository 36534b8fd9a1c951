// Copyright (c) 2026 The yunhu authors
// SPDX-License-Identifier: BSL-1.0
#pragma once

#include "engine/chat_queues.hpp"
#include "engine/stream_assembler.hpp"
#include "features/bot/bot_router.hpp"
#include "transport/inline_strand.hpp"

#include <yunhu/bot.hpp>
#include <yunhu/config.hpp>

#include <boost/asio/any_io_executor.hpp>
#include <boost/asio/awaitable.hpp>
#include <boost/asio/cancellation_signal.hpp>
#include <boost/asio/signal_set.hpp>
#include <boost/asio/steady_timer.hpp>

#include <cstdint>
#include <exception>
#include <map>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <utility>
#include <vector>

YUNHU_NAMESPACE_BEGIN
namespace detail {

/// An event on its way through a bot. Constant once it is shared.
struct bot_item {
    yunhu::event event;
    std::string user; ///< author of a message, if handlers may see it
    bool accepted = false;
    bool handled = false;
    bot_router::found found;
};

/// A handler that runs. Owned by its coroutine, and so by the execution context; the bot knows it weakly.
struct bot_turn {
    explicit bot_turn(const asio::any_io_executor& executor) : strand(transport::make_strand(executor)), wake(strand) {}

    // constant
    std::uint64_t id = 0;
    std::weak_ptr<bot_core> core;
    std::shared_ptr<const bot::handler> handler;
    std::shared_ptr<const bot_item> item;
    std::optional<client> through;
    asio::any_io_executor strand;

    asio::cancellation_signal cancelled; ///< on the strand

    // locked by the bot
    enum class phase : std::uint8_t { running, waiting, resumed, aborted };
    phase what = phase::running;
    asio::steady_timer wake; ///< its waiter is `bot_message::next`
    std::shared_ptr<const bot_item> received;
    bool timed_out = false;
    bool stopped = false;
    engine::time_point since; ///< of what `spent` does not have yet
    std::chrono::nanoseconds spent{};
};

struct bot_access {
    [[nodiscard]] static bot_message make(std::shared_ptr<bot_turn> turn, std::shared_ptr<const bot_item> item) {
        return {std::move(turn), std::move(item)};
    }
};

/// A bot at work: takes events from the inbox, and applies the actions of the queues' machine. All state is locked;
/// hooks, handlers and the inbox are called without the lock.
class bot_core final : public std::enable_shared_from_this<bot_core> {
public:
    bot_core(const client& through, inbox_options account, bot_options options);

    void add(bot_route route, bot::handler h);
    /// Fails if it was started before.
    [[nodiscard]] result<void> start(bool until_signal);
    void stop() noexcept;
    /// After `stop`: the handlers that run, too.
    void cancel_handlers() noexcept;
    /// The handle is destroyed.
    void close() noexcept;
    /// Absent: it has not ended yet.
    [[nodiscard]] std::optional<result<void>> ended() const;
    template <class Handler> void wait_ended(Handler&& handler);
    [[nodiscard]] bot_stats stats() const;
    [[nodiscard]] yunhu::inbox_stats inbox_numbers() const { return inbox_.stats(); }
    [[nodiscard]] const asio::any_io_executor& executor() const noexcept { return executor_; }

    // From a handler:
    [[nodiscard]] error_code begin_wait(bot_turn& who, const std::string& user, std::chrono::nanoseconds limit);
    /// Not `waiting`: the wait is over, and the message is moved to `into`.
    [[nodiscard]] bot_turn::phase poll_wait(bot_turn& who, std::shared_ptr<const bot_item>& into);
    template <class Handler> void wait_for_message(bot_turn& who, Handler&& handler);
    void stop_waiting(bot_turn& who);
    void on_ended(bot_turn& who, std::exception_ptr thrown) noexcept;

private:
    using action = engine::chat_queues::action;

    // the loop
    friend struct start_room_wait;
    static asio::awaitable<void> loop(std::shared_ptr<bot_core> self);
    static asio::awaitable<failure> take_events(std::shared_ptr<bot_core> self);
    static asio::awaitable<void> end_handlers(std::shared_ptr<bot_core> self);
    void begin(bool until_signal) noexcept;
    [[nodiscard]] bool stopping() const;
    [[nodiscard]] bool closed() const;
    [[nodiscard]] bool has_room() const;
    [[nodiscard]] bool idle() const;
    template <class Handler> void wait_room(Handler&& handler, bool for_idle, engine::time_point until);
    /// A reason to end: the session can't be established.
    [[nodiscard]] std::optional<failure> failure_of_session(const event& e);
    void on_event(event e);
    void end(const result<void>& how) noexcept;
    void watch_signals();
    void wait_signal();

    // the queues
    [[nodiscard]] std::shared_ptr<const bot_item> route(event e);
    void enqueue(std::shared_ptr<const bot_item> item, std::uint64_t number, bool held);
    void expire() noexcept;
    void pump() noexcept;
    void apply(const action& next);
    void start_turn(std::uint64_t turn, std::uint64_t event);
    void cancel_turn(const std::shared_ptr<bot_turn>& turn);
    void finish_event(std::uint64_t number);
    void report(std::exception_ptr thrown, const event& e) const noexcept;
    void arm_timer();
    void notify();
    void resume(std::uint64_t turn, bot_turn::phase to, std::uint64_t event);
    [[nodiscard]] bool loop_may_go_on() const noexcept;
    [[nodiscard]] std::shared_ptr<bot_turn> turn_of(std::uint64_t id) const;
    void add_time(bot_turn& turn);
    [[nodiscard]] static engine::time_point now() { return engine::clock::now(); }

    // constant
    const bot_options options_;
    asio::any_io_executor executor_;
    client client_;
    const bool renews_token_;
    inbox inbox_;
    asio::any_io_executor strand_;

    // on the strand
    asio::cancellation_signal loop_cancelled_;
    bool taking_ = false; ///< the loop waits for events, which may be cancelled; the steps after it must not
    std::optional<asio::signal_set> signals_;
    bool connected_once_ = false;

    mutable std::mutex mutex_;
    // locked
    bot_router router_;
    std::vector<std::shared_ptr<const bot::handler>> handlers_; ///< by their route
    engine::chat_queues queues_;
    engine::stream_assembler streams_;
    std::map<std::uint64_t, std::shared_ptr<const bot_item>> items_; ///< events that are not done
    std::map<std::uint64_t, std::weak_ptr<bot_turn>> turns_;
    std::uint64_t last_event_ = 0;
    bot_stats numbers_;
    asio::steady_timer timer_; ///< the machines' next deadline
    std::optional<engine::time_point> armed_for_;
    asio::steady_timer room_; ///< its waiter is the loop
    bool loop_waits_ = false;
    bool loop_waits_for_idle_ = false;
    asio::steady_timer ended_wake_; ///< its waiter is `async_run`
    std::optional<result<void>> ended_;
    bool pumping_ = false; ///< a thread applies actions
    bool started_ = false;
    bool stopping_ = false;
    bool closed_ = false;
};

// Type-erased handlers would have no executor when they are out of memory, and Asio's timer would use it.
template <class Handler> void bot_core::wait_ended(Handler&& handler) {
    using expiry = asio::steady_timer::time_point;
    const std::lock_guard lock(mutex_);
    ended_wake_.expires_at(ended_ ? expiry::min() : expiry::max());
    ended_wake_.async_wait(std::forward<Handler>(handler));
}

template <class Handler> void bot_core::wait_for_message(bot_turn& who, Handler&& handler) {
    using expiry = asio::steady_timer::time_point;
    const std::lock_guard lock(mutex_);
    who.wake.expires_at(who.what == bot_turn::phase::waiting ? expiry::max() : expiry::min());
    who.wake.async_wait(std::forward<Handler>(handler));
}

template <class Handler> void bot_core::wait_room(Handler&& handler, bool for_idle, engine::time_point until) {
    using expiry = asio::steady_timer::time_point;
    const std::lock_guard lock(mutex_);
    loop_waits_ = true;
    loop_waits_for_idle_ = for_idle;
    room_.expires_at(loop_may_go_on() ? expiry::min() : until);
    room_.async_wait(std::forward<Handler>(handler));
}

} // namespace detail
YUNHU_NAMESPACE_END
