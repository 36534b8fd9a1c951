// Copyright (c) 2026 The yunhu authors
// SPDX-License-Identifier: BSL-1.0

#include "transport/connection.hpp"

#include "model/exceptions.hpp"

#include <boost/asio/bind_allocator.hpp>
#include <boost/asio/buffer.hpp>
#include <boost/asio/error.hpp>

#include <utility>

YUNHU_NAMESPACE_BEGIN
namespace transport {
namespace {

// The usual answer comes in one piece that is smaller than this; what is left is read without waiting.
constexpr std::size_t first_read = 4096;

} // namespace

connection::connection(std::uint32_t id, std::shared_ptr<inline_strand> in, std::shared_ptr<connection_owner> owner,
                       const peer& to, const response_limits& limits, std::span<char> scratch)
    : id_(id), strand_(std::move(in)), owner_(std::move(owner)), peer_(to), scratch_(scratch), reader_(limits) {}

void connection::open() {
    opened_ = std::chrono::steady_clock::now();
    connector_ =
        std::make_shared<connector>(strand_, peer_.host, peer_.port, [self = shared_from_this()](connect_result what) {
            self->guarded([&] { self->on_connect_result(std::move(what)); });
        });
    connector_->start();
}

// An exception of an event becomes the end of what the connection is doing: opening, an exchange, or idling.
template <class Step> void connection::guarded(Step step) {
    try {
        step();
    } catch (...) {
        const error_code thrown = detail::current_exception_code();
        const auto keep = shared_from_this();
        switch (state_) {
        case state::closed:
            break;
        case state::dialing:
            fail_open(errc::connect_failed, thrown, yunhu::phase::connect);
            break;
        case state::handshaking:
            fail_open(errc::tls_failed, thrown, yunhu::phase::tls);
            break;
        case state::idle:
            fail(thrown);
            break;
        case state::busy:
            fail_exchange(thrown, {});
            break;
        }
    }
}

void connection::on_connect_result(connect_result what) {
    connector_.reset();
    if (what.ec) {
        fail_open(what.ec, what.cause, what.ec == errc::resolve_failed ? yunhu::phase::resolve : yunhu::phase::connect,
                  std::move(what.detail));
        return;
    }
    connected_ = std::chrono::steady_clock::now();
    stream_.emplace(std::move(*what.connected), peer_.tls.get());
    state_ = state::handshaking;
    owner_->on_connected(*this);
    step_handshake();
}

void connection::step_handshake() {
    const io_step step = stream_->handshake();
    if (step.ec) {
        fail_open(step.ec == errc::certificate_rejected ? step.ec : error_code(errc::tls_failed), step.ec,
                  yunhu::phase::tls);
        return;
    }
    if (step.needs == io_step::wait::readable) {
        wait_readable();
        return;
    }
    if (step.needs == io_step::wait::writable) {
        wait_writable();
        return;
    }
    ready_ = std::chrono::steady_clock::now();
    state_ = state::idle;
    wait_readable();
    const auto owner = owner_; // it may close this connection meanwhile
    owner->on_open(*this);
}

bool connection::is_reusable() {
    if (state_ != state::idle || stream_->buffered()) {
        return false;
    }
    if (stream_->peek().needs == io_step::wait::readable) {
        return true;
    }
    // Something is there: a session ticket does no harm, anything else does.
    stream_->look();
    return stream_->read_some(scratch_).needs == io_step::wait::readable && !stream_->buffered();
}

void connection::release_buffers() {
    wait_readable();
    in_ = {};
    stream_->release_buffers();
}

void connection::send() {
    reader_.start(); // first: when it throws, nothing has been sent
    in_.resize(first_read);
    state_ = state::busy;
    ++exchanges_;
    accepted_before_ = stream_->accepted();
    first_byte_.reset();
    written_ = 0;
    write();
}

void connection::write() {
    while (written_ < out_.size()) {
        const io_step step = stream_->write_some(std::span(out_).subspan(written_));
        written_ += step.bytes;
        if (step.ec) {
            // The peer may have answered before it stopped reading: the read takes that, if it is there. Never at once,
            // for the owner is still handing the request over.
            if (delivered() == delivery::not_sent) {
                strand_->post([self = shared_from_this(), ec = step.ec] { self->guarded([&] { self->fail(ec); }); });
            }
            return;
        }
        if (step.needs == io_step::wait::writable) {
            wait_writable();
            return;
        }
        if (step.needs == io_step::wait::readable) {
            return; // goes on when bytes have come
        }
    }
}

void connection::start_read() {
    if (reading_ || state_ != state::busy || stream_->holds()) {
        return;
    }
    in_.resize(first_read);
    stream_->lowest().async_read_some(
        asio::buffer(in_),
        asio::bind_allocator(read_memory_.get_allocator(),
                             strand_->bind([self = shared_from_this()](const error_code& ec, std::size_t n) {
                                 self->guarded([&] { self->received(ec, n); });
                             })));
    reading_ = true;
}

void connection::received(const error_code& ec, std::size_t bytes) {
    reading_ = false;
    if (state_ != state::closed) {
        stream_->take_in({in_.data(), bytes}, ec, bytes == in_.size());
        read();
    }
}

void connection::wait_readable() {
    if (!read_waits_) {
        stream_->lowest().async_wait(socket::wait_read,
                                     strand_->bind([self = shared_from_this()](const error_code& ec) {
                                         self->guarded([&] { self->readable(ec); });
                                     }));
        read_waits_ = true;
    }
}

void connection::wait_writable() {
    if (!write_waits_) {
        stream_->lowest().async_wait(socket::wait_write,
                                     strand_->bind([self = shared_from_this()](const error_code& ec) {
                                         self->guarded([&] { self->writable(ec); });
                                     }));
        write_waits_ = true;
    }
}

void connection::readable(const error_code& ec) {
    read_waits_ = false;
    if (state_ == state::closed || reading_) { // what comes is for the read
        return;
    }
    if (state_ == state::handshaking) {
        step_handshake();
        return;
    }
    if (ec) {
        fail(ec);
        return;
    }
    stream_->look();
    read();
}

void connection::writable(const error_code& ec) {
    write_waits_ = false;
    if (state_ == state::closed) {
        return;
    }
    if (state_ == state::handshaking) {
        step_handshake();
    } else if (ec) {
        fail(ec);
    } else if (stream_->holds()) {
        read(); // TLS had something to say first
    } else if (state_ == state::busy) {
        write();
    }
}

void connection::read() {
    for (;;) {
        const io_step step = stream_->read_some(scratch_);
        if (step.needs == io_step::wait::readable) {
            break;
        }
        if (step.needs == io_step::wait::writable) {
            wait_writable();
            break;
        }
        if (state_ != state::busy || step.ec) {
            fail(step.ec);
            return;
        }
        if (const error_code bad = reader_.feed({scratch_.data(), step.bytes})) {
            fail(bad);
            return;
        }
        if (reader_.trailing_data() || (reader_.done() && !stream_->buffered())) {
            break;
        }
    }
    if (state_ == state::busy && reader_.done()) {
        complete();
        return;
    }
    if (state_ == state::idle) {
        wait_readable();
    } else {
        start_read();
    }
    if (state_ == state::busy) {
        if (reader_.began() && !first_byte_) {
            first_byte_ = std::chrono::steady_clock::now();
            owner_->on_first_byte(*this);
        }
        write(); // TLS may have waited for bytes to go on writing
    }
}

// An answer that comes before the request is written is delivered, but the connection has lost its rhythm.
void connection::complete() {
    http::response a = reader_.take();
    const bool reusable = a.keep_alive && !reader_.trailing_data() && written_ == out_.size();
    state_ = state::idle;
    const auto owner = owner_;
    owner->on_response(*this, std::move(a), reusable);
}

// Of an idle connection, or of an exchange. `ec` none: bytes came that nobody asked for.
void connection::fail(const error_code& ec) {
    if (state_ == state::closed) {
        return;
    }
    const auto owner = owner_;
    if (state_ != state::busy) {
        owner->on_idle_ended(*this);
        return;
    }
    const bool by_reader = ec.category() == category();
    if (!by_reader && !reader_.end(ec == asio::error::eof)) {
        http::response a = reader_.take(); // complete, or a body that ends with the connection
        state_ = state::idle;
        owner->on_response(*this, std::move(a), false);
        return;
    }
    fail_exchange(by_reader         ? ec
                  : reader_.began() ? error_code(errc::incomplete_response)
                                    : error_code(errc::connection_lost),
                  ec);
}

void connection::fail_exchange(const error_code& code, const error_code& cause) {
    const auto owner = owner_;
    transport_error why;
    why.code = code;
    why.cause = cause;
    why.how = delivered();
    why.phase = phase();
    owner->on_exchange_failed(*this, why);
}

void connection::fail_open(const error_code& code, const error_code& cause, yunhu::phase where, std::string detail) {
    if (state_ == state::closed) {
        return;
    }
    transport_error why;
    why.code = code;
    why.cause = cause;
    why.how = delivery::not_sent;
    why.phase = where;
    why.detail = std::move(detail);
    const auto owner = owner_;
    owner->on_open_failed(*this, why);
}

void connection::close() {
    if (state_ == state::closed) {
        return;
    }
    state_ = state::closed;
    if (connector_) {
        connector_->cancel();
        connector_.reset();
    }
    if (stream_) {
        stream_->close();
    }
    owner_.reset();
}

yunhu::phase connection::phase() const noexcept {
    switch (state_) {
    case state::dialing:
        return connector_ && connector_->resolving() ? yunhu::phase::resolve : yunhu::phase::connect;
    case state::handshaking:
        return yunhu::phase::tls;
    default:
        break;
    }
    if (written_ < out_.size()) {
        return yunhu::phase::write;
    }
    return reader_.in_body() ? yunhu::phase::body : yunhu::phase::first_byte;
}

delivery connection::delivered() const noexcept {
    if (state_ != state::busy) { // no request of the current call has been written
        return delivery::not_sent;
    }
    if (reader_.began()) {
        return delivery::answered;
    }
    return stream_ && stream_->accepted() > accepted_before_ ? delivery::maybe_sent : delivery::not_sent;
}

} // namespace transport
YUNHU_NAMESPACE_END
