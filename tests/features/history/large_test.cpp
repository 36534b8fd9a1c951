// Copyright (c) 2026 The yunhu authors
// SPDX-License-Identifier: BSL-1.0

#include "features/history/support.hpp"
#include "support/memory_meter.hpp"
#include "support/strict_emulator.hpp"

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/detached.hpp>

#include <gtest/gtest.h>

#include <algorithm>
#include <chrono>
#include <cstdlib>
#include <iostream>
#include <memory>
#include <random>
#include <thread>

// A long history that changes during the iteration. YUNHU_HISTORY_MESSAGES is its length.
namespace yunhu::test {
namespace {

std::size_t messages_wanted() {
    const char* const given = std::getenv("YUNHU_HISTORY_MESSAGES");
    return given == nullptr ? 3000 : std::strtoul(given, nullptr, 10);
}

struct large : public ::testing::Test {
    static constexpr std::uint64_t page_size = 50;

    const std::size_t count = messages_wanted();
    yunhu::test::strict_emulator server;
    asio::io_context context;
    client bot{context, config_for(server)};
    std::mt19937 random{5};
    std::vector<std::string> ids;
    std::size_t added = 0;
    std::size_t recalled = 0;

    void SetUp() override {
        ids.reserve(count);
        for (std::size_t i = 0; i < count; ++i) {
            ids.push_back(server.deliver(big, own("message " + std::to_string(i))).msg_id);
        }
    }
    /// 1 % of the messages arrive and 0.5 % are recalled during the iteration.
    asio::awaitable<void> change_something(std::uint64_t delivered) {
        while (added * 100 < delivered) {
            ++added;
            server.deliver(big, own("new"));
        }
        while (recalled * 200 < delivered) {
            ++recalled;
            const std::string id = ids[random() % ids.size()];
            co_await bot.recall_msg({big, id});
        }
    }
};

TEST_F(large, delivered_in_order_each_once_while_it_changes) {
    const auto start = std::chrono::steady_clock::now();
    run(context, [&]() -> asio::awaitable<void> {
        history iteration(bot, big, paged(page_size));
        std::uint64_t expected = count;
        while (const auto m = co_await iteration.next()) {
            if (m->msg_seq != expected) {
                ADD_FAILURE() << m->msg_seq << " instead of " << expected;
                co_return;
            }
            --expected;
            co_await change_something(count - expected);
            // Memory holds the caller's page and the prefetched one, not more.
            if (server.requests() - recalled > (count - expected - 1) / page_size + 2) {
                ADD_FAILURE() << "too many pages are prefetched";
                co_return;
            }
        }
        EXPECT_EQ(expected, 0U);
    });
    const std::chrono::duration<double> elapsed = std::chrono::steady_clock::now() - start;
    EXPECT_EQ(added, (count + 99) / 100);
    EXPECT_EQ(recalled, (count + 199) / 200);
    const auto journal = server.journal();
    const auto pages = static_cast<std::size_t>(std::count_if(
        journal.begin(), journal.end(), [](const testing::exchange& e) { return e.endpoint == "list-message"; }));
    EXPECT_LE(pages, count / page_size + 3);
    std::cout << count << " messages, " << added << " added, " << recalled << " recalled, " << pages << " pages, "
              << elapsed.count() << " s\n";
}

TEST_F(large, memory_is_that_of_two_pages_at_any_length) {
    constexpr std::size_t bound = 512 * 1024; // a message takes about 1 KB, a connection and its TLS the rest
    run(context, [&]() -> asio::awaitable<void> {
        for (const history_order order : {history_order::newest_first, history_order::oldest_first}) {
            const memory_meter meter;
            std::size_t delivered = 0;
            {
                history iteration(bot, big, paged(page_size, order));
                while (const auto m = co_await iteration.next()) {
                    ++delivered;
                }
            }
            EXPECT_EQ(delivered, count);
            const std::size_t stops = order == history_order::oldest_first ? count / page_size * 256 : 0;
            EXPECT_LT(meter.peak(), bound + stops);
            std::cout << "at most " << meter.peak() / 1024 << " KB for " << count << " messages\n";
        }
    });
}

TEST_F(large, oldest_first_with_all_arrivals) {
    run(context, [&]() -> asio::awaitable<void> {
        history iteration(bot, big, paged(page_size, history_order::oldest_first));
        std::uint64_t last = 0;
        while (const auto m = co_await iteration.next()) {
            if (m->msg_seq != ++last) {
                ADD_FAILURE() << m->msg_seq << " instead of " << last;
                co_return;
            }
            co_await change_something(std::min<std::uint64_t>(last, count));
        }
        EXPECT_EQ(last, count + added);
    });
}

TEST_F(large, resumed_at_random) {
    run(context, [&]() -> asio::awaitable<void> {
        history_options options = paged(page_size);
        std::uint64_t expected = count;
        while (expected > 0) {
            const std::size_t part = 1 + random() % (count / 10);
            history iteration(bot, big, options);
            const std::vector<std::uint64_t> got = co_await take(iteration, part);
            if (got.empty() || got != range(expected, expected + 1 - got.size())) {
                ADD_FAILURE() << "after " << expected + 1;
                co_return;
            }
            expected -= got.size();
            options.cursor = iteration.cursor();
            if (random() % 2 == 0) { // the cursor itself
                co_await bot.recall_msg({big, options.cursor.msg_id});
            }
            server.deliver(big, own("new"));
        }
        history iteration(bot, big, options);
        const auto beyond = co_await iteration.next();
        EXPECT_FALSE(beyond);
    });
}

} // namespace
} // namespace yunhu::test
