// Copyright (c) 2026 The yunhu authors
// SPDX-License-Identifier: BSL-1.0
#pragma once

#include "support/process.hpp"

#include <string>
#include <string_view>

namespace yunhu::test {

/// The errors that promtool reports for this text; empty: none.
inline std::string complaints(std::string_view page) {
    const finished end = ::run({PROMTOOL, "check", "metrics"}, {}, page);
    if (end.exit_code == 0 && end.out.empty() && end.err.empty()) {
        return {};
    }
    return "exit code " + std::to_string(end.exit_code) + " of " PROMTOOL " (sh tests/run.sh fetches it): " + end.out +
           end.err;
}

} // namespace yunhu::test
