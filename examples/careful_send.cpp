// Copyright (c) 2026 The yunhu authors
// SPDX-License-Identifier: BSL-1.0

// Sends a message exactly once: if the outcome is unknown, queries before sending again.
// With YUNHU_TOKEN and YUNHU_GROUP against Yunhu; without them against an emulator that loses requests and responses.
#include "example_env.hpp"

#include <yunhu/client.hpp>

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/asio/this_coro.hpp>

#include <chrono>
#include <exception>
#include <iostream>
#include <string>

namespace asio = boost::asio;

// Whether the message is in its chat; throws if the query fails.
asio::awaitable<bool> has_arrived(yunhu::client client, yunhu::chat chat, std::string msg_id) {
    auto page = co_await client.list_message_by_mid_seq({chat, msg_id, 1});
    co_return page.find(msg_id) != nullptr; // by its id: the order of a page is not specified
}

// Returns whether the message arrived. Every round sends the same request with the same msg_id.
asio::awaitable<bool> send_carefully(yunhu::client client, yunhu::send_message_request request) {
    asio::steady_timer pause(co_await asio::this_coro::executor);
    for (int round = 1; round <= 3; ++round) {
        auto sent = co_await client.send_message(request, yunhu::as_result);
        if (sent.has_value()) {
            co_return true;
        }
        std::cout << "round " << round << ": " << sent.error() << '\n';
        switch (yunhu::execution_of(sent.error())) {
        case yunhu::execution::executed:
            co_return true;
        case yunhu::execution::maybe_executed: // query, after a pause in which it may still arrive
            pause.expires_after(std::chrono::milliseconds(100));
            co_await pause.async_wait(asio::use_awaitable);
            if (co_await has_arrived(client, request.chat, request.msg_id)) {
                std::cout << "  it did arrive\n";
                co_return true;
            }
            std::cout << "  it did not arrive: once more\n";
            break;
        case yunhu::execution::certainly_not_executed:
            if (!yunhu::is_transient(sent.error())) {
                co_return false; // refused: the same request would be refused again
            }
            // The library has retried; wait longer than it does.
            pause.expires_after(std::chrono::seconds(5));
            co_await pause.async_wait(asio::use_awaitable);
            break;
        }
    }
    co_return false;
}

asio::awaitable<void> send_two(yunhu::client client, yunhu::chat chat, int& there) {
    for (const char* words : {"the response to this is lost", "this itself is lost"}) {
        const bool arrived = co_await send_carefully(client, {chat, yunhu::text(words)});
        there += arrived ? 1 : 0;
        std::cout << '"' << words << (arrived ? "\" is there\n" : "\" is not there\n");
    }
}

int main() {
    try {
        example_env env;
        if (env.emulator() != nullptr) {
            yunhu::testing::fault lost;
            lost.endpoint = "send-message";
            lost.nth = 1;
            lost.what = yunhu::testing::fault::action::close_after;
            env.emulator()->inject(lost);
            lost.nth = 2;
            lost.what = yunhu::testing::fault::action::close_before;
            env.emulator()->inject(lost);
        }
        asio::io_context io;
        int there = 0;
        asio::co_spawn(io, send_two(yunhu::client(io, env.config()), env.group(), there),
                       [](std::exception_ptr failed) {
                           if (failed) {
                               std::rethrow_exception(failed); // leaves run()
                           }
                       });
        io.run();
        const bool fine = env.emulator() == nullptr ||
                          (env.emulator()->messages(env.group()).size() == 2 && env.emulator()->duplicates() == 0);
        return fine && there == 2 ? 0 : 1;
    } catch (const std::exception& e) {
        std::cerr << "failed: " << e.what() << '\n';
        return 1;
    }
}
