// Copyright (c) 2026 The yunhu authors
// SPDX-License-Identifier: BSL-1.0

#include <yunhu/history.hpp>

#include <charconv>
#include <string>
#include <system_error>

YUNHU_NAMESPACE_BEGIN

std::string to_string(const history_cursor& cursor) {
    return cursor.empty() ? std::string() : std::to_string(cursor.msg_seq) + ":" + cursor.msg_id;
}

std::optional<history_cursor> history_cursor::from_string(std::string_view text) {
    history_cursor cursor;
    if (text.empty()) {
        return cursor;
    }
    const auto read = std::from_chars(text.data(), text.data() + text.size(), cursor.msg_seq);
    const char* const end = text.data() + text.size();
    if (read.ec != std::errc() || read.ptr == end || *read.ptr != ':' || cursor.msg_seq == 0) {
        return std::nullopt;
    }
    cursor.msg_id.assign(read.ptr + 1, end);
    return cursor;
}

YUNHU_NAMESPACE_END
