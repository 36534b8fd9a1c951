// Copyright (c) 2026 The yunhu authors
// SPDX-License-Identifier: BSL-1.0

#include "testing/faults.hpp"

YUNHU_NAMESPACE_BEGIN
namespace testing::detail {
namespace {

bool is_of_connections(const fault& f) {
    return f.what == fault::action::refuse_tls;
}

} // namespace

template <class Matches> const fault* fault_plan::strike(Matches matches) {
    const fault* chosen = nullptr;
    for (planned& each : faults_) {
        if (!matches(each.what)) {
            continue;
        }
        ++each.seen;
        if (chosen != nullptr || (each.what.times != 0 && each.struck >= each.what.times) ||
            (each.what.nth != 0 && each.seen != each.what.nth)) {
            continue;
        }
        // 53 bits make the same draw everywhere, which std::bernoulli_distribution does not promise.
        const double drawn = static_cast<double>(random_() >> 11U) * 0x1p-53;
        if (drawn < each.what.probability) {
            ++each.struck;
            chosen = &each.what;
        }
    }
    return chosen;
}

const fault* fault_plan::strike_request(std::string_view path) {
    return strike(
        [path](const fault& f) { return !is_of_connections(f) && (f.endpoint.empty() || f.endpoint == path); });
}

const fault* fault_plan::strike_connection() {
    return strike([](const fault& f) { return is_of_connections(f); });
}

} // namespace testing::detail
YUNHU_NAMESPACE_END
