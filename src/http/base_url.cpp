// Copyright (c) 2026 The yunhu authors
// SPDX-License-Identifier: BSL-1.0

#include "http/base_url.hpp"

#include "http/authority.hpp"

#include <boost/url/scheme.hpp>
#include <boost/url/url_view.hpp>

#include <string>
#include <utility>

YUNHU_NAMESPACE_BEGIN
namespace http {
namespace {

/// An option that names a server by a URL.
struct url_option {
    std::string_view name;
    boost::urls::scheme secure_id;
    std::string_view secure;
    boost::urls::scheme plain_id;
    std::string_view plain;
};

boost::system::result<base_url, bad_url> parse_server_url(std::string_view text, bool allow_plain_loopback,
                                                          const url_option& option) {
    const auto bad = [&option](std::string_view rule) { return bad_url{std::string(option.name).append(rule)}; };
    const auto parsed = parse_url(text);
    if (!parsed) {
        return bad(" must be a URL");
    }
    const boost::urls::url_view& url = *parsed;
    base_url out;
    if (url.scheme_id() == option.plain_id) {
        out.tls = false;
    } else if (url.scheme_id() != option.secure_id) {
        return bad(" must be " + std::string(option.secure));
    }
    if (url.has_userinfo() || url.has_query() || url.has_fragment()) {
        return bad(" must consist of scheme, host, port and path only");
    }
    auto server = parse_authority(url, option.name, out.tls ? "443" : "80");
    if (!server) {
        return server.error();
    }
    out.host = std::move(server->host);
    out.port = std::move(server->port);
    out.host_header = std::move(server->text);
    if (!out.tls && !(allow_plain_loopback && is_loopback(out.host))) {
        return bad(" must be " + std::string(option.secure) + " (" + std::string(option.plain) +
                   " is for loopback addresses, if allowed)");
    }
    const auto path = url.encoded_path();
    out.path.assign(path.data(), path.size());
    if (!out.path.empty() &&
        out.path.front() != '/') { // Boost 1.81 parses `127.0.0.1.example` as an address and a path
        return bad(" must have a valid host");
    }
    while (!out.path.empty() && out.path.back() == '/') {
        out.path.pop_back();
    }
    return out;
}

} // namespace

boost::system::result<base_url, bad_url> parse_base_url(std::string_view text, bool allow_plain_loopback) {
    using boost::urls::scheme;
    return parse_server_url(text, allow_plain_loopback, {"base_url", scheme::https, "https", scheme::http, "http"});
}

boost::system::result<base_url, bad_url> parse_gateway_url(std::string_view text, bool allow_plain_loopback) {
    using boost::urls::scheme;
    return parse_server_url(text, allow_plain_loopback, {"gateway_url", scheme::wss, "wss", scheme::ws, "ws"});
}

} // namespace http
YUNHU_NAMESPACE_END
