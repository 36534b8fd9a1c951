// Copyright (c) 2026 The yunhu authors
// SPDX-License-Identifier: BSL-1.0

#include "http/proxy_url.hpp"

#include <boost/asio/ip/address.hpp>
#include <boost/url/url_view.hpp>

#include <algorithm>
#include <cstddef>
#include <utility>

YUNHU_NAMESPACE_BEGIN
namespace http {
namespace {

char to_lower(char c) {
    return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c;
}

bool equal_ignoring_case(std::string_view a, std::string_view b) {
    return std::equal(a.begin(), a.end(), b.begin(), b.end(),
                      [](char x, char y) { return to_lower(x) == to_lower(y); });
}

// Equal, or a subdomain. An address has none.
bool is_in_domain(std::string_view host, std::string_view domain) {
    if (equal_ignoring_case(host, domain)) {
        return true;
    }
    boost::system::error_code no_address;
    boost::asio::ip::make_address(std::string(host), no_address);
    return no_address && host.size() > domain.size() && host[host.size() - domain.size() - 1] == '.' &&
           equal_ignoring_case(host.substr(host.size() - domain.size()), domain);
}

bool equal_addresses(std::string_view a, std::string_view b) {
    boost::system::error_code bad_a;
    boost::system::error_code bad_b;
    const auto left = boost::asio::ip::make_address(std::string(a), bad_a);
    const auto right = boost::asio::ip::make_address(std::string(b), bad_b);
    return !bad_a && !bad_b && left == right;
}

// An entry of the list: `host`, `.host`, `host:port`, `address`, `[address]:port`.
bool matches(std::string_view entry, std::string_view host, std::string_view port) {
    if (entry == "*") {
        return true;
    }
    const bool bracketed = entry.starts_with('[');
    const std::size_t colon = entry.rfind(':');
    const bool has_port =
        colon != std::string_view::npos &&
        (bracketed ? colon > 0 && entry[colon - 1] == ']' : entry.find(':') == colon); // more colons: an address
    if (has_port) {
        if (entry.substr(colon + 1) != port) {
            return false;
        }
        entry = entry.substr(0, colon);
    }
    if (bracketed && entry.ends_with(']')) {
        entry = entry.substr(1, entry.size() - 2);
    }
    if (entry.starts_with('.')) {
        entry.remove_prefix(1);
    }
    if (entry.ends_with('.')) {
        entry.remove_suffix(1);
    }
    return !entry.empty() && (is_in_domain(host, entry) || equal_addresses(host, entry));
}

} // namespace

boost::system::result<proxy_url, bad_url> parse_proxy_url(std::string_view text, std::string_view field) {
    const auto bad = [field](std::string_view rule) { return bad_url{std::string(field).append(rule)}; };
    const auto parsed = parse_url(text);
    if (!parsed) {
        return bad(" must be a URL");
    }
    const boost::urls::url_view& url = *parsed;
    proxy_url out;
    out.tls = url.scheme_id() == boost::urls::scheme::https;
    if (!out.tls && url.scheme_id() != boost::urls::scheme::http) {
        return bad(" must be http or https");
    }
    const auto path = url.encoded_path();
    if (url.has_query() || url.has_fragment() || (!path.empty() && std::string_view(path.data(), path.size()) != "/")) {
        return bad(" must consist of scheme, credentials, host and port only");
    }
    auto server = parse_authority(url, field, out.tls ? "443" : "80");
    if (!server) {
        return server.error();
    }
    out.server = std::move(*server);
    out.has_user = url.has_userinfo();
    if (out.has_user) {
        out.user = url.user();
        out.password = secret(url.password());
    }
    return out;
}

bool bypasses_proxy(std::string_view list, std::string_view host, std::string_view port) {
    if (host.ends_with('.')) { // the root of the DNS
        host.remove_suffix(1);
    }
    constexpr std::string_view separators = ", \t";
    while (!list.empty()) {
        const std::size_t end = std::min(list.find_first_of(separators), list.size());
        if (matches(list.substr(0, end), host, port)) {
            return true;
        }
        list.remove_prefix(std::min(end + 1, list.size()));
    }
    return false;
}

} // namespace http
YUNHU_NAMESPACE_END
