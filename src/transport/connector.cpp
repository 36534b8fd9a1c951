// Copyright (c) 2026 The yunhu authors
// SPDX-License-Identifier: BSL-1.0

#include "transport/connector.hpp"

#include "model/exceptions.hpp"

#include <boost/asio/ip/address.hpp>

#include <charconv>
#include <utility>
#include <vector>

YUNHU_NAMESPACE_BEGIN
namespace transport {
namespace {

// RFC 8305, section 8.
constexpr auto attempt_delay = std::chrono::milliseconds(250);

} // namespace

connector::connector(std::shared_ptr<inline_strand> in, std::string host, std::string port,
                     std::function<void(connect_result)> done)
    : strand_(std::move(in)), host_(std::move(host)), port_(std::move(port)), done_(std::move(done)),
      resolver_(strand_->inner_executor()), delay_(strand_->inner_executor()) {}

// An exception of a step ends the connecting, as any other failure does.
template <class Step> void connector::guarded(Step step) {
    try {
        step();
    } catch (...) {
        const error_code cause = detail::current_exception_code();
        if (done_) {
            finish({resolving_ ? errc::resolve_failed : errc::connect_failed, cause, {}, std::nullopt});
        }
    }
}

void connector::start() {
    error_code is_name;
    const auto address = asio::ip::make_address(host_, is_name);
    if (!is_name) {
        unsigned short port = 0;
        std::from_chars(port_.data(), port_.data() + port_.size(), port);
        race({{address, port}});
        return;
    }
    resolver_.async_resolve(host_, port_, asio::ip::resolver_base::numeric_service,
                            strand_->bind([self = shared_from_this()](const error_code& ec, const auto& results) {
                                self->guarded([&] { self->resolved(ec, results); });
                            }));
}

void connector::cancel() noexcept {
    done_ = nullptr; // a handler that comes all the same does nothing
    try {
        if (resolving_) {
            resolver_.cancel();
        }
        delay_.cancel();
    } catch (...) { // Out of memory: what still runs ends by itself.
    }
    for (socket& s : attempts_) {
        error_code ignored;
        s.close(ignored);
    }
}

void connector::resolved(const error_code& ec, const asio::ip::tcp::resolver::results_type& results) {
    if (!done_) {
        return;
    }
    if (ec || results.empty()) {
        finish({errc::resolve_failed, ec, {}, std::nullopt});
        return;
    }
    std::vector<happy_eyeballs::endpoint> addresses;
    for (const auto& entry : results) {
        addresses.push_back(entry.endpoint());
    }
    race(std::move(addresses));
}

void connector::race(std::vector<happy_eyeballs::endpoint> addresses) {
    resolving_ = false;
    race_.emplace(std::move(addresses));
    attempt();
}

void connector::attempt() {
    const auto address = race_->next();
    if (!address) {
        return;
    }
    const auto which = attempts_.emplace(attempts_.end(), strand_->inner_executor());
    which->async_connect(*address,
                         strand_->bind([self = shared_from_this(), which, address = *address](const error_code& ec) {
                             self->guarded([&] { self->attempted(which, address, ec); });
                         }));
    if (race_->more()) {
        delay_.expires_after(attempt_delay);
        delay_.async_wait(strand_->bind([self = shared_from_this()](const error_code& ec) {
            if (!ec && self->done_) {
                self->guarded([&] { self->attempt(); });
            }
        }));
    }
}

void connector::attempted(std::list<socket>::iterator which, const happy_eyeballs::endpoint& address,
                          const error_code& ec) {
    if (!done_) {
        return;
    }
    if (!ec) {
        socket winner = std::move(*which);
        attempts_.erase(which);
        error_code ignored; // without it every small request waits for the last one's acknowledgement
        winner.set_option(asio::ip::tcp::no_delay(true), ignored);
        finish({{}, {}, {}, std::move(winner)});
        return;
    }
    last_error_ = ec;
    failures_ += failures_.empty() ? "" : ", ";
    failures_ += address.address().to_string() + ": " + ec.message();
    attempts_.erase(which);
    race_->failed();
    if (race_->more()) {
        attempt();
    } else if (!race_->open()) {
        finish({errc::connect_failed, last_error_, std::move(failures_), std::nullopt});
    }
}

void connector::finish(connect_result what) {
    const auto done = std::move(done_);
    cancel(); // the losers
    done(std::move(what));
}

} // namespace transport
YUNHU_NAMESPACE_END
