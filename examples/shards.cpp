// Copyright (c) 2026 The yunhu authors
// SPDX-License-Identifier: BSL-1.0

// A client on several threads: one shard per thread, and each conversation is a coroutine on its own strand.
// `shards [CONVERSATIONS]`, with YUNHU_TOKEN and YUNHU_GROUP against Yunhu; without them against an emulator.
#include "example_env.hpp"

#include <yunhu/client.hpp>

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/strand.hpp>
#include <boost/asio/thread_pool.hpp>
#include <boost/asio/use_future.hpp>

#include <atomic>
#include <chrono>
#include <cstddef>
#include <exception>
#include <future>
#include <iostream>
#include <string>
#include <vector>

namespace asio = boost::asio;

// Sends a message, finds it and recalls it. Runs on any of the threads, one at a time.
asio::awaitable<void> converse(yunhu::client client, yunhu::chat chat, int number, std::atomic<int>& found) {
    auto sent = co_await client.send_message({chat, yunhu::text("number " + std::to_string(number))});
    auto page = co_await client.list_message_by_mid_seq({chat, sent.msg_id, 1});
    if (page.find(sent.msg_id) != nullptr) {
        ++found;
    }
    co_await client.recall_msg({chat, sent.msg_id});
}

int main(int argc, char** argv) {
    try {
        constexpr std::size_t threads = 2;
        const int conversations = argc > 1 ? std::stoi(argv[1]) : 50;
        example_env env;
        std::atomic<int> found = 0;

        asio::thread_pool pool(threads);
        yunhu::client_config config = env.config();
        config.shards = threads;
        yunhu::client client(pool.get_executor(), config);
        const auto warm = client.async_warm_up(4, asio::use_future).get();
        std::cout << warm << " connections are open before the first call\n";

        std::vector<std::future<void>> ends;
        ends.reserve(static_cast<std::size_t>(conversations));
        for (int i = 0; i < conversations; ++i) {
            ends.push_back(asio::co_spawn(asio::make_strand(pool.get_executor()),
                                          converse(client, env.group(), i, found), asio::use_future));
        }
        for (std::future<void>& end : ends) {
            end.get(); // rethrows the coroutine's exception
        }
        client.async_shutdown(std::chrono::seconds(5), asio::use_future).get();
        pool.join();
        std::cout << found << " of " << conversations << " messages were found again\n";
        return found == conversations ? 0 : 1;
    } catch (const std::exception& e) {
        std::cerr << "failed: " << e.what() << '\n';
        return 1;
    }
}
