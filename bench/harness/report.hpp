// Copyright (c) 2026 The yunhu authors
// SPDX-License-Identifier: BSL-1.0
#pragma once

#include "run_result.hpp"

#include <iosfwd>
#include <string>
#include <vector>

namespace bench {

/// A result and its name on a page with several; empty if it is the only one.
struct named_result {
    std::string name;
    run_result result;
};

/// One self-contained page: latency over time, the percentile curve, rate against latency of a ramp, tables.
/// It is well-formed XML.
void write_report(std::ostream& out, const std::vector<named_result>& results);

} // namespace bench
