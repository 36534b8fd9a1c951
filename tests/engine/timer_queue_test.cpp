// Copyright (c) 2026 The yunhu authors
// SPDX-License-Identifier: BSL-1.0

#include "engine/timer_queue.hpp"

#include <gtest/gtest.h>

#include <array>
#include <chrono>
#include <map>
#include <optional>
#include <random>

using namespace std::chrono_literals;
using yunhu::engine::later;
using yunhu::engine::time_point;
using yunhu::engine::timed;
using yunhu::engine::timer_queue;

namespace {

struct item : timed {
    item() : timed(kind::call) {}
};

constexpr time_point at(std::chrono::nanoseconds since) {
    return time_point(since);
}

} // namespace

TEST(timer_queue, an_empty_queue_is_never_due) {
    timer_queue all;
    EXPECT_TRUE(all.empty());
    EXPECT_EQ(all.next(), std::nullopt);
    EXPECT_EQ(all.expired(time_point::max()), nullptr);
}

TEST(timer_queue, the_earliest_expires_first_and_not_early) {
    item a;
    item b;
    item c;
    timer_queue all;
    all.set(a, at(3s));
    all.set(b, at(1s));
    all.set(c, at(2s));
    EXPECT_EQ(all.next(), at(1s));
    EXPECT_EQ(all.expired(at(1s) - 1ns), nullptr);
    EXPECT_EQ(all.expired(at(2s)), &b);
    EXPECT_EQ(all.expired(at(2s)), &c);
    EXPECT_EQ(all.expired(at(2s)), nullptr);
    EXPECT_EQ(all.next(), at(3s));
    EXPECT_EQ(all.expired(at(3s)), &a);
    EXPECT_TRUE(all.empty());
}

TEST(timer_queue, equal_times_expire_in_the_order_of_set) {
    std::array<item, 5> items;
    timer_queue all;
    for (item& i : items) {
        all.set(i, at(1s));
    }
    for (item& i : items) {
        EXPECT_EQ(all.expired(at(1s)), &i);
    }
}

TEST(timer_queue, setting_again_replaces) {
    item a;
    timer_queue all;
    all.set(a, at(1s));
    all.set(a, at(5s));
    EXPECT_EQ(all.expired(at(4s)), nullptr);
    all.set(a, at(2s));
    EXPECT_EQ(a.due(), at(2s));
    EXPECT_EQ(all.expired(at(4s)), &a);
    EXPECT_TRUE(all.empty());
}

TEST(timer_queue, clear_is_idempotent) {
    item a;
    timer_queue all;
    all.clear(a);
    all.set(a, at(1s));
    all.clear(a);
    all.clear(a);
    EXPECT_EQ(all.expired(at(9s)), nullptr);
    EXPECT_EQ(all.next(), std::nullopt);
}

TEST(timer_queue, an_expired_timer_can_be_set_again) {
    item a;
    timer_queue all;
    all.set(a, at(1s));
    ASSERT_EQ(all.expired(at(1s)), &a);
    all.set(a, at(2s));
    EXPECT_EQ(all.expired(at(1s)), nullptr);
    EXPECT_EQ(all.expired(at(2s)), &a);
}

TEST(timer_queue, case_134_the_end_of_time) {
    item a;
    timer_queue all;
    all.set(a, later(at(5s), std::chrono::nanoseconds::max()));
    EXPECT_EQ(a.due(), time_point::max());
    EXPECT_EQ(all.expired(time_point::max() - 1ns), nullptr);
    all.clear(a);
}

TEST(later, case_134_does_not_wrap) {
    EXPECT_EQ(later(at(0s), 7s), at(7s));
    EXPECT_EQ(later(at(1s), std::chrono::nanoseconds::max()), time_point::max());
    EXPECT_EQ(later(time_point::max(), 1ns), time_point::max());
    EXPECT_EQ(later(time_point::max(), 0ns), time_point::max());
    EXPECT_EQ(later(at(5s), -2s), at(3s));
}

// Compared with a simple model.
TEST(timer_queue, random_use) {
    std::mt19937 random(42);
    std::array<item, 32> items;
    std::map<item*, time_point> model;
    timer_queue all;
    time_point now = at(0s);
    for (int i = 0; i < 20000; ++i) {
        item& one = items[random() % items.size()];
        switch (random() % 4) {
        case 0:
        case 1:
            model[&one] = now + std::chrono::milliseconds(random() % 100);
            all.set(one, model[&one]);
            break;
        case 2:
            model.erase(&one);
            all.clear(one);
            break;
        default:
            now += std::chrono::milliseconds(random() % 20);
            while (timed* const timer = all.expired(now)) {
                const auto found = model.find(static_cast<item*>(timer));
                ASSERT_NE(found, model.end());
                ASSERT_LE(found->second, now);
                model.erase(found);
            }
            for (const auto& entry : model) {
                ASSERT_GT(entry.second, now);
            }
            break;
        }
        ASSERT_EQ(all.empty(), model.empty());
    }
    for (item& one : items) {
        all.clear(one);
    }
}
