// Copyright (c) 2026 The yunhu authors
// SPDX-License-Identifier: BSL-1.0
#pragma once

#include <yunhu/config.hpp>

#include <boost/asio/any_io_executor.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/steady_timer.hpp>

#include <chrono>

YUNHU_NAMESPACE_BEGIN
namespace transport {

namespace asio = boost::asio;

// Asio's types on the client's executor. They are used on an `inline_strand` only, and their handlers are bound to it
// (`inline_strand::bind`).
using executor = asio::any_io_executor;
using socket = asio::ip::tcp::socket;
using clock = std::chrono::steady_clock;
using timer = asio::steady_timer;

} // namespace transport
YUNHU_NAMESPACE_END
