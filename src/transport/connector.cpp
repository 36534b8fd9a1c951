// Copyright (c) 2026 The yunhu authors
// SPDX-License-Identifier: BSL-1.0

#include "transport/connector.hpp"

#include "model/exceptions.hpp"

#include <boost/asio/ip/address.hpp>

#include <fcntl.h>

#include <charconv>
#include <utility>
#include <vector>

YUNHU_NAMESPACE_BEGIN
namespace transport {
namespace {

// RFC 8305, section 8.
constexpr auto attempt_delay = std::chrono::milliseconds(250);

} // namespace

connector::connector(std::shared_ptr<inline_strand> strand, const peer& to, std::function<void(connect_result)> handler)
    : strand_(std::move(strand)), proxy_(to.via), host_(proxy_ ? proxy_->host : to.host),
      port_(proxy_ ? proxy_->port : to.port), handler_(std::move(handler)), delay_timer_(strand_->inner_executor()) {}

// An exception of a handler ends connecting with an error.
template <class Function> void connector::run_guarded(Function function) {
    try {
        function();
    } catch (...) {
        const error_code cause = detail::current_exception_code();
        if (handler_) {
            finish({resolving_ ? errc::resolve_failed : errc::connect_failed, cause, {}});
        }
    }
}

void connector::start() {
    error_code is_name;
    const auto address = asio::ip::make_address(host_, is_name);
    if (!is_name) {
        connect({address});
        return;
    }
    lookup_.emplace(strand_->inner_executor());
    lookup_->start(host_);
    lookup_->async_wait(strand_->bind(
        [self = shared_from_this()](const error_code& ec) { self->run_guarded([&] { self->on_resolved(ec); }); }));
}

void connector::cancel() noexcept {
    handler_ = nullptr; // handlers that are queued already check it
    lookup_.reset();
    stop_attempts();
    if (tunnel_) {
        tunnel_->cancel();
    }
}

void connector::stop_attempts() noexcept {
    try {
        delay_timer_.cancel();
    } catch (...) { // out of memory: outstanding operations end on their own
    }
    for (socket& s : attempts_) {
        error_code ignored;
        s.close(ignored);
    }
}

void connector::on_resolved(const error_code& waited) {
    if (!handler_) {
        return;
    }
    std::vector<asio::ip::address> addresses;
    const error_code ec = waited ? waited : lookup_->take(addresses);
    if (ec) {
        finish({errc::resolve_failed, ec, proxy_ ? "the proxy's host name" : ""});
        return;
    }
    lookup_.reset();
    connect(addresses);
}

void connector::connect(const std::vector<asio::ip::address>& addresses) {
    resolving_ = false;
    unsigned short port = 0;
    std::from_chars(port_.data(), port_.data() + port_.size(), port);
    std::vector<happy_eyeballs::endpoint> endpoints;
    endpoints.reserve(addresses.size());
    for (const asio::ip::address& address : addresses) {
        endpoints.emplace_back(address, port);
    }
    schedule_.emplace(std::move(endpoints));
    start_attempt();
}

void connector::start_attempt() {
    const auto address = schedule_->next();
    if (!address) {
        return;
    }
    const auto attempt = attempts_.emplace(attempts_.end(), strand_->inner_executor());
    error_code ignored; // a failure to open is reported by the connect, too
    attempt->open(address->protocol(), ignored);
    // A program that is started while the connection is open must not inherit it. Asio does not open sockets with it.
    (void)::fcntl(attempt->native_handle(), F_SETFD, FD_CLOEXEC);
    attempt->async_connect(
        *address, strand_->bind([self = shared_from_this(), attempt, address = *address](const error_code& ec) {
            self->run_guarded([&] { self->on_attempt(attempt, address, ec); });
        }));
    if (schedule_->has_next()) {
        delay_timer_.expires_after(attempt_delay);
        delay_timer_.async_wait(strand_->bind([self = shared_from_this()](const error_code& ec) {
            if (!ec && self->handler_ && !self->tunnel_) {
                self->run_guarded([&] { self->start_attempt(); });
            }
        }));
    }
}

void connector::on_attempt(std::list<socket>::iterator attempt, const happy_eyeballs::endpoint& address,
                           const error_code& ec) {
    if (!handler_ || tunnel_) {
        return;
    }
    if (!ec) {
        socket winner = std::move(*attempt);
        attempts_.erase(attempt);
        error_code ignored; // Nagle's algorithm would delay a small request until the previous one is acknowledged
        winner.set_option(asio::ip::tcp::no_delay(true), ignored);
        if (proxy_) {
            open_tunnel(std::move(winner));
        } else {
            finish({{}, {}, {}, std::move(winner)});
        }
        return;
    }
    last_error_ = ec;
    failures_ += failures_.empty() ? (proxy_ ? "proxy " : "") : ", ";
    failures_ += address.address().to_string() + ": " + ec.message();
    attempts_.erase(attempt);
    schedule_->on_failure();
    if (schedule_->has_next()) {
        start_attempt();
    } else if (!schedule_->is_open()) {
        finish({errc::connect_failed, last_error_, std::move(failures_)});
    }
}

void connector::open_tunnel(socket connected) {
    tunnel_ = std::make_shared<proxy_tunnel>(
        strand_, std::move(connected), proxy_, [self = shared_from_this()](tunnel_result result) {
            self->finish({result.ec, result.cause, std::move(result.detail), std::nullopt, std::move(result.stream)});
        });
    stop_attempts();
    tunnel_->start();
}

void connector::finish(connect_result result) {
    const auto handler = std::move(handler_);
    cancel(); // the other attempts
    handler(std::move(result));
}

} // namespace transport
YUNHU_NAMESPACE_END
