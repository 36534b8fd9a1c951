// Copyright (c) 2026 The yunhu authors
// SPDX-License-Identifier: BSL-1.0
#pragma once

#include <iosfwd>

namespace CLI {
class App;
} // namespace CLI

// Completion scripts, made of what the program itself knows of its subcommands and options.
namespace cli {

void print_bash_completion(std::ostream& out, const CLI::App& program);
void print_zsh_completion(std::ostream& out, const CLI::App& program);

} // namespace cli
