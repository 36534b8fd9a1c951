// Copyright (c) 2026 The yunhu authors
// SPDX-License-Identifier: BSL-1.0

#include "runtime/transfer_stream.hpp"

#include "model/exceptions.hpp"
#include "transport/loopback.hpp"

#include <boost/asio/error.hpp>

#include <chrono>
#include <utility>

YUNHU_NAMESPACE_BEGIN
namespace detail {
namespace {

using transport::connect_result;
using transport::inline_strand;
using transport::io_result;

void run_no_completion(inline_strand::pending_completion& /*what*/, inline_strand::origin /*from*/) {}

} // namespace

transfer_stream::transfer_stream(const asio::any_io_executor& executor, const transport::peer& to,
                                 std::chrono::nanoseconds connect_timeout, std::chrono::nanoseconds step_timeout)
    : strand_(std::make_shared<inline_strand>(executor, &run_no_completion)), peer_(to),
      connect_timeout_(connect_timeout), step_timeout_(step_timeout), timer_(executor) {}

transfer_stream::~transfer_stream() {
    shut();
}

void transfer_stream::async_open(handler done) {
    start(operation::connect, std::move(done), connect_timeout_, &transfer_stream::run_connect);
}

void transfer_stream::async_write(std::span<const char> bytes, handler done) {
    outgoing_ = bytes; // no operation is running
    start(operation::write, std::move(done), step_timeout_, &transfer_stream::step);
}

void transfer_stream::async_read(std::span<char> buffer, std::size_t at_least, handler done) {
    incoming_ = buffer;
    at_least_ = at_least;
    start(operation::read, std::move(done), step_timeout_, &transfer_stream::step);
}

void transfer_stream::close() noexcept {
    try {
        strand_->dispatch(inline_strand::origin::initiator, [self = shared_from_this()] { self->shut(); });
    } catch (...) { // out of memory: the destructor closes it
        return;
    }
}

// In the caller's thread: the only one that may touch the slot now.
void transfer_stream::start(operation what, handler done, std::chrono::nanoseconds timeout,
                            void (transfer_stream::*run)()) {
    const auto guarded =
        std::make_shared<guarded_handler<error_code, std::size_t>>(strand_->inner_executor(), std::move(done));
    if (auto slot = guarded->cancellation_slot(); slot.is_connected()) {
        slot.assign([weak = weak_from_this()](asio::cancellation_type type) {
            const auto self = weak.lock();
            if (self && type != asio::cancellation_type::none) {
                // Completions clear the slot, so it is this operation that runs, if any does.
                self->strand_->post([self] { self->abort(asio::error::operation_aborted); });
            }
        });
    }
    strand_->dispatch(inline_strand::origin::initiator, [self = shared_from_this(), what, timeout, guarded, run] {
        self->begin(what, timeout, std::move(*guarded));
        ((*self).*run)();
    });
}

void transfer_stream::begin(operation what, std::chrono::nanoseconds timeout,
                            guarded_handler<error_code, std::size_t> done) {
    running_ = what;
    bytes_ = 0;
    done_.emplace(std::move(done));
    ++number_;
    timeout_ = timeout;
    deadline_ = std::chrono::steady_clock::now() + timeout;
    if (!watched_ || timer_.expiry() > deadline_) {
        watch();
    }
}

// The deadline moves with every byte; the timer only when it expires before the deadline.
void transfer_stream::watch() {
    watched_ = true;
    timer_.expires_at(deadline_);
    timer_.async_wait(strand_->bind([weak = weak_from_this()](const error_code& ec) {
        const auto self = weak.lock();
        if (!self || ec) { // set anew, or closed
            return;
        }
        self->watched_ = false;
        if (self->running_ == operation::none) {
            return;
        }
        if (std::chrono::steady_clock::now() >= self->deadline_) {
            self->abort(errc::timed_out);
        } else {
            self->watch();
        }
    }));
}

void transfer_stream::run_connect() {
    connector_ =
        std::make_shared<transport::connector>(strand_, peer_, [weak = weak_from_this()](connect_result result) {
            if (const auto self = weak.lock(); self && self->running_ == operation::connect) {
                self->on_connected(std::move(result));
            }
        });
    connector_->start();
}

void transfer_stream::on_connected(connect_result result) {
    connector_.reset();
    if (result.ec) {
        cause_ = result.cause;
        detail_ = std::move(result.detail);
        finish(result.ec);
        return;
    }
    if (peer_.tls == nullptr) {
        cause_ = transport::check_loopback(*result.connected_socket, "plain HTTP", detail_);
        if (cause_) {
            finish(errc::connect_failed);
            return;
        }
    }
    stream_ = result.tunnel
                  ? std::make_unique<transport::tls_stream>(*result.tunnel, *peer_.tls)
                  : std::make_unique<transport::tls_stream>(std::move(*result.connected_socket), peer_.tls.get());
    running_ = operation::handshake;
    step();
}

void transfer_stream::step() {
    if (!stream_ && running_ != operation::connect) { // closed before
        finish(errc::connection_lost);
        return;
    }
    for (;;) {
        io_result result;
        switch (running_) {
        case operation::handshake:
            result = stream_->handshake();
            break;
        case operation::write:
            result = stream_->write_some(outgoing_);
            break;
        case operation::read:
            result = stream_->read_some(incoming_);
            break;
        case operation::none:
        case operation::connect:
            return;
        }
        sent_ = stream_->bytes_accepted();
        if (result.needs != io_result::wait::none) {
            wait(result.needs);
            return;
        }
        if (result.ec == errc::certificate_rejected) {
            detail_ = stream_->rejection();
        } else if (result.ec && running_ == operation::handshake) {
            cause_ = result.ec;
            result.ec = errc::tls_failed;
        }
        bytes_ += result.bytes;
        deadline_ = std::chrono::steady_clock::now() + timeout_;
        outgoing_ = outgoing_.subspan(running_ == operation::write ? result.bytes : 0);
        incoming_ = incoming_.subspan(running_ == operation::read ? result.bytes : 0);
        const bool more = (running_ == operation::write && !outgoing_.empty()) ||
                          (running_ == operation::read && bytes_ < at_least_ && !incoming_.empty());
        if (result.ec || !more) {
            finish(result.ec);
            return;
        }
    }
}

void transfer_stream::wait(io_result::wait direction) {
    const bool read = direction == io_result::wait::readable;
    stream_->lowest_layer().async_wait(
        read ? transport::socket::wait_read : transport::socket::wait_write,
        strand_->bind([self = shared_from_this(), number = number_, read](const error_code& ec) {
            if (self->number_ != number || self->running_ == operation::none || !self->stream_) {
                return;
            }
            if (read) {
                self->stream_->set_readable();
            }
            if (ec) {
                self->finish(ec);
            } else {
                self->step();
            }
        }));
}

void transfer_stream::finish(const error_code& ec) {
    // After a failed write there may be a response that says why.
    const bool keep = running_ == operation::write && ec != errc::timed_out && ec != asio::error::operation_aborted;
    running_ = operation::none;
    outgoing_ = {};
    incoming_ = {};
    if (ec && !keep) {
        shut();
    }
    guarded_handler<error_code, std::size_t> done = std::move(*done_);
    done_.reset();
    done.post(ec, bytes_);
}

void transfer_stream::abort(const error_code& why) noexcept {
    if (running_ != operation::none) {
        finish(why);
    }
}

void transfer_stream::shut() noexcept {
    watched_ = false;
    try {
        timer_.cancel();
    } catch (...) { // NOLINT(bugprone-empty-catch): it finds no operation
    }
    if (connector_) {
        connector_->cancel();
        connector_.reset();
    }
    if (stream_) {
        stream_->close();
        stream_.reset();
    }
}

} // namespace detail
YUNHU_NAMESPACE_END
