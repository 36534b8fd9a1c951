// Copyright (c) 2026 The yunhu authors
// SPDX-License-Identifier: BSL-1.0

#include "engine/token_bucket.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <array>
#include <chrono>
#include <cstddef>
#include <cstdint>
#include <map>
#include <memory>
#include <optional>
#include <random>
#include <vector>

using namespace std::chrono_literals;
using yunhu::engine::permit;
using yunhu::engine::time_point;
using yunhu::engine::token_bucket;

namespace {

constexpr time_point start{1'000'000h}; // real clocks don't start at 0

// The maximum number of times in any half-open span of that length.
std::size_t most_in(const std::vector<time_point>& times, std::chrono::nanoseconds span) {
    std::size_t most = 0;
    for (std::size_t from = 0, to = 0; from < times.size(); ++from) {
        while (to < times.size() && times[to] < times[from] + span) {
            ++to;
        }
        most = std::max(most, to - from);
    }
    return most;
}

// The minimum number in any span of that length between the first and the last.
std::size_t least_in(const std::vector<time_point>& times, std::chrono::nanoseconds span) {
    std::size_t least = times.size();
    for (std::size_t from = 0, to = 0; from < times.size(); ++from) { // the emptiest spans start just after a time
        while (to < times.size() && times[to] <= times[from] + span) {
            ++to;
        }
        if (times[from] + span <= times.back()) {
            least = std::min(least, to - from - 1);
        }
    }
    return least;
}

// Callers that enqueue again as soon as their permit is consumed, late timers, and slow connections.
struct simulation {
    simulation(std::size_t callers, double per_second, unsigned burst) : bucket(per_second, burst), permits(callers) {
        for (permit& t : permits) {
            bucket.enqueue(t);
        }
    }

    simulation(const simulation&) = delete;
    simulation& operator=(const simulation&) = delete;
    ~simulation() {
        for (permit& t : permits) {
            bucket.release(t);
        }
    }

    void run(std::chrono::nanoseconds for_how_long, std::chrono::nanoseconds late, std::chrono::nanoseconds slow) {
        time_point now = start;
        while (now < start + for_how_long) {
            while (permit* const t = bucket.grant_next(now)) {
                handed_over.emplace(now + draw(slow), t);
            }
            std::optional<time_point> then;
            if (const auto due = bucket.due()) {
                then = std::max(*due, now) + draw(late);
            }
            if (!handed_over.empty() && (!then || handed_over.begin()->first <= *then)) {
                const auto first = handed_over.begin();
                now = std::max(now, first->first);
                bucket.consume(*first->second, now);
                spent.push_back(now);
                order.push_back(static_cast<std::size_t>(first->second - permits.data()));
                bucket.enqueue(*first->second);
                handed_over.erase(first);
            } else {
                now = *then;
            }
        }
    }

    std::chrono::nanoseconds draw(std::chrono::nanoseconds most) {
        return std::chrono::nanoseconds(static_cast<std::int64_t>(random()) % (most.count() + 1));
    }

    std::minstd_rand random{1};
    token_bucket bucket;
    std::vector<permit> permits;
    std::multimap<time_point, permit*> handed_over; ///< by the time of the hand-over
    std::vector<time_point> spent;
    std::vector<std::size_t> order;
};

} // namespace

TEST(rate_limit, ten_a_second_with_a_thousand_callers_for_an_hour) {
    simulation c(1000, 10, 1);
    c.run(1h, 1ms, 200us);
    for (const auto span : {1s, 10s, 100s, 1000s}) {
        const auto allowed = static_cast<double>(10 * span.count());
        EXPECT_LE(most_in(c.spent, span), static_cast<std::size_t>(allowed)) << span.count() << " s";
        EXPECT_GE(static_cast<double>(least_in(c.spent, span)), 0.98 * allowed - 1) << span.count() << " s";
    }
    // No starvation: each caller gets a permit before any caller gets its next one.
    for (std::size_t i = 0; i < c.order.size(); ++i) {
        ASSERT_EQ(c.order[i], i % 1000);
    }
    EXPECT_GT(c.order.size(), 35'000U);
}

TEST(rate_limit, a_burst_compensates_late_timers) {
    simulation c(50, 1000, 20);
    c.run(60s, 10ms, 1ms);
    EXPECT_LE(most_in(c.spent, 1s), 1020U);
    EXPECT_GE(least_in(c.spent, 1s), 970U);
    EXPECT_LE(most_in(c.spent, 1ns), 20U);
}

TEST(rate_limit, slow_connections_cause_no_bursts) {
    simulation c(100, 100, 3);
    c.run(10min, 1ms, 300ms);
    EXPECT_LE(most_in(c.spent, 1s), 103U);
    EXPECT_LE(most_in(c.spent, 100ms), 13U);
    EXPECT_LE(most_in(c.spent, 1ns), 3U);
}

TEST(rate_limit, the_first_permit_is_immediate_and_the_next_not_early) {
    token_bucket bucket(10, 1);
    permit a;
    permit b;
    EXPECT_EQ(bucket.due(), std::nullopt);
    bucket.enqueue(a);
    bucket.enqueue(b);
    EXPECT_EQ(bucket.first(), &a);
    EXPECT_EQ(bucket.waiting(), 2U);
    ASSERT_EQ(bucket.grant_next(start), &a);
    EXPECT_EQ(a.now(), permit::state::granted);
    EXPECT_EQ(bucket.due(), std::nullopt) << "the token must be consumed or returned first";
    EXPECT_EQ(bucket.grant_next(start + 1h), nullptr);
    bucket.consume(a, start + 1s);
    EXPECT_EQ(bucket.due(), start + 1s + 100ms);
    EXPECT_EQ(bucket.grant_next(start + 1s + 100ms - 1ns), nullptr);
    EXPECT_EQ(bucket.grant_next(start + 1s + 100ms), &b);
    bucket.release(b);
}

TEST(rate_limit, a_released_permit_costs_no_token) {
    token_bucket bucket(1, 1);
    std::array<permit, 4> t;
    for (permit& each : t) {
        bucket.enqueue(each);
    }
    bucket.release(t[0]); // still waiting
    ASSERT_EQ(bucket.grant_next(start), &t[1]);
    bucket.release(t[1]); // granted
    ASSERT_EQ(bucket.grant_next(start), &t[2]);
    bucket.consume(t[2], start);
    EXPECT_EQ(t[2].now(), permit::state::none);
    bucket.release(t[2]); // no effect
    EXPECT_EQ(bucket.due(), start + 1s);
    ASSERT_EQ(bucket.grant_next(start + 1s), &t[3]);
    bucket.release(t[3]);
    EXPECT_EQ(bucket.waiting(), 0U);
}

TEST(rate_limit, a_full_bucket_gives_its_burst_and_then_the_rate) {
    token_bucket bucket(2, 3);
    std::array<permit, 5> t;
    for (permit& each : t) {
        bucket.enqueue(each);
    }
    for (std::size_t i = 0; i < 3; ++i) {
        ASSERT_EQ(bucket.grant_next(start), &t[i]);
        bucket.consume(t[i], start);
    }
    EXPECT_EQ(bucket.due(), start + 500ms);
    ASSERT_EQ(bucket.grant_next(start + 500ms), &t[3]);
    EXPECT_EQ(bucket.due(), start + 1s) << "one token is reserved";
    bucket.release(t[3]);
    bucket.release(t[4]);
}

TEST(rate_limit, extreme_rates) {
    for (const double per_second : {1e-30, 1e-3, 3.0, 1e9, 1e300}) {
        for (const unsigned burst : {1U, 7U, ~0U}) {
            token_bucket bucket(per_second, burst);
            permit a;
            for (int i = 0; i < 5; ++i) {
                bucket.enqueue(a);
                const auto due = bucket.due();
                ASSERT_TRUE(due.has_value());
                if (*due > start + 24h) {
                    EXPECT_LT(per_second, 1e-2);
                    bucket.release(a);
                    break;
                }
                ASSERT_EQ(bucket.grant_next(std::max(*due, start + 1h * i)), &a);
                bucket.consume(a, std::max(*due, start + 1h * i));
            }
        }
    }
}

// Random events in any order: the bound holds, permits are granted in FIFO order, and no token is lost.
TEST(rate_limit, any_order_of_events) {
    std::minstd_rand random{7};
    for (int round = 0; round < 200; ++round) {
        const double per_second = 1.0 + static_cast<double>(random() % 50);
        const auto burst = static_cast<unsigned>(1 + random() % 5);
        token_bucket bucket(per_second, burst);
        std::vector<permit> permits(20);
        std::vector<permit*> queue; // the expected order
        std::vector<permit*> with_token;
        std::vector<time_point> spent;
        time_point now = start;
        for (int step = 0; step < 400; ++step) {
            permit& t = permits[random() % permits.size()];
            now += std::chrono::milliseconds(random() % 40);
            switch (random() % 4) {
            case 0:
                if (t.now() == permit::state::none) {
                    bucket.enqueue(t);
                    queue.push_back(&t);
                }
                break;
            case 1:
                bucket.release(t);
                std::erase(queue, &t);
                std::erase(with_token, &t);
                break;
            case 2:
                if (!with_token.empty()) {
                    bucket.consume(*with_token.front(), now);
                    spent.push_back(now);
                    with_token.erase(with_token.begin());
                }
                break;
            default:
                break;
            }
            while (permit* const next = bucket.grant_next(now)) {
                ASSERT_EQ(next, queue.front());
                queue.erase(queue.begin());
                with_token.push_back(next);
            }
            ASSERT_LE(with_token.size(), burst);
            ASSERT_EQ(bucket.waiting(), queue.size());
            ASSERT_TRUE(queue.empty() || bucket.due() || with_token.size() == burst);
        }
        for (std::size_t i = 0; i < spent.size(); ++i) {
            for (std::size_t j = i; j < spent.size(); ++j) {
                const double seconds = std::chrono::duration<double>(spent[j] - spent[i]).count();
                ASSERT_LE(static_cast<double>(j - i + 1), burst + seconds * per_second + 1e-6);
            }
        }
        for (permit& t : permits) {
            bucket.release(t);
        }
    }
}
