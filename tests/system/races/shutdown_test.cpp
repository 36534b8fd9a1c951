// Copyright (c) 2026 The yunhu authors
// SPDX-License-Identifier: BSL-1.0

#include "arena.hpp"

#include <boost/asio/error.hpp>
#include <boost/asio/post.hpp>
#include <boost/asio/thread_pool.hpp>

#include <gtest/gtest.h>

#include <algorithm>
#include <atomic>
#include <cstdint>
#include <memory>
#include <optional>
#include <random>
#include <vector>

// The ends of a client, of its execution context and of its calls race with each other.
namespace yunhu::test {
namespace {

namespace asio = boost::asio;
using namespace std::chrono_literals;

constexpr std::size_t calls_a_round = 6;
constexpr std::size_t threads = 4;

using racers = std::vector<std::shared_ptr<racer>>;

bool all_ended(const racers& all) {
    return std::ranges::all_of(all, [](const auto& call) { return call->ended(); });
}

// Ended once, successfully or with a code that the end of a client permits.
bool fine(const racer& call) {
    return call.ok_or(errc::client_closed) || call.ok_or(asio::error::operation_aborted);
}

// Starts calls on all threads, and cancels some of them.
racers crowd(arena& a, client& bot, asio::thread_pool& pool, std::uint_fast32_t choices) {
    racers all;
    for (std::size_t i = 0; i < calls_a_round; ++i) {
        const auto call = all.emplace_back(a.make_call(pool.get_executor()));
        const bool cancels = (choices >> i) % 2 == 1;
        asio::post(pool, [call, cancels, copy = bot]() mutable {
            call->start(copy);
            if (cancels) {
                call->cancel();
            }
        });
    }
    return all;
}

TEST(race, shutdown_against_everything_on_threads) {
    arena a(2);
    asio::thread_pool pool(threads);
    std::mt19937 random(1); // NOLINT(cert-msc51-cpp): runs are reproducible
    for (std::size_t round = 0; round < race_rounds(); ++round) {
        client bot(pool.get_executor(), a.config);
        const racers all = crowd(a, bot, pool, random());
        const std::size_t first = random() % (calls_a_round + 1);
        ASSERT_TRUE(wait_until([&] {
            return static_cast<std::size_t>(std::ranges::count_if(all, [](const auto& c) { return c->ended(); })) >=
                   std::min(first, calls_a_round);
        }));
        std::atomic<unsigned> down = 0;
        const auto bound = random() % 2 == 0 ? 0ns : std::chrono::nanoseconds(race_timeout);
        bot.async_shutdown(bound, [&down](std::size_t) { ++down; });
        bot.async_shutdown(bound, [&down](std::size_t) { ++down; }); // two shutdowns at once
        ASSERT_TRUE(wait_until([&] { return all_ended(all) && down == 2; })) << "round " << round;
        for (const auto& call : all) {
            ASSERT_TRUE(fine(*call)) << "round " << round << ' ' << call->code() << ", " << call->ends();
        }
        const client_stats stats = bot.stats();
        ASSERT_EQ(stats.calls + stats.queued, 0U);
    }
    pool.join();
    EXPECT_TRUE(a.no_bad_requests());
}

// The last handle is destroyed, on any thread.
TEST(race, last_handle_against_everything_on_threads) {
    arena a(2);
    asio::thread_pool pool(threads);
    std::mt19937 random(1); // NOLINT(cert-msc51-cpp): runs are reproducible
    for (std::size_t round = 0; round < race_rounds(); ++round) {
        racers all;
        {
            client bot(pool.get_executor(), a.config);
            all = crowd(a, bot, pool, random());
            const std::size_t first = random() % (calls_a_round + 1);
            ASSERT_TRUE(wait_until([&] {
                return static_cast<std::size_t>(std::ranges::count_if(all, [](const auto& c) { return c->ended(); })) >=
                       std::min(first, calls_a_round);
            }));
        }
        ASSERT_TRUE(wait_until([&] { return all_ended(all); })) << "round " << round;
        for (const auto& call : all) {
            ASSERT_TRUE(fine(*call)) << "round " << round << ' ' << call->code() << ", " << call->ends();
        }
    }
    pool.join();
    EXPECT_TRUE(a.no_bad_requests());
}

// The context is destroyed after any number of handlers, with operations outstanding, before or after the client.
TEST(race, destroying_the_context_against_everything) {
    arena a(2);
    std::mt19937 random(1); // NOLINT(cert-msc51-cpp): runs are reproducible
    for (std::size_t round = 0; round < race_rounds(); ++round) {
        racers all;
        std::optional<asio::io_context> context(std::in_place);
        std::optional<client> bot(std::in_place, *context, a.config);
        const auto choices = random();
        for (std::size_t i = 0; i < calls_a_round; ++i) {
            all.push_back(a.make_call(context->get_executor()));
            all.back()->start(*bot);
        }
        for (auto steps = random() % 60; steps > 0 && !all_ended(all); --steps) {
            context->run_one_for(1ms);
            if (choices % 3 == 0 && steps % 8 == 0) {
                all[steps / 8 % calls_a_round]->cancel_here();
            }
        }
        if (choices % 2 == 0) {
            bot.reset();
        }
        const bool stops_first = choices % 5 == 0;
        if (stops_first) {
            context->stop();
        }
        racers kept;
        kept.swap(all);
        for (const auto& call : kept) {
            ASSERT_LE(call->ends(), 1U);
            ASSERT_TRUE(!call->ended() || fine(*call)) << "round " << round << ' ' << call->code();
        }
        kept.clear(); // their strands must not outlive the context
        context.reset();
    }
    EXPECT_TRUE(a.no_bad_requests());
}

} // namespace
} // namespace yunhu::test
