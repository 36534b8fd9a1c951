// Copyright (c) 2026 The yunhu authors
// SPDX-License-Identifier: BSL-1.0
#pragma once

#include <string>
#include <string_view>

// Texts that editors and other programs wrote.
namespace cli {

/// Removes UTF-8's byte order mark from the beginning of a text.
void remove_byte_order_mark(std::string& text);

/// Whether the text begins as UTF-16 or UTF-32 does, or has a NUL, as both have in Latin text and text has not.
[[nodiscard]] bool is_not_utf8(std::string_view text);

/// The text in a file of any kind, or on standard input for "-", without a byte order mark and without the line's end
/// at its end. Throws `bad_field` with that name if it can't be read, or is not UTF-8.
[[nodiscard]] std::string read_text(std::string_view field, const std::string& path);

} // namespace cli
