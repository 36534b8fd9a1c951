// Copyright (c) 2026 The yunhu authors
// SPDX-License-Identifier: BSL-1.0

#include "compare.hpp"
#include "example_result.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <sstream>
#include <stdexcept>
#include <string>

namespace bench {
namespace {

using ::testing::HasSubstr;

bool fails(const std::string& text) {
    return !compare(example_result(1), example_result(2), {parse_condition(text)}).failed.empty();
}

TEST(compare, multiples_of_the_first) {
    EXPECT_TRUE(fails("p99>1.1x")); // it is about 2x
    EXPECT_TRUE(fails("p99 > 1.9x"));
    EXPECT_FALSE(fails("p99>2.1x"));
    EXPECT_FALSE(fails("p99<1.9x"));
    EXPECT_TRUE(fails("rate<=1x"));
    EXPECT_FALSE(fails("rate<1x"));
    EXPECT_FALSE(fails("rate>1x"));
    EXPECT_TRUE(fails("rate>=1x"));
    EXPECT_TRUE(fails("send-message.p50>1.5x"));
    EXPECT_TRUE(fails("service.p99.9>1.5x"));
}

TEST(compare, limits_of_the_second_alone) {
    EXPECT_FALSE(fails("p99>5ms"));
    EXPECT_TRUE(fails("p99>100us"));
    EXPECT_TRUE(fails("max<1s"));
    EXPECT_TRUE(fails("errors>=4"));
    EXPECT_FALSE(fails("errors>4"));
    EXPECT_TRUE(fails("error_rate>0.001"));
}

TEST(compare, invalid_conditions_are_refused) {
    for (const char* const text :
         {"", "p99", ">1x", "p99>", "p99>x", "p99>5", "p99>5parsecs", "rate>5ms", "p99==1x", "p99>1xx", "rate>1 x 2"}) {
        EXPECT_THROW((void)parse_condition(text), std::invalid_argument) << text;
    }
}

TEST(compare, an_unknown_metric_is_an_error_that_names_the_known_ones) {
    try {
        (void)fails("p98>1.1x");
        FAIL();
    } catch (const std::invalid_argument& e) {
        EXPECT_THAT(e.what(), HasSubstr("no metric \"p98\""));
        EXPECT_THAT(e.what(), HasSubstr(" p99.9"));
        EXPECT_THAT(e.what(), HasSubstr(" rate"));
    }
}

TEST(compare, a_metric_of_one_run_only) {
    run_result first = example_result();
    first.sections.pop_back();
    const run_result second = example_result();
    EXPECT_THROW((void)compare(first, second, {parse_condition("list-message.p99>1.1x")}), std::invalid_argument);
    EXPECT_NO_THROW((void)compare(first, second, {parse_condition("list-message.p99>1s")}));
}

TEST(compare, printed) {
    const comparison c =
        compare(example_result(1), example_result(2), {parse_condition("p99>1.1x"), parse_condition("rate<0.5x")});
    ASSERT_EQ(c.failed.size(), 1U);
    std::ostringstream brief;
    print(brief, c, true);
    EXPECT_THAT(brief.str(), HasSubstr("\np99 "));
    EXPECT_THAT(brief.str(), HasSubstr("\np99.99 "));
    EXPECT_THAT(brief.str(), HasSubstr("1.00x"));
    EXPECT_THAT(brief.str(), HasSubstr("FAILED p99>1.1x"));
    EXPECT_THAT(brief.str(), ::testing::Not(HasSubstr("send-message.p50")));
    std::ostringstream all;
    print(all, c, false);
    EXPECT_THAT(all.str(), HasSubstr("send-message.p50"));
}

} // namespace
} // namespace bench
