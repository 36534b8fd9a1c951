// Copyright (c) 2026 The yunhu authors
// SPDX-License-Identifier: BSL-1.0

#include "summary.hpp"

#include "units.hpp"

#include <algorithm>
#include <array>
#include <ostream>
#include <string>

namespace bench {
namespace {

constexpr std::array<double, 5> percents = {50, 90, 99, 99.9, 99.99};

// "µ" is two bytes and one column.
std::size_t columns(const std::string& text) {
    return text.size() - (text.find("µ") != std::string::npos ? 1 : 0);
}

std::string right(const std::string& text, std::size_t width) {
    return std::string(width - std::min(width, columns(text)), ' ') + text;
}

std::string left(const std::string& text, std::size_t width) {
    return text + std::string(width - std::min(width, columns(text)), ' ');
}

void row(std::ostream& out, const std::string& name, const histogram& h) {
    if (h.count() == 0) {
        return;
    }
    out << left(name, 30) << right(human(static_cast<double>(h.count())), 9);
    for (const double p : percents) {
        out << right(human(h.percentile(p)), 10);
    }
    out << right(human(h.max()), 10) << '\n';
}

void times(std::ostream& out, const run_result& r) {
    const section& all = r.sections.front();
    out << left("", 30) << right("count", 9);
    for (const char* const title : {"p50", "p90", "p99", "p99.9", "p99.99", "max"}) {
        out << right(title, 10);
    }
    out << '\n';
    for (std::size_t t = 0; t < timing_names.size(); ++t) {
        row(out, (t == 0 ? "" : "  ") + std::string(timing_names[t]), all.times[t]);
    }
    if (r.sections.size() > 2) {
        for (std::size_t i = 1; i < r.sections.size(); ++i) {
            row(out, r.sections[i].name, r.sections[i].of(timing::latency));
        }
    }
}

void steps(std::ostream& out, const std::vector<ramp_step>& all) {
    out << right("offered/s", 11) << right("served/s", 11) << right("p50", 10) << right("p99", 10) << right("p99.9", 10)
        << right("errors", 8) << '\n';
    for (const ramp_step& s : all) {
        out << right(human(s.offered), 11) << right(human(s.rate), 11) << right(human(s.p50), 10)
            << right(human(s.p99), 10) << right(human(s.p999), 10) << right(std::to_string(s.failed), 8)
            << (s.saturated ? "  too much: " + s.reason : "") << '\n';
    }
}

void errors(std::ostream& out, const section& all) {
    out << "errors       ";
    if (all.errors.empty()) {
        out << "none";
    }
    const char* between = "";
    for (const auto& [kind, count] : all.errors) {
        out << between << kind << ' ' << count;
        between = ", ";
    }
    out << "; retries " << all.retries << '\n';
}

} // namespace

void print(std::ostream& out, const run_result& r) {
    if (r.interrupted) {
        out << "interrupted: the measurement until then\n";
    }
    if (!r.steps.empty()) {
        steps(out, r.steps);
        const std::vector<metric> metrics = metrics_of(r);
        const auto found =
            std::find_if(metrics.begin(), metrics.end(), [](const metric& m) { return m.name == "sustained_rate"; });
        out << "sustained    " << human(found->value) << " calls/s; measured at this rate:\n\n";
    }
    if (r.sections.empty() || r.sections.front().calls == 0) {
        out << "no call was measured\n";
        return;
    }
    const section& all = r.sections.front();
    times(out, r);
    const auto calls = static_cast<double>(all.calls);
    out << "\nrate         " << human(calls / r.seconds) << " calls/s: " << all.calls << " calls in "
        << fixed(r.seconds, 2) << " s\n";
    errors(out, all);
    out << "connections  " << r.transport.connections << " open; dials " << r.transport.dials << ", failed "
        << r.transport.connects_failed << "; TLS handshakes " << r.transport.handshakes << ", resumed "
        << r.transport.resumed << "; reuse " << fixed(100 * static_cast<double>(all.reused) / calls, 2) << " %\n"
        << "client       " << fixed(r.cost.client_cpu * 1e6 / calls, 1) << " µs of CPU a call, peak memory "
        << fixed(static_cast<double>(r.cost.peak_memory) / (1 << 20), 1) << " MiB\n";
    if (r.cost.server_cpu) {
        out << "emulator     " << fixed(*r.cost.server_cpu * 1e6 / calls, 1) << " µs of CPU a call\n";
    }
}

} // namespace bench
