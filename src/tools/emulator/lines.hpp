// Copyright (c) 2026 The yunhu authors
// SPDX-License-Identifier: BSL-1.0
#pragma once

#include <yunhu/testing/emulator.hpp>

#include <string>

// Events as lines, without the line's end: JSON for the journal, words for the terminal.
namespace emulator_cli {

[[nodiscard]] std::string journal_line(const yunhu::testing::exchange& e);
[[nodiscard]] std::string journal_line(const yunhu::testing::gateway_frame& frame);

[[nodiscard]] std::string shown_line(const yunhu::testing::exchange& e);
[[nodiscard]] std::string shown_line(const yunhu::testing::gateway_frame& frame);

} // namespace emulator_cli
