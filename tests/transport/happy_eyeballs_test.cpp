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

std::vector<std::string> order(happy_eyeballs race) {
    std::vector<std::string> all;
    while (const auto next = race.next()) {
        all.push_back(next->address().to_string());
    }
    return all;
}

using names = std::vector<std::string>;

} // namespace

TEST(happy_eyeballs, case_169_families_take_turns) {
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

TEST(happy_eyeballs, nothing_to_try) {
    happy_eyeballs race{{}};
    EXPECT_FALSE(race.open());
    EXPECT_FALSE(race.more());
    EXPECT_EQ(race.next(), std::nullopt);
    EXPECT_FALSE(race.open());
}

TEST(happy_eyeballs, case_171_it_is_over_when_the_last_attempt_has_failed) {
    happy_eyeballs race(endpoints({"::1", "10.0.0.1"}));
    EXPECT_TRUE(race.open());
    ASSERT_TRUE(race.next());
    EXPECT_TRUE(race.more());
    race.failed();
    EXPECT_TRUE(race.open()) << "one is left to start";
    ASSERT_TRUE(race.next());
    EXPECT_FALSE(race.more());
    EXPECT_TRUE(race.open()) << "one runs";
    race.failed();
    EXPECT_FALSE(race.open());
}

TEST(happy_eyeballs, a_delay_that_passes_after_the_last_start_starts_nothing) {
    happy_eyeballs race(endpoints({"::1", "10.0.0.1"}));
    ASSERT_TRUE(race.next());
    ASSERT_TRUE(race.next());
    EXPECT_EQ(race.next(), std::nullopt);
    race.failed();
    EXPECT_TRUE(race.open());
    race.failed();
    EXPECT_FALSE(race.open());
}
