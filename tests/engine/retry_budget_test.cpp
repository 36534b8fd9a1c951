// Copyright (c) 2026 The yunhu authors
// SPDX-License-Identifier: BSL-1.0

#include "engine/retry_policy.hpp"

#include <gtest/gtest.h>

#include <chrono>

using namespace std::chrono_literals;
using namespace yunhu;
using engine::attempt_outcome;
using engine::retry_budget;
using engine::retry_decision;
using engine::retry_policy;

namespace {

constexpr engine::time_point start{1h};

unsigned withdraw_all(retry_budget& budget, engine::time_point now) {
    unsigned n = 0;
    while (n < 100000 && budget.withdraw(now)) {
        ++n;
    }
    return n;
}

void succeed(retry_budget& budget, int times) {
    for (int i = 0; i < times; ++i) {
        budget.succeeded();
    }
}

} // namespace

TEST(retry_budget, starts_with_ten_seconds_of_its_refill) {
    retry_budget budget(0.2, 10);
    EXPECT_EQ(withdraw_all(budget, start), 100U);
    EXPECT_FALSE(budget.withdraw(start));
}

TEST(retry_budget, is_refilled_per_second) {
    retry_budget budget(0.2, 10);
    EXPECT_EQ(withdraw_all(budget, start), 100U);
    EXPECT_EQ(withdraw_all(budget, start + 99ms), 0U);
    EXPECT_EQ(withdraw_all(budget, start + 1s), 10U);
    EXPECT_EQ(withdraw_all(budget, start + 3s), 20U);
}

TEST(retry_budget, a_refused_withdrawal_costs_nothing) {
    retry_budget budget(0.2, 10);
    EXPECT_EQ(withdraw_all(budget, start), 100U);
    unsigned granted = 0;
    for (int i = 1; i <= 1000; ++i) {
        granted += budget.withdraw(start + i * 1ms) ? 1 : 0;
    }
    EXPECT_GE(granted, 9U);
    EXPECT_LE(granted, 10U);
}

TEST(retry_budget, is_bounded) {
    retry_budget budget(0.2, 10);
    EXPECT_EQ(withdraw_all(budget, start), 100U);
    succeed(budget, 100000);
    EXPECT_EQ(withdraw_all(budget, start + 24h), 100U);
}

TEST(retry_budget, case_207_refilled_by_successes) {
    retry_budget budget(0.2, 0);
    EXPECT_EQ(withdraw_all(budget, start), 10U);
    EXPECT_EQ(withdraw_all(budget, start + 24h), 0U) << "no refill by time alone";
    succeed(budget, 4);
    EXPECT_EQ(withdraw_all(budget, start + 24h), 0U);
    succeed(budget, 2);
    EXPECT_EQ(withdraw_all(budget, start + 24h), 1U);
    succeed(budget, 26);
    EXPECT_EQ(withdraw_all(budget, start + 24h), 5U);
}

TEST(retry_budget, successes_before_its_first_use_do_not_count_twice) {
    retry_budget budget(0.2, 10);
    succeed(budget, 1000);
    EXPECT_EQ(withdraw_all(budget, start), 100U);
}

TEST(retry_budget, none) {
    retry_budget budget(0, 0);
    succeed(budget, 1000);
    EXPECT_FALSE(budget.withdraw(start));
    EXPECT_FALSE(budget.withdraw(start + 24h));
}

TEST(retry_budget, a_clock_that_stands_or_goes_back_refills_nothing) {
    retry_budget budget(0.2, 10);
    EXPECT_EQ(withdraw_all(budget, start), 100U);
    EXPECT_FALSE(budget.withdraw(start));
    EXPECT_FALSE(budget.withdraw(start - 1h));

    retry_budget full(0.2, 10);
    EXPECT_TRUE(full.withdraw(start));
    EXPECT_TRUE(full.withdraw(start - 1h)) << "and costs nothing";
}

TEST(retry_budget, case_207_the_policy_refills_it_by_successes_only) {
    const retry_config config;
    for (const int status : {200, 204, 404, 429, 500}) {
        retry_budget budget(1, 0);
        EXPECT_EQ(withdraw_all(budget, start), 10U);
        retry_policy policy(retry_class::non_idempotent, 1, false, config);
        attempt_outcome end;
        end.status = status;
        end.how = delivery::answered;
        (void)policy.decide(end, start, start + 1s, budget, [] { return 0.0; });
        EXPECT_EQ(budget.withdraw(start), status < 400) << status;
    }
}

// A server that responds 500 to every request, and 1,000 calls a second.
TEST(retry_budget, case_206_retries_are_bounded_in_an_outage) {
    retry_config config;
    config.base = 0ns;
    retry_budget budget(config.budget_ratio, config.budget_per_second);
    attempt_outcome end;
    end.status = 500;
    end.how = delivery::answered;
    constexpr int seconds = 60;
    unsigned calls = 0;
    unsigned sent = 0;
    for (int ms = 0; ms < seconds * 1000; ++ms) {
        retry_policy policy(retry_class::safe, 3, false, config);
        ++calls;
        retry_decision v;
        do {
            ++sent;
            v = policy.decide(end, start + ms * 1ms, engine::time_point::max(), budget, [] { return 0.0; });
        } while (v.next != retry_decision::what::stop);
    }
    EXPECT_LE(sent, calls + 100 + 10 * seconds);
    EXPECT_GE(sent, calls + 10 * (seconds - 1)) << "the refill per second is used";
}

// Half of all attempts fail: retries are a share of the successes, not of the failures.
TEST(retry_budget, case_206_a_server_that_fails_every_second_attempt) {
    const retry_config config;
    retry_budget budget(config.budget_ratio, config.budget_per_second);
    attempt_outcome bad;
    bad.status = 503;
    bad.how = delivery::answered;
    attempt_outcome good = bad;
    good.status = 200;
    constexpr int seconds = 60;
    unsigned retries = 0;
    unsigned successes = 0;
    unsigned attempts = 0;
    for (int ms = 0; ms < seconds * 1000; ++ms) {
        retry_policy policy(retry_class::safe, 3, false, config);
        for (;;) {
            const bool works = ++attempts % 2 == 0;
            successes += works ? 1 : 0;
            const retry_decision v = policy.decide(works ? good : bad, start + ms * 1ms, engine::time_point::max(),
                                                   budget, [] { return 0.0; });
            if (v.next == retry_decision::what::stop) {
                break;
            }
            ++retries;
        }
    }
    EXPECT_LE(retries, successes / 5 + 10 * seconds + 100 + 1);
    EXPECT_GE(retries, successes / 5);
}
