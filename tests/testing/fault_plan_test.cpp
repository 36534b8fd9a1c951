// Copyright (c) 2026 The yunhu authors
// SPDX-License-Identifier: BSL-1.0

// The selection of faults, without a server.

#include "testing/faults.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <string>
#include <string_view>

YUNHU_NAMESPACE_BEGIN
namespace testing::detail {
namespace {

fault on(const std::string& endpoint) {
    fault f;
    f.endpoint = endpoint;
    return f;
}

// One character per request: x with a fault, - without.
std::string pattern(fault_plan& plan, int requests, std::string_view endpoint = "a") {
    std::string text;
    for (int i = 0; i < requests; ++i) {
        text += plan.select_for_request(endpoint) != nullptr ? 'x' : '-';
    }
    return text;
}

TEST(fault_plan, applies_to_every_request_by_default) {
    fault_plan plan(1);
    EXPECT_EQ(pattern(plan, 3), "---");
    plan.add(on(""));
    EXPECT_EQ(pattern(plan, 3), "xxx");
    plan.clear();
    EXPECT_EQ(pattern(plan, 3), "---");
}

TEST(fault_plan, nth_counts_matching_requests) {
    fault_plan plan(1);
    fault f = on("a");
    f.nth = 2;
    plan.add(f);
    EXPECT_EQ(pattern(plan, 3, "b"), "---");
    EXPECT_EQ(pattern(plan, 4, "a"), "-x--");
}

TEST(fault_plan, times_is_a_limit) {
    fault_plan plan(1);
    fault f = on("a");
    f.times = 2;
    plan.add(f);
    EXPECT_EQ(pattern(plan, 5), "xx---");
}

TEST(fault_plan, the_first_match_is_applied_and_every_match_is_counted) {
    fault_plan plan(1);
    fault once = on("");
    once.times = 1;
    once.status = 1;
    fault second = on("");
    second.nth = 2;
    second.status = 2;
    plan.add(once);
    plan.add(second);
    EXPECT_EQ(plan.select_for_request("a")->status, 1);
    EXPECT_EQ(plan.select_for_request("a")->status, 2);
    EXPECT_EQ(plan.select_for_request("a"), nullptr);
}

TEST(fault_plan, probability_is_determined_by_the_seed) {
    const auto with_seed = [](std::uint64_t seed, double probability) {
        fault_plan plan(seed);
        fault f = on("");
        f.probability = probability;
        plan.add(f);
        return pattern(plan, 1000);
    };
    EXPECT_EQ(with_seed(1, 0.1), with_seed(1, 0.1));
    EXPECT_NE(with_seed(1, 0.1), with_seed(2, 0.1));
    const std::string some = with_seed(1, 0.1);
    EXPECT_NEAR(static_cast<double>(std::count(some.begin(), some.end(), 'x')), 100, 40);
    EXPECT_EQ(with_seed(1, 0).find('x'), std::string::npos);
    EXPECT_EQ(with_seed(1, 1).find('-'), std::string::npos);
}

TEST(fault_plan, faults_of_connections_are_separate) {
    fault_plan plan(1);
    plan.add(on(""));
    EXPECT_EQ(plan.select_for_connection(), nullptr);
    fault f;
    f.what = fault::action::refuse_tls;
    f.nth = 2;
    plan.clear();
    plan.add(f);
    EXPECT_EQ(pattern(plan, 3), "---");
    EXPECT_EQ(plan.select_for_connection(), nullptr);
    EXPECT_NE(plan.select_for_connection(), nullptr);
    EXPECT_EQ(plan.select_for_connection(), nullptr);
}

} // namespace
} // namespace testing::detail
YUNHU_NAMESPACE_END
