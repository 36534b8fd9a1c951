// Copyright (c) 2026 The yunhu authors
// SPDX-License-Identifier: BSL-1.0
#pragma once

#include <iosfwd>

namespace CLI {
class App;
} // namespace CLI

// Completion scripts, made from the program's subcommands and options.
namespace cli {

void print_bash_completion(std::ostream& out, const CLI::App& program);
void print_zsh_completion(std::ostream& out, const CLI::App& program);

} // namespace cli
