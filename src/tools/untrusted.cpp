// Copyright (c) 2026 The yunhu authors
// SPDX-License-Identifier: BSL-1.0

#include "untrusted.hpp"

#include "model/code_points.hpp"

#include <boost/json/serialize.hpp>

#include <algorithm>
#include <array>
#include <cstdio>

namespace tools {
namespace {

constexpr std::string_view replacement = "\xEF\xBF\xBD"; // U+FFFD

bool is_joiner(char32_t c) {
    return c == 0x200C || c == 0x200D;
}

void append_escape(std::string& to, unsigned unit) {
    std::array<char, 16> text{};
    std::snprintf(text.data(), text.size(), "\\u%04x", unit);
    to += text.data();
}

// In UTF-16, as JSON has it.
void append_escapes(std::string& to, char32_t c) {
    if (c < 0x10000) {
        append_escape(to, static_cast<unsigned>(c));
    } else {
        append_escape(to, static_cast<unsigned>(0xD800 + ((c - 0x10000) >> 10U)));
        append_escape(to, static_cast<unsigned>(0xDC00 + ((c - 0x10000) & 0x3FFU)));
    }
}

// Calls `each(code point, its bytes)`; a byte that is not part of UTF-8 is U+FFFD.
template <class Each> void for_each_code_point(std::string_view text, Each each) {
    yunhu::unicode::for_each_code_point(text, [&](yunhu::unicode::code_point c, std::string_view bytes) {
        each(c.bytes == 0 ? U'\uFFFD' : c.value, c.bytes == 0 ? replacement : bytes);
    });
}

} // namespace

std::string as_utf8(std::string_view text) {
    std::string result;
    result.reserve(text.size());
    for_each_code_point(text, [&](char32_t, std::string_view bytes) { result += bytes; });
    return result;
}

std::string on_one_line(std::string_view text) {
    std::string shown;
    shown.reserve(text.size());
    for_each_code_point(text, [&](char32_t c, std::string_view bytes) {
        if (yunhu::unicode::is_control(c)) {
            shown += ' ';
        } else if (!yunhu::unicode::is_invisible(c)) {
            shown += bytes;
        } else if (!is_joiner(c)) {
            shown += replacement;
        }
    });
    return shown;
}

std::string first_hidden_character(std::string_view text) {
    std::string found;
    for_each_code_point(text, [&](char32_t c, std::string_view) {
        if (found.empty() && (yunhu::unicode::is_control(c) || yunhu::unicode::is_invisible(c))) {
            std::array<char, 16> name{};
            std::snprintf(name.data(), name.size(), "U+%04X", static_cast<unsigned>(c));
            found = name.data();
        }
    });
    return found;
}

std::string json_line_of(std::string_view text) {
    std::string line;
    line.reserve(text.size());
    for_each_code_point(text, [&](char32_t c, std::string_view bytes) {
        if (c == '\t' || c == '\n' || c == '\r') {
            line += ' '; // between values: in a string it would be escaped already
        } else if (yunhu::unicode::is_control(c) || yunhu::unicode::is_invisible(c)) {
            append_escapes(line, c);
        } else {
            line += bytes;
        }
    });
    return line;
}

std::string json_line(const boost::json::value& value) {
    return json_line_of(boost::json::serialize(value));
}

} // namespace tools
