// Copyright (c) 2026 The yunhu authors
// SPDX-License-Identifier: BSL-1.0
#pragma once

#include <yunhu/config.hpp>
#include <yunhu/cursor_store.hpp>

#include <boost/system/result.hpp>

#include <cstddef>
#include <string>
#include <string_view>

// Cursors <-> text: a header with `since`, a line for each chat, and a last line with their number, so that a damaged
// file is not taken for a shorter one.
//
//     yunhu-cursors 1 1767225600000
//     2 1234 1767225660000 big
//     end 1
//
// A chat's line has its type, `msg_seq`, `time` and id; in ids control characters, spaces and `%` are percent-encoded.
YUNHU_NAMESPACE_BEGIN
namespace detail {

[[nodiscard]] std::string write_cursors(const inbox_cursors& cursors);

/// Why a text can't be read.
struct cursor_text_error {
    std::string detail;
};
[[nodiscard]] boost::system::result<inbox_cursors, cursor_text_error> read_cursors(std::string_view text,
                                                                                   std::size_t max_chats);

} // namespace detail
YUNHU_NAMESPACE_END
