// Copyright (c) 2026 The yunhu authors
// SPDX-License-Identifier: BSL-1.0
#pragma once

#include <yunhu/config.hpp>

#include <algorithm>
#include <cstddef>
#include <new>

YUNHU_NAMESPACE_BEGIN
namespace codec {

/// Thrown when a budget is spent.
struct over_budget : std::bad_alloc {
    [[nodiscard]] const char* what() const noexcept override { return "the memory allowed for a body is spent"; }
};

/// The memory that the decoding of one body may still take. It is taken from the budget before it is allocated.
class memory_budget {
public:
    explicit memory_budget(std::size_t bytes) noexcept : left_(bytes) {}
    memory_budget(const memory_budget&) = delete;
    memory_budget& operator=(const memory_budget&) = delete;
    ~memory_budget() = default;

    /// Throws `over_budget`.
    void take(std::size_t bytes) {
        if (bytes > left_) {
            throw over_budget();
        }
        left_ -= bytes;
    }
    /// Takes the memory of a `std::string` of that size beyond the object itself.
    void take_text(std::size_t size) {
        constexpr std::size_t in_place = 15;
        constexpr std::size_t of_the_allocator = 24; // its own bytes, and rounding up
        if (size > in_place) {
            take(std::max(size, 2 * in_place) + of_the_allocator);
        }
    }
    void give_back(std::size_t bytes) noexcept { left_ += bytes; }

private:
    std::size_t left_;
};

} // namespace codec
YUNHU_NAMESPACE_END
