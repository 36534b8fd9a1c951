// Copyright (c) 2026 The yunhu authors
// SPDX-License-Identifier: BSL-1.0
#pragma once

#include "http/authority.hpp"

#include <yunhu/config.hpp>

#include <boost/system/result.hpp>

#include <string>
#include <string_view>

YUNHU_NAMESPACE_BEGIN
namespace http {

/// The components of a base URL.
struct base_url {
    std::string host;        ///< name or address, without brackets
    std::string port;        ///< digits
    std::string host_header; ///< value of the `Host` field
    std::string path;        ///< prefix of each request path: empty, or `/like/this`
    bool tls = true;
};

/// Parses and validates `text`. Plain `http` is valid only for a loopback address, and only if `allow_plain_loopback`.
[[nodiscard]] boost::system::result<base_url, bad_url> parse_base_url(std::string_view text, bool allow_plain_loopback);
/// The same of the push gateway's URL: `wss`, and `ws` for a loopback address only.
[[nodiscard]] boost::system::result<base_url, bad_url> parse_gateway_url(std::string_view text,
                                                                         bool allow_plain_loopback);

} // namespace http
YUNHU_NAMESPACE_END
