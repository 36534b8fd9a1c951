// Copyright (c) 2026 The yunhu authors
// SPDX-License-Identifier: BSL-1.0

#include "runtime/support.hpp"

#include "support/strict_emulator.hpp"

#include <boost/asio/thread_pool.hpp>
#include <boost/asio/use_future.hpp>

#include <gtest/gtest.h>

#include <atomic>
#include <cstddef>
#include <limits>
#include <set>
#include <string>
#include <thread>
#include <vector>

// Many concurrent calls: all complete, each message is received once, and few connections are used.
namespace yunhu::test {
namespace {

struct wave {
    std::size_t ended = 0;
    std::size_t failed = 0;
};

void send_many(client& bot, std::size_t count, wave& into) {
    for (std::size_t i = 0; i < count; ++i) {
        bot.send_message({group("big"), text("hello " + std::to_string(i))}, [&into](error_code ec, sent_message) {
            ++into.ended;
            into.failed += ec ? 1 : 0;
        });
    }
}

TEST(many_calls, ten_thousand_over_sixteen_connections_twice) {
    constexpr std::size_t count = 10'000;
    yunhu::test::strict_emulator server;
    asio::io_context context;
    client_config config = config_for(server);
    config.pool.max_connections = 16;
    config.timeout = wait_limit;
    client bot(context, config);

    for (std::size_t wave_number = 1; wave_number <= 2; ++wave_number) {
        wave w;
        send_many(bot, count, w);
        ASSERT_TRUE(drive(context, [&] { return w.ended == count; }));
        EXPECT_EQ(w.ended, count);
        EXPECT_EQ(w.failed, 0U);
        EXPECT_LE(server.connections_accepted(), 16U);
        const auto journal = server.journal();
        ASSERT_EQ(journal.size(), count * wave_number);
        std::set<std::string> ids;
        std::set<std::uint64_t> connections;
        for (const auto& e : journal) {
            ids.insert(e.msg_id);
            connections.insert(e.connection);
        }
        EXPECT_EQ(ids.size(), journal.size()) << "every message exactly once";
        EXPECT_LE(connections.size(), 16U);
    }
    const client_stats stats = bot.stats();
    EXPECT_EQ(stats.handshakes, server.connections_accepted()) << "the second wave made no handshake";
    EXPECT_EQ(stats.calls, 0U);
    EXPECT_EQ(stats.queued, 0U);
    EXPECT_EQ(stats.calls_ended, 2 * count);
}

TEST(many_calls, one_connection_serves_all_in_order) {
    yunhu::test::strict_emulator server;
    asio::io_context context;
    client_config config = config_for(server);
    config.pool.max_connections = 1;
    client bot(context, config);
    wave w;
    send_many(bot, 100, w);
    ASSERT_TRUE(drive(context, [&] { return w.ended == 100; }));
    EXPECT_EQ(w.failed, 0U);
    EXPECT_EQ(server.connections_accepted(), 1U);
    const auto stored = server.messages(group("big"));
    ASSERT_EQ(stored.size(), 100U);
    for (std::size_t i = 0; i < stored.size(); ++i) {
        EXPECT_EQ(stored[i].content->text, "hello " + std::to_string(i)) << "FIFO";
    }
}

TEST(many_calls, one_call_above_the_bound_is_rejected_at_once) {
    yunhu::test::strict_emulator server;
    asio::io_context context;
    client_config config = config_for(server);
    config.pool.max_connections = 1;
    config.pool.max_queued = 10;
    client bot(context, config);
    std::size_t ended = 0;
    std::size_t overloaded = 0;
    for (int i = 0; i < 12; ++i) { // one waits for its own connection, ten in the queue
        bot.list_message({group("big"), 1}, [&](error_code ec, message_page page) {
            ++ended;
            if (ec == errc::overloaded) {
                ++overloaded;
                EXPECT_EQ(page.delivery, delivery::not_sent);
                EXPECT_EQ(page.attempts, 0U);
                EXPECT_EQ(ended, 1U) << "before all other calls";
            }
        });
    }
    ASSERT_TRUE(drive(context, [&] { return ended == 12; }));
    EXPECT_EQ(overloaded, 1U);
}

TEST(many_calls, a_queue_bound_times_shards_does_not_wrap) {
    testing::emulator server;
    asio::io_context context;
    client_config config = config_for(server);
    config.shards = 2;
    config.pool.max_queued = std::numeric_limits<std::size_t>::max() / 2 + 1; // twice that is 0
    config.rate_limits.emplace_back(endpoints::send_message, 1000, 1);
    client bot(context, config);
    wave w;
    send_many(bot, 10, w);
    ASSERT_TRUE(drive(context, [&] { return w.ended == 10; }));
    EXPECT_EQ(w.failed, 0U);
}

TEST(many_calls, from_many_threads_over_several_shards) {
    constexpr std::size_t threads = 4;
    constexpr std::size_t each = 250;
    yunhu::test::strict_emulator server;
    asio::thread_pool pool(2);
    client_config config = config_for(server);
    config.shards = 2;
    config.pool.max_connections = 4;
    std::atomic<std::size_t> ended = 0;
    std::atomic<std::size_t> failed = 0;
    {
        client bot(pool.get_executor(), config);
        std::vector<std::thread> callers;
        for (std::size_t t = 0; t < threads; ++t) {
            callers.emplace_back([copy = bot, &ended, &failed]() mutable {
                for (std::size_t i = 0; i < each; ++i) {
                    copy.send_message({group("big"), text("hello")}, [&](error_code ec, sent_message) {
                        failed += ec ? 1 : 0;
                        ++ended;
                    });
                    (void)copy.stats();
                }
            });
        }
        for (std::thread& t : callers) {
            t.join();
        }
        EXPECT_TRUE(server.wait_until([&] { return server.requests() == threads * each; }, wait_limit));
        bot.async_shutdown(wait_limit, asio::use_future).get();
    }
    pool.join();
    EXPECT_EQ(ended, threads * each);
    EXPECT_EQ(failed, 0U);
    EXPECT_LE(server.connections_accepted(), 8U);
    EXPECT_EQ(server.duplicates(), 0U);
}

} // namespace
} // namespace yunhu::test
