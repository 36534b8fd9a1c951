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

/// Decides which request meets which fault. No I/O; the same seed and the same requests give the same faults.
class fault_plan {
public:
    explicit fault_plan(std::uint64_t seed) : random_(seed) {}

    void add(fault f) { faults_.push_back({std::move(f), 0, 0}); }
    void clear() { faults_.clear(); }

    /// The first fault that strikes a request to that path, or null. Every fault that it matches has counted it.
    /// Valid until the plan is changed.
    const fault* strike_request(std::string_view path);
    /// The same for a connection that was just accepted.
    const fault* strike_connection();

private:
    struct planned {
        fault what;
        std::uint64_t seen;   // requests that matched
        std::uint64_t struck; // times
    };

    template <class Matches> const fault* strike(Matches matches);

    std::vector<planned> faults_;
    std::mt19937_64 random_;
};

} // namespace testing::detail
YUNHU_NAMESPACE_END
