// Copyright (c) 2026 The yunhu authors
// SPDX-License-Identifier: BSL-1.0
#pragma once

#include "memory.hpp"
#include "soak.hpp"

#include <cstddef>
#include <iosfwd>
#include <string_view>
#include <utility>
#include <vector>

namespace yunhu::soak {

/// Names and counts.
using table = std::vector<std::pair<std::string_view, std::size_t>>;

/// The checks; all must be 0.
[[nodiscard]] table checks_of(const report& r, const memory_growth& memory);
[[nodiscard]] bool all_zero(const table& checks);

void print_text(std::ostream& out, const settings& how, const report& r, const memory_growth& memory,
                const table& checks);
void print_json(std::ostream& out, const settings& how, const report& r, const memory_growth& memory,
                const table& checks);

} // namespace yunhu::soak
