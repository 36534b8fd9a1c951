// Copyright (c) 2026 The yunhu authors
// SPDX-License-Identifier: BSL-1.0

#include "features/bot/bot_core.hpp"

#include "model/exceptions.hpp"

#include <boost/asio/as_tuple.hpp>
#include <boost/asio/async_result.hpp>
#include <boost/asio/bind_cancellation_slot.hpp>
#include <boost/asio/bind_executor.hpp>
#include <boost/asio/cancellation_state.hpp>
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/post.hpp>
#include <boost/asio/this_coro.hpp>
#include <boost/asio/use_awaitable.hpp>

#include <csignal>
#include <utility>
#include <variant>

// The life of a bot: it takes events until it is stopped, and winds up.
YUNHU_NAMESPACE_BEGIN
namespace detail {

struct start_room_wait {
    template <class Handler> void operator()(Handler&& handler, const std::shared_ptr<bot_core>& core, bool for_idle,
                                             engine::time_point until) const {
        core->wait_room(std::forward<Handler>(handler), for_idle, until);
    }
};

static asio::awaitable<void> wait_for_room(std::shared_ptr<bot_core> core, bool for_idle, engine::time_point until) {
    constexpr auto token = asio::as_tuple(asio::use_awaitable);
    co_await asio::async_initiate<decltype(token), void(error_code)>(start_room_wait(), token, std::move(core),
                                                                     for_idle, until);
}

result<void> bot_core::start(bool until_signal) {
    {
        const std::lock_guard lock(mutex_);
        if (std::exchange(started_, true)) {
            call_info details;
            details.detail = "async_run must be called once";
            return failure(errc::invalid_request, std::move(details));
        }
    }
    asio::post(strand_, [self = shared_from_this(), until_signal] { self->begin(until_signal); });
    return {};
}

void bot_core::begin(bool until_signal) noexcept {
    const auto fail = [this](std::exception_ptr thrown) {
        try {
            std::rethrow_exception(std::move(thrown));
        } catch (const error& e) {
            end(e.info());
        } catch (...) {
            end(failure(current_exception_code(), call_info()));
        }
    };
    try {
        if (until_signal) {
            watch_signals();
        }
        asio::co_spawn(strand_, loop(shared_from_this()),
                       asio::bind_cancellation_slot(loop_cancelled_.slot(),
                                                    [self = shared_from_this(), fail](std::exception_ptr thrown) {
                                                        if (thrown) {
                                                            fail(std::move(thrown));
                                                        }
                                                    }));
    } catch (...) {
        fail(std::current_exception());
    }
}

// A cancellation ends what the loop waits for, and no more: the steps after it must still be taken.
asio::awaitable<void> bot_core::loop(std::shared_ptr<bot_core> self) {
    co_await asio::this_coro::reset_cancellation_state(asio::enable_total_cancellation());
    co_await asio::this_coro::throw_if_cancelled(false);
    self->taking_ = true;
    failure why = co_await take_events(self);
    self->taking_ = false;
    self->stop();
    co_await end_handlers(self);
    result<acknowledged> saved = co_await self->inbox_.async_stop(as_result);
    if (!saved && !why.code) {
        why = saved.error();
    }
    if (self->options_.shutdown_client && !self->closed()) {
        co_await self->client_.async_shutdown(self->options_.stop_timeout);
    }
    self->end(why.code ? result<void>(why) : result<void>());
}

/// The code of the result is 0: it was stopped.
asio::awaitable<failure> bot_core::take_events(std::shared_ptr<bot_core> self) {
    constexpr unsigned batch = 16; // handlers must start although events are there without waiting
    for (unsigned taken = 1; !self->stopping(); ++taken) {
        if (taken % batch == 0) {
            co_await asio::post(self->strand_, asio::use_awaitable);
        }
        if (!self->has_room()) {
            co_await wait_for_room(self, false, engine::time_point::max());
            continue;
        }
        result<optional_result<event>> got = co_await self->inbox_.next(as_result);
        if (!got) {
            if (is_cancelled(got.error())) {
                continue;
            }
            co_return got.error();
        }
        if (!got->has_value()) {
            break;
        }
        if (auto failed = self->failure_of_session(**got)) {
            co_return *std::move(failed);
        }
        self->on_event(std::move(**got));
    }
    co_return failure();
}

asio::awaitable<void> bot_core::end_handlers(std::shared_ptr<bot_core> self) {
    for (const bool cancel : {false, true}) {
        if (cancel) {
            self->cancel_handlers();
        }
        const auto until = engine::later(now(), self->options_.stop_timeout);
        while (!self->idle() && now() < until) {
            co_await wait_for_room(self, true, until);
        }
    }
}

bool bot_core::stopping() const {
    const std::lock_guard lock(mutex_);
    return stopping_;
}

bool bot_core::closed() const {
    const std::lock_guard lock(mutex_);
    return closed_;
}

bool bot_core::has_room() const {
    const std::lock_guard lock(mutex_);
    return queues_.wants_events();
}

bool bot_core::idle() const {
    const std::lock_guard lock(mutex_);
    return queues_.idle();
}

/// Locked.
bool bot_core::loop_may_go_on() const noexcept {
    return loop_waits_for_idle_ ? queues_.idle() : stopping_ || queues_.wants_events();
}

/// Locked.
void bot_core::notify() {
    if (loop_waits_ && loop_may_go_on()) {
        loop_waits_ = false;
        room_.cancel();
    }
}

std::optional<failure> bot_core::failure_of_session(const event& e) {
    const auto* const session = std::get_if<session_event>(&e);
    if (session == nullptr) {
        return std::nullopt;
    }
    connected_once_ = connected_once_ || session->state == session_state::connected;
    const bool refused = session->state == session_state::refused && !renews_token_;
    const bool none = session->state == session_state::lost && !connected_once_ && options_.require_first_session;
    if (!refused && !none) {
        return std::nullopt;
    }
    call_info details;
    details.api_code = session->api_code;
    details.api_msg = session->text;
    details.detail = session->detail;
    return failure(session->reason, std::move(details));
}

void bot_core::stop() noexcept {
    {
        const std::lock_guard lock(mutex_);
        if (stopping_) {
            return;
        }
        stopping_ = true;
        retry_on_bad_alloc([this] { queues_.stop(); });
    }
    pump();
    retry_on_bad_alloc([this] {
        asio::post(strand_, [self = shared_from_this()] {
            if (self->taking_) {
                self->loop_cancelled_.emit(asio::cancellation_type::total);
            }
        });
    });
}

void bot_core::cancel_handlers() noexcept {
    retry_on_bad_alloc([this] {
        const std::lock_guard lock(mutex_);
        queues_.cancel_all();
    });
    pump();
}

void bot_core::close() noexcept {
    {
        failure aborted;
        aborted.code = asio::error::operation_aborted;
        const std::lock_guard lock(mutex_);
        closed_ = true;
        if (!started_) {
            return;
        }
        if (!ended_) {
            ended_ = std::move(aborted);
            ended_wake_.cancel();
        }
    }
    stop();
    cancel_handlers();
}

std::optional<result<void>> bot_core::ended() const {
    const std::lock_guard lock(mutex_);
    return ended_;
}

/// On the strand.
void bot_core::end(const result<void>& how) noexcept {
    signals_.reset();
    const std::lock_guard lock(mutex_);
    if (!ended_) {
        ended_ = how;
    }
    timer_.cancel();
    ended_wake_.cancel();
}

void bot_core::watch_signals() {
    signals_.emplace(strand_);
    signals_->add(SIGINT);
    signals_->add(SIGTERM);
    wait_signal();
}

void bot_core::wait_signal() {
    signals_->async_wait(asio::bind_executor(strand_, [weak = weak_from_this()](error_code ec, int /*which*/) {
        const auto self = weak.lock();
        if (ec || !self || !self->signals_) {
            return;
        }
        if (self->stopping()) {
            self->cancel_handlers();
        }
        self->stop();
        self->wait_signal();
    }));
}

} // namespace detail
YUNHU_NAMESPACE_END
