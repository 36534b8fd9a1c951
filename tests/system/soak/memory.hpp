// Copyright (c) 2026 The yunhu authors
// SPDX-License-Identifier: BSL-1.0
#pragma once

#include <cstddef>

namespace yunhu::soak {

/// Uses one heap for all threads. The server has a thread for every connection, and the fragments in glibc's heaps per
/// thread look like a leak. Must be called before any thread is started.
void use_one_heap();

/// The growth of the process's resident memory since construction.
class memory_growth {
public:
    memory_growth();
    void stop();

    /// False with a sanitizer, which keeps freed memory and detects leaks itself.
    [[nodiscard]] static bool measurable() noexcept;
    [[nodiscard]] std::size_t before() const noexcept { return before_; }
    [[nodiscard]] std::size_t after() const noexcept { return after_; }
    /// Whether the growth exceeds a heap's fragmentation: a few bytes per call in a million calls do.
    [[nodiscard]] bool too_much() const noexcept;

private:
    std::size_t before_;
    std::size_t after_ = 0;
};

} // namespace yunhu::soak
