// Copyright (c) 2026 The yunhu authors
// SPDX-License-Identifier: BSL-1.0
#pragma once

#include <yunhu/config.hpp>

#include <algorithm>
#include <cstddef>
#include <new>

YUNHU_NAMESPACE_BEGIN
namespace detail {

/// Upper bound of the memory that the decoding of a body of that size takes at its peak, the result included and the
/// body not. An empty message takes 2 bytes on the wire and over 1 KB decoded: without a bound a hostile body of the
/// largest size would cost some hundred times its size. With it, body and result together stay below 12 times the body
/// and 1 MiB. Usual messages take about 8 times their bytes; of the shortest ones, a page may have about 2000.
[[nodiscard]] constexpr std::size_t max_decoded(std::size_t body_size) noexcept {
    return 10 * body_size + 896 * std::size_t{1024};
}

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

} // namespace detail
YUNHU_NAMESPACE_END
