// Copyright (c) 2026 The yunhu authors
// SPDX-License-Identifier: BSL-1.0
#pragma once

#include <yunhu/config.hpp>

#include <boost/system/result.hpp>
#include <boost/url/url_view.hpp>

#include <string>
#include <string_view>

YUNHU_NAMESPACE_BEGIN
namespace http {

/// Reason why a URL is invalid. Never contains the URL, which may hold credentials.
struct bad_url {
    std::string detail;
};

/// The server of a URL.
struct authority {
    std::string host; ///< name or address, without brackets
    std::string port; ///< digits
    std::string text; ///< as written, without userinfo: the value of the `Host` field
};

/// Parses a URL of visible ASCII characters. The result refers to `text`.
[[nodiscard]] boost::system::result<boost::urls::url_view> parse_url(std::string_view text);
/// Validates host and port of a URL. `field` names the URL in errors.
[[nodiscard]] boost::system::result<authority, bad_url>
parse_authority(const boost::urls::url_view& url, std::string_view field, std::string_view default_port);

/// Whether the host is this machine, by its name or its address.
[[nodiscard]] bool is_loopback(const std::string& host);

} // namespace http
YUNHU_NAMESPACE_END
