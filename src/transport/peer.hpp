// Copyright (c) 2026 The yunhu authors
// SPDX-License-Identifier: BSL-1.0
#pragma once

#include "transport/tls_context.hpp"

#include <yunhu/config.hpp>
#include <yunhu/secret.hpp>

#include <cstddef>
#include <memory>
#include <string>

YUNHU_NAMESPACE_BEGIN
namespace transport {

/// A proxy that opens tunnels to one server.
struct proxy {
    std::string host;
    std::string port;
    std::shared_ptr<tls_context> tls; ///< plain TCP if null
    secret connect_request;           ///< for a tunnel to the server, with the credentials
    std::size_t max_header_bytes = 0; ///< of the proxy's response
};

/// The server that connections are made to.
struct peer {
    std::string host;
    std::string port;
    std::shared_ptr<tls_context> tls; ///< plain TCP if null; required with a proxy
    std::shared_ptr<const proxy> via; ///< null: direct
};

} // namespace transport
YUNHU_NAMESPACE_END
