#pragma once

#include <boost/asio/any_io_executor.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/steady_timer.hpp>

#include <chrono>

namespace yunhu::inline v0_1::net {

namespace asio = boost::asio;

// Asio's own types on the executor that the client was given. Who uses them is inside a `serial`, and so are their
// handlers (`serial::bind`).
using executor = asio::any_io_executor;
using socket = asio::ip::tcp::socket;
using resolver = asio::ip::tcp::resolver;
using clock = std::chrono::steady_clock;
using timer = asio::steady_timer;

} // namespace yunhu::inline v0_1::net
