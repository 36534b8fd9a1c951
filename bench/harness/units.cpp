// Copyright (c) 2026 The yunhu authors
// SPDX-License-Identifier: BSL-1.0

#include "units.hpp"

#include <algorithm>
#include <array>
#include <charconv>
#include <cmath>
#include <iomanip>
#include <sstream>
#include <stdexcept>
#include <utility>

namespace bench {
namespace {

constexpr std::array<std::pair<std::string_view, double>, 8> units = {{
    {"ns", 1},
    {"us", 1e3},
    {"µs", 1e3},
    {"ms", 1e6},
    {"s", 1e9},
    {"m", 60e9},
    {"min", 60e9},
    {"h", 3600e9},
}};

constexpr double longest = 1e17; // some three years: room to add without overflow

std::string significant(double number) {
    const double size = std::abs(number);
    return fixed(number, size >= 99.95 ? 0 : size >= 9.995 ? 1 : 2); // three digits, also when they round up
}

} // namespace

double take_number(std::string_view& text) {
    double value = 0;
    const auto [end, failed] = std::from_chars(text.data(), text.data() + text.size(), value);
    if (failed != std::errc() || !std::isfinite(value)) {
        throw std::invalid_argument("not a number: \"" + std::string(text) + '"');
    }
    text.remove_prefix(static_cast<std::size_t>(end - text.data()));
    return value;
}

std::chrono::nanoseconds parse_duration(std::string_view text) {
    std::string_view rest = text;
    const double value = take_number(rest);
    while (rest.starts_with(' ')) {
        rest.remove_prefix(1);
    }
    for (const auto& [unit, size] : units) {
        if (rest == unit && value >= 0 && value * size <= longest) {
            return std::chrono::nanoseconds(std::llround(value * size));
        }
    }
    if (rest.empty() && value == 0) {
        return {};
    }
    throw std::invalid_argument("not a time such as 5s, 250ms or 80us: \"" + std::string(text) + '"');
}

std::string fixed(double number, int digits) {
    std::ostringstream out;
    out << std::fixed << std::setprecision(digits) << number;
    return out.str();
}

std::vector<std::string> wrapped(std::string_view text, std::size_t width) {
    std::vector<std::string> lines;
    while (columns_of(text) > width) {
        std::size_t end = text.find_last_of(" ,", width - 1);
        end = end == std::string_view::npos || end == 0 ? width - 1 : end;
        lines.emplace_back(text.substr(0, end + 1));
        text.remove_prefix(end + 1);
    }
    lines.emplace_back(text);
    return lines;
}

std::size_t columns_of(std::string_view text) {
    return static_cast<std::size_t>(std::count_if(text.begin(), text.end(), [](char c) {
        return (static_cast<unsigned char>(c) & 0xC0U) != 0x80U; // not in the middle of a character
    }));
}

std::string human(std::chrono::nanoseconds time) {
    const auto ns = static_cast<double>(time.count());
    if (ns < 1e3) {
        return std::to_string(time.count()) + " ns";
    }
    if (ns < 1e6) {
        return significant(ns / 1e3) + " µs";
    }
    return ns < 1e9 ? significant(ns / 1e6) + " ms" : significant(ns / 1e9) + " s";
}

std::string human(double number) {
    if (number < 1e4) {
        return number == std::floor(number) ? fixed(number, 0) : significant(number);
    }
    return number < 1e6 ? significant(number / 1e3) + " k" : significant(number / 1e6) + " M";
}

} // namespace bench
