// Copyright (c) 2026 The yunhu authors
// SPDX-License-Identifier: BSL-1.0

#include <yunhu/confirm.hpp>

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

void check(const confirm_options& options) {
    if (options.looks == 0) {
        failure refused;
        refused.code = errc::invalid_request;
        refused.endpoint = "list-message-by-mid-seq";
        refused.detail = "looks is 0";
        throw error(std::move(refused));
    }
}

failure aborted() {
    failure f;
    f.code = asio::error::operation_aborted;
    f.endpoint = "list-message-by-mid-seq";
    return f;
}

/// What a send's end says by itself; absent: one has to look.
std::optional<arrival> judge(const failure& f) {
    if (f.delivery == delivery::not_sent) {
        return arrival::not_sent;
    }
    if (f.code == asio::error::operation_aborted || f.cause == asio::error::operation_aborted) {
        return arrival::still_unknown; // the caller wants no more of it
    }
    if (f.delivery == delivery::answered && (f.code == errc::refused || f.code == errc::bad_request ||
                                             f.code == errc::not_authenticated || f.code == errc::throttled)) {
        return arrival::not_sent;
    }
    return std::nullopt;
}

asio::awaitable<bool> paused(std::chrono::nanoseconds time) {
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

asio::awaitable<confirmation> confirm_sent(client from, chat in, std::string msg_id, confirm_options options) {
    check(options);
    confirmation known;
    for (unsigned look = 0; look < options.looks; ++look) {
        if (look > 0) {
            const bool waited = co_await paused(options.pause);
            if (!waited) {
                known.lookup_failure = aborted();
                co_return known;
            }
        }
        ++known.looks;
        result<std::optional<message>> found = co_await find_message(from, in, msg_id, as_result, options.call);
        if (!found) {
            known.lookup_failure = std::move(found).error();
            if (known.lookup_failure->code == asio::error::operation_aborted) {
                co_return known;
            }
        } else if (*found) {
            known.outcome = arrival::sent;
            known.found = std::move(*found);
            co_return known;
        }
    }
    if (!known.lookup_failure) {
        known.outcome = arrival::not_sent;
    }
    co_return known;
}

asio::awaitable<confirmed_send> send_confirmed(client from, send_message_request request, confirm_options options,
                                               call_options send_options) {
    check(options);
    confirmed_send end;
    end.msg_id = request.msg_id;
    const unsigned most_sends = options.resend_if_not_found ? 2 : 1;
    while (end.sends < most_sends) {
        ++end.sends;
        end.send_failure.reset();
        result<sent_message> sent = co_await from.send_message(request, send_options, as_result);
        if (sent) {
            end.outcome = arrival::sent;
            co_return end;
        }
        end.send_failure = std::move(sent).error();
        const std::optional<arrival> clear = judge(*end.send_failure);
        // A server that refuses the second one may do so because it has the first.
        const bool refused_again = end.sends > 1 && end.send_failure->delivery == delivery::answered;
        if (clear && !refused_again) {
            end.outcome = *clear;
            co_return end;
        }
        confirmation looked = co_await confirm_sent(from, request.chat, request.msg_id, options);
        end.looks += looked.looks;
        end.outcome = looked.outcome;
        end.lookup_failure = std::move(looked.lookup_failure);
        if (end.outcome != arrival::not_sent) {
            break;
        }
    }
    co_return end;
}

YUNHU_NAMESPACE_END
