// Copyright (c) 2026 The yunhu authors
// SPDX-License-Identifier: BSL-1.0

#include "arena.hpp"

#include <boost/asio/dispatch.hpp>
#include <boost/asio/error.hpp>
#include <boost/asio/post.hpp>
#include <boost/asio/thread_pool.hpp>

#include <gtest/gtest.h>

#include <array>
#include <atomic>
#include <cstdint>
#include <random>

// One connection and many waiters: a cancelled waiter must not keep the connection, and no wake-up may be lost.
namespace yunhu::test {
namespace {

namespace asio = boost::asio;

constexpr auto aborted = asio::error::operation_aborted;

// The first call has the connection, the second is cancelled around its hand-off, the third is queued behind it.
TEST(race, cancel_against_hand_off) {
    arena a;
    asio::io_context context;
    client bot(context, a.config);
    std::mt19937 random(1); // NOLINT(cert-msc51-cpp): runs are reproducible
    std::size_t cancelled = 0;
    std::size_t too_late = 0;
    for (std::size_t round = 0; round < race_rounds(); ++round) {
        const auto first = a.make_call(context.get_executor());
        const auto second = a.make_call(context.get_executor());
        const auto third = a.make_call(context.get_executor());
        first->start(bot);
        second->start(bot);
        third->start(bot);
        if (round % 2 == 0) { // a number of handlers after the start, or after the first call's end
            context.restart();
            for (auto steps = random() % 24; steps > 0 && !third->ended(); --steps) {
                context.run_one_for(std::chrono::seconds(1));
            }
        } else {
            ASSERT_TRUE(run_until(context, [&] { return first->ended(); })) << "round " << round;
            for (auto steps = random() % 6; steps > 0; --steps) {
                context.poll_one();
            }
        }
        second->cancel_here();
        ASSERT_TRUE(run_until(context, [&] { return first->ended() && second->ended() && third->ended(); }))
            << "a wake-up was lost in round " << round;
        ASSERT_TRUE(first->ok() && third->ok()) << "round " << round << ' ' << first->code() << third->code();
        ASSERT_TRUE(second->ok_or(aborted)) << "round " << round << ' ' << second->code();
        ++(second->code() ? cancelled : too_late);
    }
    EXPECT_GT(cancelled, 0U);
    EXPECT_GT(too_late, 0U);
    EXPECT_TRUE(a.no_bad_requests());
}

TEST(race, cancel_against_hand_off_on_threads) {
    constexpr std::size_t threads = 4;
    arena a;
    asio::thread_pool pool(threads);
    {
        client bot(pool.get_executor(), a.config);
        for (std::size_t round = 0; round < race_rounds(); ++round) {
            const auto first = a.make_call(pool.get_executor());
            const auto second = a.make_call(pool.get_executor());
            const auto third = a.make_call(pool.get_executor());
            first->on_end = [second] { second->cancel(); };
            second->start(bot); // each may get the connection first
            first->start(bot);
            third->start(bot);
            ASSERT_TRUE(wait_until([&] { return first->ended() && second->ended() && third->ended(); }))
                << "a wake-up was lost in round " << round;
            ASSERT_TRUE(first->ok() && third->ok()) << "round " << round << ' ' << first->code() << third->code();
            ASSERT_TRUE(second->ok_or(aborted)) << "round " << round << ' ' << second->code();
        }
    }
    pool.join();
    EXPECT_TRUE(a.no_bad_requests());
}

// Makes calls in sequence.
class caller {
public:
    caller(arena& where, client& bot, asio::any_io_executor executor, std::size_t calls)
        : where_(where), bot_(bot), executor_(std::move(executor)), left_(calls) {}

    void next() {
        if (left_ == 0) {
            done_ = true;
            return;
        }
        --left_;
        const auto call = where_.make_call(executor_);
        call->on_end = [this, c = call.get()] {
            good_ += c->ok() ? 1 : 0;
            next();
        };
        call->start(bot_);
    }
    [[nodiscard]] bool done() const noexcept { return done_.load(); }
    [[nodiscard]] std::size_t good() const noexcept { return good_.load(); }

private:
    arena& where_;
    client& bot_;
    asio::any_io_executor executor_;
    std::size_t left_;
    std::atomic<std::size_t> good_ = 0;
    std::atomic<bool> done_ = false;
};

TEST(race, two_callers_share_a_connection_in_turn) {
    arena a;
    asio::io_context context;
    client bot(context, a.config);
    caller one(a, bot, context.get_executor(), race_rounds());
    caller other(a, bot, context.get_executor(), race_rounds());
    one.next();
    other.next();
    ASSERT_TRUE(run_to_end([&](const auto& condition) { return run_until(context, condition); },
                           [&] { return one.done() && other.done(); }, [&] { return one.good() + other.good(); }));
    EXPECT_EQ(one.good(), race_rounds());
    EXPECT_EQ(other.good(), race_rounds());
    EXPECT_EQ(a.server.accepted(), 1U);
}

TEST(race, two_callers_share_a_connection_in_turn_on_threads) {
    arena a;
    asio::thread_pool pool(2);
    client bot(pool.get_executor(), a.config);
    caller one(a, bot, pool.get_executor(), race_rounds());
    caller other(a, bot, pool.get_executor(), race_rounds());
    asio::post(pool, [&] { one.next(); });
    asio::post(pool, [&] { other.next(); });
    EXPECT_TRUE(run_to_end(
        &wait_until, [&] { return one.done() && other.done(); }, [&] { return one.good() + other.good(); }));
    EXPECT_EQ(one.good(), race_rounds());
    EXPECT_EQ(other.good(), race_rounds());
    EXPECT_EQ(a.server.accepted(), 1U);
    pool.stop();
    pool.join();
}

} // namespace
} // namespace yunhu::test
