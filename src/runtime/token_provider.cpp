// Copyright (c) 2026 The yunhu authors
// SPDX-License-Identifier: BSL-1.0

#include <yunhu/token_provider.hpp>

#include "model/exceptions.hpp"

#include <boost/asio/as_tuple.hpp>
#include <boost/asio/async_result.hpp>
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/error.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/asio/this_coro.hpp>
#include <boost/asio/use_awaitable.hpp>

#include <cstdint>
#include <exception>
#include <list>
#include <mutex>
#include <utility>

YUNHU_NAMESPACE_BEGIN

namespace asio = boost::asio;

struct token_provider::state {
    state(asio::any_io_executor on, secret first, renewal by)
        : executor(std::move(on)), token(std::move(first)), renew_by(std::move(by)) {}

    /// Whatever ends a wait, its timer is forgotten.
    class waiting_guard {
    public:
        waiting_guard(state& s, asio::steady_timer& timer) noexcept : state_(s), timer_(timer) {}
        waiting_guard(const waiting_guard&) = delete;
        waiting_guard& operator=(const waiting_guard&) = delete;
        ~waiting_guard() {
            const std::lock_guard lock(state_.mutex);
            state_.waiting.remove(&timer_);
        }

    private:
        state& state_;
        asio::steady_timer& timer_;
    };

    const asio::any_io_executor executor;
    std::mutex mutex;
    secret token;
    const renewal renew_by;
    bool renewing = false;
    std::uint64_t round = 0;   ///< renewals that have ended
    std::exception_ptr thrown; ///< by the last one
    std::list<asio::steady_timer*> waiting;

    /// Gives the token, or what the renewal threw, to all who wait.
    void finish(std::exception_ptr failed, secret renewed) {
        const std::lock_guard lock(mutex);
        if (!failed && !renewed.empty()) {
            token = std::move(renewed);
        }
        thrown = std::move(failed);
        renewing = false;
        ++round;
        for (asio::steady_timer* const each : waiting) {
            each->cancel();
        }
    }

    static void start_renewal(const std::shared_ptr<state>& s, const secret& refused) {
        try {
            asio::co_spawn(s->executor, s->renew_by(refused), [s](std::exception_ptr failed, secret renewed) {
                s->finish(std::move(failed), std::move(renewed));
            });
        } catch (...) {
            s->finish(std::current_exception(), {});
        }
    }
};

token_provider::token_provider(asio::any_io_executor executor, secret first, renewal renew_by) {
    if (first.empty()) {
        detail::throw_invalid("token must not be empty");
    }
    if (!renew_by) {
        detail::throw_invalid("renew_by must be a function");
    }
    state_ = std::make_shared<state>(std::move(executor), std::move(first), std::move(renew_by));
}

token_provider::~token_provider() = default;

secret token_provider::current() const {
    const std::lock_guard lock(state_->mutex);
    return state_->token;
}

namespace detail {

/// Waits at a timer, unless what it waits for has come.
struct start_renewal_wait {
    template <class Handler, class State> void operator()(Handler&& handler, const std::shared_ptr<State>& s,
                                                          asio::steady_timer* timer, std::uint64_t round) const {
        const std::lock_guard lock(s->mutex);
        using time_point = asio::steady_timer::time_point;
        timer->expires_at(s->round == round ? time_point::max() : time_point::min());
        timer->async_wait(std::forward<Handler>(handler));
    }
};

} // namespace detail

asio::awaitable<secret> token_provider::renew(secret refused) {
    const std::shared_ptr<state> s = state_;
    const asio::any_io_executor executor = co_await asio::this_coro::executor;
    asio::steady_timer timer(executor);
    std::uint64_t round = 0;
    bool starts = false;
    {
        const std::lock_guard lock(s->mutex);
        if (s->token.reveal() != refused.reveal()) {
            co_return s->token;
        }
        round = s->round;
        s->waiting.push_back(&timer);
        starts = !std::exchange(s->renewing, true);
    }
    const state::waiting_guard waiting(*s, timer);
    if (starts) {
        state::start_renewal(s, refused);
    }
    const auto token = asio::as_tuple(asio::use_awaitable);
    co_await asio::async_initiate<decltype(token), void(error_code)>(detail::start_renewal_wait(), token, s, &timer,
                                                                     round);
    const std::lock_guard lock(s->mutex);
    if (s->round == round) { // cancelled
        throw boost::system::system_error(asio::error::operation_aborted);
    }
    if (s->token.reveal() != refused.reveal()) {
        co_return s->token;
    }
    if (s->thrown) {
        std::rethrow_exception(s->thrown);
    }
    failure none;
    none.code = errc::not_authenticated;
    none.detail = "there is no other token";
    throw error(std::move(none));
}

YUNHU_NAMESPACE_END
