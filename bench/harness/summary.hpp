// Copyright (c) 2026 The yunhu authors
// SPDX-License-Identifier: BSL-1.0
#pragma once

#include "run_result.hpp"

#include <iosfwd>

namespace bench {

/// The result as text: a table of times, then rates, errors, connections and cost.
void print(std::ostream& out, const run_result& result);

} // namespace bench
