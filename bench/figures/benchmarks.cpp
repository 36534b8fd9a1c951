// Copyright (c) 2026 The yunhu authors
// SPDX-License-Identifier: BSL-1.0

#include "benchmarks.hpp"

#include <array>
#include <exception>

namespace yunhu::bench {
namespace {

constexpr double seconds_per_round = 0.5;

// Repetitions of different benchmarks are interleaved, so that a busy moment of the machine does not hit only one.
void initialize() {
    static const bool done = [] {
        std::string program = "yunhu-figures";
        std::string interleaved = "--benchmark_enable_random_interleaving=true";
        std::array<char*, 3> arguments{program.data(), interleaved.data(), nullptr};
        int count = 2;
        benchmark::Initialize(&count, arguments.data());
        return true;
    }();
    (void)done;
}

// Keeps the medians instead of printing; of a single repetition, its values.
class collector : public benchmark::BenchmarkReporter {
public:
    bool ReportContext(const Context& /*context*/) override { return true; }

    void ReportRuns(const std::vector<Run>& runs) override {
        for (const Run& run : runs) {
            if (run.run_type == Run::RT_Aggregate && run.aggregate_name != "median") {
                continue;
            }
            measured& m = results[run.run_name.function_name];
            m.cpu_us = run.GetAdjustedCPUTime();
            for (const auto& [name, counter] : run.counters) {
                m.counters[name] = counter;
            }
        }
    }

    std::map<std::string, measured> results;
};

} // namespace

std::map<std::string, measured> run_benchmarks(const std::vector<named_benchmark>& all, const effort& how) {
    initialize();
    std::exception_ptr failed;
    for (const named_benchmark& one : all) {
        const auto guarded = [&failed, run = one.run](benchmark::State& state) {
            try {
                run(state);
            } catch (const std::exception& e) {
                failed = std::current_exception();
                state.SkipWithError(e.what());
            }
        };
        auto* const registered = benchmark::RegisterBenchmark(one.name.c_str(), guarded);
        registered->Unit(benchmark::kMicrosecond)->Repetitions(static_cast<int>(how.rounds));
        registered->ReportAggregatesOnly(how.rounds > 1);
        if (one.iterations > 0) {
            registered->Iterations(static_cast<benchmark::IterationCount>(one.iterations));
        } else {
            registered->MinTime(seconds_per_round * how.share);
        }
    }
    collector results;
    benchmark::RunSpecifiedBenchmarks(&results);
    benchmark::ClearRegisteredBenchmarks();
    if (failed) {
        std::rethrow_exception(failed);
    }
    return results.results;
}

} // namespace yunhu::bench
