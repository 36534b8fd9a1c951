// Copyright (c) 2026 The yunhu authors
// SPDX-License-Identifier: BSL-1.0
#pragma once

#include "figures/heap_counter.hpp"

#include <array>
#include <cstdint>

#include <string>
#include <vector>

namespace yunhu::bench {

/// An allocation site with the names of its functions.
struct allocation_site {
    std::string layer;               ///< one of `layers`
    std::vector<std::string> frames; ///< innermost first
    std::uint64_t times = 0;
    std::uint64_t bytes = 0;
};

/// An allocation belongs to the layer of the innermost library function on the stack; OpenSSL's own to OpenSSL.
inline constexpr std::array<const char*, 8> layers = {"caller", "model",     "endpoints", "runtime",
                                                      "engine", "transport", "http",      "OpenSSL"};

/// Names functions with addr2line (binutils, a dependency of the compiler); by layer, the most frequent first.
[[nodiscard]] std::vector<allocation_site> name_allocation_sites(const std::vector<heap_site>& sites);

} // namespace yunhu::bench
