// Copyright (c) 2026 The yunhu authors
// SPDX-License-Identifier: BSL-1.0

#include "http/header_cache.hpp"

#include <cstdint> // the next one forgets it in Boost 1.83

#include <boost/beast/http/field.hpp>

#include <algorithm>

YUNHU_NAMESPACE_BEGIN
namespace http {
namespace {

namespace http = boost::beast::http;

// The next line with its end, taken from `bytes`; empty when it is not all there.
std::string_view take_line(std::string_view& bytes) {
    const std::string_view line = bytes.substr(0, bytes.find('\n') + 1); // none: npos + 1 is 0
    bytes.remove_prefix(line.size());
    return line;
}

// Of what Beast and the answer reader look at, nothing: all others are taken to matter.
bool means_nothing(std::string_view name) {
    switch (http::string_to_field({name.data(), name.size()})) {
    case http::field::unknown:
    case http::field::date:
    case http::field::set_cookie:
        return true;
    default:
        return false;
    }
}

bool is_plain(std::string_view value) {
    return std::all_of(value.begin(), value.end(), [](char c) { return c >= ' ' && c <= '~'; });
}

// Two lines that are not the same: fields of one name that means nothing, and the other value is one that no parser
// would refuse.
bool differ_in_nothing(std::string_view known, std::string_view line) {
    const std::size_t colon = known.find(':');
    if (colon == std::string_view::npos || known.front() == ' ' || known.front() == '\t') { // it goes on with another
        return false;
    }
    constexpr std::string_view end = "\r\n";
    return line.starts_with(known.substr(0, colon + 1)) && line.ends_with(end) &&
           is_plain(line.substr(colon + 1, line.size() - colon - 1 - end.size())) &&
           means_nothing(known.substr(0, colon));
}

} // namespace

std::size_t size_of_same_head(std::string_view known, std::string_view bytes, std::size_t most) {
    if (known.empty()) {
        return 0;
    }
    if (known.size() <= most && bytes.starts_with(known)) {
        return known.size();
    }
    std::string_view rest = bytes.substr(0, most);
    const std::string_view status = take_line(known);
    if (take_line(rest) != status) {
        return 0;
    }
    while (!known.empty()) {
        const std::string_view expected = take_line(known);
        const std::string_view line = take_line(rest);
        if (line != expected && !differ_in_nothing(expected, line)) {
            return 0;
        }
    }
    return static_cast<std::size_t>(rest.data() - bytes.data());
}

} // namespace http
YUNHU_NAMESPACE_END
