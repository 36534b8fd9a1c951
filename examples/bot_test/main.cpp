// Copyright (c) 2026 The yunhu authors
// SPDX-License-Identifier: BSL-1.0

#include "greeter.hpp"

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/asio/this_coro.hpp>

#include <chrono>
#include <cstdlib>
#include <exception>
#include <iostream>
#include <string>

namespace asio = boost::asio;

asio::awaitable<void> run(yunhu::client client, yunhu::chat chat) {
    asio::steady_timer pause(co_await asio::this_coro::executor);
    for (std::uint64_t seen = 0;;) {
        try {
            seen = co_await greet_newcomers(client, chat, seen);
        } catch (const yunhu::error& e) {
            if (e.code() == yunhu::condition::authentication) {
                throw; // a wrong token stays wrong
            }
            std::cerr << e.info() << '\n'; // retried in two seconds
        }
        pause.expires_after(std::chrono::seconds(2));
        co_await pause.async_wait(asio::use_awaitable);
    }
}

int main(int argc, char** argv) {
    const char* token = std::getenv("YUNHU_TOKEN");
    if (token == nullptr || argc != 2) {
        std::cerr << "YUNHU_TOKEN=... greeter GROUP\n";
        return 2;
    }
    try {
        asio::io_context io;
        asio::co_spawn(io, run(yunhu::client(io, yunhu::client_config(token)), yunhu::group(argv[1])),
                       [](std::exception_ptr failed) {
                           if (failed) {
                               std::rethrow_exception(failed); // leaves run()
                           }
                       });
        io.run();
    } catch (const std::exception& e) {
        std::cerr << "failed: " << e.what() << '\n';
        return 1;
    }
}
