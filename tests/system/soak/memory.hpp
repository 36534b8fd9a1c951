// Copyright (c) 2026 The yunhu authors
// SPDX-License-Identifier: BSL-1.0
#pragma once

#include <cstddef>

namespace yunhu::soak {

/// Has one heap for all threads. The server has a thread for every connection, and glibc's heaps per thread keep
/// fragments of theirs, which looks like a leak. To be called before any thread is started.
void use_one_heap();

/// By how much the process's resident memory has grown since this was made.
class memory_growth {
public:
    memory_growth();
    void stop();

    /// A sanitizer keeps what was freed, and finds leaks by itself.
    [[nodiscard]] static bool measurable() noexcept;
    [[nodiscard]] std::size_t before() const noexcept { return before_; }
    [[nodiscard]] std::size_t after() const noexcept { return after_; }
    /// More than a heap's fragments may explain: a few bytes a call in a million calls are more.
    [[nodiscard]] bool too_much() const noexcept;

private:
    std::size_t before_;
    std::size_t after_ = 0;
};

} // namespace yunhu::soak
