// Copyright (c) 2026 The yunhu authors
// SPDX-License-Identifier: BSL-1.0

#include "transport/connection.hpp"

#include "model/exceptions.hpp"
#include "transport/loopback.hpp"

#include <boost/asio/buffer.hpp>
#include <boost/asio/error.hpp>

#include <string>
#include <utility>

YUNHU_NAMESPACE_BEGIN
namespace transport {
namespace {

// A typical response fits; the remaining bytes of a larger one are read without another wait.
constexpr std::size_t first_read_size = 4096;

} // namespace

connection::connection(std::uint32_t id, std::shared_ptr<inline_strand> strand, std::shared_ptr<connection_owner> owner,
                       const peer& to, const response_limits& limits, std::span<char> scratch)
    : id_(id), strand_(std::move(strand)), owner_(std::move(owner)), peer_(to), scratch_(scratch), parser_(limits) {}

void connection::open() {
    opened_ = std::chrono::steady_clock::now();
    connector_ = std::make_shared<connector>(strand_, peer_, [self = shared_from_this()](connect_result result) {
        self->run_guarded([&] { self->on_connect_result(std::move(result)); });
    });
    connector_->start();
}

// An exception of a handler ends the current activity of the connection: opening, an exchange, or being idle.
template <class Function> void connection::run_guarded(Function function) {
    try {
        function();
    } catch (...) {
        const error_code thrown = detail::current_exception_code();
        const auto keep = shared_from_this();
        switch (state_) {
        case state::closed:
            break;
        case state::connecting:
            fail_open(errc::connect_failed, thrown, yunhu::phase::connect);
            break;
        case state::handshaking:
            fail_open(errc::tls_failed, thrown, yunhu::phase::tls);
            break;
        case state::idle:
            fail(thrown);
            break;
        case state::busy:
        case state::failed:
            fail_exchange(thrown, {});
            break;
        }
    }
}

void connection::on_connect_result(connect_result result) {
    connector_.reset();
    if (result.ec) {
        fail_open(result.ec, result.cause,
                  result.ec == errc::resolve_failed ? yunhu::phase::resolve : yunhu::phase::connect,
                  std::move(result.detail));
        return;
    }
    if (peer_.tls == nullptr) {
        std::string detail;
        if (const error_code refused = check_loopback(*result.connected_socket, "base_url: plain HTTP", detail)) {
            fail_open(errc::connect_failed, refused, yunhu::phase::connect, std::move(detail));
            return;
        }
    }
    connected_ = std::chrono::steady_clock::now();
    if (result.tunnel) {
        stream_.emplace(*result.tunnel, *peer_.tls);
    } else {
        stream_.emplace(std::move(*result.connected_socket), peer_.tls.get());
    }
    state_ = state::handshaking;
    owner_->on_connected(*this);
    continue_handshake();
}

void connection::continue_handshake() {
    const io_result result = stream_->handshake();
    if (result.ec == errc::certificate_rejected) {
        fail_open(result.ec, {}, yunhu::phase::tls, stream_->rejection());
        return;
    }
    if (result.ec) {
        fail_open(errc::tls_failed, result.ec, yunhu::phase::tls);
        return;
    }
    if (result.needs == io_result::wait::readable) {
        wait_readable();
        return;
    }
    if (result.needs == io_result::wait::writable) {
        wait_writable();
        return;
    }
    ready_ = std::chrono::steady_clock::now();
    state_ = state::idle;
    wait_readable();
    const auto owner = owner_; // the callback may close this connection, which resets owner_
    owner->on_open(*this);
}

// The peer has neither closed an idle connection nor sent unsolicited bytes. Does not block.
bool connection::is_reusable() {
    if (state_ != state::idle || stream_->buffered()) {
        return false;
    }
    if (stream_->peek().needs == io_result::wait::readable) {
        return true;
    }
    // There are bytes: a session ticket is harmless, anything else makes the connection unusable.
    stream_->set_readable();
    return stream_->read_some(scratch_).needs == io_result::wait::readable && !stream_->buffered();
}

void connection::release_buffers() {
    wait_readable();
    read_buffer_ = {};
    stream_->release_buffers();
}

bool connection::send() {
    first_byte_.reset();
    written_ = 0;
    polling_ = false;
    accepted_before_ = stream_->bytes_accepted();
    parser_.start(); // anything that may throw or takes time must precede the check
    read_buffer_.resize(first_read_size);
    if (!is_reusable()) {
        return false;
    }
    state_ = state::busy;
    ++exchanges_;
    write();
    return true;
}

void connection::write() {
    while (written_ < request_.size()) {
        const io_result result = stream_->write_some(std::span(request_).subspan(written_));
        written_ += result.bytes;
        if (result.ec) {
            // If some bytes were accepted, the outstanding read decides: the peer may have responded before it closed.
            // Otherwise nothing is read, since it could not be a response. The failure is posted, because the owner is
            // still in `send`.
            if (delivered() == delivery::not_sent) {
                state_ = state::failed;
                strand_->post([self = shared_from_this(), ec = result.ec] {
                    if (self->state_ == state::failed) {
                        self->fail_exchange(errc::connection_lost, ec);
                    }
                });
            }
            return;
        }
        if (result.needs == io_result::wait::writable) {
            wait_writable();
            return;
        }
        if (result.needs == io_result::wait::readable) {
            return; // continues when TLS has received bytes
        }
    }
}

void connection::start_read() {
    if (reading_ || state_ != state::busy || stream_->has_input()) {
        return;
    }
    read_buffer_.resize(first_read_size);
    stream_->lowest_layer().async_read_some(
        asio::buffer(read_buffer_), strand_->bind([self = shared_from_this()](const error_code& ec, std::size_t n) {
            self->run_guarded([&] { self->on_received(ec, n); });
        }));
    reading_ = true;
}

void connection::on_received(const error_code& ec, std::size_t bytes) {
    reading_ = false;
    if (state_ == state::closed || state_ == state::failed) {
        return;
    }
    const bool cancelled = polling_ && ec == asio::error::operation_aborted;
    stream_->supply_input({read_buffer_.data(), bytes}, cancelled ? error_code() : ec,
                          polling_ || bytes == read_buffer_.size());
    read();
}

// The outstanding read may have its bytes already, while its handler is queued. So it is cancelled, and its handler
// continues from those bytes.
void connection::poll_response() {
    polling_ = true;
    error_code failed;
    if (reading_) {
        stream_->lowest_layer().cancel(failed);
    }
    if (!reading_ || failed) {
        strand_->post([self = shared_from_this()] { self->run_guarded([&] { self->on_poll(); }); });
    }
}

void connection::on_poll() {
    if (!polling_ || state_ != state::busy) {
        return;
    }
    if (reading_) { // it can't be cancelled
        const auto owner = owner_;
        owner->on_no_response(*this);
        return;
    }
    stream_->set_readable();
    read();
}

void connection::wait_readable() {
    if (!waiting_readable_) {
        stream_->lowest_layer().async_wait(socket::wait_read,
                                           strand_->bind([self = shared_from_this()](const error_code& ec) {
                                               self->run_guarded([&] { self->on_readable(ec); });
                                           }));
        waiting_readable_ = true;
    }
}

void connection::wait_writable() {
    if (!waiting_writable_) {
        stream_->lowest_layer().async_wait(socket::wait_write,
                                           strand_->bind([self = shared_from_this()](const error_code& ec) {
                                               self->run_guarded([&] { self->on_writable(ec); });
                                           }));
        waiting_writable_ = true;
    }
}

void connection::on_readable(const error_code& ec) {
    waiting_readable_ = false;
    if (state_ == state::closed || state_ == state::failed || reading_) { // the outstanding read takes the bytes
        return;
    }
    if (state_ == state::handshaking) {
        continue_handshake();
        return;
    }
    if (ec == asio::error::operation_aborted) { // by `poll_response`
        return;
    }
    if (ec) {
        fail(ec);
        return;
    }
    stream_->set_readable();
    read();
}

void connection::on_writable(const error_code& ec) {
    waiting_writable_ = false;
    if (state_ == state::closed || state_ == state::failed) {
        return;
    }
    if (state_ == state::handshaking) {
        continue_handshake();
    } else if (ec == asio::error::operation_aborted) { // by `poll_response`
        return;
    } else if (ec) {
        fail(ec);
    } else if (stream_->has_input()) {
        read(); // TLS had to write before it could read
    } else if (state_ == state::busy) {
        write();
    }
}

void connection::read() {
    for (;;) {
        const io_result result = stream_->read_some(scratch_);
        if (result.needs == io_result::wait::readable) {
            break;
        }
        if (result.needs == io_result::wait::writable) {
            wait_writable();
            break;
        }
        if (state_ != state::busy || result.ec) {
            fail(result.ec);
            return;
        }
        if (const error_code bad = parser_.feed({scratch_.data(), result.bytes})) {
            fail(bad);
            return;
        }
        if (parser_.has_trailing_data() || (parser_.is_done() && !stream_->buffered())) {
            break;
        }
    }
    if (state_ == state::busy && parser_.is_done()) {
        complete();
        return;
    }
    if (state_ == state::idle) {
        wait_readable();
        return;
    }
    if (!polling_) {
        start_read();
    }
    if (parser_.got_some() && !first_byte_) {
        first_byte_ = std::chrono::steady_clock::now();
        owner_->on_first_byte(*this);
    }
    if (polling_) {
        const auto owner = owner_; // the callback closes this connection, which resets owner_
        owner->on_no_response(*this);
    } else {
        write(); // TLS may have needed input to continue writing
    }
}

// A response may arrive before the request is written completely; it is delivered, but the connection is not reusable.
void connection::complete() {
    http::response a = parser_.release();
    const bool reusable = a.keep_alive && !parser_.has_trailing_data() && written_ == request_.size();
    state_ = state::idle;
    const auto owner = owner_;
    owner->on_response(*this, std::move(a), reusable);
}

// Ends an idle connection or an exchange. No error in `ec`: unsolicited bytes were received.
void connection::fail(const error_code& ec) {
    if (state_ == state::closed) {
        return;
    }
    const auto owner = owner_;
    if (state_ != state::busy) {
        owner->on_idle_ended(*this);
        return;
    }
    const bool by_parser = ec.category() == category();
    if (!by_parser && !parser_.feed_eof(ec == asio::error::eof)) {
        http::response a = parser_.release(); // complete, or delimited by the end of the connection
        state_ = state::idle;
        owner->on_response(*this, std::move(a), false);
        return;
    }
    fail_exchange(by_parser            ? ec
                  : parser_.got_some() ? error_code(errc::incomplete_response)
                                       : error_code(errc::connection_lost),
                  ec, by_parser ? std::string(parser_.reason()) : std::string());
}

void connection::fail_exchange(const error_code& code, const error_code& cause, std::string detail) {
    const auto owner = owner_;
    transport_error why;
    why.code = code;
    why.cause = cause;
    why.how = delivered();
    why.phase = phase();
    why.detail = std::move(detail);
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

void connection::disown() noexcept {
    if (connector_) {
        connector_->cancel();
        connector_.reset();
    }
    if (stream_) {
        stream_->disown();
    }
}

yunhu::phase connection::phase() const noexcept {
    switch (state_) {
    case state::connecting:
        return connector_ && connector_->resolving() ? yunhu::phase::resolve : yunhu::phase::connect;
    case state::handshaking:
        return yunhu::phase::tls;
    default:
        break;
    }
    if (written_ < request_.size()) {
        return yunhu::phase::write;
    }
    return parser_.is_header_done() ? yunhu::phase::body : yunhu::phase::first_byte;
}

delivery connection::delivered() const noexcept {
    if (state_ != state::busy) { // no request is in flight
        return delivery::not_sent;
    }
    if (parser_.got_some()) {
        return delivery::answered;
    }
    return stream_ && stream_->bytes_accepted() > accepted_before_ ? delivery::maybe_sent : delivery::not_sent;
}

} // namespace transport
YUNHU_NAMESPACE_END
