// Copyright (c) 2026 The yunhu authors
// SPDX-License-Identifier: BSL-1.0

#include <yunhu/inbox.hpp>

#include "features/inbox/inbox_core.hpp"
#include "runtime/spawn_coroutine.hpp"

#include <boost/asio/as_tuple.hpp>
#include <boost/asio/async_result.hpp>
#include <boost/asio/error.hpp>
#include <boost/asio/this_coro.hpp>

#include <cstdint>
#include <utility>

YUNHU_NAMESPACE_BEGIN
namespace {

using detail::inbox_core;
using detail::asio::awaitable;
using detail::asio::cancellation_type;
namespace this_coro = detail::asio::this_coro;

enum class wait_reason : std::uint8_t { event, stop };

struct start_inbox_wait {
    template <class Handler>
    void operator()(Handler&& handler, const std::shared_ptr<inbox_core>& core, wait_reason why) const {
        if (why == wait_reason::event) {
            core->wait(std::forward<Handler>(handler));
        } else {
            core->wait_stopped(std::forward<Handler>(handler));
        }
    }
};

// Ends without an error whatever the timer says.
awaitable<void> wait_for(std::shared_ptr<inbox_core> core, wait_reason why) {
    constexpr auto token = detail::asio::as_tuple(detail::asio::use_awaitable);
    co_await detail::asio::async_initiate<decltype(token), void(error_code)>(start_inbox_wait(), token, std::move(core),
                                                                             why);
}

failure aborted() {
    failure made;
    made.code = detail::asio::error::operation_aborted;
    return made;
}

} // namespace

namespace detail {

template class coroutine_operation<optional_result<event>>;
template class coroutine_operation<acknowledged>;

} // namespace detail

inbox::inbox(client through, inbox_options options) : core_(inbox_core::make(std::move(through), std::move(options))) {}

inbox::inbox(inbox&&) noexcept = default;

inbox& inbox::operator=(inbox&& other) noexcept {
    if (this != &other) {
        const inbox old = std::move(*this); // its destructor ends the session
        core_ = std::move(other.core_);
    }
    return *this;
}

inbox::~inbox() {
    if (core_) {
        core_->close();
    }
}

// An event leaves the queue in the caller's coroutine, past the last point of cancellation: none is lost.
detail::coroutine<optional_result<event>> inbox::next_item(std::shared_ptr<inbox_core> core) {
    const auto before = (co_await this_coro::cancellation_state).cancelled();
    core->acknowledge_taken();
    core->start();
    optional_result<event> taken;
    failure why;
    for (;;) {
        switch (core->try_next(taken, why)) {
        case inbox_core::availability::taken:
        case inbox_core::availability::ended:
            co_return std::move(taken);
        case inbox_core::availability::failed:
            co_return std::move(why);
        case inbox_core::availability::none:
            break;
        }
        co_await wait_for(core, wait_reason::event);
        const auto now = (co_await this_coro::cancellation_state).cancelled();
        if ((now & ~before) != cancellation_type::none) {
            co_return aborted();
        }
    }
}

detail::coroutine<acknowledged> inbox::stop_item(std::shared_ptr<inbox_core> core) {
    const auto before = (co_await this_coro::cancellation_state).cancelled();
    core->begin_stop();
    for (;;) {
        if (const auto ended = core->stopped()) {
            if (!*ended) {
                co_return ended->error();
            }
            co_return acknowledged();
        }
        co_await wait_for(core, wait_reason::stop);
        const auto now = (co_await this_coro::cancellation_state).cancelled();
        if ((now & ~before) != cancellation_type::none) {
            co_return aborted();
        }
    }
}

void inbox::acknowledge(const event& done) {
    core_->acknowledge(done);
}

void inbox::sending(std::string_view msg_id) {
    core_->sending(msg_id);
}

inbox_stats inbox::stats() const {
    return core_->stats();
}

inbox::executor_type inbox::get_executor() const noexcept {
    return core_->executor();
}

YUNHU_NAMESPACE_END
