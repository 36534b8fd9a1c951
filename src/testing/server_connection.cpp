// Copyright (c) 2026 The yunhu authors
// SPDX-License-Identifier: BSL-1.0

#include "testing/server_connection.hpp"

#include "testing/gateway_connection.hpp"
#include "testing/http_text.hpp"

#include <boost/asio/buffer.hpp>
#include <boost/asio/post.hpp>
#include <boost/asio/socket_base.hpp>
#include <boost/asio/write.hpp>
#include <boost/beast/core/string.hpp>
#include <boost/beast/http/error.hpp>
#include <boost/beast/http/field.hpp>
#include <boost/beast/http/verb.hpp>
#include <boost/beast/websocket/rfc6455.hpp>

#include <openssl/ssl.h>

#include <algorithm>
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
constexpr std::size_t pauses_per_second = 20; // of a slow reader
constexpr std::chrono::seconds shutdown_timeout{1};

http_request to_http_request(http::request<http::string_body>& request) {
    http_request result;
    result.method = std::string(request.method_string());
    result.target = std::string(request.target());
    for (const auto& field : request) {
        result.headers.emplace_back(std::string(field.name_string()), std::string(field.value()));
    }
    result.body = std::move(request.body());
    result.keep_alive = request.keep_alive();
    return result;
}

} // namespace

server_connection::server_connection(socket peer, asio::ssl::context& tls, service& application,
                                     connection_limits limits, std::function<void(server_connection*)> on_closed)
    : stream_(std::move(peer), tls), application_(application), limits_(limits), on_closed_(std::move(on_closed)),
      idle_(stream_.next_layer().get_executor()), delay_(stream_.next_layer().get_executor()) {}

server_connection::~server_connection() = default;

void server_connection::start() {
    busy_ = false; // a client that does not complete the handshake is idle
    last_active_ = std::chrono::steady_clock::now();
    start_idle_timer();
    stream_.async_handshake(asio::ssl::stream_base::server, [self = shared_from_this()](error_code failed) {
        failed ? self->close() : self->on_handshake();
    });
}

void server_connection::on_handshake() {
    if (closed_ || closing_) {
        return close();
    }
    number_ = application_.on_connection_open(SSL_session_reused(stream_.native_handle()) == 1);
    next_request();
}

void server_connection::next_request() {
    busy_ = false;
    last_active_ = std::chrono::steady_clock::now();
    continue_sent_ = false;
    parser_.emplace();
    parser_->body_limit(body_limit);
    parser_->header_limit(header_limit);
    parser_->eager(true);
    parse();
}

// Parses the buffered bytes, then reads more or handles the request.
void server_connection::parse() {
    while (buffer_.size() > 0 && !parser_->is_done()) {
        error_code failed;
        buffer_.consume(parser_->put(buffer_.data(), failed));
        if (failed == http::error::need_more) {
            break;
        }
        if (failed) {
            return reject(failed);
        }
    }
    if (parser_->is_done()) {
        return handle();
    }
    expects_continue() ? send_continue() : read();
}

// curl sends the body only after this response, or after its own timeout.
bool server_connection::expects_continue() const {
    return parser_->is_header_done() && !continue_sent_ && parser_->get().version() == 11 &&
           boost::beast::iequals(parser_->get()[http::field::expect], "100-continue");
}

void server_connection::send_continue() {
    static const std::string& text = *new std::string(http_header(100, {})); // outlives every emulator
    continue_sent_ = true;
    asio::async_write(stream_, asio::buffer(text), [self = shared_from_this()](error_code failed, std::size_t) {
        if (self->closing_ && !self->closed_) {
            return self->shut_down();
        }
        failed || self->closed_ ? self->close() : self->read();
    });
}

void server_connection::read() {
    // At most what the rate allows in one pause.
    const std::size_t most = limits_.read_rate == 0
                                 ? read_size
                                 : std::clamp<std::size_t>(limits_.read_rate / pauses_per_second, 1, read_size);
    stream_.async_read_some(buffer_.prepare(most), [self = shared_from_this()](error_code failed, std::size_t size) {
        self->on_read(failed, size);
    });
}

void server_connection::on_read(error_code failed, std::size_t size) {
    if (closing_ && !closed_) {
        return shut_down();
    }
    if (failed || closed_) {
        return close();
    }
    last_active_ = std::chrono::steady_clock::now();
    buffer_.commit(size);
    limits_.read_rate == 0 ? parse() : pause_after(size);
}

void server_connection::pause_after(std::size_t size) {
    delay_.expires_after(std::chrono::microseconds(std::chrono::seconds(1)) * size / limits_.read_rate);
    delay_.async_wait([self = shared_from_this()](error_code) {
        if (self->closing_ && !self->closed_) {
            return self->shut_down(); // the idle timer found no read to cancel
        }
        self->closed_ ? void() : self->parse();
    });
}

void server_connection::handle() {
    busy_ = true;
    const bool upgrades = boost::beast::websocket::is_upgrade(parser_->get());
    http_request request = to_http_request(parser_->get());
    request.connection = number_;
    request.on_connection = ++exchanges_;
    if (upgrades) {
        request.upgrade = [weak = weak_from_this(), to = stream_.get_executor()](std::vector<gateway_action> actions) {
            asio::post(to, [weak, all = std::move(actions)]() mutable {
                if (const auto self = weak.lock(); self && self->gateway_) {
                    self->gateway_->enqueue(std::move(all));
                }
            });
        };
    }
    perform(application_.process(std::move(request)));
}

void server_connection::reject(error_code reason) {
    busy_ = true;
    const int status = reason == http::error::body_limit ? 413 : 400;
    perform(application_.reject_malformed(number_, ++exchanges_, status, reason.message()));
}

void server_connection::perform(connection_action action) {
    if (closed_) {
        return; // a custom handler called drop_connections
    }
    action_ = std::move(action);
    if (action_.delay.count() <= 0) {
        return send();
    }
    delay_.expires_after(action_.delay);
    delay_.async_wait([self = shared_from_this()](error_code) { self->closed_ ? void() : self->send(); });
}

void server_connection::send() {
    if (action_.bytes.empty()) {
        return finish(action_.after);
    }
    asio::async_write(stream_, asio::buffer(action_.bytes),
                      [self = shared_from_this()](error_code failed, std::size_t /*sent*/) {
                          failed || self->closed_ ? self->close() : self->finish(self->action_.after);
                      });
}

void server_connection::finish(connection_action::then after) {
    switch (after) {
    case connection_action::then::read_next:
        return next_request();
    case connection_action::then::shut_down:
        return shut_down();
    case connection_action::then::close:
        return close();
    case connection_action::then::reset:
        return reset();
    case connection_action::then::stall:
        return discard();
    case connection_action::then::upgrade:
        return upgrade();
    }
}

void server_connection::upgrade() {
    gateway_ = std::make_unique<gateway_connection>(weak_from_this(), stream_, application_, number_,
                                                    limits_.gateway_queue, [this] { close(); });
    gateway_->accept(parser_->get());
}

// Reads only to detect that the client closes.
void server_connection::discard() {
    buffer_.clear();
    stream_.async_read_some(buffer_.prepare(read_size), [self = shared_from_this()](error_code failed, std::size_t) {
        failed || self->closed_ ? self->close() : self->discard();
    });
}

// Sends close_notify and FIN, and closes when the client has done the same or after shutdown_timeout.
void server_connection::shut_down() {
    closing_ = true;
    idle_.expires_after(shutdown_timeout);
    idle_.async_wait([self = shared_from_this()](error_code aborted) { aborted ? void() : self->close(); });
    stream_.async_shutdown([self = shared_from_this()](error_code) { self->close(); });
    error_code ignored; // the close_notify was written to the socket before, unless its buffer is full
    stream_.next_layer().shutdown(socket::shutdown_send, ignored);
}

void server_connection::reset() {
    error_code ignored;
    stream_.next_layer().set_option(asio::socket_base::linger(true, 0), ignored);
    close();
}

void server_connection::close() {
    if (std::exchange(closed_, true)) {
        return;
    }
    if (gateway_) {
        gateway_->stop();
    }
    if (number_ != 0) {
        application_.on_connection_close(number_); // before the client can detect the close
    }
    error_code ignored;
    stream_.next_layer().close(ignored);
    idle_.cancel();
    delay_.cancel();
    on_closed_(this);
}

// One timer per connection; a request does not reschedule it, the handler compares with last_active_.
void server_connection::start_idle_timer() {
    idle_.expires_at((busy_ ? std::chrono::steady_clock::now() : last_active_) + limits_.idle_timeout);
    idle_.async_wait([self = shared_from_this()](error_code aborted) {
        if (aborted || self->closed_ || self->closing_) {
            return;
        }
        if (self->busy_ || std::chrono::steady_clock::now() < self->last_active_ + self->limits_.idle_timeout) {
            return self->start_idle_timer();
        }
        if (self->number_ == 0) {
            return self->close(); // during the handshake
        }
        self->closing_ = true; // the handler of the outstanding read shuts down
        error_code ignored;
        self->stream_.next_layer().cancel(ignored);
    });
}

} // namespace testing::detail
YUNHU_NAMESPACE_END
