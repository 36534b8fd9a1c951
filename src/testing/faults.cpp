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

const fault* fault_plan::select_for_request(std::string_view path) {
    return faults_.select([path](const fault& f) {
        const bool prefix = f.endpoint.ends_with('*') &&
                            path.starts_with(std::string_view(f.endpoint).substr(0, f.endpoint.size() - 1));
        return !applies_to_connections(f) && (f.endpoint.empty() || f.endpoint == path || prefix);
    });
}

const fault* fault_plan::select_for_connection() {
    return faults_.select([](const fault& f) { return applies_to_connections(f); });
}

} // namespace testing::detail
YUNHU_NAMESPACE_END
