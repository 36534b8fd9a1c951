// Copyright (c) 2026 The yunhu authors
// SPDX-License-Identifier: BSL-1.0
#pragma once

#include <yunhu/config.hpp>

#include <boost/system/result.hpp>

#include <string>
#include <string_view>

YUNHU_NAMESPACE_BEGIN
namespace http {

/// A base URL, taken apart.
struct base_url {
    std::string host;        ///< a name or an address, without brackets
    std::string port;        ///< digits
    std::string host_header; ///< as it goes into `Host`
    std::string path;        ///< prefix of every path; empty or `/like/this`
    bool tls = true;
};

/// Why a base URL is refused; never repeats it.
struct bad_url {
    std::string detail;
};

[[nodiscard]] boost::system::result<base_url, bad_url> parse_base_url(std::string_view text, bool allow_plain_loopback);

} // namespace http
YUNHU_NAMESPACE_END
