// Copyright (c) 2026 The yunhu authors
// SPDX-License-Identifier: BSL-1.0

#include "engine/retry_policy.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <chrono>
#include <optional>

// The number of retries and the pauses before them.

using namespace std::chrono_literals;
using namespace yunhu;
using engine::attempt_outcome;
using engine::retry_budget;
using engine::retry_decision;
using engine::retry_policy;
using std::chrono::nanoseconds;

namespace {

constexpr engine::time_point now{1h};
constexpr double almost_1 = 0x1.fffffffffffffp-1;
constexpr auto longest = engine::time_point::max();

attempt_outcome status(int code, std::optional<nanoseconds> retry_after = std::nullopt) {
    attempt_outcome end;
    end.status = code;
    end.how = delivery::answered;
    end.retry_after = retry_after;
    return end;
}

attempt_outcome failed(delivery how, errc code, bool reused = false) {
    attempt_outcome end;
    end.code = code;
    end.how = how;
    end.reused = reused;
    return end;
}

// A call's retry policy with its configuration, budget and random number.
struct trial {
    explicit trial(retry_class how = retry_class::safe, unsigned max_attempts = 3, const retry_config& with = {})
        : config(with), policy(how, max_attempts, false, config) {}

    retry_decision after(const attempt_outcome& end, engine::time_point deadline = longest) {
        return policy.decide(end, now, deadline, budget, [this] { return uniform; });
    }

    retry_config config;
    retry_budget budget{0.2, 1000000};
    double uniform = almost_1;
    retry_policy policy;
};

nanoseconds below(nanoseconds bound) {
    return bound - 1us;
}

} // namespace

TEST(retry_attempts, they_are_bounded) {
    for (unsigned most = 1; most <= 5; ++most) {
        trial t(retry_class::safe, most);
        for (unsigned i = 1; i < most; ++i) {
            EXPECT_EQ(t.after(status(503)).next, retry_decision::what::retry_after) << i << " of " << most;
        }
        EXPECT_EQ(t.after(status(503)).next, retry_decision::what::stop) << most;
    }
}

TEST(retry_attempts, every_failure_counts) {
    trial t(retry_class::safe, 4);
    EXPECT_EQ(t.after(failed(delivery::not_sent, errc::connect_failed)).next, retry_decision::what::retry_after);
    EXPECT_EQ(t.after(failed(delivery::maybe_sent, errc::timed_out)).next, retry_decision::what::retry_after);
    EXPECT_EQ(t.after(status(429)).next, retry_decision::what::retry_after);
    EXPECT_EQ(t.after(status(500)).next, retry_decision::what::stop);
}

TEST(retry_attempts, case_204_connect_refused_twice_then_up) {
    trial t(retry_class::non_idempotent);
    EXPECT_EQ(t.after(failed(delivery::not_sent, errc::connect_failed)).next, retry_decision::what::retry_after);
    EXPECT_EQ(t.after(failed(delivery::not_sent, errc::connect_failed)).next, retry_decision::what::retry_after);
    EXPECT_EQ(t.after(status(200)).next, retry_decision::what::stop);
}

TEST(retry_attempts, case_109_one_retry_of_an_unsent_request_is_free) {
    trial t(retry_class::non_idempotent, 2);
    t.budget = retry_budget(0, 0);
    const attempt_outcome lost = failed(delivery::not_sent, errc::connection_lost, true);
    const retry_decision v = t.after(lost);
    EXPECT_EQ(v.next, retry_decision::what::retry_on_new_connection);
    EXPECT_EQ(v.pause, 0ns);
    EXPECT_EQ(t.after(lost).next, retry_decision::what::stop) << "no budget for another retry";

    trial rich(retry_class::non_idempotent, 2);
    EXPECT_EQ(rich.after(lost).next, retry_decision::what::retry_on_new_connection);
    EXPECT_EQ(rich.after(lost).next, retry_decision::what::retry_after) << "it did not count as an attempt";
    EXPECT_EQ(rich.after(lost).next, retry_decision::what::stop);
}

TEST(retry_attempts, case_112_one_retry_after_a_stale_connection) {
    trial t(retry_class::safe, 10);
    const attempt_outcome lost = failed(delivery::maybe_sent, errc::connection_lost, true);
    const retry_decision v = t.after(lost);
    EXPECT_EQ(v.next, retry_decision::what::retry_on_new_connection);
    EXPECT_EQ(v.pause, 0ns);
    EXPECT_EQ(t.after(failed(delivery::maybe_sent, errc::connection_lost, false)).next, retry_decision::what::stop);

    trial other(retry_class::safe, 10);
    EXPECT_EQ(other.after(lost).next, retry_decision::what::retry_on_new_connection);
    EXPECT_EQ(other.after(lost).next, retry_decision::what::stop) << "not after another stale connection";
}

TEST(retry_attempts, an_empty_budget_ends_the_call) {
    trial t;
    t.budget = retry_budget(0, 0);
    EXPECT_EQ(t.after(status(503)).next, retry_decision::what::stop);
    EXPECT_EQ(t.after(failed(delivery::maybe_sent, errc::connection_lost, true)).next, retry_decision::what::stop);
}

TEST(retry_pause, full_jitter_from_nothing) {
    trial t(retry_class::safe, 50);
    t.uniform = 0;
    for (int i = 0; i < 20; ++i) {
        EXPECT_EQ(t.after(status(503)).pause, 0ns);
    }
}

TEST(retry_pause, full_jitter_with_a_bound_that_doubles_up_to_its_cap) {
    trial t(retry_class::safe, 200);
    nanoseconds bound = 50ms;
    for (int i = 0; i < 150; ++i) {
        const nanoseconds pause = t.after(status(503)).pause;
        EXPECT_LT(pause, bound) << i;
        EXPECT_GE(pause, below(bound)) << i;
        bound = std::min<nanoseconds>(bound * 2, 20s);
    }
}

TEST(retry_pause, case_202_throttled_backoff_starts_at_one_second) {
    trial t(retry_class::non_idempotent, 4);
    for (const auto bound : {1s, 2s, 4s}) {
        const nanoseconds pause = t.after(status(429)).pause;
        EXPECT_LT(pause, bound);
        EXPECT_GE(pause, below(bound));
    }
}

TEST(retry_pause, case_202_retry_after_is_a_lower_bound) {
    trial t(retry_class::safe, 10);
    EXPECT_EQ(t.after(status(429, 7s)).pause, 7s);
    EXPECT_EQ(t.after(status(503, 3s)).pause, 3s);
    EXPECT_GE(t.after(status(429, 1s)).pause, below(4s)) << "not an upper bound";
    EXPECT_GE(t.after(status(429, 0s)).pause, below(8s));
    t.uniform = 0;
    EXPECT_EQ(t.after(status(429, 0s)).pause, 0s) << "immediate, but counted";
    EXPECT_EQ(t.after(status(429, 60s)).pause, 60s) << "beyond the cap of the drawn backoff";
}

TEST(retry_pause, case_202_zero_is_counted) {
    trial t(retry_class::safe, 2);
    t.uniform = 0;
    EXPECT_EQ(t.after(status(429, 0s)).next, retry_decision::what::retry_after);
    EXPECT_EQ(t.after(status(429, 0s)).next, retry_decision::what::stop);
}

TEST(retry_pause, case_202_retry_after_is_ignored_with_other_statuses) {
    trial t;
    EXPECT_EQ(t.after(status(200, 1s)).next, retry_decision::what::stop);
    EXPECT_EQ(t.after(status(404, 1s)).next, retry_decision::what::stop);
}

TEST(retry_pause, case_137_beyond_the_deadline) {
    trial t(retry_class::safe, 10);
    EXPECT_EQ(t.after(status(429, 5s), now + 5s).next, retry_decision::what::stop);
    EXPECT_EQ(t.after(status(429, 5s), now + 5s + 1ns).next, retry_decision::what::retry_after);
    EXPECT_EQ(t.after(status(503), now).next, retry_decision::what::stop);
    EXPECT_EQ(t.after(status(503), now - 1s).next, retry_decision::what::stop);
    EXPECT_EQ(t.after(failed(delivery::maybe_sent, errc::connection_lost, true), now).next, retry_decision::what::stop);
}

TEST(retry_pause, case_137_a_pause_beyond_the_deadline_costs_no_budget) {
    trial t(retry_class::safe, 100);
    t.budget = retry_budget(0.2, 0); // ten
    for (int i = 0; i < 50; ++i) {
        EXPECT_EQ(t.after(status(429, 10s), now + 1s).next, retry_decision::what::stop);
    }
    EXPECT_EQ(t.after(status(429, 10s)).next, retry_decision::what::retry_after);
}

TEST(retry_pause, case_134_infinite_settings) {
    retry_config config;
    config.base = nanoseconds::max();
    config.throttled_base = nanoseconds::max();
    config.cap = nanoseconds::max();
    trial t(retry_class::safe, 100, config);
    for (int i = 0; i < 70; ++i) {
        EXPECT_EQ(t.after(status(503), now + 30s).next, retry_decision::what::stop);
        EXPECT_EQ(t.after(status(429, nanoseconds::max())).next, retry_decision::what::stop);
    }
    trial patient(retry_class::safe, 100, config);
    patient.uniform = 0.25;
    EXPECT_GT(patient.after(status(503)).pause, 24h * 365);
}

TEST(retry_pause, zero_pause) {
    retry_config config;
    config.base = 0ns;
    trial t(retry_class::safe, 3, config);
    const retry_decision v = t.after(status(503));
    EXPECT_EQ(v.next, retry_decision::what::retry_after);
    EXPECT_EQ(v.pause, 0ns);
}
