// Copyright (c) 2026 The yunhu authors
// SPDX-License-Identifier: BSL-1.0
#pragma once

#include "figure.hpp"

#include <benchmark/benchmark.h>

#include <cstddef>
#include <functional>
#include <map>
#include <string>
#include <vector>

namespace yunhu::bench {

/// A function for Google Benchmark. It may throw.
struct named_benchmark {
    std::string name;
    std::function<void(benchmark::State&)> run;
    std::size_t iterations = 0; ///< 0: as many as fill the time that `effort` allows
};

/// Medians over the repetitions of a benchmark.
struct measured {
    double cpu_us = 0; ///< per iteration, of the benchmark's thread
    std::map<std::string, double> counters;
};

/// Runs the benchmarks, `effort::rounds` times each, in random order. Returns their results by name; rethrows.
[[nodiscard]] std::map<std::string, measured> run_benchmarks(const std::vector<named_benchmark>& all,
                                                             const effort& how);

} // namespace yunhu::bench
