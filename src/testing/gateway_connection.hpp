// Copyright (c) 2026 The yunhu authors
// SPDX-License-Identifier: BSL-1.0
#pragma once

#include "testing/server_connection.hpp"
#include "testing/service.hpp"

#include <yunhu/config.hpp>

#include <boost/asio/ssl/stream.hpp>
#include <boost/beast/core/flat_buffer.hpp>
#include <boost/beast/http/message.hpp>
#include <boost/beast/http/string_body.hpp>
#include <boost/beast/websocket/stream.hpp>

#include <cstddef>
#include <cstdint>
#include <deque>
#include <functional>
#include <memory>
#include <vector>

YUNHU_NAMESPACE_BEGIN
namespace testing::detail {

/// A connection after its upgrade to WebSocket: passes frames to the service and performs its actions. Part of a
/// server_connection, which outlives its operations. Runs on the thread of the server.
class gateway_connection {
public:
    using stream = boost::asio::ssl::stream<socket>;
    using request = boost::beast::http::request<boost::beast::http::string_body>;

    gateway_connection(std::weak_ptr<void> owner, stream& transport, service& application, std::uint64_t number,
                       std::size_t queue_limit, std::function<void()> on_end);
    gateway_connection(const gateway_connection&) = delete;
    gateway_connection& operator=(const gateway_connection&) = delete;

    /// Responds to the upgrade, then performs the enqueued actions.
    void accept(const request& upgrade);
    void enqueue(std::vector<gateway_action> actions);
    /// The transport was closed.
    void stop();

private:
    [[nodiscard]] std::shared_ptr<gateway_connection> self();
    void read();
    void perform_next();
    void send(gateway_action action);
    void close(gateway_action action);
    void wait(std::chrono::milliseconds time);
    void stay_half_open();
    void on_closed(const gateway_frame& frame);

    std::weak_ptr<void> owner_;
    stream& transport_;
    service& application_;
    std::uint64_t number_;
    std::size_t queue_limit_;
    std::function<void()> on_end_;
    boost::beast::websocket::stream<stream&, false> websocket_;
    boost::beast::flat_buffer buffer_;
    std::deque<gateway_action> queue_;
    gateway_action current_; // its bytes are being written
    timer timer_;
    bool accepted_ = false;
    bool busy_ = false; // an action is being performed
    bool half_open_ = false;
    bool stopped_ = false;
};

} // namespace testing::detail
YUNHU_NAMESPACE_END
