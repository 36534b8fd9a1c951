// Copyright (c) 2026 The yunhu authors
// SPDX-License-Identifier: BSL-1.0

#include "http/base_url.hpp"

#include <boost/asio/ip/address.hpp>
#include <boost/url/parse.hpp>
#include <boost/url/url_view.hpp>

#include <algorithm>
#include <charconv>
#include <cstdint>
#include <system_error>

YUNHU_NAMESPACE_BEGIN
namespace http {
namespace {

bool is_loopback(const std::string& host) {
    boost::system::error_code not_an_address;
    const auto address = boost::asio::ip::make_address(host, not_an_address);
    return not_an_address ? host == "localhost" : address.is_loopback();
}

bool visible(std::string_view text) {
    return std::all_of(text.begin(), text.end(), [](char c) { return c > ' ' && c < '\x7f'; });
}

// Not `port_number`: in Boost 1.81 it overflows for large numbers.
bool is_port(std::string_view digits) {
    std::uint16_t number = 0;
    const auto end = std::from_chars(digits.data(), digits.data() + digits.size(), number);
    return end.ec == std::errc() && end.ptr == digits.data() + digits.size() && number != 0;
}

} // namespace

boost::system::result<base_url, bad_url> parse_base_url(std::string_view text, bool allow_plain_loopback) {
    const auto parsed = visible(text)
                            ? boost::urls::parse_uri({text.data(), text.size()})
                            : boost::system::result<boost::urls::url_view>(
                                  boost::system::errc::make_error_code(boost::system::errc::invalid_argument));
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
    // OpenSSL would verify the decoded text, or no name at all; a zone of an IPv6 address is written like this too.
    const std::string_view encoded_host(url.encoded_host().data(), url.encoded_host().size());
    if (encoded_host.find('%') != std::string_view::npos) {
        return bad_url{"base_url must not have a percent-encoded host"};
    }
    const auto address = url.host_address();
    out.host.assign(address.data(), address.size());
    if (out.host.empty() || !visible(out.host)) {
        return bad_url{"base_url must have a valid host"};
    }
    if (!out.tls && !(allow_plain_loopback && is_loopback(out.host))) {
        return bad_url{"base_url must be https (http is for loopback addresses, if allowed)"};
    }
    const bool default_port = !url.has_port();
    const auto port = url.port();
    if (!default_port && !is_port({port.data(), port.size()})) {
        return bad_url{"base_url must have a valid port"};
    }
    out.port = default_port ? (out.tls ? "443" : "80") : std::string(port.data(), port.size());
    const auto host_text = url.encoded_host();
    out.host_header.assign(host_text.data(), host_text.size());
    if (!default_port) {
        out.host_header += ':' + out.port;
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
