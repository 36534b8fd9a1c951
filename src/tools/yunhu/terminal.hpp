// Copyright (c) 2026 The yunhu authors
// SPDX-License-Identifier: BSL-1.0
#pragma once

#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

// The terminal, and the width of texts on it.
namespace cli {

/// Makes the widths below known to the C library. Once, before anything else.
void know_widths();

[[nodiscard]] bool is_terminal(int fd);
/// Whether the terminal obeys escape sequences: not when TERM is unset or `dumb`.
[[nodiscard]] bool has_escapes(int fd);
/// Columns of the terminal; 80 where it does not say.
[[nodiscard]] std::size_t terminal_columns(int fd);

/// Columns that the text takes: 2 for a Chinese character, none for a combining mark. The text is valid UTF-8 and
/// without control characters.
[[nodiscard]] std::size_t columns_of(std::string_view text);
/// As much of the text as fits into so many columns; with "..." at its end if that is not all.
[[nodiscard]] std::string cut_to(std::string_view text, std::size_t columns);
/// The text in lines of at most so many columns, broken at blanks, after `|`, and between Chinese characters; a longer
/// word keeps its line. None for an empty text.
[[nodiscard]] std::vector<std::string> wrap(std::string_view text, std::size_t columns);

} // namespace cli
