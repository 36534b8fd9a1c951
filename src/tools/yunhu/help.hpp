// Copyright (c) 2026 The yunhu authors
// SPDX-License-Identifier: BSL-1.0
#pragma once

#include <CLI/CLI.hpp>

#include <iosfwd>
#include <string>
#include <string_view>

namespace cli {

/// Puts what CLI11 says by itself in help texts into the user's language: on the program and all its subcommands.
void localise(CLI::App& program);

/// The end of a subcommand's help: how it is called, from its name on.
[[nodiscard]] std::string example_footer(std::string_view example);

/// What is wrong with the command line. Names options, never what was given: that may be a token in the wrong place.
void print_parse_error(std::ostream& out, const CLI::App& program, const CLI::ParseError& e);

} // namespace cli
