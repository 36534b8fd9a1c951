// Copyright (c) 2026 The yunhu authors
// SPDX-License-Identifier: BSL-1.0
#pragma once

#include <filesystem>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

/// The outcome of a program, and the parts of its outputs that were not read before.
struct finished {
    int exit_code = -1; ///< 128 + the signal's number when a signal ended it
    std::string out;
    std::string err;
};

/// A running program with pipes at its ends. The destructor kills a program that is still running.
class process {
public:
    /// `command[0]` must be a path. The environment is this process's, without the variables that configure the
    /// programs under test (YUNHU_*, LANG*, LC_*), plus `environment` ("NAME=value"). Throws `std::system_error`.
    explicit process(const std::vector<std::string>& command, const std::vector<std::string>& environment = {});
    process(const process&) = delete;
    process& operator=(const process&) = delete;
    ~process();

    /// Input that the program does not read is discarded.
    void write(std::string_view text);
    void close_input();
    /// Waits for the next line and returns it without its end; none at the end of the output.
    std::optional<std::string> read_line();
    void send_signal(int number);
    /// Closes the input, reads the outputs to their ends and waits for the program's exit.
    finished wait();

private:
    struct impl;
    std::unique_ptr<impl> impl_;
};

/// Runs a program to its end.
finished run(const std::vector<std::string>& command, const std::vector<std::string>& environment = {},
             std::string_view input = {});

/// A directory that is removed with its content.
class temporary_directory {
public:
    temporary_directory();
    temporary_directory(const temporary_directory&) = delete;
    temporary_directory& operator=(const temporary_directory&) = delete;
    ~temporary_directory();

    [[nodiscard]] std::filesystem::path operator/(std::string_view name) const { return path_ / name; }

private:
    std::filesystem::path path_;
};
