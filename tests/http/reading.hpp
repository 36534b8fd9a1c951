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

/// How a connection goes on after the last byte.
enum class ending {
    open,  ///< it stays
    clean, ///< it is closed by its protocol's own word
    cut,   ///< it just ends
};

/// What became of an answer.
struct reading {
    error_code ec;
    bool done = false;
    bool trailing_data = false;
    bool began = false;
    bool in_body = false;
    int status = 0;
    bool keep_alive = false;
    std::string body;
    std::string retry_after;
    std::optional<std::chrono::nanoseconds> idle_timeout;

    bool operator==(const reading&) const = default;
    /// A complete answer, after which the connection may serve another call.
    [[nodiscard]] bool reusable() const { return !ec && done && keep_alive && !trailing_data; }
    /// A complete answer, after which it may not.
    [[nodiscard]] bool last() const { return !ec && done && !(keep_alive && !trailing_data); }
};
std::ostream& operator<<(std::ostream& out, const reading& r);

/// The smallest good answer.
inline constexpr std::string_view ok2 = "HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok";

/// Reads `parts` as they come, then the end.
[[nodiscard]] reading read_parts(const std::vector<std::string_view>& parts, ending how,
                                 const response_limits& limits = {});

/// The same of several answers, one after the other with the same reader.
[[nodiscard]] std::vector<reading> read_sequence(const std::vector<std::vector<std::string_view>>& responses,
                                                 ending how, const response_limits& limits = {});

/// Reads `bytes` whole, byte by byte and split at every offset; all must give the same, which is returned. After each,
/// a good answer must be read as well as ever.
[[nodiscard]] reading read_all_ways(std::string_view bytes, ending how = ending::open,
                                    const response_limits& limits = {});

} // namespace yunhu::test
