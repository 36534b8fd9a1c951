// Copyright (c) 2026 The yunhu authors
// SPDX-License-Identifier: BSL-1.0
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <vector>

namespace yunhu::bench {

/// One allocation site: its call stack, innermost first, and its counts.
struct heap_site {
    std::array<void*, 40> frames{};
    std::size_t depth = 0;
    std::uint64_t times = 0;
    std::uint64_t bytes = 0;
};

/// Starts to count every allocation of this thread: operator new, malloc and related functions.
/// The program replaces malloc for that.
void count_heap_begin();
/// Stops counting. Returns the allocation sites.
[[nodiscard]] std::vector<heap_site> count_heap_end();

} // namespace yunhu::bench
