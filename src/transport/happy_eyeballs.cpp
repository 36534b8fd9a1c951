// Copyright (c) 2026 The yunhu authors
// SPDX-License-Identifier: BSL-1.0

#include "transport/happy_eyeballs.hpp"

#include <utility>

YUNHU_NAMESPACE_BEGIN
namespace transport {

happy_eyeballs::happy_eyeballs(std::vector<endpoint> resolved) {
    if (resolved.empty()) {
        return;
    }
    std::vector<endpoint> first;
    std::vector<endpoint> second;
    const bool v6_first = resolved.front().address().is_v6();
    for (endpoint& e : resolved) {
        (e.address().is_v6() == v6_first ? first : second).push_back(e);
    }
    addresses_.reserve(resolved.size());
    for (std::size_t i = 0; i < first.size() || i < second.size(); ++i) {
        if (i < first.size()) {
            addresses_.push_back(first[i]);
        }
        if (i < second.size()) {
            addresses_.push_back(second[i]);
        }
    }
}

std::optional<happy_eyeballs::endpoint> happy_eyeballs::next() {
    if (!has_next()) {
        return std::nullopt;
    }
    ++outstanding_;
    return addresses_[started_++];
}

} // namespace transport
YUNHU_NAMESPACE_END
