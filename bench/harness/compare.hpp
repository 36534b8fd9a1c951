// Copyright (c) 2026 The yunhu authors
// SPDX-License-Identifier: BSL-1.0
#pragma once

#include "run_result.hpp"

#include <iosfwd>
#include <string>
#include <string_view>
#include <vector>

namespace bench {

/// A condition that makes a comparison of two runs fail: "p99>1.1x" (the second run's against the first's), "p99>5ms"
/// (the second run's alone), "rate<0.9x", "errors>=1".
struct condition {
    enum class relation : std::uint8_t { less, at_most, greater, at_least };

    std::string text; ///< as written
    std::string metric;
    relation how{};
    bool of_first = false; ///< the limit is relative to the first run
    double limit = 0;      ///< times in ns
};

/// Throws `std::invalid_argument` with the reason.
[[nodiscard]] condition parse_condition(std::string_view text);

struct comparison {
    struct row {
        std::string metric;
        double first = 0;
        double second = 0;
        bool is_time = false;
    };
    std::vector<row> rows;           ///< metrics of both runs
    std::vector<std::string> failed; ///< descriptions of the conditions that hold
};

/// Throws `std::invalid_argument` for a condition on a metric that either run lacks.
[[nodiscard]] comparison compare(const run_result& first, const run_result& second,
                                 const std::vector<condition>& fail_if);

/// A table of the metrics: all, or (`brief`) those of all calls together.
void print(std::ostream& out, const comparison& c, bool brief);

} // namespace bench
