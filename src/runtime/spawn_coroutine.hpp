// Copyright (c) 2026 The yunhu authors
// SPDX-License-Identifier: BSL-1.0
#pragma once

#include "model/exceptions.hpp"

#include <yunhu/config.hpp>
#include <yunhu/detail/coroutine_operation.hpp>

#include <boost/asio/any_completion_executor.hpp>
#include <boost/asio/associated_cancellation_slot.hpp>
#include <boost/asio/associated_executor.hpp>
#include <boost/asio/bind_cancellation_slot.hpp>
#include <boost/asio/cancellation_signal.hpp>
#include <boost/asio/cancellation_state.hpp>
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/post.hpp>
#include <boost/asio/prefer.hpp>
#include <boost/asio/strand.hpp>
#include <boost/asio/this_coro.hpp>

#include <exception>
#include <memory>
#include <optional>
#include <utility>

// The bodies of detail/coroutine_operation.hpp. Each feature instantiates them for its results.
YUNHU_NAMESPACE_BEGIN
namespace detail {

/// A coroutine that runs for a handler. It is owned by the coroutine's completion, and so by the execution context.
template <class T> class spawned_coroutine : public std::enable_shared_from_this<spawned_coroutine<T>> {
public:
    spawned_coroutine(const asio::any_io_executor& executor, coroutine_handler<T> done)
        : strand_(asio::make_strand(executor)), fallback_executor_(executor) {
        done_.emplace(std::move(done));
        work_.emplace(
            asio::prefer(asio::get_associated_executor(*done_, executor), asio::execution::outstanding_work.tracked));
    }

    void start(coroutine<T> work) {
        if (auto slot = asio::get_associated_cancellation_slot(*done_); slot.is_connected()) {
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
    // The caller's slot decides which types exist; the coroutine's steps decide what each does.
    static coroutine<T> accept_every_cancellation(coroutine<T> work) {
        co_await asio::this_coro::reset_cancellation_state(asio::enable_total_cancellation());
        co_await asio::this_coro::throw_if_cancelled(false);
        co_return co_await std::move(work);
    }

    void run(coroutine<T> work) {
        auto ended = [self = this->shared_from_this()](std::exception_ptr thrown, result<T> r) {
            self->complete(thrown ? result<T>(failure_of(std::move(thrown))) : std::move(r));
        };
        asio::co_spawn(strand_, accept_every_cancellation(std::move(work)),
                       asio::bind_cancellation_slot(cancelled_.slot(), std::move(ended)));
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

    void complete(result<T> r) {
        auto ended = [self = this->shared_from_this(), r = std::move(r)]() mutable {
            coroutine_handler<T> done = std::move(*self->done_);
            self->done_.reset();
            // On the handler's executor, where the slot is not emitted concurrently.
            if (auto slot = asio::get_associated_cancellation_slot(done); slot.is_connected()) {
                slot.clear();
            }
            if (r) {
                std::move(done)(error_code(), std::move(*r));
                return;
            }
            T details;
            static_cast<call_info&>(details) = r.error();
            std::move(done)(r.error().code, std::move(details));
        };
        const asio::any_completion_executor where = std::move(*work_);
        work_.reset();
        asio::post(fallback_executor_,
                   [where, ended = std::move(ended)]() mutable { where.execute(std::move(ended)); });
    }

    asio::strand<asio::any_io_executor> strand_;
    asio::any_io_executor fallback_executor_; ///< for a handler's executor that can't promise to post
    std::optional<coroutine_handler<T>> done_;
    std::optional<asio::any_completion_executor> work_; ///< of `done_`; tracks outstanding work
    asio::cancellation_signal cancelled_;
};

template <class T> asio::awaitable<T> await_coroutine(coroutine<T> work) {
    result<T> r = co_await std::move(work);
    co_return std::move(r).value();
}

template <class T>
void spawn_coroutine(const asio::any_io_executor& executor, coroutine<T> work, coroutine_handler<T> done) {
    std::make_shared<spawned_coroutine<T>>(executor, std::move(done))->start(std::move(work));
}

} // namespace detail
YUNHU_NAMESPACE_END
