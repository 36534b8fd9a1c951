// Copyright (c) 2026 The yunhu authors
// SPDX-License-Identifier: BSL-1.0

#include "testing/http_text.hpp"

#include <algorithm>

YUNHU_NAMESPACE_BEGIN
namespace testing::detail {
namespace {

char lower(char c) noexcept {
    return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c;
}

std::string_view trimmed(std::string_view text) noexcept {
    const auto first = text.find_first_not_of(" \t");
    const auto last = text.find_last_not_of(" \t");
    return first == text.npos ? std::string_view() : text.substr(first, last - first + 1);
}

std::string_view reason(int status) noexcept {
    switch (status) {
    case 200:
        return "OK";
    case 400:
        return "Bad Request";
    case 404:
        return "Not Found";
    case 413:
        return "Content Too Large";
    case 429:
        return "Too Many Requests";
    case 500:
        return "Internal Server Error";
    case 502:
        return "Bad Gateway";
    case 503:
        return "Service Unavailable";
    default:
        return "Status"; // says nothing, as RFC 9112 allows
    }
}

} // namespace

bool equal_ignoring_case(std::string_view a, std::string_view b) noexcept {
    return std::equal(a.begin(), a.end(), b.begin(), b.end(), [](char x, char y) { return lower(x) == lower(y); });
}

std::size_t count_header(const header_list& headers, std::string_view name) noexcept {
    const auto is_it = [name](const auto& header) { return equal_ignoring_case(header.first, name); };
    return static_cast<std::size_t>(std::count_if(headers.begin(), headers.end(), is_it));
}

std::string_view find_header(const header_list& headers, std::string_view name) noexcept {
    const auto is_it = [name](const auto& header) { return equal_ignoring_case(header.first, name); };
    const auto found = std::find_if(headers.begin(), headers.end(), is_it);
    return found == headers.end() ? std::string_view() : std::string_view(found->second);
}

bool wants_close(const header_list& headers) noexcept {
    for (const auto& [name, value] : headers) {
        if (!equal_ignoring_case(name, "connection")) {
            continue;
        }
        for (std::string_view rest = value; !rest.empty();) {
            const auto comma = std::min(rest.find(','), rest.size());
            if (equal_ignoring_case(trimmed(rest.substr(0, comma)), "close")) {
                return true;
            }
            rest.remove_prefix(std::min(comma + 1, rest.size()));
        }
    }
    return false;
}

std::string http_response(int status, const header_list& headers, std::string_view body) {
    std::string text = "HTTP/1.1 " + std::to_string(status) + " ";
    text.reserve(128 + body.size());
    text += reason(status);
    text += "\r\n";
    for (const auto& [name, value] : headers) {
        text += name;
        text += ": ";
        text += value;
        text += "\r\n";
    }
    if (count_header(headers, "content-length") == 0) {
        text += "content-length: " + std::to_string(body.size()) + "\r\n";
    }
    text += "\r\n";
    text += body;
    return text;
}

} // namespace testing::detail
YUNHU_NAMESPACE_END
