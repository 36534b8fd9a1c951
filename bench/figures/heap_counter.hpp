// Copyright (c) 2026 The yunhu authors
// SPDX-License-Identifier: BSL-1.0
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <vector>

namespace yunhu::bench {

/// One place that allocates: who called whom, from the inside out, and how often.
struct heap_site {
    std::array<void*, 40> frames{};
    std::size_t depth = 0;
    std::uint64_t times = 0;
    std::uint64_t bytes = 0;
};

/// From now on every allocation of this thread counts: operator new, and malloc and its like, whoever calls them.
/// This program replaces malloc for that.
void count_heap_begin();
/// No longer. Returns the places.
[[nodiscard]] std::vector<heap_site> count_heap_end();

} // namespace yunhu::bench
