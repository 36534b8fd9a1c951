// Copyright (c) 2026 The yunhu authors
// SPDX-License-Identifier: BSL-1.0
#pragma once

#include <yunhu/config.hpp>

#include <algorithm>
#include <array>
#include <cstddef>
#include <string_view>

// Characters that are invisible or change how others are shown: terminal controls, and characters that make two
// different ids look the same. Without state and without linking, for the library and its programs.
YUNHU_NAMESPACE_BEGIN
namespace unicode {

struct code_point {
    char32_t value;
    std::size_t bytes; ///< 0: the text does not begin with well-formed UTF-8
};

/// The first character of the text, which must not be empty.
constexpr code_point first_code_point(std::string_view text) noexcept {
    const auto byte = [&](std::size_t i) {
        return i < text.size() ? static_cast<char32_t>(static_cast<unsigned char>(text[i])) : 0U;
    };
    const char32_t lead = byte(0);
    if (lead < 0x80) {
        return {lead, 1};
    }
    const std::size_t length = lead >= 0xF0 ? 4 : lead >= 0xE0 ? 3 : 2;
    if (lead < 0xC2 || lead > 0xF4) {
        return {0, 0};
    }
    char32_t value = lead & (0xFFU >> (length + 1));
    for (std::size_t i = 1; i < length; ++i) {
        if ((byte(i) & 0xC0U) != 0x80U) {
            return {0, 0};
        }
        value = value << 6U | (byte(i) & 0x3FU);
    }
    const bool too_long_a_form = (length == 3 && value < 0x800) || (length == 4 && value < 0x10000);
    const bool no_character = (value >= 0xD800 && value <= 0xDFFF) || value > 0x10FFFF;
    return too_long_a_form || no_character ? code_point{0, 0} : code_point{value, length};
}

/// Calls `each(character, its bytes)` in the order of the text. A byte that is not part of well-formed UTF-8 is given
/// alone, with `bytes == 0`.
template <class Each> constexpr void for_each_code_point(std::string_view text, Each each) {
    while (!text.empty()) {
        const code_point c = first_code_point(text);
        const std::size_t size = std::max<std::size_t>(c.bytes, 1);
        each(c, text.substr(0, size));
        text.remove_prefix(size);
    }
}

/// C0, DEL, C1, and the separators of lines and paragraphs.
constexpr bool is_control(char32_t c) noexcept {
    return c < 0x20 || (c >= 0x7F && c < 0xA0) || c == 0x2028 || c == 0x2029;
}

struct code_point_range {
    char32_t first;
    char32_t last;
};

/// Without a width or a picture of their own: zero-width spaces and joiners, marks, embeddings and isolates of
/// bidirectional text, fillers, tags.
inline constexpr std::array<code_point_range, 15> invisible_ranges{{
    {0xAD, 0xAD},
    {0x34F, 0x34F},
    {0x61C, 0x61C},
    {0x115F, 0x1160},
    {0x17B4, 0x17B5},
    {0x180B, 0x180E},
    {0x200B, 0x200F},
    {0x202A, 0x202E},
    {0x2060, 0x206F},
    {0x3164, 0x3164},
    {0xFEFF, 0xFEFF},
    {0xFFA0, 0xFFA0},
    {0xFFF9, 0xFFFB},
    {0x1D173, 0x1D17A},
    {0xE0000, 0xE00FF},
}};

constexpr bool is_invisible(char32_t c) noexcept {
    return std::ranges::any_of(invisible_ranges,
                               [c](const code_point_range& r) { return c >= r.first && c <= r.last; });
}

} // namespace unicode
YUNHU_NAMESPACE_END
