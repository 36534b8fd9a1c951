// Copyright (c) 2026 The yunhu authors
// SPDX-License-Identifier: BSL-1.0

#include "http/header_cache.hpp"

#include <cstdint> // Boost 1.83's field.hpp needs it and does not include it

#include <boost/beast/http/field.hpp>

#include <algorithm>

YUNHU_NAMESPACE_BEGIN
namespace http {
namespace {

namespace http = boost::beast::http;

// Bounds the memory of an idle connection.
constexpr std::size_t max_stored = 1024;

// Removes the first line, with its line end, from `bytes`; empty if the line is incomplete.
std::string_view take_line(std::string_view& bytes) {
    const std::string_view line = bytes.substr(0, bytes.find('\n') + 1); // none: npos + 1 is 0
    bytes.remove_prefix(line.size());
    return line;
}

// Fields that neither Beast nor `response_parser` reads. An allow list: all other fields are significant.
bool is_ignorable(std::string_view name) {
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

// True if two different lines are the same ignorable field with different values, and the new value is acceptable to
// every parser.
bool is_equivalent(std::string_view stored, std::string_view line) {
    const std::size_t colon = stored.find(':');
    if (colon == std::string_view::npos || stored.front() == ' ' || stored.front() == '\t') { // an obs-fold
        return false;
    }
    constexpr std::string_view crlf = "\r\n";
    return line.starts_with(stored.substr(0, colon + 1)) && line.ends_with(crlf) &&
           is_plain(line.substr(colon + 1, line.size() - colon - 1 - crlf.size())) &&
           is_ignorable(stored.substr(0, colon));
}

std::size_t match(std::string_view stored, std::string_view bytes, std::size_t limit) {
    if (stored.empty()) {
        return 0;
    }
    if (stored.size() <= limit && bytes.starts_with(stored)) {
        return stored.size();
    }
    std::string_view rest = bytes.substr(0, limit);
    const std::string_view status_line = take_line(stored);
    if (take_line(rest) != status_line) {
        return 0;
    }
    while (!stored.empty()) {
        const std::string_view expected = take_line(stored);
        const std::string_view line = take_line(rest);
        if (line != expected && !is_equivalent(expected, line)) {
            return 0;
        }
    }
    return static_cast<std::size_t>(rest.data() - bytes.data());
}

} // namespace

void header_cache::store(std::string_view header, std::size_t body_size, const response& parsed) {
    if (header.size() > max_stored) {
        return;
    }
    header_ = header;
    body_size_ = body_size;
    parsed_ = parsed;
}

std::size_t header_cache::hit(std::string_view bytes) {
    const std::size_t size = match(header_, bytes, header_limit_);
    if (size > 0 && size <= max_stored) {
        header_ = bytes.substr(0, size);
    }
    return size;
}

} // namespace http
YUNHU_NAMESPACE_END
