// Copyright (c) 2026 The yunhu authors
// SPDX-License-Identifier: BSL-1.0

// The README's first example: sends a message, lists the chat, recalls the message.
#include <yunhu/client.hpp>

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/this_coro.hpp>

#include <cstdlib>
#include <exception>
#include <iostream>
#include <string>

namespace asio = boost::asio;

asio::awaitable<void> bot(yunhu::client_config config) {
    yunhu::client client(co_await asio::this_coro::executor, config);

    auto sent = co_await client.send_message({yunhu::group("big"), yunhu::text("hello")});
    auto page = co_await client.list_message({yunhu::group("big"), 30});
    std::cout << "sent " << sent.msg_id << "; the newest " << page.messages.size() << " messages are here\n";
    co_await client.recall_msg({yunhu::group("big"), sent.msg_id});
}

int main() {
    const auto env = [](const char* name) { return std::string(std::getenv(name) ? std::getenv(name) : ""); };
    if (env("YUNHU_TOKEN").empty()) {
        std::cerr << "YUNHU_TOKEN is not set: the token of an account, or of an emulator\n";
        return 1;
    }
    yunhu::client_config config(env("YUNHU_TOKEN"));
    if (!env("YUNHU_BASE_URL").empty()) { // an emulator instead of https://chat-go.jwzhd.com
        config.base_url = env("YUNHU_BASE_URL");
        config.tls.ca_file = env("YUNHU_CA_FILE");
    }
    try {
        asio::io_context context;
        asio::co_spawn(context, bot(config), [](std::exception_ptr e) {
            if (e) {
                std::rethrow_exception(e); // leaves run()
            }
        });
        context.run();
    } catch (const std::exception& e) { // yunhu::error says which call failed, why, and whether it was sent
        std::cerr << "failed: " << e.what() << '\n';
        return 1;
    }
}
