// Copyright (c) 2026 The yunhu authors
// SPDX-License-Identifier: BSL-1.0

#include "example_result.hpp"

#include <boost/json/parse.hpp>
#include <boost/json/serialize.hpp>

#include <gtest/gtest.h>

#include <algorithm>
#include <set>
#include <stdexcept>
#include <string>
#include <utility>
#include <vector>

namespace bench {
namespace {

namespace json = boost::json;

double metric_of(const run_result& r, const std::string& name) {
    const auto all = metrics_of(r);
    const auto found = std::find_if(all.begin(), all.end(), [&](const metric& m) { return m.name == name; });
    if (found == all.end()) {
        ADD_FAILURE() << name;
        return -1;
    }
    return found->value;
}

TEST(result, json_round_trip) {
    run_result r = example_result();
    r.kind = "ramp";
    r.interrupted = true;
    r.steps.push_back({1000, 990, 4950, 3, nanoseconds(1), nanoseconds(2), nanoseconds(3), true, "p99 2 ns"});
    const std::string text = json::serialize(to_json(r));
    const run_result again = result_from_json(json::parse(text));
    // Not compared as text: Boost 1.81 reads some fractions with an error in the last bit.
    ASSERT_EQ(again.sections.size(), 3U);
    for (std::size_t i = 0; i < 3; ++i) {
        EXPECT_EQ(again.sections[i].name, r.sections[i].name);
        EXPECT_EQ(again.sections[i].errors, r.sections[i].errors);
        for (std::size_t t = 0; t < timing_names.size(); ++t) {
            EXPECT_EQ(again.sections[i].times[t].get(), r.sections[i].times[t].get());
        }
    }
    const std::vector<metric> before = metrics_of(r);
    const std::vector<metric> after = metrics_of(again);
    ASSERT_EQ(after.size(), before.size());
    for (std::size_t i = 0; i < before.size(); ++i) {
        EXPECT_EQ(after[i].name, before[i].name);
        EXPECT_DOUBLE_EQ(after[i].value, before[i].value) << before[i].name;
    }
    ASSERT_EQ(again.series.size(), r.series.size());
    EXPECT_DOUBLE_EQ(again.series[7].at, r.series[7].at);
    EXPECT_DOUBLE_EQ(again.series[7].rate, r.series[7].rate);
    EXPECT_EQ(again.series[7].p999, r.series[7].p999);
    EXPECT_EQ(again.flags, r.flags);
    EXPECT_EQ(again.versions, r.versions);
    EXPECT_EQ(again.machine, r.machine);
    EXPECT_EQ(again.steps.at(0).reason, "p99 2 ns");
    EXPECT_EQ(again.cost.server_cpu, r.cost.server_cpu);
    EXPECT_TRUE(again.interrupted);
}

TEST(result, has_a_schema_version) {
    const json::object o = to_json(example_result());
    EXPECT_EQ(o.at("schema"), "yunhu-bench");
    EXPECT_EQ(o.at("schema_version"), schema_version);
    for (const char* const part :
         {"metrics", "flags", "versions", "machine", "series", "sections", "transport", "cost"}) {
        EXPECT_TRUE(o.contains(part)) << part;
    }
}

TEST(result, other_json_is_refused) {
    json::object other_version = to_json(example_result());
    other_version["schema_version"] = schema_version + 1;
    json::object damaged = to_json(example_result());
    damaged.erase("series");
    for (const json::value& v :
         {json::value(1), json::value(json::object()), json::value(other_version), json::value(damaged)}) {
        EXPECT_THROW((void)result_from_json(v), std::runtime_error);
    }
    EXPECT_THROW((void)read_result("/nowhere/at/all.json"), std::runtime_error);
}

TEST(result, metrics) {
    const run_result r = example_result();
    EXPECT_EQ(metric_of(r, "calls"), 2000);
    EXPECT_EQ(metric_of(r, "rate"), 1000);
    EXPECT_EQ(metric_of(r, "errors"), 4);
    EXPECT_EQ(metric_of(r, "error_rate"), 0.002);
    EXPECT_EQ(metric_of(r, "send-message.calls"), 1500);
    EXPECT_EQ(metric_of(r, "cpu_us_per_call"), 10);
    EXPECT_EQ(metric_of(r, "server_cpu_us_per_call"), 15);
    EXPECT_LT(metric_of(r, "p50"), metric_of(r, "p99"));
    EXPECT_LT(metric_of(r, "service.p99"), metric_of(r, "p99"));
    EXPECT_GE(metric_of(r, "list-message.first_byte.p99.9"), 80'000);
    EXPECT_GT(metric_of(r, "tls.max"), 0);
    std::set<std::string> names;
    for (const metric& m : metrics_of(r)) {
        EXPECT_TRUE(names.insert(m.name).second) << m.name;
        EXPECT_EQ(m.is_time, is_time(m.name)) << m.name;
    }
}

TEST(result, sustained_rate_of_a_ramp) {
    run_result r = example_result();
    for (const auto& [rate, saturated] : {std::pair(100.0, false), std::pair(200.0, true), std::pair(150.0, false)}) {
        ramp_step s;
        s.offered = rate;
        s.saturated = saturated;
        r.steps.push_back(s);
    }
    EXPECT_EQ(metric_of(r, "sustained_rate"), 150);
}

} // namespace
} // namespace bench
