// Copyright (c) 2026 The yunhu authors
// SPDX-License-Identifier: BSL-1.0

#include "http/header_values.hpp"

#include <algorithm>
#include <array>
#include <charconv>
#include <cstdint>

YUNHU_NAMESPACE_BEGIN
namespace http {
namespace {

using std::chrono::seconds;

// A year: longer than any useful delay, and far from overflow.
constexpr std::uint64_t max_seconds = 366ULL * 24 * 3600;

std::string_view trim(std::string_view s) noexcept {
    while (!s.empty() && (s.front() == ' ' || s.front() == '\t')) {
        s.remove_prefix(1);
    }
    while (!s.empty() && (s.back() == ' ' || s.back() == '\t')) {
        s.remove_suffix(1);
    }
    return s;
}

// Parses a string of digits only; saturates at `max`.
std::optional<std::uint64_t> parse_number(std::string_view s, std::uint64_t max) noexcept {
    if (s.empty() || !std::all_of(s.begin(), s.end(), [](char c) { return c >= '0' && c <= '9'; })) {
        return std::nullopt;
    }
    std::uint64_t n = 0;
    const auto end = std::from_chars(s.data(), s.data() + s.size(), n);
    return end.ec == std::errc() ? std::min(n, max) : max;
}

std::optional<int> parse_digits(std::string_view s) noexcept {
    const auto n = parse_number(s, 9999);
    return n ? std::optional<int>(static_cast<int>(*n)) : std::nullopt;
}

std::optional<unsigned> month_of(std::string_view s) noexcept {
    constexpr std::array<std::string_view, 12> names{"Jan", "Feb", "Mar", "Apr", "May", "Jun",
                                                     "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"};
    const auto* const it = std::find(names.begin(), names.end(), s);
    if (it == names.end()) {
        return std::nullopt;
    }
    return static_cast<unsigned>(it - names.begin()) + 1;
}

// Parses an IMF-fixdate, the only form that servers may generate (RFC 9110): "Sun, 06 Nov 1994 08:49:37 GMT".
// In seconds: the unit of the system clock can't represent the year 9999.
std::optional<std::chrono::sys_seconds> parse_date(std::string_view s) noexcept {
    if (s.size() != 29 || s.substr(3, 2) != ", " || s[7] != ' ' || s[11] != ' ' || s[16] != ' ' || s[19] != ':' ||
        s[22] != ':' || s.substr(25) != " GMT") {
        return std::nullopt;
    }
    const auto day = parse_digits(s.substr(5, 2));
    const auto month = month_of(s.substr(8, 3));
    const auto year = parse_digits(s.substr(12, 4));
    const auto hour = parse_digits(s.substr(17, 2));
    const auto minute = parse_digits(s.substr(20, 2));
    const auto second = parse_digits(s.substr(23, 2));
    if (!day || !month || !year || !hour || !minute || !second || *hour > 23 || *minute > 59 || *second > 60) {
        return std::nullopt;
    }
    const std::chrono::year_month_day date{std::chrono::year(*year), std::chrono::month(*month),
                                           std::chrono::day(static_cast<unsigned>(*day))};
    if (!date.ok()) {
        return std::nullopt;
    }
    return std::chrono::sys_days(date) + std::chrono::hours(*hour) + std::chrono::minutes(*minute) + seconds(*second);
}

} // namespace

std::optional<seconds> parse_retry_after(std::string_view value, std::chrono::system_clock::time_point now) noexcept {
    value = trim(value);
    if (const auto n = parse_number(value, max_seconds)) {
        return seconds(*n);
    }
    const auto date = parse_date(value);
    if (!date) {
        return std::nullopt;
    }
    const seconds away = *date - std::chrono::floor<seconds>(now);
    return std::clamp(away, seconds(0), seconds(max_seconds));
}

keep_alive_hints parse_keep_alive(std::string_view value) noexcept {
    keep_alive_hints hints;
    while (!value.empty()) {
        const auto comma = value.find(',');
        const auto part = trim(value.substr(0, comma));
        value = comma == std::string_view::npos ? std::string_view() : value.substr(comma + 1);
        const auto equals = part.find('=');
        if (equals == std::string_view::npos) {
            continue;
        }
        const auto name = trim(part.substr(0, equals));
        const auto number = parse_number(trim(part.substr(equals + 1)), max_seconds);
        if (!number) {
            continue;
        }
        if (name == "timeout") {
            hints.timeout = seconds(*number);
        } else if (name == "max") {
            hints.max = static_cast<unsigned>(*number);
        }
    }
    return hints;
}

} // namespace http
YUNHU_NAMESPACE_END
