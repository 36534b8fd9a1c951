// Copyright (c) 2026 The yunhu authors
// SPDX-License-Identifier: BSL-1.0

#include "testing/session.hpp"

#include "testing/http_text.hpp"

#include <boost/asio/buffer.hpp>
#include <boost/asio/socket_base.hpp>
#include <boost/asio/write.hpp>
#include <boost/beast/core/string.hpp>
#include <boost/beast/http/error.hpp>
#include <boost/beast/http/field.hpp>
#include <boost/beast/http/verb.hpp>

#include <openssl/ssl.h>

#include <utility>

YUNHU_NAMESPACE_BEGIN
namespace testing::detail {
namespace {

namespace asio = boost::asio;
namespace http = boost::beast::http;
using boost::system::error_code;

constexpr std::size_t body_limit = 64U << 20U;
constexpr std::uint32_t header_limit = 64U << 10U;
constexpr std::size_t read_size = 16U << 10U; // a TLS record
constexpr std::chrono::seconds shutdown_timeout{1};

incoming from_http(http::request<http::string_body>& request) {
    incoming made;
    made.method = std::string(request.method_string());
    made.target = std::string(request.target());
    for (const auto& field : request) {
        made.headers.emplace_back(std::string(field.name_string()), std::string(field.value()));
    }
    made.body = std::move(request.body());
    return made;
}

} // namespace

session::session(socket peer, asio::ssl::context& tls, service& application, std::chrono::milliseconds idle_timeout,
                 std::function<void(session*)> on_closed)
    : stream_(std::move(peer), tls), application_(application), idle_timeout_(idle_timeout),
      on_closed_(std::move(on_closed)), idle_(stream_.next_layer().get_executor()),
      delay_(stream_.next_layer().get_executor()) {}

void session::start() {
    busy_ = false; // a client that does not shake hands is idle
    last_active_ = std::chrono::steady_clock::now();
    watch_idleness();
    stream_.async_handshake(asio::ssl::stream_base::server, [self = shared_from_this()](error_code failed) {
        failed ? self->close() : self->handshaken();
    });
}

void session::handshaken() {
    if (closed_ || closing_) {
        return close();
    }
    number_ = application_.on_connection_open(SSL_session_reused(stream_.native_handle()) == 1);
    next_request();
}

void session::next_request() {
    busy_ = false;
    last_active_ = std::chrono::steady_clock::now();
    continue_sent_ = false;
    parser_.emplace();
    parser_->body_limit(body_limit);
    parser_->header_limit(header_limit);
    parser_->eager(true);
    parse();
}

// Feeds the parser with what has been read already, then reads more or handles the request.
void session::parse() {
    while (buffer_.size() > 0 && !parser_->is_done()) {
        error_code failed;
        buffer_.consume(parser_->put(buffer_.data(), failed));
        if (failed == http::error::need_more) {
            break;
        }
        if (failed) {
            return refuse(failed);
        }
    }
    if (parser_->is_done()) {
        return handle();
    }
    expects_continue() ? send_continue() : read();
}

// A client that waits for this before it sends the body, such as curl, would otherwise wait for its own timeout.
bool session::expects_continue() const {
    return parser_->is_header_done() && !continue_sent_ && parser_->get().version() == 11 &&
           boost::beast::iequals(parser_->get()[http::field::expect], "100-continue");
}

void session::send_continue() {
    static const std::string text = http_header(100, {});
    continue_sent_ = true;
    asio::async_write(stream_, asio::buffer(text), [self = shared_from_this()](error_code failed, std::size_t) {
        if (self->closing_ && !self->closed_) {
            return self->shut_down();
        }
        failed || self->closed_ ? self->close() : self->read();
    });
}

void session::read() {
    stream_.async_read_some(buffer_.prepare(read_size),
                            [self = shared_from_this()](error_code failed, std::size_t size) {
                                if (self->closing_ && !self->closed_) {
                                    return self->shut_down();
                                }
                                if (failed || self->closed_) {
                                    return self->close();
                                }
                                self->last_active_ = std::chrono::steady_clock::now();
                                self->buffer_.commit(size);
                                self->parse();
                            });
}

void session::handle() {
    busy_ = true;
    incoming request = from_http(parser_->get());
    request.connection = number_;
    request.on_connection = ++exchanges_;
    carry_out(application_.process(std::move(request)));
}

void session::refuse(error_code why) {
    busy_ = true;
    const int status = why == http::error::body_limit ? 413 : 400;
    carry_out(application_.refuse_unreadable(number_, ++exchanges_, status, why.message()));
}

void session::carry_out(outgoing what) {
    if (closed_) {
        return; // a handler of the user's dropped all connections
    }
    out_ = std::move(what);
    if (out_.delay.count() <= 0) {
        return send();
    }
    delay_.expires_after(out_.delay);
    delay_.async_wait([self = shared_from_this()](error_code) { self->closed_ ? void() : self->send(); });
}

void session::send() {
    if (out_.bytes.empty()) {
        return finish(out_.after);
    }
    asio::async_write(stream_, asio::buffer(out_.bytes),
                      [self = shared_from_this()](error_code failed, std::size_t /*sent*/) {
                          failed || self->closed_ ? self->close() : self->finish(self->out_.after);
                      });
}

void session::finish(outgoing::then after) {
    switch (after) {
    case outgoing::then::next:
        return next_request();
    case outgoing::then::close:
        return shut_down();
    case outgoing::then::cut:
        return close();
    case outgoing::then::reset:
        return reset();
    case outgoing::then::stall:
        return discard();
    }
}

// Reads on only to notice when the client gives up.
void session::discard() {
    buffer_.clear();
    stream_.async_read_some(buffer_.prepare(read_size), [self = shared_from_this()](error_code failed, std::size_t) {
        failed || self->closed_ ? self->close() : self->discard();
    });
}

// Sends close_notify and FIN, and closes when the client has done the same, or soon after.
void session::shut_down() {
    closing_ = true;
    idle_.expires_after(shutdown_timeout);
    idle_.async_wait([self = shared_from_this()](error_code aborted) { aborted ? void() : self->close(); });
    stream_.async_shutdown([self = shared_from_this()](error_code) { self->close(); });
    error_code ignored; // the close_notify is in the kernel's buffer by now, unless that is full
    stream_.next_layer().shutdown(socket::shutdown_send, ignored);
}

void session::reset() {
    error_code ignored;
    stream_.next_layer().set_option(asio::socket_base::linger(true, 0), ignored);
    close();
}

void session::close() {
    if (std::exchange(closed_, true)) {
        return;
    }
    if (number_ != 0) {
        application_.on_connection_close(); // first: who sees the end sees it counted
    }
    error_code ignored;
    stream_.next_layer().close(ignored);
    idle_.cancel();
    delay_.cancel();
    on_closed_(this);
}

// One timer a connection, looked at when it fires: requests don't touch it.
void session::watch_idleness() {
    idle_.expires_at((busy_ ? std::chrono::steady_clock::now() : last_active_) + idle_timeout_);
    idle_.async_wait([self = shared_from_this()](error_code aborted) {
        if (aborted || self->closed_ || self->closing_) {
            return;
        }
        if (self->busy_ || std::chrono::steady_clock::now() < self->last_active_ + self->idle_timeout_) {
            return self->watch_idleness();
        }
        if (self->number_ == 0) {
            return self->close(); // in the middle of a handshake
        }
        self->closing_ = true; // the read that is outstanding goes on from here
        error_code ignored;
        self->stream_.next_layer().cancel(ignored);
    });
}

} // namespace testing::detail
YUNHU_NAMESPACE_END
