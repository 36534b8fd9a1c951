// Copyright (c) 2026 The yunhu authors
// SPDX-License-Identifier: BSL-1.0
#pragma once

#include <yunhu/config.hpp>

#include <chrono>
#include <optional>
#include <string_view>

// Parsers of the header values that control retries and connection reuse. Pure; invalid values give no result.
YUNHU_NAMESPACE_BEGIN
namespace http {

/// Parses `Retry-After`: seconds, or an HTTP date, as a duration from `now` (0 for a past date). At most a year.
[[nodiscard]] std::optional<std::chrono::seconds> parse_retry_after(std::string_view value,
                                                                    std::chrono::system_clock::time_point now) noexcept;

struct keep_alive_hints {
    std::optional<std::chrono::seconds> timeout; ///< idle time after which the server closes the connection
    std::optional<unsigned> max;                 ///< remaining exchanges on the connection
};

/// Parses `Keep-Alive: timeout=5, max=100`; invalid parameters are ignored.
[[nodiscard]] keep_alive_hints parse_keep_alive(std::string_view value) noexcept;

} // namespace http
YUNHU_NAMESPACE_END
