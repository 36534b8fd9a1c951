// Copyright (c) 2026 The yunhu authors
// SPDX-License-Identifier: BSL-1.0
#pragma once

#include "figures/heap_counter.hpp"

#include <array>
#include <cstdint>

#include <string>
#include <vector>

namespace yunhu::bench {

/// A place that allocates, in words.
struct named_site {
    std::string layer;               ///< whose it is, one of `layers`
    std::vector<std::string> frames; ///< from the inside out, as far as they tell something
    std::uint64_t times = 0;
    std::uint64_t bytes = 0;
};

/// The innermost function of ours on the stack says whose an allocation is; what OpenSSL asks for is OpenSSL's.
inline constexpr std::array<const char*, 7> layers = {"caller", "values",    "codec",  "call",
                                                      "pool",   "transport", "OpenSSL"};

/// Names functions with addr2line (binutils, which comes with the compiler); by layer, the most frequent first.
[[nodiscard]] std::vector<named_site> name_sites(const std::vector<heap_site>& sites);

} // namespace yunhu::bench
