// Copyright (c) 2026 The yunhu authors
// SPDX-License-Identifier: BSL-1.0
#pragma once

#include "transport/asio_types.hpp"

#include <yunhu/config.hpp>
#include <yunhu/error.hpp>

#include <boost/asio/error.hpp>
#include <boost/asio/ip/address.hpp>

#include <string>
#include <string_view>

YUNHU_NAMESPACE_BEGIN
namespace transport {

/// Refuses a plain connection that leaves the machine, with the token and the messages: a resolver may give any address
/// for "localhost". `what` is plain: the option that has the URL, and the protocol.
[[nodiscard]] inline error_code check_loopback(const socket& connected, std::string_view what, std::string& detail) {
    error_code ec;
    const asio::ip::address address = connected.remote_endpoint(ec).address();
    if (!ec && !address.is_loopback()) {
        detail = std::string(what) + " is allowed to a loopback address only, not to " + address.to_string();
        ec = asio::error::access_denied;
    }
    return ec;
}

} // namespace transport
YUNHU_NAMESPACE_END
