// Copyright (c) 2026 The yunhu authors
// SPDX-License-Identifier: BSL-1.0
#pragma once

#include "run_result.hpp"

#include <iosfwd>
#include <string>

namespace bench {

/// The result as text: a table of times, then rates, errors, connections and cost.
void print(std::ostream& out, const run_result& result);

/// A step of a ramp as a line, and the heading of such lines. No line of these is longer than 80 columns.
[[nodiscard]] std::string step_line(const ramp_step& step);
[[nodiscard]] std::string steps_heading();

} // namespace bench
