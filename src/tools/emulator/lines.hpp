// Copyright (c) 2026 The yunhu authors
// SPDX-License-Identifier: BSL-1.0
#pragma once

#include <yunhu/testing/emulator.hpp>

#include <string>

// What happens, as lines: JSON for the journal, words for the terminal. Without the line's end.
namespace emulator_cli {

[[nodiscard]] std::string journal_line(const yunhu::testing::exchange& e);
[[nodiscard]] std::string journal_line(const yunhu::testing::gateway_frame& frame);

[[nodiscard]] std::string shown_line(const yunhu::testing::exchange& e);
[[nodiscard]] std::string shown_line(const yunhu::testing::gateway_frame& frame);

} // namespace emulator_cli
