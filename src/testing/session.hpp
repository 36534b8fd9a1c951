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
#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <string>

YUNHU_NAMESPACE_BEGIN
namespace testing::detail {

// The executor's own type instead of any_io_executor: cheaper, and clean under TSan.
using socket = boost::asio::basic_stream_socket<boost::asio::ip::tcp, boost::asio::io_context::executor_type>;
using timer =
    boost::asio::basic_waitable_timer<std::chrono::steady_clock, boost::asio::wait_traits<std::chrono::steady_clock>,
                                      boost::asio::io_context::executor_type>;

/// One connection: TLS handshake, then requests one after the other, in order, until either side closes.
/// Everything happens on the server's one thread.
class session : public std::enable_shared_from_this<session> {
public:
    session(socket peer, boost::asio::ssl::context& tls, service& application, std::chrono::milliseconds idle_timeout,
            std::function<void(session*)> on_closed);

    void start();
    /// Closes TCP at once.
    void close();

private:
    void handshaken();
    void next_request();
    void parse();
    void read();
    [[nodiscard]] bool expects_continue() const;
    void send_continue();
    void handle();
    void refuse(boost::system::error_code why);
    void carry_out(outgoing what);
    void send();
    void finish(outgoing::then after);
    void discard();
    void shut_down();
    void reset();
    void watch_idleness();

    boost::asio::ssl::stream<socket> stream_;
    service& application_;
    std::chrono::milliseconds idle_timeout_;
    std::function<void(session*)> on_closed_;
    timer idle_;
    timer delay_;
    boost::beast::flat_buffer buffer_;
    std::optional<boost::beast::http::request_parser<boost::beast::http::string_body>> parser_;
    outgoing out_;
    std::chrono::steady_clock::time_point last_active_;
    std::uint64_t number_ = 0;    // 0 until the handshake is done
    std::uint64_t exchanges_ = 0; // begun
    bool continue_sent_ = false;  // for this request
    bool busy_ = true;            // between requests it is not
    bool closing_ = false;        // TLS is to be shut down
    bool closed_ = false;
};

} // namespace testing::detail
YUNHU_NAMESPACE_END
