// Copyright (c) 2026 The yunhu authors
// SPDX-License-Identifier: BSL-1.0

#include "exit_code.hpp"

#include "message.hpp"

namespace cli {

std::string exit_code_help() {
    return message(
               "Exit codes: 0 success, 2 usage (nothing was sent), 3 refused by the API or not a successful response, "
               "4 not authenticated, 5 transport (not sent; a list may be repeated), 6 outcome unknown (it may have "
               "taken "
               "effect), 7 the output could not be written (or the input not be read to its end), 130 interrupted.")
        .translated();
}

exit_code exit_code_of(const yunhu::failure& f, yunhu::retry_class retry) {
    if (f.code == yunhu::condition::cancelled) {
        return interrupted;
    }
    if (f.code == yunhu::errc::invalid_request) {
        return usage;
    }
    // A safe call may be repeated after any failure.
    if (retry != yunhu::retry_class::safe && execution_of(f) != yunhu::execution::certainly_not_executed) {
        return outcome_unknown;
    }
    if (f.code == yunhu::condition::authentication) {
        return not_authenticated;
    }
    return f.delivery == yunhu::delivery::answered ? refused_by_api : transport;
}

} // namespace cli
