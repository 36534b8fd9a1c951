// Copyright (c) 2026 The yunhu authors
// SPDX-License-Identifier: BSL-1.0

#include "features/broadcast/outcome_log.hpp"

#include <cstddef>
#include <utility>

YUNHU_NAMESPACE_BEGIN
namespace detail {

bool is_same_failure(const failure& a, const failure& b) noexcept {
    return a.code == b.code && a.http_status == b.http_status && a.api_code == b.api_code;
}

void outcome_log::count(const broadcast_outcome& outcome) {
    switch (outcome.state) {
    case broadcast_state::sent:
        ++counters_.sent;
        break;
    case broadcast_state::failed:
        ++counters_.failed;
        break;
    case broadcast_state::unknown:
        ++counters_.unknown;
        break;
    case broadcast_state::duplicate:
        ++counters_.duplicates;
        break;
    }
    counters_.earlier += outcome.earlier ? 1 : 0;
}

void outcome_log::report(const broadcast_outcome& outcome) {
    count(outcome);
    if (!on_outcome_ || thrown_) {
        return;
    }
    try {
        on_outcome_(outcome);
    } catch (...) { // the outcome is recorded
        thrown_ = true;
    }
}

void outcome_log::hold(broadcast_outcome outcome) {
    constexpr std::size_t most = 10'000; // the user's bound of failures may be higher
    if (held_.size() >= most) {
        release_held();
    }
    held_.push_back(std::move(outcome));
}

void outcome_log::release_held() {
    for (const broadcast_outcome& each : std::exchange(held_, {})) {
        report(each);
    }
}

std::vector<broadcast_outcome> outcome_log::take_held(const failure& why) {
    std::vector<broadcast_outcome> taken;
    for (broadcast_outcome& each : std::exchange(held_, {})) {
        if (each.state == broadcast_state::failed && each.problem && is_same_failure(*each.problem, why)) {
            taken.push_back(std::move(each));
        } else {
            report(each);
        }
    }
    return taken;
}

} // namespace detail
YUNHU_NAMESPACE_END
