// Copyright (c) 2026 The yunhu authors
// SPDX-License-Identifier: BSL-1.0

#include "summary.hpp"

#include "units.hpp"

#include <algorithm>
#include <array>
#include <ostream>
#include <string>
#include <string_view>
#include <utility>

namespace bench {
namespace {

constexpr std::array<double, 5> percents = {50, 90, 99, 99.9, 99.99};

constexpr std::size_t screen_columns = 80;
constexpr std::size_t name_columns = 25;
constexpr std::size_t count_columns = 7;
constexpr std::size_t time_columns = 8; // "12.3 ms" and a blank

std::string right(const std::string& text, std::size_t width) {
    return std::string(width - std::min(width, columns_of(text)), ' ') + text;
}

std::string left(const std::string& text, std::size_t width) {
    return text + std::string(width - std::min(width, columns_of(text)), ' ');
}

// A label and its text, which may take several lines.
void labelled(std::ostream& out, std::string_view label, std::string_view text) {
    constexpr std::size_t label_columns = 13;
    for (const std::string& line : wrapped(text, screen_columns - label_columns)) {
        out << left(std::string(std::exchange(label, "")), label_columns) << line << '\n';
    }
}

void row(std::ostream& out, const std::string& name, const histogram& h) {
    if (h.count() == 0) {
        return;
    }
    if (columns_of(name) >= name_columns) { // the longest endpoint's
        out << name << '\n' << left("", name_columns);
    } else {
        out << left(name, name_columns);
    }
    out << right(human(static_cast<double>(h.count())), count_columns);
    for (const double p : percents) {
        out << right(human(h.percentile(p)), time_columns);
    }
    out << right(human(h.max()), time_columns) << '\n';
}

void times(std::ostream& out, const run_result& r) {
    const section& all = r.sections.front();
    out << left("", name_columns) << right("count", count_columns);
    for (const char* const title : {"p50", "p90", "p99", "p99.9", "p99.99", "max"}) {
        out << right(title, time_columns);
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
    out << steps_heading() << '\n';
    for (const ramp_step& s : all) {
        out << step_line(s) << '\n';
    }
}

void errors(std::ostream& out, const section& all) {
    std::string text;
    for (const auto& [kind, count] : all.errors) {
        text += (text.empty() ? "" : ", ") + kind + ' ' + std::to_string(count);
    }
    labelled(out, "errors", (text.empty() ? "none" : text) + "; retries " + std::to_string(all.retries));
}

} // namespace

std::string steps_heading() {
    return right("offered/s", 10) + right("served/s", 9) + right("p50", time_columns) + right("p99", time_columns) +
           right("p99.9", time_columns) + right("errors", 7);
}

std::string step_line(const ramp_step& s) {
    return right(human(s.offered), 10) + right(human(s.rate), 9) + right(human(s.p50), time_columns) +
           right(human(s.p99), time_columns) + right(human(s.p999), time_columns) +
           right(human(static_cast<double>(s.failed)), 7) + (s.saturated ? "  too much: " + s.reason : "");
}

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
    const transport& t = r.transport;
    out << '\n';
    labelled(out, "rate",
             human(calls / r.seconds) + " calls/s: " + std::to_string(all.calls) + " calls in " + fixed(r.seconds, 2) +
                 " s");
    errors(out, all);
    labelled(out, "connections",
             std::to_string(t.connections) + " open; reuse " + fixed(100 * static_cast<double>(all.reused) / calls, 2) +
                 " %; dials " + std::to_string(t.dials) + ", failed " + std::to_string(t.connects_failed));
    labelled(out, "TLS", "handshakes " + std::to_string(t.handshakes) + ", resumed " + std::to_string(t.resumed));
    labelled(out, "client",
             fixed(r.cost.client_cpu * 1e6 / calls, 1) + " µs of CPU a call, peak memory " +
                 fixed(static_cast<double>(r.cost.peak_memory) / (1 << 20), 1) + " MiB");
    if (r.cost.server_cpu) {
        labelled(out, "emulator", fixed(*r.cost.server_cpu * 1e6 / calls, 1) + " µs of CPU a call");
    }
}

} // namespace bench
