// Copyright (c) 2026 The yunhu authors
// SPDX-License-Identifier: BSL-1.0

#include "features/media/http_transfer.hpp"

#include "runtime/client_settings.hpp"

#include <boost/asio/redirect_error.hpp>
#include <boost/asio/ssl/error.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/asio/this_coro.hpp>
#include <boost/asio/use_awaitable.hpp>

#include <algorithm>
#include <utility>

YUNHU_NAMESPACE_BEGIN
namespace detail {

// Initiations of the stream's operations, as types of their own: GCC 12 can't have lambdas in a co_await expression.
class start_transfer_open {
public:
    template <class Handler> void operator()(Handler&& handler, const std::shared_ptr<transfer_stream>& on) const {
        on->async_open(transfer_stream::handler(std::forward<Handler>(handler)));
    }
};
class start_transfer_write {
public:
    template <class Handler>
    void operator()(Handler&& handler, const std::shared_ptr<transfer_stream>& on, std::span<const char> bytes) const {
        on->async_write(bytes, transfer_stream::handler(std::forward<Handler>(handler)));
    }
};
class start_transfer_read {
public:
    template <class Handler> void operator()(Handler&& handler, const std::shared_ptr<transfer_stream>& on,
                                             std::span<char> buffer, std::size_t at_least) const {
        on->async_read(buffer, at_least, transfer_stream::handler(std::forward<Handler>(handler)));
    }
};

namespace {

using redirecting_token = asio::redirect_error_t<asio::use_awaitable_t<>>;
using transfer_signature = void(error_code, std::size_t);

asio::awaitable<error_code> open_stream(std::shared_ptr<transfer_stream> stream) {
    error_code ec;
    redirecting_token token(asio::use_awaitable, ec);
    co_await asio::async_initiate<redirecting_token, transfer_signature>(start_transfer_open(), token, stream);
    co_return ec;
}

asio::awaitable<error_code> write_stream(std::shared_ptr<transfer_stream> stream, std::span<const char> bytes) {
    error_code ec;
    redirecting_token token(asio::use_awaitable, ec);
    co_await asio::async_initiate<redirecting_token, transfer_signature>(start_transfer_write(), token, stream, bytes);
    co_return ec;
}

asio::awaitable<std::size_t> read_stream(std::shared_ptr<transfer_stream> stream, std::span<char> buffer,
                                         std::size_t at_least, error_code* ec) {
    redirecting_token token(asio::use_awaitable, *ec);
    const std::size_t got = co_await asio::async_initiate<redirecting_token, transfer_signature>(
        start_transfer_read(), token, stream, buffer, at_least);
    co_return got;
}

} // namespace

std::chrono::steady_clock::time_point transfer_rate::reserve(std::size_t bytes) {
    const std::lock_guard lock(mutex_);
    const auto now = std::chrono::steady_clock::now();
    next_ = std::max(next_, now);
    const double seconds = static_cast<double>(bytes) / static_cast<double>(per_second_);
    next_ += std::chrono::duration_cast<std::chrono::steady_clock::duration>(std::chrono::duration<double>(seconds));
    return next_;
}

http_transfer::http_transfer(std::shared_ptr<client_core> core, std::shared_ptr<transfer_rate> rate,
                             std::chrono::nanoseconds step_timeout)
    : core_(std::move(core)), rate_(std::move(rate)), step_timeout_(step_timeout) {}

http_transfer::~http_transfer() {
    close();
}

void http_transfer::close() noexcept {
    if (stream_) {
        stream_->close();
        stream_.reset();
    }
}

std::shared_ptr<const client_settings> transfer_hosts::settings_of(const client_core& core, const std::string& host) {
    const std::lock_guard lock(mutex_);
    if (const auto found = known_.find(host); found != known_.end()) {
        return found->second;
    }
    constexpr std::size_t most = 64;
    if (known_.size() >= most) {
        known_.clear();
    }
    return known_[host] = core.settings()->at("https://" + host);
}

asio::awaitable<error_code> http_transfer::open(const std::string* host, transfer_response* into) {
    close();
    const std::shared_ptr<const client_settings> settings =
        core_->feature_state<transfer_hosts>()->settings_of(*core_, *host);
    stream_ = std::make_shared<transfer_stream>(core_->executor(), settings->peer(),
                                                settings->config().pool.connect_timeout, step_timeout_);
    host_ = *host;
    const error_code ec = co_await open_stream(stream_);
    if (ec) {
        into->cause = stream_->cause();
        into->detail = stream_->detail();
        close();
    }
    co_return ec;
}

asio::awaitable<error_code> http_transfer::send(const transfer_request* request) {
    std::string head = request->head + request->before;
    error_code ec = co_await write_stream(stream_, std::span<const char>(head));
    detail::wipe(head); // it may have the upload token
    std::uint64_t at = 0;
    asio::steady_timer pause(co_await asio::this_coro::executor);
    while (!ec && request->file && at < request->length) {
        const auto size = static_cast<std::size_t>(std::min<std::uint64_t>(buffer_.size(), request->length - at));
        request->file->read(request->offset + at, std::span(buffer_).first(size));
        if (rate_->limited()) {
            pause.expires_at(rate_->reserve(size));
            co_await pause.async_wait(asio::use_awaitable);
        }
        ec = co_await write_stream(stream_, std::span<const char>(buffer_).first(size));
        at += size;
        if (!ec && request->on_sent) {
            request->on_sent(size);
        }
    }
    if (!ec && !request->after.empty()) {
        ec = co_await write_stream(stream_, std::span<const char>(request->after));
    }
    co_return ec;
}

asio::awaitable<error_code> http_transfer::receive(const transfer_request* request) {
    const std::function<error_code()> on_header = request->on_header ? request->on_header : [] { return error_code(); };
    error_code ec;
    asio::steady_timer pause(co_await asio::this_coro::executor);
    while (!ec && !parser_->is_done()) {
        error_code ended;
        // Of a long body several TLS records at once: what follows is done once for all of them.
        constexpr std::uint64_t usual = 64U << 10U;
        const auto at_least = static_cast<std::size_t>(std::min(usual, parser_->body_left()));
        const std::size_t got = co_await read_stream(stream_, std::span(buffer_), at_least, &ended);
        ec = parser_->feed({buffer_.data(), got}, on_header);
        if (!ec && ended && !parser_->is_done()) {
            ec = ended == asio::error::eof || ended == asio::ssl::error::stream_truncated ||
                         ended == asio::error::connection_reset || ended == errc::connection_lost
                     ? parser_->feed_eof(ended == asio::error::eof)
                     : ended;
            break;
        }
        if (!ec && rate_->limited() && request->on_body) {
            pause.expires_at(rate_->reserve(got));
            co_await pause.async_wait(asio::use_awaitable);
        }
    }
    co_return ec;
}

asio::awaitable<void> http_transfer::exchange(const transfer_request* request, transfer_response* into) {
    *into = transfer_response();
    parser_.reset();
    buffer_.resize(transfer_buffer);
    if (!stream_ || host_ != request->host) {
        into->ec = co_await open(&request->host, into);
        if (into->ec) {
            co_return;
        }
    }
    body_.clear();
    parser_ =
        std::make_unique<http::transfer_parser>(request->on_body ? request->on_body : [this](std::string_view bytes) {
            if (body_.size() + bytes.size() > max_transfer_answer) {
                return error_code(errc::body_limit);
            }
            body_.append(bytes);
            return error_code();
        });
    const std::uint64_t sent_before = stream_->sent();
    const error_code sent = co_await send(request);
    const std::uint64_t sent_after = stream_->sent();
    const bool gave_up = sent == errc::timed_out || sent == asio::error::operation_aborted;
    error_code ec = sent;
    // A server that refuses the request answers before it has all of it, and may close then.
    if (!gave_up) {
        const error_code received = co_await receive(request);
        ec = parser_->is_done() ? error_code() : (sent ? sent : received);
        if (received.category() == category() && parser_->is_header_done()) {
            ec = received;
        }
        ec = parser_->is_done() && received && received != errc::connection_lost ? received : ec;
    }
    into->delivery = parser_->got_some()         ? yunhu::delivery::answered
                     : sent_after != sent_before ? yunhu::delivery::maybe_sent
                                                 : yunhu::delivery::not_sent;
    if (ec && ec.category() != category() && ec != asio::error::operation_aborted) {
        into->cause = ec;
        ec = parser_->got_some() ? errc::incomplete_response : errc::connection_lost;
    }
    into->ec = ec;
    into->header = parser_->header();
    into->body = std::move(body_);
    if (ec || sent || !into->header.keep_alive || parser_->has_trailing_data()) {
        close();
    }
}

} // namespace detail
YUNHU_NAMESPACE_END
