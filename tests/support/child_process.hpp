// Copyright (c) 2026 The yunhu authors
// SPDX-License-Identifier: BSL-1.0
#pragma once

#if __has_include(<boost/process/v1/child.hpp>) // Boost 1.86: the other version is the default of 1.88
#include <boost/process/v1/args.hpp>
#include <boost/process/v1/child.hpp>
#include <boost/process/v1/env.hpp>
#include <boost/process/v1/environment.hpp>
#include <boost/process/v1/exe.hpp>
#include <boost/process/v1/extend.hpp>
#include <boost/process/v1/io.hpp>
#include <boost/process/v1/posix.hpp>
#else
#include <boost/process/args.hpp>
#include <boost/process/child.hpp>
#include <boost/process/env.hpp>
#include <boost/process/environment.hpp>
#include <boost/process/exe.hpp>
#include <boost/process/extend.hpp>
#include <boost/process/io.hpp>
#include <boost/process/posix.hpp>
#endif

#include <string>
#include <utility>
#include <vector>

#if __has_include(<boost/process/v1/child.hpp>)
namespace bp = boost::process::v1;
#else
namespace bp = boost::process;
#endif

// Shared by `process` and `terminal_process`; apart from their headers because Boost.Process takes long to compile.

/// The environment of a program under test, see `process`.
bp::environment program_environment(const std::vector<std::string>& added);

/// Starts `command` with the initializers for its inputs and outputs.
template <class... Initializer> bp::child start(const std::vector<std::string>& command,
                                                const std::vector<std::string>& environment,
                                                Initializer&&... initializers) {
    return bp::child(bp::exe = command.at(0), bp::args = std::vector(command.begin() + 1, command.end()),
                     program_environment(environment), std::forward<Initializer>(initializers)...);
}

/// Waits for the program's end. 128 + the signal's number when a signal ended it, as in a shell.
int wait_for_exit_code(bp::child& program);

/// Keeps `descriptor` out of programs that are started later: one that had another's input would keep it open.
void set_close_on_exec(int descriptor);
