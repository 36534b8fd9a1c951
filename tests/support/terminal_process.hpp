// Copyright (c) 2026 The yunhu authors
// SPDX-License-Identifier: BSL-1.0
#pragma once

#include "process.hpp"

#include <string>
#include <string_view>
#include <vector>

#include <sys/types.h>

/// A program on a terminal of its own: its input, output and errors are one. Killed when it is destroyed before its
/// end.
class terminal_process {
public:
    explicit terminal_process(std::vector<std::string> command, std::vector<std::string> environment = {},
                              unsigned short columns = 100);
    terminal_process(const terminal_process&) = delete;
    terminal_process& operator=(const terminal_process&) = delete;
    ~terminal_process();

    /// As if typed; "\x03" is Ctrl-C.
    void type(std::string_view keys);
    /// What is on the screen's wire since the last call, up to and with `text`. Waits for it; ends the test's wait when
    /// the program has ended: then `text` is not in it.
    std::string read_until(std::string_view text);
    /// Waits for its end; `out` is what `read_until` had not taken.
    finished wait();

private:
    bool read_more();

    pid_t pid_ = -1;
    int screen_ = -1;
    std::string unread_;
};
