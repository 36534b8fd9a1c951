// Copyright (c) 2026 The yunhu authors
// SPDX-License-Identifier: BSL-1.0

#include "http/base_url.hpp"

#include "http/authority.hpp"

#include <boost/url/url_view.hpp>

#include <utility>

YUNHU_NAMESPACE_BEGIN
namespace http {
boost::system::result<base_url, bad_url> parse_base_url(std::string_view text, bool allow_plain_loopback) {
    const auto parsed = parse_url(text);
    if (!parsed) {
        return bad_url{"base_url must be a URL"};
    }
    const boost::urls::url_view& url = *parsed;
    base_url out;
    if (url.scheme_id() == boost::urls::scheme::http) {
        out.tls = false;
    } else if (url.scheme_id() != boost::urls::scheme::https) {
        return bad_url{"base_url must be https"};
    }
    if (url.has_userinfo() || url.has_query() || url.has_fragment()) {
        return bad_url{"base_url must consist of scheme, host, port and path only"};
    }
    auto server = parse_authority(url, "base_url", out.tls ? "443" : "80");
    if (!server) {
        return server.error();
    }
    out.host = std::move(server->host);
    out.port = std::move(server->port);
    out.host_header = std::move(server->text);
    if (!out.tls && !(allow_plain_loopback && is_loopback(out.host))) {
        return bad_url{"base_url must be https (http is for loopback addresses, if allowed)"};
    }
    const auto path = url.encoded_path();
    out.path.assign(path.data(), path.size());
    if (!out.path.empty() &&
        out.path.front() != '/') { // Boost 1.81 parses `127.0.0.1.example` as an address and a path
        return bad_url{"base_url must have a valid host"};
    }
    while (!out.path.empty() && out.path.back() == '/') {
        out.path.pop_back();
    }
    return out;
}

} // namespace http
YUNHU_NAMESPACE_END
