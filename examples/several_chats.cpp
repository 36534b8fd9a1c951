// Copyright (c) 2026 The yunhu authors
// SPDX-License-Identifier: BSL-1.0

// The same message to many groups, eight at a time: `several_chats GROUP...` with YUNHU_TOKEN; without them to a
// hundred groups of an emulator in this process.
#include "example_env.hpp"

#include <yunhu/client.hpp>

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/io_context.hpp>

#include <algorithm>
#include <cstddef>
#include <exception>
#include <iostream>
#include <string>
#include <vector>

namespace asio = boost::asio;

// State shared by the workers. One thread runs them all, so it needs no lock.
struct job {
    std::vector<yunhu::chat> left;
    std::size_t reached = 0;
    std::vector<yunhu::failure> failed;
    std::size_t running = 0;
    std::size_t most_at_once = 0;
};

// Processes chats until none is left.
asio::awaitable<void> worker(yunhu::client client, job& all) {
    while (!all.left.empty()) {
        const yunhu::chat chat = all.left.back();
        all.left.pop_back();
        all.most_at_once = std::max(all.most_at_once, ++all.running);
        auto sent = co_await client.send_message({chat, yunhu::text("good morning")}, yunhu::as_result);
        --all.running;
        if (sent.has_value()) {
            ++all.reached;
        } else {
            all.failed.push_back(sent.error());
        }
    }
}

int main(int argc, char** argv) {
    try {
        example_env env;
        job all;
        for (int i = 1; i < argc; ++i) {
            all.left.push_back(yunhu::group(argv[i]));
        }
        for (int i = 0; i < 100 && argc == 1 && env.emulator() != nullptr; ++i) {
            all.left.push_back(yunhu::group("room-" + std::to_string(i)));
        }
        const std::size_t wanted = all.left.size();

        asio::io_context io;
        {
            yunhu::client client(io, env.config());
            for (int i = 0; i < 8; ++i) {
                asio::co_spawn(io, worker(client, all), [](std::exception_ptr failed) {
                    if (failed) {
                        std::rethrow_exception(failed); // leaves run()
                    }
                });
            }
        } // the workers have the handles; when the last one ends, the connections close and run() returns
        io.run();

        std::cout << all.reached << " of " << wanted << " reached, at most " << all.most_at_once << " at once\n";
        for (const yunhu::failure& f : all.failed) {
            std::cout << f << '\n';
        }
        return all.reached == wanted ? 0 : 1;
    } catch (const std::exception& e) {
        std::cerr << "failed: " << e.what() << '\n';
        return 1;
    }
}
