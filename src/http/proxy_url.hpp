// Copyright (c) 2026 The yunhu authors
// SPDX-License-Identifier: BSL-1.0
#pragma once

#include "http/authority.hpp"

#include <yunhu/config.hpp>
#include <yunhu/secret.hpp>

#include <boost/system/result.hpp>

#include <string>
#include <string_view>

YUNHU_NAMESPACE_BEGIN
namespace http {

/// The components of a proxy's URL.
struct proxy_url {
    authority server;
    bool tls = false; ///< `https`
    bool has_user = false;
    std::string user; ///< decoded
    secret password;  ///< decoded
};

/// Parses and validates `text`: scheme, host, optional userinfo and port. Errors name it `field`.
[[nodiscard]] boost::system::result<proxy_url, bad_url> parse_proxy_url(std::string_view text, std::string_view field);

/// Whether a list as in `NO_PROXY` contains the server.
[[nodiscard]] bool bypasses_proxy(std::string_view list, std::string_view host, std::string_view port);

} // namespace http
YUNHU_NAMESPACE_END
