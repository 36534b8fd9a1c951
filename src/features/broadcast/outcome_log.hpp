// Copyright (c) 2026 The yunhu authors
// SPDX-License-Identifier: BSL-1.0
#pragma once

#include "features/broadcast/monitor.hpp"

#include <yunhu/broadcast.hpp>
#include <yunhu/config.hpp>
#include <yunhu/error.hpp>

#include <functional>
#include <vector>

YUNHU_NAMESPACE_BEGIN
namespace detail {

/// Both are the same failure, as far as its reason is concerned.
[[nodiscard]] bool is_same_failure(const failure& a, const failure& b) noexcept;

/// Counts the outcomes of a broadcast and passes them to the user's callback.
///
/// Outcomes can be held back while all targets fail: a success shows that the failures were the targets' own, too many
/// of them in a row that they were not.
class outcome_log {
public:
    using callback = std::function<void(const broadcast_outcome&)>;

    outcome_log(broadcast_monitor::shared& counters, callback on_outcome)
        : counters_(counters), on_outcome_(std::move(on_outcome)) {}

    /// Counts it only.
    void count(const broadcast_outcome& outcome);
    void report(const broadcast_outcome& outcome);
    void hold(broadcast_outcome outcome);
    /// Reports those that are held back.
    void release_held();
    /// Returns those held back that failed as `why`, and reports the others.
    [[nodiscard]] std::vector<broadcast_outcome> take_held(const failure& why);
    /// The callback threw; it is not called again.
    [[nodiscard]] bool has_thrown() const noexcept { return thrown_; }

private:
    broadcast_monitor::shared& counters_;
    callback on_outcome_;
    std::vector<broadcast_outcome> held_;
    bool thrown_ = false;
};

} // namespace detail
YUNHU_NAMESPACE_END
