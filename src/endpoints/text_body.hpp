// Copyright (c) 2026 The yunhu authors
// SPDX-License-Identifier: BSL-1.0
#pragma once

#include <yunhu/config.hpp>

#include <string_view>

// The first bytes of a body of unknown format. No protobuf response begins with any of them.
YUNHU_NAMESPACE_BEGIN
namespace codec {

/// The text behind a UTF-8 byte order mark, if there is one.
[[nodiscard]] constexpr std::string_view without_byte_order_mark(std::string_view body) noexcept {
    constexpr std::string_view mark = "\xEF\xBB\xBF";
    return body.starts_with(mark) ? body.substr(mark.size()) : body;
}

/// Why a body can be neither protobuf nor JSON as it is; an empty text if its first bytes do not show that.
[[nodiscard]] constexpr std::string_view foreign_encoding(std::string_view body) noexcept {
    if (body.starts_with("\x1F\x8B")) {
        return "the body is compressed (gzip), which the request does not accept";
    }
    if (body.starts_with("\xFF\xFE") || body.starts_with("\xFE\xFF")) {
        return "the body is UTF-16 text";
    }
    return {};
}

} // namespace codec
YUNHU_NAMESPACE_END
