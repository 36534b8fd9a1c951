// Copyright (c) 2026 The yunhu authors
// SPDX-License-Identifier: BSL-1.0
#pragma once

#include "http/response_parser.hpp"

#include <yunhu/client_config.hpp>
#include <yunhu/error.hpp>

#include <chrono>
#include <iosfwd>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace yunhu::test {

/// State of the connection after the last byte.
enum class ending {
    open,  ///< still open
    clean, ///< closed with an authenticated end (close_notify)
    cut,   ///< truncated
};

/// Result of parsing a response.
struct reading {
    error_code ec;
    std::string_view reason; ///< of an error
    bool done = false;
    bool trailing_data = false;
    bool got_some = false;
    bool header_done = false;
    int status = 0;
    bool keep_alive = false;
    std::string body;
    std::string retry_after;
    std::optional<std::chrono::nanoseconds> idle_timeout;

    bool operator==(const reading&) const = default;
    /// A complete response; the connection is reusable.
    [[nodiscard]] bool reusable() const { return !ec && done && keep_alive && !trailing_data; }
    /// A complete response; the connection is not reusable.
    [[nodiscard]] bool last() const { return !ec && done && !(keep_alive && !trailing_data); }
};
std::ostream& operator<<(std::ostream& out, const reading& r);

/// The smallest valid response.
inline constexpr std::string_view ok2 = "HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok";

/// Parses `parts` in order, then the end of the connection.
[[nodiscard]] reading read_parts(const std::vector<std::string_view>& parts, ending how,
                                 const response_limits& limits = {});

/// Parses several responses in sequence with one parser.
[[nodiscard]] std::vector<reading> read_sequence(const std::vector<std::vector<std::string_view>>& responses,
                                                 ending how, const response_limits& limits = {});

/// Parses `bytes` in one piece, byte by byte, and split at every offset; expects equal results and returns one. After
/// each, the same parser must parse a valid response.
[[nodiscard]] reading read_all_ways(std::string_view bytes, ending how = ending::open,
                                    const response_limits& limits = {});

} // namespace yunhu::test
