// Copyright (c) 2026 The yunhu authors
// SPDX-License-Identifier: BSL-1.0
#pragma once

#include "model/exceptions.hpp"
#include "runtime/guarded_handler.hpp"
#include "transport/inline_strand.hpp"

#include <yunhu/config.hpp>
#include <yunhu/detail/coroutine_operation.hpp>

#include <boost/asio/bind_cancellation_slot.hpp>
#include <boost/asio/cancellation_signal.hpp>
#include <boost/asio/cancellation_state.hpp>
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/post.hpp>
#include <boost/asio/this_coro.hpp>

#include <exception>
#include <memory>
#include <utility>

// The bodies of detail/coroutine_operation.hpp. Each feature instantiates them for its results.
YUNHU_NAMESPACE_BEGIN
namespace detail {

/// A coroutine that runs for a handler. It is owned by the coroutine's completion, and so by the execution context.
template <class T> class spawned_coroutine : public std::enable_shared_from_this<spawned_coroutine<T>> {
public:
    spawned_coroutine(const asio::any_io_executor& executor, coroutine_handler<T> done)
        : strand_(transport::make_strand(executor)), done_(executor, std::move(done)) {}

    void start(coroutine<T> work) {
        if (auto slot = done_.cancellation_slot(); slot.is_connected()) {
            slot.assign([weak = this->weak_from_this()](asio::cancellation_type type) {
                if (const auto self = weak.lock()) {
                    asio::post(self->strand_, [self, type] { self->cancelled_.emit(type); });
                }
            });
        }
        auto self = this->shared_from_this();
        asio::post(strand_, [self, work = std::move(work)]() mutable { self->run(std::move(work)); });
    }

private:
    // The caller's slot decides which types exist; the coroutine's steps decide the effect of each.
    static coroutine<T> accept_every_cancellation(coroutine<T> work) {
        co_await asio::this_coro::reset_cancellation_state(asio::enable_total_cancellation());
        co_await asio::this_coro::throw_if_cancelled(false);
        co_return co_await std::move(work);
    }

    void run(coroutine<T> work) {
        auto ended = [self = this->shared_from_this()](std::exception_ptr thrown, result<T> r) {
            post_result(self->done_, thrown ? result<T>(failure_of(std::move(thrown))) : std::move(r));
        };
        try {
            asio::co_spawn(strand_, accept_every_cancellation(std::move(work)),
                           asio::bind_cancellation_slot(cancelled_.slot(), std::move(ended)));
        } catch (...) { // out of memory: it did not begin
            if (done_.pending()) {
                post_result(done_, result<T>(failure_of(std::current_exception())));
            }
        }
    }

    static failure failure_of(std::exception_ptr thrown) {
        try {
            std::rethrow_exception(std::move(thrown));
        } catch (const error& e) {
            return e.info();
        } catch (...) {
            return failure(current_exception_code(), call_info());
        }
    }

    asio::any_io_executor strand_;
    guarded_handler<error_code, T> done_;
    asio::cancellation_signal cancelled_;
};

template <class T> asio::awaitable<T> coroutine_operation<T>::await(coroutine<T> work) {
    result<T> r = co_await std::move(work);
    co_return std::move(r).value();
}

template <class T> void coroutine_operation<T>::spawn(const asio::any_io_executor& executor, coroutine<T> work,
                                                      coroutine_handler<T> done) {
    std::make_shared<spawned_coroutine<T>>(executor, std::move(done))->start(std::move(work));
}

} // namespace detail
YUNHU_NAMESPACE_END
