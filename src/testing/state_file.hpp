// Copyright (c) 2026 The yunhu authors
// SPDX-License-Identifier: BSL-1.0
#pragma once

#include "testing/state.hpp"

#include <yunhu/config.hpp>

#include <filesystem>
#include <span>
#include <string>

YUNHU_NAMESPACE_BEGIN
namespace testing::detail {

/// A state on disk: JSON lines, each of them a message as it is after a change, or an earlier version of one. A change
/// is written as it happens, so that a killed emulator loses nothing.
class state_file {
public:
    /// Creates the folder, locks its file and restores its content. A last line without an end is removed. Throws
    /// `std::runtime_error` if another emulator uses the folder or a line can't be read; `std::system_error` and
    /// `boost::system::system_error` if it can't be written.
    state_file(const std::filesystem::path& folder, state& restored);
    state_file(const state_file&) = delete;
    state_file& operator=(const state_file&) = delete;
    ~state_file();

    /// Throws `std::system_error`.
    void append(std::span<const change> changes, const state& of);

private:
    void write(const std::string& lines) const;

    int file_ = -1;
};

} // namespace testing::detail
YUNHU_NAMESPACE_END
