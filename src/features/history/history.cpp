// Copyright (c) 2026 The yunhu authors
// SPDX-License-Identifier: BSL-1.0

#include <yunhu/history.hpp>

#include "features/history/iteration.hpp"
#include "runtime/spawn_coroutine.hpp"

#include <boost/asio/async_result.hpp>
#include <boost/asio/error.hpp>
#include <boost/asio/this_coro.hpp>

#include <utility>

YUNHU_NAMESPACE_BEGIN
namespace {

using detail::asio::awaitable;
using detail::asio::cancellation_type;
namespace this_coro = detail::asio::this_coro;

struct start_waiting {
    template <class Handler> void operator()(Handler&& handler,
                                             const std::shared_ptr<detail::iteration_state>& iteration,
                                             const detail::asio::any_io_executor& executor) const {
        iteration->wait(detail::iteration_state::wait_handler(std::forward<Handler>(handler)), executor);
    }
};

awaitable<void> wait_for_page(std::shared_ptr<detail::iteration_state> iteration,
                              detail::asio::any_io_executor executor) {
    return detail::asio::async_initiate<const detail::asio::use_awaitable_t<>, void()>(
        start_waiting(), detail::asio::use_awaitable, std::move(iteration), std::move(executor));
}

} // namespace

namespace detail {

template class coroutine_operation<optional_result<message>>;

} // namespace detail

history::history(client from, chat in, history_options options)
    : state_(std::make_shared<detail::iteration_state>(std::move(from), std::move(in), options)) {}

history::history(history&&) noexcept = default;

history& history::operator=(history&& other) noexcept {
    if (this != &other) {
        const history old = std::move(*this); // its destructor cancels the request
        state_ = std::move(other.state_);
    }
    return *this;
}

history::~history() {
    if (state_) {
        state_->close();
    }
}

// A message leaves the buffer in the caller's coroutine, past the last point of cancellation: none is lost.
detail::coroutine<optional_result<message>> history::next_item(std::shared_ptr<detail::iteration_state> state) {
    const detail::asio::any_io_executor executor = co_await this_coro::executor;
    const auto before = (co_await this_coro::cancellation_state).cancelled();
    for (;;) {
        if (auto available = state->try_next()) {
            if (!*available) {
                co_return std::move(*available).error();
            }
            co_return optional_result<message>(std::move(**available));
        }
        co_await wait_for_page(state, executor);
        const auto now = (co_await this_coro::cancellation_state).cancelled();
        if ((now & ~before) != cancellation_type::none) {
            state->discard_failure();
            failure aborted;
            aborted.code = detail::asio::error::operation_aborted;
            aborted.endpoint = "list-message";
            co_return aborted;
        }
    }
}

detail::asio::any_io_executor history::get_executor() const {
    return state_->get_executor();
}

skipped_records history::skipped() const {
    return state_->skipped();
}

history_cursor history::cursor() const {
    return state_->cursor();
}

YUNHU_NAMESPACE_END
