// Copyright (c) 2026 The yunhu authors
// SPDX-License-Identifier: BSL-1.0
#pragma once

#include <CLI/CLI.hpp>

#include <iosfwd>
#include <string>
#include <string_view>

namespace cli {

/// Translates CLI11's own labels in the help of the program and all its subcommands, and lays it out for 80 columns.
void localise(CLI::App& program);

/// The end of a subcommand's help: how it is called, from its name on.
[[nodiscard]] std::string example_footer(std::string_view example);

/// Prints the error of the command line. Names options, never values: one may be a token in the wrong place.
void print_parse_error(std::ostream& out, const CLI::App& program, const CLI::ParseError& e);
/// The same error as a text for machines, in English.
[[nodiscard]] std::string parse_error_text(const CLI::App& program, const CLI::ParseError& e);

} // namespace cli
