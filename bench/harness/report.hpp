// Copyright (c) 2026 The yunhu authors
// SPDX-License-Identifier: BSL-1.0
#pragma once

#include "run_result.hpp"

#include <iosfwd>
#include <string>
#include <vector>

namespace bench {

/// A result and what it is called on a page that shows several; empty when it is alone.
struct named_result {
    std::string name;
    run_result result;
};

/// One page that holds all it needs: latency over time, the percentile curve, rate against latency of a ramp, tables.
/// Well-formed as XML too.
void write_report(std::ostream& out, const std::vector<named_result>& results);

} // namespace bench
