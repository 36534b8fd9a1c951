// Copyright (c) 2026 The yunhu authors
// SPDX-License-Identifier: BSL-1.0
#pragma once

#include <yunhu/types.hpp>

#include <cstddef>
#include <string>
#include <vector>

namespace cli {

/// The conversations in a file, or on standard input for "-", one per line, as `group:big`. Blank lines and comments
/// after `#` are ignored. Throws `bad_field` that names the line. `lines`: gets the line number of each conversation.
[[nodiscard]] std::vector<yunhu::chat> read_targets(const std::string& path, std::vector<std::size_t>& lines);

} // namespace cli
