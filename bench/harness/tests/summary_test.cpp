// Copyright (c) 2026 The yunhu authors
// SPDX-License-Identifier: BSL-1.0

#include "example_result.hpp"
#include "summary.hpp"
#include "units.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <chrono>
#include <sstream>
#include <string>

// The text at the end of a run, which must fit into a usual terminal.
namespace bench {
namespace {

using namespace std::chrono_literals;
using ::testing::HasSubstr;

std::string summary_of(const run_result& r) {
    std::ostringstream out;
    print(out, r);
    return out.str();
}

void expect_narrow(const std::string& text) {
    std::istringstream lines(text);
    for (std::string line; std::getline(lines, line);) {
        EXPECT_LE(columns_of(line), 80U) << line;
    }
}

// The longest name and number of everything.
run_result wide_result() {
    run_result r = example_result();
    for (const std::string_view name : endpoint_names) {
        section s = r.sections.front();
        s.name = name;
        r.sections.push_back(s);
    }
    for (int i = 0; i < 20; ++i) {
        r.sections.front().errors["an_error_with_a_long_name_" + std::to_string(i)] = 123'456'789;
    }
    r.sections.front().retries = 123'456'789;
    r.transport = {100'000, 123'456'789, 123'456'789, 123'456'789, 123'456'789, 1};
    for (int i = 0; i < 3; ++i) {
        ramp_step s;
        s.offered = 123'456.7;
        s.rate = 123'456.7;
        s.failed = 123'456'789;
        s.p50 = s.p99 = s.p999 = 99'960us;
        s.saturated = true;
        s.reason = "123456789 errors";
        r.steps.push_back(s);
    }
    return r;
}

TEST(summary, fits_into_80_columns) {
    expect_narrow(summary_of(example_result()));
    expect_narrow(summary_of(wide_result()));
    EXPECT_THAT(summary_of(example_result()), HasSubstr("p99.99     max\n"));
}

TEST(summary, has_every_number) {
    std::string text; // without the breaks of its lines
    std::istringstream words(summary_of(wide_result()));
    for (std::string word; words >> word;) {
        text += (text.empty() ? "" : " ") + word;
    }
    for (const std::string_view name : endpoint_names) {
        EXPECT_THAT(text, HasSubstr(name));
    }
    EXPECT_THAT(text, HasSubstr("an_error_with_a_long_name_19 123456789,"));
    EXPECT_THAT(text, HasSubstr("; retries 123456789"));
    EXPECT_THAT(text, HasSubstr("dials 123456789, failed 123456789"));
    EXPECT_THAT(text, HasSubstr("handshakes 123456789, resumed 123456789"));
    EXPECT_THAT(text, HasSubstr("too much: 123456789 errors"));
}

TEST(units, three_digits_also_when_they_round_up) {
    EXPECT_EQ(human(99'960us), "100 ms");
    EXPECT_EQ(human(9'996us), "10.0 ms");
    EXPECT_EQ(human(9'990us), "9.99 ms");
    EXPECT_EQ(human(999'600us), "1000 ms");
}

TEST(units, wraps_after_blanks_and_commas) {
    using lines = std::vector<std::string>;
    EXPECT_EQ(wrapped("", 10), lines{""});
    EXPECT_EQ(wrapped("one, two, three", 10), (lines{"one, two, ", "three"}));
    EXPECT_EQ(wrapped("abcdefghij", 4), (lines{"abcd", "efgh", "ij"}));
    EXPECT_EQ(columns_of("12 µs"), 5U);
}

} // namespace
} // namespace bench
