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
    const auto matches = [name](const auto& field) { return equal_ignoring_case(field.first, name); };
    return static_cast<std::size_t>(std::count_if(headers.begin(), headers.end(), matches));
}

std::string_view find_header(const header_list& headers, std::string_view name) noexcept {
    const auto matches = [name](const auto& field) { return equal_ignoring_case(field.first, name); };
    const auto found = std::find_if(headers.begin(), headers.end(), matches);
    return found == headers.end() ? std::string_view() : std::string_view(found->second);
}

bool wants_close(const header_list& headers) {
    return std::any_of(headers.begin(), headers.end(), [](const auto& field) {
        return equal_ignoring_case(field.first, "connection") && http::token_list(field.second).exists("close");
    });
}

std::string http_header(int status, const header_list& headers) {
    http::response_header<> header;
    header.version(11);
    header.result(static_cast<unsigned>(status));
    for (const auto& [name, value] : headers) {
        header.insert(name, value);
    }
    http::fields::writer serialized(header, header.version(), header.result_int());
    return boost::beast::buffers_to_string(serialized.get());
}

std::string http_response(int status, header_list headers, std::string_view body, body_presence presence) {
    if (count_header(headers, "content-length") == 0) {
        headers.emplace_back("content-length", std::to_string(body.size()));
    }
    std::string text = http_header(status, headers);
    // Not by Beast's serializer: the headers of a fault may contradict its body, such as another content-length.
    return presence == body_presence::omitted ? text : text.append(body);
}

} // namespace testing::detail
YUNHU_NAMESPACE_END
