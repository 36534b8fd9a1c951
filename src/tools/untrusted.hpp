// Copyright (c) 2026 The yunhu authors
// SPDX-License-Identifier: BSL-1.0
#pragma once

#include <boost/json/value.hpp>

#include <string>
#include <string_view>

// Text of others on its way to a terminal. Nothing of it is printed but by these functions.
namespace tools {

/// The text with every byte that is not part of valid UTF-8 replaced by U+FFFD: servers send anything, JSON is UTF-8.
[[nodiscard]] std::string as_utf8(std::string_view text);

/// The text on one line, harmless to a terminal and its reader: blanks for controls (C0, DEL, C1, line separators),
/// U+FFFD for invisible characters and those that change the direction. Joiners, which emoji and some scripts have
/// inside, are left out.
[[nodiscard]] std::string on_one_line(std::string_view text);

/// `U+200B` for the first character of the text that a reader does not see; empty if there is none.
[[nodiscard]] std::string first_hidden_character(std::string_view text);

/// JSON text on one line, e.g. one that was not made of a value; as below.
[[nodiscard]] std::string json_line_of(std::string_view text);

/// The value as JSON on one line. The same characters are `\u` escapes, so that a reader of the JSON gets the value
/// unchanged.
[[nodiscard]] std::string json_line(const boost::json::value& value);

} // namespace tools
