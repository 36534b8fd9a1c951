// Copyright (c) 2026 The yunhu authors
// SPDX-License-Identifier: BSL-1.0

#include "http/authority.hpp"

#include <boost/asio/ip/address.hpp>
#include <boost/system/errc.hpp>
#include <boost/url/parse.hpp>

#include <algorithm>
#include <charconv>
#include <cstdint>
#include <system_error>

YUNHU_NAMESPACE_BEGIN
namespace http {
namespace {

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

boost::system::result<boost::urls::url_view> parse_url(std::string_view text) {
    if (!visible(text)) {
        return boost::system::errc::make_error_code(boost::system::errc::invalid_argument);
    }
    return boost::urls::parse_uri({text.data(), text.size()});
}

boost::system::result<authority, bad_url> parse_authority(const boost::urls::url_view& url, std::string_view field,
                                                          std::string_view default_port) {
    const auto bad = [field](std::string_view rule) { return bad_url{std::string(field).append(rule)}; };
    // OpenSSL would verify the decoded text, or no name at all; a zone of an IPv6 address is written like this too.
    const std::string_view encoded_host(url.encoded_host().data(), url.encoded_host().size());
    if (encoded_host.find('%') != std::string_view::npos) {
        return bad(" must not have a percent-encoded host");
    }
    authority out;
    const auto address = url.host_address();
    out.host.assign(address.data(), address.size());
    if (out.host.empty() || !visible(out.host)) {
        return bad(" must have a valid host");
    }
    const auto port = url.port();
    if (url.has_port() && !is_port({port.data(), port.size()})) {
        return bad(" must have a valid port");
    }
    out.text = encoded_host;
    if (url.has_port()) {
        out.port.assign(port.data(), port.size());
        out.text += ':' + out.port;
    } else {
        out.port = default_port;
    }
    return out;
}

bool is_loopback(const std::string& host) {
    boost::system::error_code not_an_address;
    const auto address = boost::asio::ip::make_address(host, not_an_address);
    return not_an_address ? host == "localhost" : address.is_loopback();
}

} // namespace http
YUNHU_NAMESPACE_END
