// Copyright (c) 2026 The yunhu authors
// SPDX-License-Identifier: BSL-1.0
#pragma once

#include "run_result.hpp"

#include <iosfwd>

namespace bench {

/// The result for people: a table of times, then rates, errors, connections and what it cost.
void print(std::ostream& out, const run_result& result);

} // namespace bench
