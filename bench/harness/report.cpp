// Copyright (c) 2026 The yunhu authors
// SPDX-License-Identifier: BSL-1.0

#include "report.hpp"

#include "html_page.hpp"
#include "plot.hpp"
#include "units.hpp"

#include <boost/json/array.hpp>
#include <boost/json/serialize.hpp>

#include <algorithm>
#include <array>
#include <charconv>
#include <cmath>
#include <ostream>
#include <string_view>
#include <utility>

namespace bench {
namespace {

namespace json = boost::json;

constexpr std::array<double, 5> page_percents = {50, 90, 99, 99.9, 99.99};

// Points of the percentile curve, denser towards the slowest call.
line percentile_line(std::string name, const histogram& h, std::size_t colour) {
    line l{std::move(name), {}, colour};
    if (h.count() == 0) {
        return l;
    }
    const double nines = std::log10(static_cast<double>(h.count()));
    constexpr double step = 0.05;
    for (double at = 0; at < nines; at += step) {
        const double part = 1 - std::pow(10, -at);
        l.points.emplace_back(part, static_cast<double>(h.percentile(100 * part).count()));
    }
    l.points.emplace_back(1 - std::pow(10, -nines), static_cast<double>(h.max().count()));
    return l;
}

plot percentile_plot(std::string title, std::string note) {
    return {std::move(title),
            std::move(note),
            {"part of the calls that took no longer", scale::percentile, quantity::part},
            {"time", scale::log, quantity::time},
            {}};
}

plot latency_plot(const section& all) {
    plot p =
        percentile_plot("Latency by percentile",
                        "Latency counts from when a call should have started, service from when it did: in an open "
                        "loop the gap is what waiting to start would have hidden.");
    p.lines.push_back(percentile_line("latency", all.of(timing::latency), 0));
    p.lines.push_back(percentile_line("service", all.of(timing::service), 1));
    return p;
}

plot phase_plot(const section& all) {
    plot p = percentile_plot("Phases by percentile", "Dials and handshakes of the warm-up are counted too.");
    for (const timing t : {timing::queue, timing::first_byte, timing::dial, timing::tls}) {
        p.lines.push_back(percentile_line(std::string(timing_names[static_cast<std::size_t>(t)]), all.of(t),
                                          static_cast<std::size_t>(t)));
    }
    return p;
}

plot endpoint_plot(const std::vector<section>& sections) {
    plot p = percentile_plot("Latency by endpoint", "");
    for (std::size_t i = 1; i < sections.size(); ++i) {
        p.lines.push_back(percentile_line(sections[i].name, sections[i].of(timing::latency), i - 1));
    }
    return p;
}

plot time_plot(const std::vector<series_point>& series) {
    plot p{"Latency over time",
           "Calls that ended in each interval.",
           {"time since the end of the warm-up", scale::linear, quantity::seconds},
           {"latency", scale::log, quantity::time},
           {}};
    const std::pair<const char*, nanoseconds series_point::*> which[] = {{"p50", &series_point::p50},
                                                                         {"p90", &series_point::p90},
                                                                         {"p99", &series_point::p99},
                                                                         {"p99.9", &series_point::p999},
                                                                         {"max", &series_point::max}};
    for (const auto& [name, member] : which) {
        line l{name, {}, p.lines.size()};
        for (const series_point& s : series) {
            l.points.emplace_back(s.at, static_cast<double>((s.*member).count()));
        }
        p.lines.push_back(std::move(l));
    }
    return p;
}

plot rate_plot(const std::vector<series_point>& series) {
    plot p{"Rate over time",
           "Calls that ended in each interval, a second.",
           {"time since the end of the warm-up", scale::linear, quantity::seconds},
           {"calls/s", scale::linear, quantity::plain},
           {}};
    line calls{"calls/s", {}, 0};
    line failed{"errors", {}, 3};
    bool any_failed = false;
    for (const series_point& s : series) {
        calls.points.emplace_back(s.at, s.rate);
        failed.points.emplace_back(s.at, static_cast<double>(s.failed));
        any_failed = any_failed || s.failed > 0;
    }
    p.lines.push_back(std::move(calls));
    if (any_failed) {
        p.lines.push_back(std::move(failed));
    }
    return p;
}

plot ramp_plot(std::vector<ramp_step> steps) {
    plot p{"Rate against latency",
           "Hollow: more than could be served.",
           {"calls/s offered", scale::linear, quantity::plain},
           {"latency", scale::log, quantity::time},
           {}};
    std::sort(steps.begin(), steps.end(), [](const auto& a, const auto& b) { return a.offered < b.offered; });
    const std::pair<const char*, nanoseconds ramp_step::*> which[] = {
        {"p50", &ramp_step::p50}, {"p99", &ramp_step::p99}, {"p99.9", &ramp_step::p999}};
    for (const auto& [name, member] : which) {
        line l{name, {}, p.lines.size(), true, {}};
        for (const ramp_step& s : steps) {
            l.points.emplace_back(s.offered, static_cast<double>((s.*member).count()));
            l.hollow.push_back(s.saturated);
        }
        p.lines.push_back(std::move(l));
    }
    return p;
}

// Writes plots and collects the data that the script needs.
class html_page {
public:
    explicit html_page(std::ostream& out) : out_(out) {}

    void draw(const plot& p) {
        const json::object hover = hover_of(p);
        out_ << "<figure><h3>" << escaped(p.title) << "</h3><p class=\"note\">" << escaped(p.note)
             << "</p><div class=\"legend\">";
        for (const json::value& l : hover.at("lines").as_array()) {
            out_ << "<span class=\"c" << l.at("colour").to_number<int>() << "\"><i></i><b>"
                 << escaped(std::string_view(l.at("name").as_string())) << "</b></span>";
        }
        // On a narrow screen the drawing scrolls: its labels would be too small to read.
        out_ << "</div><div class=\"scroll\">" << svg_of(p) << "</div><div class=\"hover\"></div></figure>\n";
        hovers_.push_back(hover);
    }
    void tile(const std::string& value, std::string_view what) {
        out_ << "<div class=\"tile\"><b>" << escaped(value) << "</b><span>" << escaped(what) << "</span></div>\n";
    }
    void row(const std::vector<std::string>& cells, bool head = false) {
        out_ << "<tr>";
        for (const std::string& cell : cells) {
            out_ << (head ? "<th>" : "<td>") << escaped(cell) << (head ? "</th>" : "</td>");
        }
        out_ << "</tr>\n";
    }
    std::ostream& out() { return out_; }

    // The content of a script element must not contain its end tag.
    void finish() {
        std::string data = json::serialize(hovers_);
        std::string safe;
        for (const char c : data) {
            safe += c == '<' ? "\\u003c" : c == '&' ? "\\u0026" : std::string(1, c);
        }
        out_ << "<script id=\"plots\" type=\"application/json\">" << safe << "</script>\n<script>" << page_script
             << "</script>\n";
    }

private:
    std::ostream& out_;
    json::array hovers_;
};

void write_tiles(html_page& to, const run_result& r) {
    const section& all = r.sections.front();
    const auto calls = static_cast<double>(all.calls);
    to.out() << "<div class=\"tiles\">\n";
    to.tile(human(r.seconds > 0 ? calls / r.seconds : 0), "calls/s");
    to.tile(human(all.of(timing::latency).percentile(50)), "p50");
    to.tile(human(all.of(timing::latency).percentile(99)), "p99");
    to.tile(human(all.of(timing::latency).percentile(99.9)), "p99.9");
    to.tile(human(static_cast<double>(all.failed)), "errors");
    to.tile(human(static_cast<double>(all.retries)), "retries");
    to.tile(calls > 0 ? fixed(r.cost.client_cpu * 1e6 / calls, 1) + " µs" : "-", "client CPU a call");
    to.tile(human(calls), "calls in " + fixed(r.seconds, 1) + " s");
    to.out() << "</div>\n";
}

void write_times(html_page& to, const std::vector<section>& sections) {
    to.out() << "<h3>Times</h3><div class=\"scroll\"><table>\n";
    to.row({"", "count", "p50", "p90", "p99", "p99.9", "p99.99", "max", "mean"}, true);
    const auto add = [&](const std::string& name, const histogram& h) {
        if (h.count() == 0) {
            return;
        }
        std::vector<std::string> cells = {name, std::to_string(h.count())};
        for (const double p : page_percents) {
            cells.push_back(human(h.percentile(p)));
        }
        cells.push_back(human(h.max()));
        cells.push_back(human(h.mean()));
        to.row(cells);
    };
    for (std::size_t t = 0; t < timing_names.size(); ++t) {
        add(std::string(timing_names[t]), sections.front().times[t]);
    }
    for (std::size_t i = 1; i < sections.size(); ++i) {
        add(sections[i].name, sections[i].of(timing::latency));
    }
    to.out() << "</table></div>\n";
}

void write_errors(html_page& to, const section& all) {
    if (all.errors.empty()) {
        return;
    }
    to.out() << "<h3>Errors</h3><table>\n";
    to.row({"kind", "calls"}, true);
    for (const auto& [kind, count] : all.errors) {
        to.row({kind, std::to_string(count)});
    }
    to.out() << "</table>\n";
}

void write_steps(html_page& to, const std::vector<ramp_step>& steps) {
    to.out() << "<h3>Steps</h3><div class=\"scroll\"><table>\n";
    to.row({"offered/s", "served/s", "p50", "p99", "p99.9", "errors", "too much"}, true);
    for (const ramp_step& s : steps) {
        to.row({human(s.offered), human(s.rate), human(s.p50), human(s.p99), human(s.p999), std::to_string(s.failed),
                s.reason});
    }
    to.out() << "</table></div>\n";
}

// As it was given on the command line: 1500, not 1.5E3.
std::string plain(const json::value& value) {
    if (value.is_string()) {
        return std::string(value.get_string());
    }
    if (!value.is_double()) {
        return json::serialize(value);
    }
    std::array<char, 64> digits{};
    const auto end = std::to_chars(digits.data(), digits.data() + digits.size(), value.get_double()).ptr;
    return {digits.data(), end};
}

// `open loop (poisson), 500 calls/s`, or `closed loop, 64 at once`.
std::string loop_of(const json::object& flags) {
    const auto flag = [&](std::string_view name) {
        const json::value* const found = flags.if_contains(name);
        return found == nullptr || found->is_null() ? std::string() : plain(*found);
    };
    const std::string loop = flag("loop");
    if (loop.empty()) {
        return {};
    }
    std::string text = loop + " loop";
    if (const std::string arrivals = flag("arrivals"); !arrivals.empty()) {
        text += " (" + arrivals + ')';
    }
    if (const std::string rate = flag("rate"); !rate.empty()) {
        text += ", " + rate + " calls/s";
    }
    if (const std::string concurrency = flag("concurrency"); !concurrency.empty()) {
        text += ", " + concurrency + " at once";
    }
    return text;
}

void write_facts(html_page& to, const run_result& r) {
    to.out() << "<details><summary>Flags, versions, machine</summary><table>\n";
    for (const json::object* facts : {&r.flags, &r.versions, &r.machine}) {
        for (const auto& [name, value] : *facts) {
            to.out() << "<tr><td>" << escaped(std::string_view(name)) << "</td><td class=\"text\">"
                     << escaped(plain(value)) << "</td></tr>\n";
        }
    }
    to.out() << "</table></details>\n";
}

void write_one(html_page& to, const named_result& named) {
    const run_result& r = named.result;
    const json::value* const mix = r.flags.if_contains("mix");
    const std::string loop = loop_of(r.flags);
    to.out() << "<h2>" << escaped(named.name.empty() ? (r.kind == "ramp" ? "Ramp" : "Run") : named.name)
             << "</h2>\n<p class=\"sub\">" << escaped(r.started) << (loop.empty() ? "" : ", ") << escaped(loop)
             << (mix != nullptr && mix->is_string() ? ", " + escaped(std::string(mix->get_string())) : std::string())
             << (r.interrupted ? ", interrupted" : "") << "</p>\n";
    const bool measured = !r.sections.empty() && r.sections.front().calls > 0;
    if (measured) {
        write_tiles(to, r);
    }
    to.out() << "<div class=\"plots\">\n";
    if (!r.steps.empty()) {
        to.draw(ramp_plot(r.steps));
    }
    if (measured) {
        to.draw(time_plot(r.series));
        to.draw(latency_plot(r.sections.front()));
        to.draw(rate_plot(r.series));
        to.draw(phase_plot(r.sections.front()));
        if (r.sections.size() > 2) {
            to.draw(endpoint_plot(r.sections));
        }
    }
    to.out() << "</div>\n";
    if (!r.steps.empty()) {
        write_steps(to, r.steps);
    }
    if (measured) {
        write_times(to, r.sections);
        write_errors(to, r.sections.front());
    } else {
        to.out() << "<p>No call was measured.</p>\n";
    }
    write_facts(to, r);
}

void write_overlay(html_page& to, const std::vector<named_result>& results) {
    plot p = percentile_plot("Latency by percentile, all runs", "");
    for (const named_result& each : results) {
        if (!each.result.sections.empty()) {
            p.lines.push_back(
                percentile_line(each.name, each.result.sections.front().of(timing::latency), p.lines.size()));
        }
    }
    to.out() << "<div class=\"plots\">\n";
    to.draw(p);
    to.out() << "</div>\n";
}

} // namespace

void write_report(std::ostream& out, const std::vector<named_result>& results) {
    out << "<!DOCTYPE html>\n<html xmlns=\"http://www.w3.org/1999/xhtml\" lang=\"en\">\n<head><meta charset=\"utf-8\"/>"
           "<meta name=\"viewport\" content=\"width=device-width, "
           "initial-scale=1\"/><title>yunhu-bench</title>\n<style>"
        << page_style << "</style></head>\n<body><main>\n<h1>yunhu-bench</h1>\n";
    html_page to(out);
    if (results.size() > 1) {
        write_overlay(to, results);
    }
    for (const named_result& each : results) {
        write_one(to, each);
    }
    to.finish();
    out << "</main></body>\n</html>\n";
}

} // namespace bench
