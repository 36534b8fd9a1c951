// Copyright (c) 2026 The yunhu authors
// SPDX-License-Identifier: BSL-1.0

// A bot that shuts down gracefully at SIGTERM or Ctrl-C: accepts no more work, drains running calls, then closes.
// With YUNHU_TOKEN and YUNHU_GROUP against Yunhu; without them it sends itself the signal.
#include "example_env.hpp"

#include <yunhu/client.hpp>

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/signal_set.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/asio/this_coro.hpp>

#include <chrono>
#include <csignal>
#include <cstddef>
#include <exception>
#include <iostream>
#include <string>

namespace asio = boost::asio;
using namespace std::chrono_literals;

// Sends a message periodically, until the client is closed.
asio::awaitable<void> send_periodically(yunhu::client client, example_env& env) {
    asio::steady_timer pause(co_await asio::this_coro::executor);
    for (int i = 1;; ++i) {
        auto sent = co_await client.send_message({env.group(), yunhu::text(std::to_string(i))}, yunhu::as_result);
        if (sent.has_value()) {
            std::cout << "sent " << i << std::endl;
        } else if (sent.error().code == yunhu::errc::client_closed) {
            co_return;
        } else {
            std::cerr << sent.error() << '\n';
        }
        if (i == 3 && env.emulator() != nullptr) {
            std::raise(SIGTERM);
        }
        pause.expires_after(env.emulator() != nullptr ? 10ms : 5s);
        co_await pause.async_wait(asio::use_awaitable);
    }
}

// Waits for a signal, then for running calls, at most ten seconds.
asio::awaitable<void> stop_at_signal(yunhu::client client, std::size_t& cut_off) {
    asio::signal_set signals(co_await asio::this_coro::executor, SIGINT, SIGTERM);
    co_await signals.async_wait(asio::use_awaitable);
    std::cout << "stopping" << std::endl;
    cut_off = co_await client.async_shutdown(10s);
}

int main() {
    try {
        example_env env;
        asio::io_context io;
        std::size_t cut_off = 0;
        const auto rethrow = [](std::exception_ptr failed) {
            if (failed) {
                std::rethrow_exception(failed); // leaves run()
            }
        };
        {
            yunhu::client client(io, env.config());
            asio::co_spawn(io, stop_at_signal(client, cut_off), rethrow);
            asio::co_spawn(io, send_periodically(client, env), rethrow);
        }
        io.run();
        std::cout << "stopped; " << cut_off << " calls were cut off\n";
        return cut_off == 0 ? 0 : 1;
    } catch (const std::exception& e) {
        std::cerr << "failed: " << e.what() << '\n';
        return 1;
    }
}
