// Copyright (c) 2026 The yunhu authors
// SPDX-License-Identifier: BSL-1.0

#include "http/base_url.hpp"

#include <algorithm>
#include <charconv>
#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <string>
#include <string_view>

// An accepted URL is valid in a request's header section, and plain HTTP is only for loopback addresses.

namespace {

void require(bool condition) {
    if (!condition) {
        std::abort();
    }
}

bool visible(std::string_view text) {
    return std::all_of(text.begin(), text.end(), [](char c) { return c > ' ' && c < '\x7f'; });
}

void check(const yunhu::http::base_url& url) {
    require(!url.host.empty() && visible(url.host));
    require(!url.host_header.empty() && visible(url.host_header));
    require(url.host_header.find_first_of("/@?#") == std::string::npos);
    require(visible(url.path) && url.path.find_first_of("?#") == std::string::npos);
    require(url.path.empty() || (url.path.front() == '/' && url.path.back() != '/'));
    unsigned port = 0;
    const auto end = std::from_chars(url.port.data(), url.port.data() + url.port.size(), port);
    require(end.ec == std::errc() && end.ptr == url.port.data() + url.port.size() && port > 0 && port <= 65535);
}

} // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    const std::string_view text(reinterpret_cast<const char*>(data), size);
    const auto strict = yunhu::http::parse_base_url(text, false);
    const auto lax = yunhu::http::parse_base_url(text, true);
    if (strict) {
        check(*strict);
        require(strict->tls && lax && lax->tls && lax->host == strict->host);
    }
    if (lax) {
        check(*lax);
        const std::string& host = lax->host;
        require(lax->tls || host == "localhost" || host.rfind("127.", 0) == 0 || host.find(':') != std::string::npos);
    } else {
        require(lax.error().detail.rfind("base_url", 0) == 0);
    }
    return 0;
}
