// Copyright (c) 2026 The yunhu authors
// SPDX-License-Identifier: BSL-1.0
#pragma once

#include "features/broadcast/journal_text.hpp"

#include <yunhu/config.hpp>

#include <optional>
#include <string_view>

// Reads the journals of version 0.1, which are words with escapes as in a URL:
//
//     yunhu-broadcast 1 <fingerprint of the message> <number of targets, or -> <crc>
//     S <index> <chat type>:<chat id> <msg_id> <crc>    started
//     + <index> <crc>                                   sent
//     - <index> <reason> <crc>                          failed
//     ? <index> <reason> <crc>                          unknown
//     ~ <index> <crc>                                   released
YUNHU_NAMESPACE_BEGIN
namespace detail::journal_format_1 {

/// A valid record of no target. It ends the lines of format 1 in a file that is continued in another format: version
/// 0.1 would take the lines after its own for an unfinished write and cut them off, and send to their targets again.
/// With this one behind them it refuses the file as damaged.
inline constexpr std::string_view guard = "~ 18446744073709551615 af5ed96a";

/// A line without its checksum; the header also without `yunhu-broadcast 1 `.
[[nodiscard]] std::optional<journal_header> parse_header(std::string_view text);
[[nodiscard]] std::optional<journal_record> parse_record(std::string_view text);

} // namespace detail::journal_format_1
YUNHU_NAMESPACE_END
