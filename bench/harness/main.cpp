// Copyright (c) 2026 The yunhu authors
// SPDX-License-Identifier: BSL-1.0

// A load generator that uses the library's client. See `yunhu-bench --help` and bench/README.md.

#include "compare.hpp"
#include "emulator_process.hpp"
#include "options.hpp"
#include "ramp.hpp"
#include "report.hpp"
#include "run_result.hpp"
#include "session.hpp"
#include "summary.hpp"
#include "tools/standard_streams.hpp"
#include "units.hpp"
#include "view.hpp"

#include <cstdlib>
#include <exception>
#include <fstream>
#include <iostream>
#include <memory>
#include <optional>
#include <stdexcept>
#include <string>
#include <system_error>
#include <utility>
#include <vector>

namespace {

using bench::options;
using bench::run_result;

std::string title_of(const options& o) {
    const std::string loop = o.load.rate ? "open loop, " + bench::human(*o.load.rate) + " calls/s"
                                         : "closed loop, " + std::to_string(o.load.concurrency) + " at once";
    return loop + ", " + o.mix + " on " + (o.base_url.empty() ? "the emulator" : o.base_url);
}

bench::ramp_step step_of(const run_result& r, double offered) {
    const bench::section& all = r.sections.front();
    bench::ramp_step s;
    s.offered = offered;
    s.calls = all.calls;
    s.failed = all.failed;
    s.rate = r.seconds > 0 ? static_cast<double>(all.calls) / r.seconds : 0;
    s.p50 = all.of(bench::timing::latency).percentile(50);
    s.p99 = all.of(bench::timing::latency).percentile(99);
    s.p999 = all.of(bench::timing::latency).percentile(99.9);
    return s;
}

// The result of the highest rate that was served, else of the first, with all steps.
run_result measure_ramp(bench::session& session, bench::view& view, const options& o) {
    bench::ramp ramp(o.ramp);
    std::optional<run_result> best;
    double best_rate = 0;
    while (const std::optional<double> next = ramp.next()) {
        const double rate = *next;
        bench::load_settings load = o.load;
        load.rate = rate;
        run_result r = session.measure(load, "ramp, " + bench::human(rate) + " calls/s, " + o.mix);
        if (session.interrupted()) {
            break; // an interrupted step is not a result
        }
        bench::ramp_step step = step_of(r, rate);
        bench::judge(step, o.ramp);
        view.add_step(bench::steps_heading(), bench::step_line(step));
        if (!best || (!step.saturated && rate > best_rate)) {
            best = std::move(r);
            best_rate = rate;
        }
        ramp.saw(std::move(step));
    }
    run_result result = best ? std::move(*best) : run_result();
    result.kind = "ramp";
    result.interrupted = session.interrupted();
    result.flags = o.flags();
    result.steps = ramp.steps();
    return result;
}

void write_page(const std::string& file, const std::vector<bench::named_result>& results) {
    std::ofstream out(file, std::ios::binary);
    bench::write_report(out, results);
    out.close();
    if (!out) {
        throw std::runtime_error("can't write " + file);
    }
}

// An unreachable server or a rejected token is not a measurement.
bool all_failed(const run_result& r) {
    if (r.sections.empty() || r.sections.front().calls == 0 || r.sections.front().failed < r.sections.front().calls) {
        return false;
    }
    std::cerr << "yunhu-bench: no call succeeded:";
    for (const auto& [kind, count] : r.sections.front().errors) {
        std::cerr << ' ' << kind << ' ' << count;
    }
    std::cerr << '\n';
    return true;
}

int measure(options o) {
    std::optional<bench::emulator_process> emulator;
    if (o.base_url.empty()) {
        const std::string token = "bench"; // of the local emulator: not a secret
        emulator.emplace(token, o.load.seed);
        o.token = token;
    }
    run_result result;
    {
        const std::unique_ptr<bench::view> view = bench::make_view(o.quiet);
        bench::session session(o, emulator ? &*emulator : nullptr, *view);
        result =
            o.what == options::command::ramp ? measure_ramp(session, *view, o) : session.measure(o.load, title_of(o));
    }
    bench::print(std::cout, result);
    if (!o.json.empty()) {
        bench::write_result(result, o.json);
    }
    if (!o.html.empty()) {
        write_page(o.html, {{"", result}});
    }
    return all_failed(result) ? EXIT_FAILURE : EXIT_SUCCESS;
}

int compare(const options& o) {
    try {
        const run_result first = bench::read_result(o.files[0]);
        const run_result second = bench::read_result(o.files[1]);
        const bench::comparison c = bench::compare(first, second, o.fail_if);
        bench::print(std::cout, c, !o.all_metrics);
        return c.failed.empty() ? EXIT_SUCCESS : 1;
    } catch (const std::exception& e) {
        std::cerr << "yunhu-bench: " << e.what() << '\n';
        return 2; // 1 is reserved for a condition that holds
    }
}

int report(const options& o) {
    std::vector<bench::named_result> results;
    results.reserve(o.files.size());
    for (const std::string& file : o.files) {
        results.push_back({o.files.size() > 1 ? file : "", bench::read_result(file)});
    }
    write_page(o.html, results);
    return EXIT_SUCCESS;
}

// Whether the files can be written: a run of an hour must not find out at its end.
bool can_write(const options& o) {
    for (const auto& [option, file] : {std::pair("--json", &o.json), std::pair("--html", &o.html)}) {
        if (const std::error_code why = file->empty() ? std::error_code() : tools::check_writable(file->c_str())) {
            std::cerr << "yunhu-bench: " << option << ": can't write " << *file << ": " << why.message() << '\n';
            return false;
        }
    }
    return true;
}

int run(int argc, char** argv) {
    try {
        bench::parsed parsed = bench::parse_options(argc, argv);
        if (parsed.exit) {
            return *parsed.exit;
        }
        if (!can_write(parsed.options)) {
            return 2;
        }
        switch (parsed.options.what) {
        case options::command::compare:
            return compare(parsed.options);
        case options::command::report:
            return report(parsed.options);
        default:
            return measure(std::move(parsed.options));
        }
    } catch (const std::exception& e) {
        std::cerr << "yunhu-bench: " << e.what() << '\n';
        return EXIT_FAILURE;
    }
}

} // namespace

int main(int argc, char** argv) {
    const tools::standard_streams streams;
    return tools::report_lost_output("yunhu-bench", run(argc, argv));
}
