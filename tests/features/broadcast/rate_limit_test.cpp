// Copyright (c) 2026 The yunhu authors
// SPDX-License-Identifier: BSL-1.0

#include "runtime/support.hpp"

#include "support/strict_emulator.hpp"

#include <boost/asio/bind_cancellation_slot.hpp>
#include <boost/asio/bind_executor.hpp>
#include <boost/asio/cancellation_signal.hpp>
#include <boost/asio/post.hpp>
#include <boost/asio/strand.hpp>
#include <boost/asio/thread_pool.hpp>
#include <boost/asio/use_future.hpp>

#include <gtest/gtest.h>

#include <algorithm>
#include <array>
#include <atomic>
#include <chrono>
#include <cstddef>
#include <future>
#include <memory>
#include <optional>
#include <string>
#include <thread>
#include <utility>
#include <vector>

// Rate limits of a client. The token bucket has its own tests.
namespace yunhu::test {
namespace {

using namespace std::chrono_literals;

// No test runs long enough for a second token.
client_config one_call_only(const testing::emulator& server, unsigned burst = 1) {
    client_config config = config_for(server);
    config.rate_limits.emplace_back(endpoints::send_message, 1e-6, burst);
    return config;
}

struct ends {
    std::vector<std::pair<error_code, sent_message>> all;

    auto handler() {
        return [this](error_code ec, sent_message sent) { all.emplace_back(ec, std::move(sent)); };
    }
};

send_message_request hello() {
    return {group("big"), text("hello")};
}

// Bounds of the time at which a call got its connection.
struct handover {
    std::chrono::steady_clock::time_point earliest, latest;
};

// At most burst + t * rate in any span of t, with the calls as close to each other as their bounds allow.
void expect_within(std::vector<handover> all, double per_second, unsigned burst) {
    std::sort(all.begin(), all.end(), [](const auto& a, const auto& b) { return a.earliest < b.earliest; });
    for (std::size_t i = 0; i < all.size(); ++i) {
        auto latest = all[i].latest;
        for (std::size_t j = i; j < all.size(); ++j) {
            latest = std::max(latest, all[j].latest);
            const double seconds = std::chrono::duration<double>(latest - all[i].earliest).count();
            ASSERT_LE(static_cast<double>(j - i + 1), burst + seconds * per_second + 1e-6) << i << " to " << j;
        }
    }
}

TEST(rate_limited, the_limit_holds_across_shards_copies_and_threads) {
    constexpr std::size_t threads = 3;
    constexpr std::size_t each = 100;
    constexpr double per_second = 1000;
    constexpr unsigned burst = 10;
    yunhu::test::strict_emulator server;
    client_config config = config_for(server);
    config.shards = 2;
    config.rate_limits.emplace_back(endpoints::send_message, per_second, burst);
    std::array<std::vector<handover>, threads> seen;
    asio::thread_pool pool(2);
    {
        const client bot(pool.get_executor(), config);
        std::vector<std::thread> callers;
        for (auto& mine : seen) {
            callers.emplace_back([copy = bot, &mine]() mutable {
                std::vector<std::pair<handover, std::future<sent_message>>> calls;
                for (std::size_t i = 0; i < each; ++i) {
                    handover bounds;
                    bounds.earliest = std::chrono::steady_clock::now();
                    auto call = copy.send_message(hello(), asio::use_future);
                    bounds.latest = std::chrono::steady_clock::now();
                    calls.emplace_back(bounds, std::move(call));
                }
                for (auto& [bounds, call] : calls) {
                    const auto queued = call.get().times.queued;
                    mine.push_back({bounds.earliest + queued, bounds.latest + queued});
                }
            });
        }
        for (std::thread& t : callers) {
            t.join();
        }
        EXPECT_EQ(bot.stats().limited, 0U);
    }
    pool.join();
    std::vector<handover> all;
    for (const auto& mine : seen) {
        ASSERT_EQ(mine.size(), each);
        all.insert(all.end(), mine.begin(), mine.end());
    }
    expect_within(all, per_second, burst);
    EXPECT_EQ(server.requests(), threads * each);
}

TEST(rate_limited, calls_are_served_in_order) {
    yunhu::test::strict_emulator server;
    client_config config = config_for(server);
    config.pool.max_connections = 1;
    config.rate_limits.emplace_back(endpoints::send_message, 2000);
    asio::io_context context;
    const client bot(context, config);
    std::vector<std::size_t> order;
    for (std::size_t i = 0; i < 50; ++i) {
        client(bot).send_message(hello(), [&order, i](error_code ec, const sent_message&) {
            EXPECT_FALSE(ec);
            order.push_back(i);
        });
    }
    ASSERT_TRUE(drive(context, [&] { return order.size() == 50; }));
    EXPECT_TRUE(std::is_sorted(order.begin(), order.end()));
}

TEST(rate_limited, a_waiting_call_can_be_cancelled_and_is_counted) {
    yunhu::test::strict_emulator server;
    asio::io_context context;
    client bot(context, one_call_only(server));
    ends e;
    asio::cancellation_signal signal;
    bot.send_message(hello(), e.handler());
    bot.send_message(hello(), asio::bind_cancellation_slot(signal.slot(), e.handler()));
    bot.send_message(hello(), call_options(1ms), e.handler());
    ASSERT_TRUE(drive(context, [&] { return e.all.size() == 2; })) << "the first is sent, the third times out";
    EXPECT_EQ(bot.stats().limited, 1U);
    EXPECT_EQ(bot.stats().calls, 1U);
    EXPECT_EQ(bot.stats().queued, 0U);
    signal.emit(asio::cancellation_type::total);
    ASSERT_TRUE(drive(context, [&] { return e.all.size() == 3; }));
    EXPECT_EQ(e.all[2].first, asio::error::operation_aborted);
    const auto late = std::find_if(e.all.begin(), e.all.end(), [](auto& x) { return x.first == errc::timed_out; });
    ASSERT_NE(late, e.all.end());
    EXPECT_TRUE(late->second.phase == phase::queue || late->second.phase == phase::check)
        << "on a slow machine it times out before it waits";
    for (const auto& [ec, info] : e.all) {
        EXPECT_EQ(info.delivery, ec ? delivery::not_sent : delivery::answered);
        EXPECT_EQ(info.attempts, ec ? 0U : 1U);
    }
    EXPECT_EQ(bot.stats().limited, 0U);
    EXPECT_EQ(bot.stats().calls_started, 3U);
    EXPECT_EQ(bot.stats().calls_ended, 3U);
    EXPECT_EQ(server.requests(), 1U);
}

TEST(rate_limited, a_retry_takes_a_token) {
    yunhu::test::strict_emulator server;
    testing::fault busy;
    busy.status = 429;
    busy.times = 1;
    server.inject(busy);
    client_config config = one_call_only(server, 2);
    config.retry.throttled_base = 1ms;
    asio::io_context context;
    client bot(context, config);
    ends e;
    bot.send_message(hello(), e.handler());
    ASSERT_TRUE(drive(context, [&] { return e.all.size() == 1; }));
    EXPECT_FALSE(e.all[0].first);
    EXPECT_EQ(e.all[0].second.attempts, 2U);
    bot.send_message(hello(), call_options(1ms), e.handler());
    ASSERT_TRUE(drive(context, [&] { return e.all.size() == 2; }));
    EXPECT_EQ(e.all[1].first, errc::timed_out) << "both tokens are taken";
}

// Else calls that fail at once would be made as fast as the program can.
TEST(rate_limited, a_try_without_a_connection_takes_a_token) {
    client_config config("token");
    {
        const yunhu::test::strict_emulator server; // destroyed: nothing listens at its port
        config = one_call_only(server, 3);
    }
    config.retry.max_attempts = 2;
    config.retry.base = 1ms;
    asio::io_context context;
    client bot(context, config);
    ends e;
    bot.send_message(hello(), e.handler()); // two tries
    ASSERT_TRUE(drive(context, [&] { return e.all.size() == 1; }));
    EXPECT_EQ(e.all[0].first, errc::connect_failed);
    call_options once;
    once.max_attempts = 1;
    bot.send_message(hello(), once, e.handler());
    ASSERT_TRUE(drive(context, [&] { return e.all.size() == 2; }));
    EXPECT_EQ(e.all[1].first, errc::connect_failed);
    once.timeout = 1ms;
    bot.send_message(hello(), once, e.handler());
    ASSERT_TRUE(drive(context, [&] { return e.all.size() == 3; }));
    EXPECT_EQ(e.all[2].first, errc::timed_out) << "all three tokens are taken";
    EXPECT_EQ(bot.stats().limited, 0U);
}

TEST(rate_limited, other_endpoints_are_not_limited) {
    yunhu::test::strict_emulator server;
    server.serve("/v1/own", [](std::string_view) { return std::string(R"({"code":1})"); });
    client_config config = one_call_only(server);
    const endpoint<std::string, int> own(
        {"/v1/own", wire_format::json, retry_class::non_idempotent},
        [](const std::string&) { return std::string("{}"); }, [](std::string_view) { return 0; });
    config.rate_limits.emplace_back(own.info(), 1e-6);
    asio::io_context context;
    client bot(context, config);
    std::size_t lists = 0;
    std::size_t owns = 0;
    bot.send_message(hello(), [](error_code, const sent_message&) {});
    for (int i = 0; i < 3; ++i) {
        bot.list_message({group("big"), 1}, [&](error_code ec, const message_page&) { lists += ec ? 0 : 1; });
        bot.call(own, "x", [&](error_code ec, const reply<int>&) { owns += ec ? 0 : 1; });
    }
    ASSERT_TRUE(drive(context, [&] { return lists == 3 && owns == 1; }));
    EXPECT_EQ(bot.stats().limited, 2U) << "custom endpoints have limits too";
}

TEST(rate_limited, a_full_queue_refuses_calls) {
    yunhu::test::strict_emulator server;
    client_config config = one_call_only(server);
    config.pool.max_queued = 2;
    asio::io_context context;
    client bot(context, config);
    ends e;
    for (int i = 0; i < 5; ++i) {
        bot.send_message(hello(), e.handler());
    }
    ASSERT_TRUE(drive(context, [&] { return e.all.size() == 3; }));
    EXPECT_EQ(bot.stats().limited, 2U);
    std::size_t overloaded = 0;
    for (const auto& [ec, info] : e.all) {
        overloaded += ec == errc::overloaded ? 1 : 0;
    }
    EXPECT_EQ(overloaded, 2U);
}

TEST(rate_limited, waiting_calls_end_with_the_client) {
    yunhu::test::strict_emulator server;
    asio::io_context context;
    ends e;
    {
        client bot(context, one_call_only(server));
        for (int i = 0; i < 4; ++i) {
            bot.send_message(hello(), e.handler());
        }
        ASSERT_TRUE(drive(context, [&] { return e.all.size() == 1; }));
        std::optional<std::size_t> cut;
        bot.async_shutdown(0s, [&cut](std::size_t n) { cut = n; });
        ASSERT_TRUE(drive(context, [&] { return cut.has_value(); }));
        EXPECT_EQ(cut, 3U);
    }
    context.run(); // returns: no work is left
    ASSERT_EQ(e.all.size(), 4U);
    for (std::size_t i = 1; i < e.all.size(); ++i) {
        EXPECT_EQ(e.all[i].first, errc::client_closed);
        EXPECT_EQ(e.all[i].second.delivery, delivery::not_sent);
    }
}

TEST(rate_limited, the_context_may_be_destroyed_first) {
    yunhu::test::strict_emulator server;
    auto context = std::make_unique<asio::io_context>();
    auto bot = std::make_unique<client>(*context, one_call_only(server));
    const auto alive = std::make_shared<int>();
    for (int i = 0; i < 4; ++i) {
        bot->send_message(hello(), [alive](error_code, const sent_message&) {});
    }
    ASSERT_TRUE(drive(*context, [&] { return alive.use_count() == 4; })) << "one call has completed";
    context.reset();
    EXPECT_EQ(alive.use_count(), 1) << "waiting calls are destroyed";
    EXPECT_EQ(bot->stats().limited, 0U);
    bot.reset();
}

// Waits, cancellations and timeouts on two shards at once: every call completes once.
TEST(rate_limited, waits_cancellations_and_timeouts_at_once) {
    constexpr std::size_t calls = 400;
    yunhu::test::strict_emulator server;
    client_config config = config_for(server);
    config.shards = 2;
    config.rate_limits.emplace_back(endpoints::send_message, 2000, 3);
    asio::thread_pool pool(2);
    std::vector<asio::cancellation_signal> signals(calls);
    std::vector<std::atomic<unsigned>> ended(calls);
    {
        client bot(pool.get_executor(), config);
        for (std::size_t i = 0; i < calls; ++i) {
            const auto strand = asio::make_strand(pool.get_executor());
            auto done = [&ended, i](error_code ec, const sent_message&) {
                EXPECT_TRUE(!ec || ec == asio::error::operation_aborted || ec == errc::timed_out ||
                            ec == errc::outcome_unknown)
                    << ec;
                ++ended[i];
            };
            const call_options options(i % 3 == 1 ? std::chrono::nanoseconds(5ms)
                                                  : std::chrono::nanoseconds(wait_limit));
            asio::post(strand, [&bot, &signals, i, strand, options, done] {
                bot.send_message(hello(), options,
                                 asio::bind_cancellation_slot(signals[i].slot(), asio::bind_executor(strand, done)));
                if (i % 3 == 0) {
                    asio::post(strand, [&signals, i] { signals[i].emit(asio::cancellation_type::terminal); });
                }
            });
        }
        const auto all_ended = [&] {
            return std::all_of(ended.begin(), ended.end(), [](const auto& n) { return n > 0; });
        };
        const auto until = std::chrono::steady_clock::now() + wait_limit;
        while (!all_ended() && std::chrono::steady_clock::now() < until) {
            std::this_thread::yield();
        }
        EXPECT_TRUE(all_ended());
        EXPECT_EQ(bot.stats().limited, 0U);
        bot.async_shutdown(wait_limit, asio::use_future).get();
    }
    pool.join();
    EXPECT_TRUE(std::all_of(ended.begin(), ended.end(), [](const auto& n) { return n == 1; }));
    EXPECT_EQ(server.duplicates(), 0U);
}

} // namespace
} // namespace yunhu::test
