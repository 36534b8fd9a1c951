// Copyright (c) 2026 The yunhu authors
// SPDX-License-Identifier: BSL-1.0
#pragma once

#include "process.hpp"

#include <memory>
#include <string>
#include <string_view>
#include <vector>

/// A program on its own terminal, which is its input, output and error output. The destructor kills a program that is
/// still running.
class terminal_process {
public:
    /// See `process`. TERM is `dumb` unless the environment names another one.
    explicit terminal_process(const std::vector<std::string>& command, std::vector<std::string> environment = {},
                              unsigned short columns = 100);
    terminal_process(const terminal_process&) = delete;
    terminal_process& operator=(const terminal_process&) = delete;
    ~terminal_process();

    /// Input from the keyboard; "\x03" is Ctrl-C.
    void type(std::string_view keys);
    /// Waits for `text` on the screen and returns the output since the last call, up to and with `text`; without it
    /// when the program ends first.
    std::string read_until(std::string_view text);
    /// Waits for the program's exit; `out` is the output that `read_until` has not returned.
    finished wait();

private:
    struct impl;
    std::unique_ptr<impl> impl_;
};
