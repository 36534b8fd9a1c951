// Copyright (c) 2026 The yunhu authors
// SPDX-License-Identifier: BSL-1.0
#pragma once

#include <boost/process/args.hpp>
#include <boost/process/child.hpp>
#include <boost/process/env.hpp>
#include <boost/process/environment.hpp>
#include <boost/process/exe.hpp>
#include <boost/process/extend.hpp>
#include <boost/process/io.hpp>
#include <boost/process/posix.hpp>

#include <string>
#include <utility>
#include <vector>

// Shared by `process` and `terminal_process`; apart from their headers because Boost.Process takes long to compile.

/// The environment of a program under test, see `process`.
boost::process::environment program_environment(const std::vector<std::string>& added);

/// Starts `command` with the initializers for its inputs and outputs.
template <class... Initializer> boost::process::child start(const std::vector<std::string>& command,
                                                            const std::vector<std::string>& environment,
                                                            Initializer&&... initializers) {
    return boost::process::child(boost::process::exe = command.at(0),
                                 boost::process::args = std::vector(command.begin() + 1, command.end()),
                                 program_environment(environment), std::forward<Initializer>(initializers)...);
}

/// Waits for the program's end. 128 + the signal's number when a signal ended it, as in a shell.
int wait_for_exit_code(boost::process::child& program);

/// Keeps `descriptor` out of programs that are started later: one that had another's input would keep it open.
void set_close_on_exec(int descriptor);
