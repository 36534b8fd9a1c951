// Copyright (c) 2026 The yunhu authors
// SPDX-License-Identifier: BSL-1.0
#pragma once

#include "driver.hpp"

#include <yunhu/stats.hpp>

#include <memory>
#include <string>

namespace bench {

/// The contents of a live view.
struct view_state {
    std::string title;
    driver::snapshot now;
    yunhu::client_stats stats;
    nanoseconds since_last{}; ///< covered by `now.recent`
    nanoseconds elapsed{};
};

/// Shows the progress of a run. Used by one thread.
class view {
public:
    virtual ~view() = default;
    virtual void show(const view_state& m) = 0;
    /// A step of a ramp has ended: its line, under that heading.
    virtual void add_step(const std::string& heading, const std::string& line) = 0;
    [[nodiscard]] virtual nanoseconds period() const = 0;
};

/// A screen on a terminal, periodic lines on anything else, nothing when `quiet`. Writes to standard error, so
/// that standard output holds the result alone.
[[nodiscard]] std::unique_ptr<view> make_view(bool quiet);

/// The line that both views contain.
[[nodiscard]] std::string line_of(const view_state& m);

} // namespace bench
