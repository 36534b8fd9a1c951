#pragma once

#include <boost/asio/any_io_executor.hpp>
#include <boost/asio/basic_stream_socket.hpp>
#include <boost/asio/basic_waitable_timer.hpp>
#include <boost/asio/ip/basic_resolver.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/strand.hpp>

#include <chrono>

namespace yunhu::inline v0_1::net {

namespace asio = boost::asio;

/// Everything of a shard runs on its strand.
using executor = asio::strand<asio::any_io_executor>;
using socket = asio::basic_stream_socket<asio::ip::tcp, executor>;
using resolver = asio::ip::basic_resolver<asio::ip::tcp, executor>;
using clock = std::chrono::steady_clock;
using timer = asio::basic_waitable_timer<clock, asio::wait_traits<clock>, executor>;

} // namespace yunhu::inline v0_1::net
