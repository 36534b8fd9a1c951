// Copyright (c) 2026 The yunhu authors
// SPDX-License-Identifier: BSL-1.0

#include "testing/http_text.hpp"

#include <boost/beast/core/buffers_to_string.hpp>
#include <boost/beast/core/string.hpp>
#include <boost/beast/http/fields.hpp>
#include <boost/beast/http/message.hpp>
#include <boost/beast/http/rfc7230.hpp>

#include <algorithm>

YUNHU_NAMESPACE_BEGIN
namespace testing::detail {

namespace http = boost::beast::http;

bool equal_ignoring_case(std::string_view a, std::string_view b) noexcept {
    return boost::beast::iequals({a.data(), a.size()}, {b.data(), b.size()});
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

bool wants_close(const header_list& headers) {
    return std::any_of(headers.begin(), headers.end(), [](const auto& header) {
        return equal_ignoring_case(header.first, "connection") && http::token_list(header.second).exists("close");
    });
}

std::string http_header(int status, const header_list& headers) {
    http::response_header<> made;
    made.version(11);
    made.result(static_cast<unsigned>(status));
    for (const auto& [name, value] : headers) {
        made.insert(name, value);
    }
    http::fields::writer written(made, made.version(), made.result_int());
    return boost::beast::buffers_to_string(written.get());
}

std::string http_response(int status, header_list headers, std::string_view body, body_presence presence) {
    if (count_header(headers, "content-length") == 0) {
        headers.emplace_back("content-length", std::to_string(body.size()));
    }
    std::string text = http_header(status, headers);
    // Not by Beast's serializer: a fault may contradict itself, such as a content-length that the body has not.
    return presence == body_presence::omitted ? text : text.append(body);
}

} // namespace testing::detail
YUNHU_NAMESPACE_END
