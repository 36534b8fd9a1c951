// Copyright (c) 2026 The yunhu authors
// SPDX-License-Identifier: BSL-1.0
#pragma once

#include "testing/service.hpp"

#include <yunhu/config.hpp>

#include <boost/asio/basic_stream_socket.hpp>
#include <boost/asio/basic_waitable_timer.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/ssl/context.hpp>
#include <boost/asio/ssl/stream.hpp>
#include <boost/beast/core/flat_buffer.hpp>
#include <boost/beast/http/parser.hpp>
#include <boost/beast/http/string_body.hpp>

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <string>

YUNHU_NAMESPACE_BEGIN
namespace testing::detail {

// With the executor's concrete type: any_io_executor is slower and has reports under TSan.
using socket = boost::asio::basic_stream_socket<boost::asio::ip::tcp, boost::asio::io_context::executor_type>;
using timer =
    boost::asio::basic_waitable_timer<std::chrono::steady_clock, boost::asio::wait_traits<std::chrono::steady_clock>,
                                      boost::asio::io_context::executor_type>;

struct connection_limits {
    std::chrono::milliseconds idle_timeout{0};
    std::size_t gateway_queue = 0; ///< unsent frames of a session
    std::size_t read_rate = 0;     ///< bytes of requests per second; 0: no limit
};

class gateway_connection;

/// A connection of the emulator: a TLS handshake, then one request after the other until either side closes, or
/// until it becomes a session of the gateway. Runs on the thread of the server.
class server_connection : public std::enable_shared_from_this<server_connection> {
public:
    server_connection(socket peer, boost::asio::ssl::context& tls, service& application, connection_limits limits,
                      std::function<void(server_connection*)> on_closed);

    server_connection(const server_connection&) = delete;
    server_connection& operator=(const server_connection&) = delete;
    ~server_connection();

    void start();
    /// Closes TCP at once.
    void close();

private:
    void on_handshake();
    void next_request();
    void parse();
    void read();
    void on_read(boost::system::error_code failed, std::size_t size);
    void pause_after(std::size_t size);
    [[nodiscard]] bool expects_continue() const;
    void send_continue();
    void handle();
    void reject(boost::system::error_code reason);
    void perform(connection_action action);
    void send();
    void finish(connection_action::then after);
    void discard();
    void shut_down();
    void reset();
    void upgrade();
    void start_idle_timer();

    boost::asio::ssl::stream<socket> stream_;
    service& application_;
    connection_limits limits_;
    std::function<void(server_connection*)> on_closed_;
    timer idle_;
    timer delay_;
    boost::beast::flat_buffer buffer_;
    std::optional<boost::beast::http::request_parser<boost::beast::http::string_body>> parser_;
    connection_action action_;
    std::unique_ptr<gateway_connection> gateway_; // after an upgrade
    std::chrono::steady_clock::time_point last_active_;
    std::uint64_t number_ = 0;    // 0 until the handshake is complete
    std::uint64_t exchanges_ = 0; // started
    bool continue_sent_ = false;  // for the current request
    bool busy_ = true;            // a request is being processed
    bool closing_ = false;        // TLS shutdown is pending
    bool closed_ = false;
};

} // namespace testing::detail
YUNHU_NAMESPACE_END
