// Copyright (c) 2026 The yunhu authors
// SPDX-License-Identifier: BSL-1.0
#pragma once

#include <filesystem>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include <sys/types.h>

/// This process's environment without what would steer the programs under test (YUNHU_* and the locale), with `added`
/// before it: that is what counts.
std::vector<std::string> with_own_environment(std::vector<std::string> added);

/// How a program ended and what it left in its outputs.
struct finished {
    int exit_code = -1; ///< 128 + signal when it was killed
    std::string out;    ///< what `read_line` had not taken
    std::string err;
};

/// A running program with pipes at its ends. Killed when it is destroyed before its end.
class process {
public:
    /// `command[0]` is a path; see `with_own_environment`.
    explicit process(std::vector<std::string> command, std::vector<std::string> environment = {});
    process(const process&) = delete;
    process& operator=(const process&) = delete;
    ~process();

    void write(std::string_view text);
    void close_input();
    /// The next line without its end; nothing at the end of the output. Waits.
    std::optional<std::string> read_line();
    void send_signal(int number);
    /// Closes its input, and waits for its end.
    finished wait();

private:
    pid_t pid_ = -1;
    int in_ = -1;
    int out_ = -1;
    int err_ = -1;
    std::string unread_;
};

/// Runs a program to its end.
finished run(std::vector<std::string> command, std::vector<std::string> environment = {}, std::string_view input = {});

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
