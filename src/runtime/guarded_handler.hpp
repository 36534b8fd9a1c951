// Copyright (c) 2026 The yunhu authors
// SPDX-License-Identifier: BSL-1.0
#pragma once

#include "model/exceptions.hpp"

#include <yunhu/config.hpp>
#include <yunhu/error.hpp>

#include <boost/asio/any_completion_executor.hpp>
#include <boost/asio/any_completion_handler.hpp>
#include <boost/asio/any_io_executor.hpp>
#include <boost/asio/associated_cancellation_slot.hpp>
#include <boost/asio/associated_executor.hpp>
#include <boost/asio/execution/outstanding_work.hpp>
#include <boost/asio/post.hpp>
#include <boost/asio/prefer.hpp>

#include <memory>
#include <new>
#include <optional>
#include <tuple>
#include <utility>

YUNHU_NAMESPACE_BEGIN
namespace detail {

/// A type-erased handler of an operation. It counts as outstanding work on its executor until it is invoked, once.
template <class... Args> class guarded_handler {
public:
    using handler = boost::asio::any_completion_handler<void(Args...)>;

    /// `fallback_executor`: for a handler without an executor, and to post from, as a handler's executor need not be
    /// able to.
    guarded_handler(const boost::asio::any_io_executor& fallback_executor, handler h)
        : state_(std::make_shared<state>(fallback_executor, std::move(h))) {}

    /// The handler was not posted yet.
    [[nodiscard]] bool pending() const noexcept { return state_ != nullptr; }
    [[nodiscard]] auto cancellation_slot() const {
        return boost::asio::get_associated_cancellation_slot(*state_->done);
    }

    /// Invokes the handler on its executor, never from inside this function. It must be pending.
    void post(Args... args) {
        const std::shared_ptr<state> s = std::exchange(state_, nullptr);
        s->arguments.emplace(std::move(args)...);
        retry_on_bad_alloc([&] {
            boost::asio::post(s->fallback_executor, [s] {
                const boost::asio::any_completion_executor where = std::move(*s->work_guard);
                s->work_guard.reset();
                where.execute([s] { s->invoke(); });
            });
        });
    }

private:
    struct state {
        state(boost::asio::any_io_executor executor, handler h) : fallback_executor(std::move(executor)) {
            done.emplace(std::move(h));
            const boost::asio::any_completion_executor where =
                boost::asio::get_associated_executor(*done, fallback_executor);
            if (!where) { // Asio's way to say that it is out of memory: the function is noexcept
                throw std::bad_alloc();
            }
            work_guard.emplace(boost::asio::prefer(where, boost::asio::execution::outstanding_work.tracked));
        }

        void invoke() {
            handler h = std::move(*done);
            done.reset();
            // This is the handler's executor, the only one that may touch the slot.
            if (auto slot = boost::asio::get_associated_cancellation_slot(h); slot.is_connected()) {
                slot.clear();
            }
            std::apply([&h](Args&... each) { std::move(h)(std::move(each)...); }, *arguments);
        }

        boost::asio::any_io_executor fallback_executor;
        std::optional<handler> done;
        std::optional<boost::asio::any_completion_executor> work_guard;
        std::optional<std::tuple<Args...>> arguments;
    };

    std::shared_ptr<state> state_;
};

/// Posts the value, or the error code with a value that has the failure's details only.
template <class T> void post_result(guarded_handler<error_code, T>& handler, result<T> r) {
    if (r) {
        handler.post(error_code(), std::move(*r));
        return;
    }
    T details;
    static_cast<call_info&>(details) = r.error();
    handler.post(r.error().code, std::move(details));
}

} // namespace detail
YUNHU_NAMESPACE_END
