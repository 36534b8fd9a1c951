// Copyright (c) 2026 The yunhu authors
// SPDX-License-Identifier: BSL-1.0

#include "tail_policy.hpp"

#include <algorithm>
#include <cstdint>

namespace cli {

bool is_final(const yunhu::failure& f) {
    if (is_cancelled(f) || f.code == yunhu::errc::client_closed || f.code == yunhu::errc::invalid_request) {
        return true;
    }
    constexpr int unauthorized = 401;
    return (f.code == yunhu::condition::rejected && f.api_code) ||
           (f.code == yunhu::condition::authentication && (f.api_code || f.http_status == unauthorized));
}

std::chrono::milliseconds pause_after(std::chrono::milliseconds interval, unsigned failures) {
    const auto longest = std::max<std::chrono::milliseconds>(interval, std::chrono::minutes(1));
    constexpr unsigned most_doublings = 13; // of 10 ms, the shortest interval
    return std::min(longest, interval * (std::int64_t{1} << std::min(failures, most_doublings)));
}

} // namespace cli
