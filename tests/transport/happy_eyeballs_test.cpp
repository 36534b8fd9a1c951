// Copyright (c) 2026 The yunhu authors
// SPDX-License-Identifier: BSL-1.0

#include "transport/happy_eyeballs.hpp"

#include <gtest/gtest.h>

#include <boost/asio/ip/address.hpp>

#include <initializer_list>
#include <optional>
#include <string>
#include <vector>

using yunhu::transport::happy_eyeballs;

namespace {

std::vector<happy_eyeballs::endpoint> endpoints(std::initializer_list<const char*> addresses) {
    std::vector<happy_eyeballs::endpoint> all;
    for (const char* const address : addresses) {
        all.emplace_back(boost::asio::ip::make_address(address), 443);
    }
    return all;
}

std::vector<std::string> order(happy_eyeballs schedule) {
    std::vector<std::string> all;
    while (const auto next = schedule.next()) {
        all.push_back(next->address().to_string());
    }
    return all;
}

using names = std::vector<std::string>;

} // namespace

TEST(happy_eyeballs, case_169_families_are_interleaved) {
    EXPECT_EQ(order(happy_eyeballs(endpoints({"::1", "::2", "::3", "10.0.0.1", "10.0.0.2"}))),
              (names{"::1", "10.0.0.1", "::2", "10.0.0.2", "::3"}));
}

TEST(happy_eyeballs, case_169_the_resolvers_first_family_goes_first) {
    EXPECT_EQ(order(happy_eyeballs(endpoints({"10.0.0.1", "10.0.0.2", "::1"}))),
              (names{"10.0.0.1", "::1", "10.0.0.2"}));
}

TEST(happy_eyeballs, one_family_keeps_the_resolvers_order) {
    EXPECT_EQ(order(happy_eyeballs(endpoints({"10.0.0.3", "10.0.0.1", "10.0.0.2"}))),
              (names{"10.0.0.3", "10.0.0.1", "10.0.0.2"}));
    EXPECT_EQ(order(happy_eyeballs(endpoints({"::1"}))), names{"::1"});
}

TEST(happy_eyeballs, no_address) {
    happy_eyeballs schedule{{}};
    EXPECT_FALSE(schedule.is_open());
    EXPECT_FALSE(schedule.has_next());
    EXPECT_EQ(schedule.next(), std::nullopt);
    EXPECT_FALSE(schedule.is_open());
}

TEST(happy_eyeballs, case_171_it_closes_when_the_last_attempt_fails) {
    happy_eyeballs schedule(endpoints({"::1", "10.0.0.1"}));
    EXPECT_TRUE(schedule.is_open());
    ASSERT_TRUE(schedule.next());
    EXPECT_TRUE(schedule.has_next());
    schedule.on_failure();
    EXPECT_TRUE(schedule.is_open()) << "an address is not attempted yet";
    ASSERT_TRUE(schedule.next());
    EXPECT_FALSE(schedule.has_next());
    EXPECT_TRUE(schedule.is_open()) << "an attempt is outstanding";
    schedule.on_failure();
    EXPECT_FALSE(schedule.is_open());
}

TEST(happy_eyeballs, a_delay_after_the_last_attempt_starts_no_other) {
    happy_eyeballs schedule(endpoints({"::1", "10.0.0.1"}));
    ASSERT_TRUE(schedule.next());
    ASSERT_TRUE(schedule.next());
    EXPECT_EQ(schedule.next(), std::nullopt);
    schedule.on_failure();
    EXPECT_TRUE(schedule.is_open());
    schedule.on_failure();
    EXPECT_FALSE(schedule.is_open());
}
