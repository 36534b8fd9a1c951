// Copyright (c) 2026 The yunhu authors
// SPDX-License-Identifier: BSL-1.0
#pragma once

#include "standard_streams.hpp"

#include <yunhu/endpoint.hpp>
#include <yunhu/error.hpp>

#include <string>

namespace cli {

/// The program's exit codes.
enum exit_code : int {
    fine = 0,
    usage = 2,                        ///< the command line, a field or the configuration is wrong; nothing was sent
    refused_by_api = 3,               ///< a response without success; nothing was changed
    not_authenticated = 4,            ///< the token is wrong or missing
    transport = 5,                    ///< no response, and nothing was changed
    outcome_unknown = 6,              ///< it may have been executed: look before repeating it
    output_lost = tools::output_lost, ///< it was done, but the output could not be written
    interrupted = 130,                ///< by Ctrl-C
};

/// Their help text.
[[nodiscard]] std::string exit_code_help();

/// The exit code that a failed call of that class ends with.
[[nodiscard]] exit_code exit_code_of(const yunhu::failure& f, yunhu::retry_class retry);

} // namespace cli
