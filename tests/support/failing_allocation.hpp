// Copyright (c) 2026 The yunhu authors
// SPDX-License-Identifier: BSL-1.0
#pragma once

#include <cstddef>

namespace yunhu::test {

/// While an instance exists, one allocation of this thread fails: the one after that many others. At most one instance
/// in a thread. Programs with it replace `operator new`.
class failing_allocation {
public:
    explicit failing_allocation(std::size_t after) noexcept;
    failing_allocation(const failing_allocation&) = delete;
    failing_allocation& operator=(const failing_allocation&) = delete;
    ~failing_allocation();

    [[nodiscard]] static bool allocation_failed() noexcept;
};

/// Called by each allocation of this thread; null: nothing is. It may allocate.
extern thread_local void (*on_allocation)();

} // namespace yunhu::test
