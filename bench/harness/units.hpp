// Copyright (c) 2026 The yunhu authors
// SPDX-License-Identifier: BSL-1.0
#pragma once

#include <chrono>
#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

namespace bench {

/// "5s", "250ms", "1.5us", "90ns", "2m"; throws `std::invalid_argument` for anything else. A unit is required except
/// for 0.
[[nodiscard]] std::chrono::nanoseconds parse_duration(std::string_view text);
/// The number at the front of a text, which is advanced past it; throws `std::invalid_argument` if there is none.
[[nodiscard]] double take_number(std::string_view& text);

/// For people: three significant digits and a unit, "1.23 ms".
[[nodiscard]] std::string human(std::chrono::nanoseconds time);
/// For people: "950", "12.3 k", "4.56 M".
[[nodiscard]] std::string human(double number);
[[nodiscard]] std::string fixed(double number, int digits);

/// Columns of a terminal that a text of this program takes.
[[nodiscard]] std::size_t columns_of(std::string_view text);
/// The text in lines of at most so many columns, broken after blanks and commas.
[[nodiscard]] std::vector<std::string> wrapped(std::string_view text, std::size_t width);

} // namespace bench
