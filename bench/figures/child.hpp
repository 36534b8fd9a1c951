// Copyright (c) 2026 The yunhu authors
// SPDX-License-Identifier: BSL-1.0
#pragma once

#include <algorithm>
#include <cstddef>
#include <functional>
#include <vector>

namespace yunhu::bench {

/// Runs `work` in a separate process, so that its memory and connections do not affect other measurements.
/// Throws when it fails.
[[nodiscard]] std::vector<double> in_child(const std::function<std::vector<double>()>& work);

/// CPU seconds of this process.
[[nodiscard]] double cpu_seconds();
[[nodiscard]] double wall_seconds();
/// Peak resident memory of this process in bytes.
[[nodiscard]] double peak_memory();

[[nodiscard]] inline double median(std::vector<double> of) {
    std::sort(of.begin(), of.end());
    const std::size_t middle = of.size() / 2;
    return of.size() % 2 == 1 ? of[middle] : (of[middle - 1] + of[middle]) / 2;
}

} // namespace yunhu::bench
