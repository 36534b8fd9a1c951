// Copyright (c) 2026 The yunhu authors
// SPDX-License-Identifier: BSL-1.0

#include "example_result.hpp"
#include "plot.hpp"
#include "report.hpp"

#include <boost/json/parse.hpp>
#include <boost/json/value.hpp>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cctype>
#include <sstream>
#include <string>
#include <string_view>
#include <vector>

namespace bench {
namespace {

using ::testing::HasSubstr;
using ::testing::Not;

std::string page_of(const std::vector<named_result>& results) {
    std::ostringstream out;
    write_report(out, results);
    return out.str();
}

bool is_name(char c) {
    return std::isalnum(static_cast<unsigned char>(c)) != 0 || c == '-';
}

// Reads the attributes of a tag; fails on any that is not `name="value"`.
void check_attributes(std::string_view text) {
    while (!text.empty() && text != "/") {
        const auto equals = text.find("=\"");
        ASSERT_NE(equals, text.npos) << text;
        const auto end = text.find('"', equals + 2);
        ASSERT_NE(end, text.npos) << text;
        const auto value = text.substr(equals + 2, end - equals - 2);
        ASSERT_EQ(value.find('<'), value.npos) << value;
        text.remove_prefix(end + 1);
        while (text.starts_with(' ') || text.starts_with('\n')) {
            text.remove_prefix(1);
        }
    }
}

void check_text(std::string_view text) {
    for (auto at = text.find('&'); at != text.npos; at = text.find('&', at + 1)) {
        const auto name = text.substr(at, text.find(';', at) - at + 1);
        ASSERT_TRUE(name == "&lt;" || name == "&gt;" || name == "&amp;" || name == "&quot;") << name;
    }
}

// Tags are properly nested, and each `<` and `&` starts a tag or an entity.
void expect_well_formed(std::string_view text) {
    ASSERT_TRUE(text.starts_with("<!DOCTYPE html>"));
    text.remove_prefix(text.find('>') + 1);
    std::vector<std::string_view> open;
    for (auto at = text.find('<'); at != text.npos; at = text.find('<')) {
        check_text(text.substr(0, at));
        text.remove_prefix(at + 1);
        const auto end = text.find('>');
        ASSERT_NE(end, text.npos);
        std::string_view tag = text.substr(0, end);
        text.remove_prefix(end + 1);
        if (tag.starts_with('/')) {
            ASSERT_FALSE(open.empty()) << tag;
            ASSERT_EQ(open.back(), tag.substr(1));
            open.pop_back();
            continue;
        }
        std::size_t name = 0;
        while (name < tag.size() && is_name(tag[name])) {
            ++name;
        }
        ASSERT_GT(name, 0U) << tag;
        check_attributes(tag.substr(name < tag.size() && tag[name] == ' ' ? name + 1 : name));
        if (!tag.ends_with('/')) {
            open.push_back(tag.substr(0, name));
        }
    }
    EXPECT_TRUE(open.empty()) << open.back();
}

std::size_t times_in(const std::string& text, std::string_view what) {
    std::size_t n = 0;
    for (auto at = text.find(what); at != text.npos; at = text.find(what, at + 1)) {
        ++n;
    }
    return n;
}

run_result ramp_result() {
    run_result r = example_result();
    r.kind = "ramp";
    for (int i = 1; i <= 4; ++i) {
        ramp_step s;
        s.offered = 1000.0 * i;
        s.rate = 990.0 * i;
        s.p50 = nanoseconds(100'000 * i);
        s.p99 = nanoseconds(900'000 * i);
        s.p999 = nanoseconds(1'900'000 * i);
        s.saturated = i == 4;
        s.reason = i == 4 ? "p99 <too> \"much\" & more" : "";
        r.steps.push_back(s);
    }
    return r;
}

TEST(report, is_well_formed) {
    expect_well_formed(page_of({{"", example_result()}}));
    expect_well_formed(page_of({{"", ramp_result()}}));
    expect_well_formed(page_of({{"a<b>.json", example_result()}, {"\"&\"", ramp_result()}}));
    expect_well_formed(page_of({{"", run_result()}}));
}

TEST(report, has_every_series) {
    const std::string page = page_of({{"", ramp_result()}});
    for (const char* const series : {"p50", "p90", "p99", "p99.9", "max", "latency", "service", "queue", "first_byte",
                                     "dial", "tls", "calls/s", "errors", "send-message", "list-message"}) {
        EXPECT_THAT(page, HasSubstr("data-series=\"" + std::string(series) + '"'));
    }
    EXPECT_EQ(times_in(page, "data-series=\"p99\""), 2U); // over time, and of the ramp
    EXPECT_EQ(times_in(page, "class=\"hollow\""), 3U);    // the last step of three lines
    EXPECT_EQ(times_in(page, "<svg "), 6U);
    EXPECT_THAT(page, HasSubstr("p99 &lt;too&gt; &quot;much&quot; &amp; more"));
}

// 1500, not 1.5E3; and which loop made these latencies.
TEST(report, shows_flags_as_they_were_given) {
    run_result r = example_result();
    r.flags = {{"mix", "send-message"}, {"loop", "open"},   {"arrivals", "poisson"}, {"rate", 1500.0},
               {"timeout_s", 30.0},     {"warm_up_s", 0.5}, {"calls", nullptr}};
    const std::string open = page_of({{"", r}});
    EXPECT_THAT(open, HasSubstr("open loop (poisson), 1500 calls/s"));
    EXPECT_THAT(open, HasSubstr("<td>timeout_s</td><td class=\"text\">30</td>"));
    EXPECT_THAT(open, HasSubstr("<td>warm_up_s</td><td class=\"text\">0.5</td>"));
    EXPECT_THAT(open, Not(HasSubstr("1.5E3")));
    r.flags = {{"mix", "send-message"}, {"loop", "closed"}, {"concurrency", 64}};
    EXPECT_THAT(page_of({{"", r}}), HasSubstr("closed loop, 64 at once"));
}

// On a phone the drawing keeps its size and scrolls, and a tap shows the values.
TEST(report, can_be_read_on_a_phone) {
    const std::string page = page_of({{"", example_result()}});
    EXPECT_THAT(page, HasSubstr("min-width: 700px"));
    EXPECT_EQ(times_in(page, "<div class=\"scroll\"><svg"), times_in(page, "<svg"));
    EXPECT_THAT(page, HasSubstr("addEventListener('pointerdown', show)"));
    EXPECT_THAT(page, HasSubstr("if (event.pointerType === 'mouse') { hide(); }"));
}

TEST(report, has_no_external_resources) {
    const std::string page = page_of({{"a", example_result()}, {"b", ramp_result()}});
    EXPECT_THAT(page, Not(HasSubstr("src=")));
    EXPECT_THAT(page, Not(HasSubstr("<link")));
    EXPECT_THAT(page, Not(HasSubstr("@import")));
    EXPECT_THAT(page, Not(HasSubstr("url(")));
    EXPECT_EQ(times_in(page, "://"), 1U); // the namespace's name
    EXPECT_THAT(page, HasSubstr("prefers-color-scheme: dark"));
}

// The script's data has one entry per figure, in the same order.
TEST(report, values_under_the_pointer) {
    const std::string page = page_of({{"a", example_result()}, {"b", ramp_result()}});
    const std::string_view begin = "<script id=\"plots\" type=\"application/json\">";
    const auto from = page.find(begin) + begin.size();
    const boost::json::value data = boost::json::parse(page.substr(from, page.find("</script>", from) - from));
    EXPECT_EQ(data.as_array().size(), times_in(page, "<figure>"));
    std::size_t lines = 0;
    for (const boost::json::value& figure : data.as_array()) {
        lines += figure.at("lines").as_array().size();
    }
    EXPECT_EQ(lines, times_in(page, "data-series="));
    const boost::json::value& over_time = data.at(1).at("lines").at(0);
    EXPECT_EQ(over_time.at("name"), "p50");
    EXPECT_EQ(over_time.at("points").as_array().size(), example_result().series.size());
    EXPECT_EQ(over_time.at("points").at(0).at(1), "0.10 s");
}

TEST(plot, each_nine_has_the_same_width) {
    plot p;
    p.x.scale = scale::percentile;
    p.x.of = quantity::part;
    p.y.scale = scale::log;
    p.lines.push_back({"a", {{0.0, 1}, {0.9, 10}, {0.99, 100}, {0.999, 1000}}, 0, false, {}});
    const boost::json::object hover = hover_of(p);
    const boost::json::value& points = hover.at("lines").at(0).at("points");
    const auto x = [&](std::size_t i) { return points.at(i).at(0).to_number<double>(); };
    EXPECT_NEAR(x(1) - x(0), x(2) - x(1), 0.2);
    EXPECT_NEAR(x(2) - x(1), x(3) - x(2), 0.2);
    EXPECT_GT(x(1), x(0));
    EXPECT_EQ(points.at(3).at(1), "99.9 %");
}

TEST(plot, values_that_can_not_be_drawn_are_omitted) {
    plot p;
    p.y.scale = scale::log;
    p.lines.push_back({"none", {{1, 0}, {2, 0}}, 0, true, {}});
    p.lines.push_back({"one", {{1, 0}, {2, 5}}, 1, true, {}});
    EXPECT_THAT(svg_of(p), Not(HasSubstr("data-series=\"none\"")));
    EXPECT_THAT(svg_of(p), HasSubstr("data-series=\"one\""));
    EXPECT_THAT(svg_of(p), Not(HasSubstr("\"nan")));
    EXPECT_THAT(svg_of(plot()), HasSubstr("<svg"));
}

} // namespace
} // namespace bench
