// Copyright (c) 2026 The yunhu authors
// SPDX-License-Identifier: BSL-1.0

#include "arena.hpp"

#include <boost/asio/thread_pool.hpp>

#include <gtest/gtest.h>

#include <algorithm>
#include <chrono>
#include <random>

// A call's deadline expires as its response arrives: one of the two ends the call, and the next call is not affected.
namespace yunhu::test {
namespace {

namespace asio = boost::asio;
using clock = std::chrono::steady_clock;
using namespace std::chrono_literals;

// When the context runs again, both the response and the deadline are ready.
TEST(race, deadline_against_response_in_the_same_tick) {
    constexpr auto allowed = 200us;
    arena a;
    asio::io_context context;
    client bot(context, a.config);
    call_options options(allowed);
    options.max_attempts = 1;
    std::size_t in_one_tick = 0;
    for (std::size_t round = 0; round < race_rounds(); ++round) {
        const std::size_t responses = a.responses();
        const auto due = clock::now() + allowed;
        const auto call = a.make_call(context.get_executor());
        call->start(bot, options);
        context.restart();
        while (!call->ended() && a.responses() == responses && clock::now() < due) {
            if (context.poll_one() == 0 && a.server.request_count() > responses) {
                break; // the request was received: no handler runs until both are ready
            }
        }
        if (!call->ended() && a.server.request_count() > responses) {
            ASSERT_TRUE(wait_until([&] { return a.responses() > responses && clock::now() > due; }));
            ++in_one_tick;
        }
        ASSERT_TRUE(run_until(context, [&] { return call->ended(); })) << "round " << round;
        ASSERT_TRUE(call->ok_or(errc::timed_out)) << "round " << round << ' ' << call->code();
        // A new connection may be opening, and the old one not yet closed.
        const auto follow_up = a.make_call(context.get_executor());
        follow_up->start(bot);
        ASSERT_TRUE(run_until(context, [&] { return follow_up->ended(); })) << "round " << round;
        ASSERT_TRUE(follow_up->ok()) << "round " << round << ' ' << follow_up->code();
        ASSERT_TRUE(wait_until([&] { return a.responses() == a.server.request_count(); }));
    }
    EXPECT_GT(in_one_tick, 0U);
    EXPECT_TRUE(a.no_bad_requests());
}

// Deadlines of about the response time, on threads.
TEST(race, deadline_against_response_on_threads) {
    arena a;
    asio::thread_pool pool(3);
    std::mt19937 random(1); // NOLINT(cert-msc51-cpp): runs are reproducible
    std::size_t good = 0;
    std::size_t late = 0;
    {
        client bot(pool.get_executor(), a.config);
        clock::duration usual = 100us; // the recent response time
        for (std::size_t round = 0; round < race_rounds(); ++round) {
            const auto call = a.make_call(pool.get_executor());
            const auto start = clock::now();
            // Every tenth is too short on any machine.
            const clock::duration varied = usual / 2 + usual * (random() % 100) / 100;
            const clock::duration allowed = round % 10 == 5 ? clock::duration(1ns) : varied;
            call->start(bot, round % 10 == 0 ? call_options() : call_options(allowed));
            ASSERT_TRUE(wait_until([&] { return call->ended(); })) << "round " << round;
            ASSERT_TRUE(call->ok_or(errc::timed_out)) << "round " << round << ' ' << call->code();
            if (call->code()) {
                ++late;
            } else {
                ++good;
                usual = (usual * 7 + (clock::now() - start)) / 8;
            }
        }
    }
    pool.join();
    EXPECT_GT(good, 0U);
    EXPECT_GT(late, 0U);
    EXPECT_TRUE(a.no_bad_requests());
}

} // namespace
} // namespace yunhu::test
