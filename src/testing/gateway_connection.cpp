// Copyright (c) 2026 The yunhu authors
// SPDX-License-Identifier: BSL-1.0

#include "testing/gateway_connection.hpp"

#include <boost/asio/buffer.hpp>
#include <boost/asio/socket_base.hpp>
#include <boost/beast/core/buffers_to_string.hpp>
#include <boost/beast/websocket/error.hpp>
#include <boost/beast/websocket/rfc6455.hpp>
#include <boost/beast/websocket/ssl.hpp>

#include <algorithm>
#include <iterator>
#include <string>
#include <utility>

YUNHU_NAMESPACE_BEGIN
namespace testing::detail {
namespace {

namespace asio = boost::asio;
namespace websocket = boost::beast::websocket;
using boost::system::error_code;
using kind = gateway_action::kind;

constexpr std::size_t message_limit = 1U << 20U;
constexpr std::chrono::seconds close_timeout{1};

} // namespace

gateway_connection::gateway_connection(std::weak_ptr<void> owner, stream& transport, service& application,
                                       std::uint64_t number, std::size_t queue_limit, std::function<void()> on_end)
    : owner_(std::move(owner)), transport_(transport), application_(application), number_(number),
      queue_limit_(queue_limit), on_end_(std::move(on_end)), websocket_(transport),
      timer_(transport.next_layer().get_executor()) {
    websocket_.read_message_max(message_limit);
    websocket_.auto_fragment(false);
}

// Owned by the server's connection, which every operation keeps alive.
std::shared_ptr<gateway_connection> gateway_connection::self() {
    return {owner_.lock(), this};
}

void gateway_connection::accept(const request& upgrade) {
    websocket_.async_accept(upgrade, [me = self()](error_code failed) {
        if (failed || me->stopped_) {
            return me->on_end_();
        }
        me->accepted_ = true;
        me->read();
        me->perform_next();
    });
}

void gateway_connection::enqueue(std::vector<gateway_action> actions) {
    if (stopped_ || half_open_) {
        return;
    }
    if (queue_.size() + actions.size() > queue_limit_) {
        gateway_frame frame;
        frame.connection = number_;
        frame.problem = "the client reads too slowly";
        return on_closed(frame);
    }
    std::ranges::move(actions, std::back_inserter(queue_));
    perform_next();
}

void gateway_connection::stop() {
    if (!std::exchange(stopped_, true)) {
        queue_.clear();
        timer_.cancel();
    }
}

void gateway_connection::read() {
    websocket_.async_read(buffer_, [me = self()](error_code failed, std::size_t) {
        if (me->stopped_ || me->half_open_) {
            return;
        }
        if (failed) {
            gateway_frame frame;
            frame.connection = me->number_;
            frame.received = true;
            if (failed == websocket::error::closed) {
                frame.bytes = std::to_string(me->websocket_.reason().code);
            }
            return me->on_closed(frame);
        }
        std::string bytes = boost::beast::buffers_to_string(me->buffer_.data());
        me->buffer_.clear();
        me->application_.on_frame(me->number_, me->websocket_.got_text(), std::move(bytes));
        if (!me->stopped_) {
            me->read();
        }
    });
}

void gateway_connection::perform_next() {
    if (!accepted_ || busy_ || stopped_ || half_open_ || queue_.empty()) {
        return;
    }
    gateway_action action = std::move(queue_.front());
    queue_.pop_front();
    switch (action.what) {
    case kind::send:
        return send(std::move(action));
    case kind::close:
        return close(std::move(action));
    case kind::wait:
        return wait(action.delay);
    case kind::drop:
        application_.record(action.frame);
        return perform_next();
    case kind::disconnect:
        return on_closed(action.frame);
    case kind::reset: {
        error_code ignored;
        transport_.next_layer().set_option(asio::socket_base::linger(true, 0), ignored);
        return on_closed(action.frame);
    }
    case kind::half_open:
        application_.record(action.frame);
        return stay_half_open();
    }
}

void gateway_connection::send(gateway_action action) {
    busy_ = true;
    current_ = std::move(action);
    application_.record(current_.frame); // before the client can react
    websocket_.text(current_.frame.text);
    websocket_.async_write(asio::buffer(current_.frame.bytes), [me = self()](error_code failed, std::size_t) {
        me->busy_ = false;
        if (!failed) { // the read ends as well otherwise
            me->perform_next();
        }
    });
}

void gateway_connection::close(gateway_action action) {
    busy_ = true;
    queue_.clear();
    application_.record(action.frame);
    timer_.expires_after(close_timeout);
    timer_.async_wait([me = self()](error_code aborted) { aborted ? void() : me->on_end_(); });
    const websocket::close_reason reason(static_cast<websocket::close_code>(action.close_code), action.frame.bytes);
    websocket_.async_close(reason, [me = self()](error_code) { me->on_end_(); });
}

void gateway_connection::wait(std::chrono::milliseconds time) {
    busy_ = true;
    timer_.expires_after(time);
    timer_.async_wait([me = self()](error_code) {
        me->busy_ = false;
        me->perform_next();
    });
}

// The pending wait keeps the connection open until the server closes it.
void gateway_connection::stay_half_open() {
    half_open_ = true;
    queue_.clear();
    error_code ignored;
    transport_.next_layer().cancel(ignored); // a pending read would answer pings and closes
    timer_.expires_at(std::chrono::steady_clock::time_point::max());
    timer_.async_wait([me = self()](error_code) {});
}

void gateway_connection::on_closed(const gateway_frame& frame) {
    gateway_frame closed = frame;
    closed.closed = true;
    application_.record(closed);
    on_end_();
}

} // namespace testing::detail
YUNHU_NAMESPACE_END
