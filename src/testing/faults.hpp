// Copyright (c) 2026 The yunhu authors
// SPDX-License-Identifier: BSL-1.0
#pragma once

#include <yunhu/config.hpp>
#include <yunhu/testing/emulator.hpp>

#include <cstdint>
#include <random>
#include <string_view>
#include <utility>
#include <vector>

YUNHU_NAMESPACE_BEGIN
namespace testing::detail {

/// Selects faults by their `nth`, `times` and `probability`. No I/O; the same seed and matches select the same faults.
template <class Fault> class fault_selector {
public:
    explicit fault_selector(std::uint64_t seed) : random_(seed) {}

    void add(Fault f) { faults_.push_back({std::move(f), 0, 0}); }
    void clear() { faults_.clear(); }

    /// The first fault that applies, or null. Every fault that matches counts it. The pointer is valid until a fault is
    /// added or all are removed.
    template <class Matches> const Fault* select(Matches matches) {
        const Fault* chosen = nullptr;
        for (counted_fault& each : faults_) {
            if (!matches(std::as_const(each.what))) {
                continue;
            }
            ++each.matched;
            if (chosen != nullptr || (each.what.times != 0 && each.applied >= each.what.times) ||
                (each.what.nth != 0 && each.matched != each.what.nth)) {
                continue;
            }
            // 53 random bits give the same result on every platform; std::bernoulli_distribution does not guarantee
            // that.
            const double random = static_cast<double>(random_() >> 11U) * 0x1p-53;
            if (random < each.what.probability) {
                ++each.applied;
                chosen = &each.what;
            }
        }
        return chosen;
    }

private:
    struct counted_fault {
        Fault what;
        std::uint64_t matched; // requests or frames
        std::uint64_t applied; // times
    };

    std::vector<counted_fault> faults_;
    std::mt19937_64 random_;
};

/// Selects the fault that is applied to a request.
class fault_plan {
public:
    explicit fault_plan(std::uint64_t seed) : faults_(seed) {}

    void add(fault f) { faults_.add(std::move(f)); }
    void clear() { faults_.clear(); }

    /// The first fault that applies to a request to `path`, or null. The pointer is valid until the plan is changed.
    const fault* select_for_request(std::string_view path);
    /// The first fault that applies to an accepted connection, or null. Valid until the plan is changed.
    const fault* select_for_connection();

private:
    fault_selector<fault> faults_;
};

} // namespace testing::detail
YUNHU_NAMESPACE_END
