// Copyright (c) 2026 The yunhu authors
// SPDX-License-Identifier: BSL-1.0
#pragma once

#include <yunhu/config.hpp>
#include <yunhu/testing/emulator.hpp>

#include <cstdint>
#include <random>
#include <string_view>
#include <vector>

YUNHU_NAMESPACE_BEGIN
namespace testing::detail {

/// Selects the fault that is applied to a request. No I/O; the same seed and requests select the same faults.
class fault_plan {
public:
    explicit fault_plan(std::uint64_t seed) : random_(seed) {}

    void add(fault f) { faults_.push_back({std::move(f), 0, 0}); }
    void clear() { faults_.clear(); }

    /// The first fault that applies to a request to `path`, or null. Every fault that matches the request counts it.
    /// The pointer is valid until the plan is changed.
    const fault* select_for_request(std::string_view path);
    /// The first fault that applies to an accepted connection, or null. Valid until the plan is changed.
    const fault* select_for_connection();

private:
    struct counted_fault {
        fault what;
        std::uint64_t matched; // requests
        std::uint64_t applied; // times
    };

    template <class Matches> const fault* select(Matches matches);

    std::vector<counted_fault> faults_;
    std::mt19937_64 random_;
};

} // namespace testing::detail
YUNHU_NAMESPACE_END
