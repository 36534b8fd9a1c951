#include "net/connect_race.hpp"

#include <gtest/gtest.h>

#include <boost/asio/ip/address.hpp>

#include <initializer_list>
#include <optional>
#include <string>
#include <vector>

using yunhu::net::connect_race;

namespace {

std::vector<connect_race::endpoint> endpoints(std::initializer_list<const char*> addresses) {
    std::vector<connect_race::endpoint> all;
    for (const char* const address : addresses) {
        all.emplace_back(boost::asio::ip::make_address(address), 443);
    }
    return all;
}

std::vector<std::string> order(connect_race race) {
    std::vector<std::string> all;
    while (const auto next = race.next()) {
        all.push_back(next->address().to_string());
    }
    return all;
}

using names = std::vector<std::string>;

} // namespace

TEST(connect_race, case_169_families_take_turns) {
    EXPECT_EQ(order(connect_race(endpoints({"::1", "::2", "::3", "10.0.0.1", "10.0.0.2"}))),
              (names{"::1", "10.0.0.1", "::2", "10.0.0.2", "::3"}));
}

TEST(connect_race, case_169_the_resolvers_first_family_goes_first) {
    EXPECT_EQ(order(connect_race(endpoints({"10.0.0.1", "10.0.0.2", "::1"}))), (names{"10.0.0.1", "::1", "10.0.0.2"}));
}

TEST(connect_race, one_family_keeps_the_resolvers_order) {
    EXPECT_EQ(order(connect_race(endpoints({"10.0.0.3", "10.0.0.1", "10.0.0.2"}))),
              (names{"10.0.0.3", "10.0.0.1", "10.0.0.2"}));
    EXPECT_EQ(order(connect_race(endpoints({"::1"}))), names{"::1"});
}

TEST(connect_race, nothing_to_try) {
    connect_race race{{}};
    EXPECT_FALSE(race.open());
    EXPECT_FALSE(race.more());
    EXPECT_EQ(race.next(), std::nullopt);
    EXPECT_FALSE(race.open());
}

TEST(connect_race, case_171_it_is_over_when_the_last_attempt_has_failed) {
    connect_race race(endpoints({"::1", "10.0.0.1"}));
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

TEST(connect_race, a_delay_that_passes_after_the_last_start_starts_nothing) {
    connect_race race(endpoints({"::1", "10.0.0.1"}));
    ASSERT_TRUE(race.next());
    ASSERT_TRUE(race.next());
    EXPECT_EQ(race.next(), std::nullopt);
    race.failed();
    EXPECT_TRUE(race.open());
    race.failed();
    EXPECT_FALSE(race.open());
}
