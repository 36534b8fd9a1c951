// Copyright (c) 2026 The yunhu authors
// SPDX-License-Identifier: BSL-1.0
#pragma once

#include <yunhu/client.hpp>
#include <yunhu/testing/emulator.hpp>

#include <boost/asio/awaitable.hpp>
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/io_context.hpp>

#include <chrono>
#include <exception>
#include <functional>
#include <stdexcept>
#include <string>

namespace yunhu::test {

namespace asio = boost::asio;

/// The timeout of all waits: it turns a hang into a failure, and nothing else depends on it.
inline constexpr std::chrono::seconds wait_limit{60};

/// The configuration of a client of that emulator.
inline client_config config_for(const testing::emulator& server) {
    client_config config(server.options().token);
    config.base_url = server.base_url();
    config.tls.ca_pem = server.ca_pem();
    return config;
}

/// Runs the `io_context` until the condition is true, which other threads may cause; false: not within `wait_limit`.
inline bool drive(asio::io_context& context, const std::function<bool()>& condition) {
    const auto until = std::chrono::steady_clock::now() + wait_limit;
    context.restart();
    while (!condition() && std::chrono::steady_clock::now() < until) {
        context.run_one_for(std::chrono::milliseconds(20));
    }
    return condition();
}

/// Runs the `io_context` until the coroutine has ended. Rethrows its exception.
inline void run(asio::io_context& context, std::function<asio::awaitable<void>()> body) {
    bool done = false;
    std::exception_ptr thrown;
    asio::co_spawn(context, body, [&](std::exception_ptr e) {
        done = true;
        thrown = e;
    });
    context.restart();
    const auto until = std::chrono::steady_clock::now() + wait_limit;
    while (!done && std::chrono::steady_clock::now() < until && context.run_one_until(until) > 0) {}
    if (!done) {
        throw std::runtime_error("the coroutine did not end");
    }
    if (thrown) {
        std::rethrow_exception(thrown);
    }
}

} // namespace yunhu::test
