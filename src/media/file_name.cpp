// Copyright (c) 2026 The yunhu authors
// SPDX-License-Identifier: BSL-1.0

#include "media/file_name.hpp"

#include "model/code_points.hpp"

#include <algorithm>
#include <array>
#include <cstddef>
#include <cstdint>

YUNHU_NAMESPACE_BEGIN
namespace storage {
namespace {

int hex_value(char c) noexcept {
    if (c >= '0' && c <= '9') {
        return c - '0';
    }
    if (c >= 'a' && c <= 'f') {
        return c - 'a' + 10;
    }
    return c >= 'A' && c <= 'F' ? c - 'A' + 10 : -1;
}

bool equal_ignoring_case(std::string_view a, std::string_view lower) noexcept {
    return std::ranges::equal(
        a, lower, [](char x, char y) { return (x >= 'A' && x <= 'Z' ? static_cast<char>(x - 'A' + 'a') : x) == y; });
}

std::string_view trimmed(std::string_view text) noexcept {
    const std::size_t first = text.find_first_not_of(" \t");
    if (first == std::string_view::npos) {
        return {};
    }
    return text.substr(first, text.find_last_not_of(" \t") - first + 1);
}

// Takes a value, quoted or not, from the front, with the semicolon after it.
std::string take_value(std::string_view& rest) {
    rest = trimmed(rest);
    std::string value;
    if (rest.starts_with('"')) {
        rest.remove_prefix(1);
        while (!rest.empty() && rest.front() != '"') {
            if (rest.front() == '\\' && rest.size() > 1) {
                rest.remove_prefix(1);
            }
            value += rest.front();
            rest.remove_prefix(1);
        }
        rest.remove_prefix(std::min<std::size_t>(1, rest.size()));
        const std::size_t end = rest.find(';');
        rest.remove_prefix(end == std::string_view::npos ? rest.size() : end + 1);
        return value;
    }
    const std::size_t end = rest.find(';');
    value = trimmed(rest.substr(0, end));
    rest.remove_prefix(end == std::string_view::npos ? rest.size() : end + 1);
    return value;
}

// `UTF-8'zh'%E4%BD%A0`; other charsets are not supported.
std::string decode_extended(std::string_view value) {
    const std::size_t first = value.find('\'');
    const std::size_t second = first == std::string_view::npos ? first : value.find('\'', first + 1);
    if (second == std::string_view::npos || !equal_ignoring_case(value.substr(0, first), "utf-8")) {
        return {};
    }
    return percent_decode(value.substr(second + 1));
}

// The largest prefix of at most that size that ends between two characters.
std::string_view cut(std::string_view text, std::size_t size) noexcept {
    if (text.size() <= size) {
        return text;
    }
    while (size > 0 && (static_cast<unsigned char>(text[size]) & 0xC0U) == 0x80U) {
        --size;
    }
    return text.substr(0, size);
}

} // namespace

std::string percent_decode(std::string_view text) {
    std::string out;
    for (std::size_t i = 0; i < text.size(); ++i) {
        const bool escape =
            text[i] == '%' && i + 2 < text.size() && hex_value(text[i + 1]) >= 0 && hex_value(text[i + 2]) >= 0;
        if (escape) {
            out += static_cast<char>(hex_value(text[i + 1]) * 16 + hex_value(text[i + 2]));
            i += 2;
        } else {
            out += text[i];
        }
    }
    return out;
}

std::string safe_file_name(std::string_view name) {
    constexpr std::size_t max_size = 200;
    constexpr std::size_t max_suffix = 20;
    name = name.substr(name.find_last_of("/\\") + 1);
    std::string out;
    unicode::for_each_code_point(name, [&out](unicode::code_point c, std::string_view bytes) {
        constexpr std::string_view forbidden = "<>:\"|?*";
        if (c.bytes != 0 && unicode::is_invisible(c.value)) {
            return;
        }
        const bool kept = c.bytes != 0 && !unicode::is_control(c.value) && forbidden.find(bytes) == forbidden.npos;
        out += kept ? bytes : std::string_view("_");
    });
    // Neither hidden, nor `.` or `..`, nor an option of a program.
    const std::size_t first = out.find_first_not_of(" .-");
    if (first == std::string::npos) {
        return {};
    }
    out.erase(0, first);
    out.erase(out.find_last_not_of(" .") + 1);
    if (out.size() > max_size) {
        const std::size_t dot = out.rfind('.');
        const std::string suffix =
            dot != std::string::npos && out.size() - dot <= max_suffix ? out.substr(dot) : std::string();
        out = std::string(cut(out, max_size - suffix.size())) + suffix;
    }
    return out;
}

std::string disposition_file_name(std::string_view header) {
    const std::size_t kind = header.find(';');
    std::string_view rest = kind == std::string_view::npos ? std::string_view() : header.substr(kind + 1);
    std::string plain;
    while (!rest.empty()) {
        const std::size_t equals = rest.find('=');
        if (equals == std::string_view::npos) {
            break;
        }
        const std::string_view name = trimmed(rest.substr(0, equals));
        rest.remove_prefix(equals + 1);
        std::string value = take_value(rest);
        if (equal_ignoring_case(name, "filename*")) {
            if (std::string decoded = decode_extended(value); !decoded.empty()) {
                return decoded;
            }
        } else if (equal_ignoring_case(name, "filename") && plain.empty()) {
            plain = std::move(value);
        }
    }
    return plain;
}

std::string suffix_of(std::string_view name) {
    name = name.substr(name.find_last_of("/\\") + 1);
    const std::size_t dot = name.rfind('.');
    constexpr std::size_t max_size = 10;
    if (dot == std::string_view::npos || dot == 0 || name.size() - dot - 1 > max_size) {
        return {};
    }
    std::string out;
    for (const char c : name.substr(dot + 1)) {
        const char lower = c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c;
        if (!((lower >= 'a' && lower <= 'z') || (lower >= '0' && lower <= '9'))) {
            return {};
        }
        out += lower;
    }
    return out == "jpeg" ? "jpg" : out;
}

} // namespace storage
YUNHU_NAMESPACE_END
