// Copyright (c) 2026 The yunhu authors
// SPDX-License-Identifier: BSL-1.0
#pragma once

#include <yunhu/config.hpp>

#include <algorithm>
#include <string>
#include <string_view>

YUNHU_NAMESPACE_BEGIN
namespace detail {

/// A copy in which the letters of ASCII are small, whatever the locale.
[[nodiscard]] inline std::string lower_case(std::string_view text) {
    std::string made(text);
    std::transform(made.begin(), made.end(), made.begin(),
                   [](char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c; });
    return made;
}

} // namespace detail
YUNHU_NAMESPACE_END
