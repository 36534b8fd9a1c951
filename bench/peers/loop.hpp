// Copyright (c) 2026 The yunhu authors
// SPDX-License-Identifier: BSL-1.0
#pragma once

#include "peer.hpp"
#include "request.hpp"

#include <boost/asio/awaitable.hpp>
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/ip/address_v4.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/ssl/context.hpp>
#include <boost/asio/ssl/host_name_verification.hpp>

#include <cstddef>
#include <exception>

/// Shared by the Beast loops.
namespace yunhu::bench {

namespace asio = boost::asio;

[[nodiscard]] inline asio::ssl::context trusting(const peer_options& options) {
    asio::ssl::context tls(asio::ssl::context::tls_client);
    tls.load_verify_file(options.ca_file);
    tls.set_verify_mode(asio::ssl::verify_peer);
    tls.set_verify_callback(asio::ssl::host_name_verification("127.0.0.1"));
    return tls;
}

[[nodiscard]] inline asio::ip::tcp::endpoint server(const peer_options& options) {
    return {asio::ip::address_v4::loopback(), options.port};
}

using loop = asio::awaitable<void> (*)(const peer_options&, asio::ssl::context&, meter&);

/// Runs one loop per connection, on one thread.
inline void run_loops(const peer_options& options, meter& cost, loop one) {
    asio::ssl::context tls = trusting(options);
    asio::io_context io(1);
    std::exception_ptr failed;
    for (std::size_t i = 0; i < options.connections; ++i) {
        asio::co_spawn(io, one(options, tls, cost), [&](const std::exception_ptr& e) { failed = e ? e : failed; });
    }
    io.run();
    if (failed) {
        std::rethrow_exception(failed);
    }
}

} // namespace yunhu::bench
