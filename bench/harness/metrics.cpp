// Copyright (c) 2026 The yunhu authors
// SPDX-License-Identifier: BSL-1.0

#include "run_result.hpp"

#include <algorithm>
#include <array>

namespace bench {
namespace {

constexpr std::array<std::pair<std::string_view, double>, 5> percentiles = {
    {{"p50", 50}, {"p90", 90}, {"p99", 99}, {"p99.9", 99.9}, {"p99.99", 99.99}}};

void add_times(std::vector<metric>& to, const std::string& prefix, const histogram& h) {
    if (h.count() == 0) {
        return;
    }
    for (const auto& [name, percent] : percentiles) {
        to.push_back({prefix + std::string(name), static_cast<double>(h.percentile(percent).count()), true});
    }
    to.push_back({prefix + "max", static_cast<double>(h.max().count()), true});
    to.push_back({prefix + "mean", static_cast<double>(h.mean().count()), true});
}

double part(std::uint64_t some, std::uint64_t all) {
    return all == 0 ? 0 : static_cast<double>(some) / static_cast<double>(all);
}

// "p99" of all calls' latency, "service.p99"; of an endpoint with its name before it, "send-message.p99".
void add_section(std::vector<metric>& to, const std::string& prefix, const section& s, double seconds) {
    to.push_back({prefix + "calls", static_cast<double>(s.calls), false});
    to.push_back({prefix + "rate", seconds > 0 ? static_cast<double>(s.calls) / seconds : 0, false});
    to.push_back({prefix + "errors", static_cast<double>(s.failed), false});
    to.push_back({prefix + "error_rate", part(s.failed, s.calls), false});
    to.push_back({prefix + "retries", static_cast<double>(s.retries), false});
    to.push_back({prefix + "reuse", part(s.reused, s.calls), false});
    add_times(to, prefix, s.of(timing::latency));
    for (std::size_t t = 1; t < timing_names.size(); ++t) {
        add_times(to, prefix + std::string(timing_names[t]) + '.', s.times[t]);
    }
}

void add_ramp(std::vector<metric>& to, const std::vector<ramp_step>& steps) {
    double sustained = 0;
    for (const ramp_step& step : steps) {
        sustained = step.saturated ? sustained : std::max(sustained, step.offered);
    }
    to.push_back({"sustained_rate", sustained, false});
}

} // namespace

std::vector<series_point> points_of(const recorder& from) {
    const double length = std::chrono::duration<double>(from.interval_length()).count();
    const double whole = std::chrono::duration<double>(from.measured_time()).count();
    std::vector<interval> series = from.series();
    const double rest = whole - static_cast<double>(series.empty() ? 0 : series.size() - 1) * length;
    if (series.size() > 1 && rest < length / 2) { // a short last interval has no meaningful rate
        series[series.size() - 2].merge(series.back());
        series.pop_back();
    }
    std::vector<series_point> points;
    for (const interval& each : series) {
        const double begin = static_cast<double>(points.size()) * length;
        series_point p;
        p.at = points.size() + 1 == series.size() ? whole : begin + length;
        p.rate = p.at > begin ? static_cast<double>(each.calls) / (p.at - begin) : 0;
        p.failed = each.failed;
        p.p50 = each.latency.percentile(50);
        p.p90 = each.latency.percentile(90);
        p.p99 = each.latency.percentile(99);
        p.p999 = each.latency.percentile(99.9);
        p.max = each.latency.max();
        points.push_back(p);
    }
    return points;
}

std::vector<metric> metrics_of(const run_result& result) {
    std::vector<metric> all;
    for (const section& s : result.sections) {
        add_section(all, s.name == "all" ? "" : s.name + '.', s, result.seconds);
    }
    if (!result.sections.empty() && result.sections.front().calls > 0) {
        const auto calls = static_cast<double>(result.sections.front().calls);
        all.push_back({"cpu_us_per_call", result.cost.client_cpu * 1e6 / calls, false});
        if (result.cost.server_cpu) {
            all.push_back({"server_cpu_us_per_call", *result.cost.server_cpu * 1e6 / calls, false});
        }
    }
    all.push_back({"peak_memory_bytes", static_cast<double>(result.cost.peak_memory), false});
    all.push_back({"dials", static_cast<double>(result.transport.dials), false});
    all.push_back({"dials_failed", static_cast<double>(result.transport.connects_failed), false});
    if (!result.steps.empty()) {
        add_ramp(all, result.steps);
    }
    return all;
}

bool is_time(std::string_view metric_name) {
    const auto ends = [&](std::string_view with) {
        return metric_name == with ||
               (metric_name.ends_with(with) && metric_name[metric_name.size() - with.size() - 1] == '.');
    };
    return ends("max") || ends("mean") ||
           std::any_of(percentiles.begin(), percentiles.end(), [&](const auto& p) { return ends(p.first); });
}

} // namespace bench
