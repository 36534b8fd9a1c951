// Copyright (c) 2026 The yunhu authors
// SPDX-License-Identifier: BSL-1.0

// Sends a message that should arrive, and arrive once: when nobody can say whether it did, asks before sending again.
// Against Yunhu with YUNHU_TOKEN and YUNHU_GROUP; without them against one that loses answers and requests.
#include "stage.hpp"

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

// Whether the message is in its chat; throws when there is no answer to that either.
asio::awaitable<bool> has_arrived(yunhu::client client, yunhu::chat chat, std::string msg_id) {
    auto page = co_await client.list_message_by_mid_seq({chat, msg_id, 1});
    co_return page.find(msg_id) != nullptr; // by its id: its place in the page is not promised
}

// Returns whether it arrived. The request is the same in every round, and so is its msg_id.
asio::awaitable<bool> send_carefully(yunhu::client client, yunhu::send_message_request request) {
    asio::steady_timer pause(co_await asio::this_coro::executor);
    for (int round = 1; round <= 3; ++round) {
        auto sent = co_await client.send_message(request, yunhu::as_result);
        if (sent.has_value()) {
            co_return true;
        }
        std::cout << "round " << round << ": " << sent.error() << '\n';
        switch (sent.error().delivery) {
        case yunhu::delivery::answered: // refused, or the server failed: the same again would end the same
            co_return false;
        case yunhu::delivery::maybe_sent: // ask, after a moment in which it may still arrive
            pause.expires_after(std::chrono::milliseconds(100));
            co_await pause.async_wait(asio::use_awaitable);
            if (co_await has_arrived(client, request.chat, request.msg_id)) {
                std::cout << "  it did arrive\n";
                co_return true;
            }
            std::cout << "  it did not arrive: once more\n";
            break;
        case yunhu::delivery::not_sent: // the library has tried for a while; wait longer than it does
            pause.expires_after(std::chrono::seconds(5));
            co_await pause.async_wait(asio::use_awaitable);
            break;
        }
    }
    co_return false;
}

asio::awaitable<void> send_two(yunhu::client client, yunhu::chat chat) {
    for (const char* words : {"the answer to this is lost", "this itself is lost"}) {
        const bool arrived = co_await send_carefully(client, {chat, yunhu::text(words)});
        std::cout << '"' << words << (arrived ? "\" is there\n" : "\" is not there\n");
    }
}

int main() {
    try {
        stage here;
        if (here.rehearsal() != nullptr) {
            yunhu::testing::fault lost;
            lost.endpoint = "send-message";
            lost.nth = 1;
            lost.what = yunhu::testing::fault::action::close_after;
            here.rehearsal()->inject(lost);
            lost.nth = 2;
            lost.what = yunhu::testing::fault::action::close_before;
            here.rehearsal()->inject(lost);
        }
        asio::io_context io;
        asio::co_spawn(io, send_two(yunhu::client(io, here.config()), here.group()), [](std::exception_ptr failed) {
            if (failed) {
                std::rethrow_exception(failed); // out of run()
            }
        });
        io.run();
        const bool fine = here.rehearsal() == nullptr ||
                          (here.rehearsal()->messages(here.group()).size() == 2 && here.rehearsal()->duplicates() == 0);
        return fine ? 0 : 1;
    } catch (const std::exception& e) {
        std::cerr << "failed: " << e.what() << '\n';
        return 1;
    }
}
