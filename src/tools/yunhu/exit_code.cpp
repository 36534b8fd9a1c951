// Copyright (c) 2026 The yunhu authors
// SPDX-License-Identifier: BSL-1.0

#include "exit_code.hpp"

#include "phrase.hpp"

#include <boost/asio/error.hpp>

namespace cli {

std::string exit_code_help() {
    return phrase("Exit codes: 0 fine, 2 usage (nothing was sent), 3 refused by the API or an answer that is no "
                  "success,\n4 not authenticated, 5 transport (not sent; a list may be asked again), 6 outcome unknown "
                  "(it may have acted),\n130 interrupted.")
        .said();
}

exit_code exit_code_of(const yunhu::failure& f, yunhu::retry_class retry) {
    if (f.code == boost::asio::error::operation_aborted) {
        return interrupted;
    }
    if (f.code == yunhu::errc::invalid_request) {
        return usage;
    }
    if (f.code == yunhu::errc::not_authenticated) {
        return not_authenticated;
    }
    switch (f.delivery) {
    case yunhu::delivery::answered:
        return refused_by_api;
    case yunhu::delivery::maybe_sent: // a list that was asked for twice harms nobody
        return retry == yunhu::retry_class::safe ? transport : outcome_unknown;
    case yunhu::delivery::not_sent:
        break;
    }
    return transport;
}

} // namespace cli
