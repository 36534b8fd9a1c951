// Copyright (c) 2026 The yunhu authors
// SPDX-License-Identifier: BSL-1.0

#include <yunhu/confirm.hpp>

#include "runtime/spawn_coroutine.hpp"

#include <yunhu/history.hpp>

#include <boost/asio/error.hpp>
#include <boost/asio/redirect_error.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/asio/this_coro.hpp>
#include <boost/asio/use_awaitable.hpp>

#include <chrono>
#include <optional>
#include <utility>

YUNHU_NAMESPACE_BEGIN

namespace asio = boost::asio;

namespace {

std::optional<failure> validate_options(const confirm_options& options) {
    if (options.max_lookups > 0) {
        return std::nullopt;
    }
    failure invalid;
    invalid.code = errc::invalid_request;
    invalid.endpoint = "list-message-by-mid-seq";
    invalid.detail = "max_lookups must be at least 1";
    return invalid;
}

failure aborted() {
    failure f;
    f.code = asio::error::operation_aborted;
    f.endpoint = "list-message-by-mid-seq";
    return f;
}

/// The arrival that a failed send proves without a look-up; absent: a look-up is needed.
std::optional<arrival> arrival_of(const failure& f) {
    switch (execution_of(f)) {
    case execution::certainly_not_executed:
        return arrival::not_sent;
    case execution::executed:
        return arrival::sent;
    case execution::maybe_executed:
        break;
    }
    return is_cancelled(f) ? std::optional(arrival::still_unknown) : std::nullopt; // no look-up after a cancellation
}

asio::awaitable<bool> wait_for(std::chrono::nanoseconds time) {
    const asio::any_io_executor where = co_await asio::this_coro::executor;
    asio::steady_timer timer(where, std::chrono::duration_cast<asio::steady_timer::duration>(time));
    error_code ec;
    co_await timer.async_wait(asio::redirect_error(asio::use_awaitable, ec));
    co_return !ec;
}

} // namespace

std::string_view to_string(arrival a) noexcept {
    switch (a) {
    case arrival::sent:
        return "sent";
    case arrival::not_sent:
        return "not sent";
    case arrival::still_unknown:
        break;
    }
    return "still unknown";
}

namespace detail {

coroutine<confirmation> confirm_sent_result(client from, chat in, std::string msg_id, confirm_options options) {
    if (std::optional<failure> invalid = validate_options(options)) {
        co_return std::move(*invalid);
    }
    confirmation known;
    for (unsigned lookup = 0; lookup < options.max_lookups; ++lookup) {
        if (lookup > 0) {
            const bool waited = co_await wait_for(options.interval);
            if (!waited) {
                known.lookup_failure = aborted();
                co_return known;
            }
        }
        ++known.lookups;
        result<optional_result<message>> found = co_await find_message(from, in, msg_id, options.call, as_result);
        static_cast<call_info&>(known) = found ? call_info(*found) : call_info(found.error());
        if (!found) {
            known.lookup_failure = std::move(found).error();
            if (known.lookup_failure->code == asio::error::operation_aborted) {
                co_return known;
            }
        } else if (found->has_value()) {
            known.outcome = arrival::sent;
            known.found = std::move(**found);
            co_return known;
        }
    }
    if (!known.lookup_failure) {
        known.outcome = arrival::not_sent;
    }
    co_return known;
}

coroutine<confirmed_send> send_confirmed_result(client from, send_message_request request, confirm_options options,
                                                call_options send_options) {
    if (std::optional<failure> invalid = validate_options(options)) {
        co_return std::move(*invalid);
    }
    confirmed_send end;
    const unsigned most_sends = options.resend_if_not_found ? 2 : 1;
    while (end.sends < most_sends) {
        ++end.sends;
        end.send_failure.reset();
        result<sent_message> sent = co_await from.send_message(request, send_options, as_result);
        static_cast<call_info&>(end) = sent ? call_info(*sent) : call_info(sent.error());
        if (sent) {
            end.outcome = arrival::sent;
            co_return end;
        }
        end.send_failure = std::move(sent).error();
        const std::optional<arrival> clear = arrival_of(*end.send_failure);
        // A server that refuses the second one may do so because it has the first.
        const bool refused_again = end.sends > 1 && end.send_failure->delivery == delivery::answered;
        if (clear && !refused_again) {
            end.outcome = *clear;
            co_return end;
        }
        result<confirmation> lookup = co_await confirm_sent(from, request.chat, request.msg_id, options, as_result);
        confirmation& looked = *lookup; // fails for the options only, which were validated
        end.lookups += looked.lookups;
        end.outcome = looked.outcome;
        end.lookup_failure = std::move(looked.lookup_failure);
        if (end.outcome != arrival::not_sent) {
            break;
        }
    }
    co_return end;
}

template class coroutine_operation<confirmation>;
template class coroutine_operation<confirmed_send>;

} // namespace detail
YUNHU_NAMESPACE_END
