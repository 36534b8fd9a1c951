// Copyright (c) 2026 The yunhu authors
// SPDX-License-Identifier: BSL-1.0

#include "testing/faults.hpp"

YUNHU_NAMESPACE_BEGIN
namespace testing::detail {
namespace {

bool applies_to_connections(const fault& f) {
    return f.what == fault::action::refuse_tls;
}

} // namespace

template <class Matches> const fault* fault_plan::select(Matches matches) {
    const fault* chosen = nullptr;
    for (counted_fault& each : faults_) {
        if (!matches(each.what)) {
            continue;
        }
        ++each.matched;
        if (chosen != nullptr || (each.what.times != 0 && each.applied >= each.what.times) ||
            (each.what.nth != 0 && each.matched != each.what.nth)) {
            continue;
        }
        // 53 random bits give the same result on every platform; std::bernoulli_distribution does not guarantee that.
        const double random = static_cast<double>(random_() >> 11U) * 0x1p-53;
        if (random < each.what.probability) {
            ++each.applied;
            chosen = &each.what;
        }
    }
    return chosen;
}

const fault* fault_plan::select_for_request(std::string_view path) {
    return select(
        [path](const fault& f) { return !applies_to_connections(f) && (f.endpoint.empty() || f.endpoint == path); });
}

const fault* fault_plan::select_for_connection() {
    return select([](const fault& f) { return applies_to_connections(f); });
}

} // namespace testing::detail
YUNHU_NAMESPACE_END
