// Copyright (c) 2026 The yunhu authors
// SPDX-License-Identifier: BSL-1.0
#pragma once

#include <yunhu/config.hpp>

#include <string>
#include <string_view>

YUNHU_NAMESPACE_BEGIN
namespace codec {

/// The key of a field in JSON: `group_id` is `groupId`.
[[nodiscard]] inline std::string camel_case(std::string_view name) {
    std::string key;
    bool upper = false;
    for (const char c : name) {
        if (c != '_') {
            key += upper ? static_cast<char>(c - 'a' + 'A') : c;
        }
        upper = c == '_';
    }
    return key;
}

} // namespace codec
YUNHU_NAMESPACE_END
