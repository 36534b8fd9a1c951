// Copyright (c) 2026 The yunhu authors
// SPDX-License-Identifier: BSL-1.0
#pragma once

#include <yunhu/config.hpp>

#include <chrono>
#include <optional>
#include <string_view>

// Header values that steer the client. Pure; whatever a server writes there, the answer is sane or nothing.
YUNHU_NAMESPACE_BEGIN
namespace http {

/// `Retry-After` in both forms: seconds, or an HTTP date (a past one: 0). Nothing for anything else.
[[nodiscard]] std::optional<std::chrono::seconds> parse_retry_after(std::string_view value,
                                                                    std::chrono::system_clock::time_point now) noexcept;

struct keep_alive_hints {
    std::optional<std::chrono::seconds> timeout; ///< the server closes an idle connection after that
    std::optional<unsigned> max;                 ///< exchanges that it still serves on the connection
};

/// `Keep-Alive: timeout=5, max=100`; what can't be read is left out.
[[nodiscard]] keep_alive_hints parse_keep_alive(std::string_view value) noexcept;

} // namespace http
YUNHU_NAMESPACE_END
