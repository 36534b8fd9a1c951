// Copyright (c) 2026 The yunhu authors
// SPDX-License-Identifier: BSL-1.0
#pragma once

#include "driver.hpp"

#include <yunhu/stats.hpp>

#include <memory>
#include <string>

namespace bench {

/// What a live view shows of a run.
struct moment {
    std::string title;
    driver::look look;
    yunhu::client_stats stats;
    nanoseconds since_last{}; ///< that `look.recent` covers
    nanoseconds elapsed{};
};

/// Shows how a run goes while it goes. Used by one thread.
class view {
public:
    virtual ~view() = default;
    virtual void show(const moment& m) = 0;
    [[nodiscard]] virtual nanoseconds period() const = 0;
};

/// One screen on a terminal, a line now and then on anything else, nothing when `quiet`. Writes to standard error, so
/// that standard output holds the result alone.
[[nodiscard]] std::unique_ptr<view> make_view(bool quiet);

/// What both views say: one line.
[[nodiscard]] std::string line_of(const moment& m);

} // namespace bench
