// Copyright (c) 2026 The yunhu authors
// SPDX-License-Identifier: BSL-1.0

#include "http/request_writer.hpp"

#include "http/base_url.hpp"

#include <algorithm>
#include <array>
#include <charconv>
#include <cstddef>
#include <span>

YUNHU_NAMESPACE_BEGIN
namespace http {
namespace {

// One allocation at the most: none of the parts is left behind in memory that was too small.
void assemble(std::span<const std::string_view> parts, detail::secret_bytes& out) {
    std::size_t size = 0;
    for (const std::string_view part : parts) {
        size += part.size();
    }
    out.resize(size);
    auto at = out.begin();
    for (const std::string_view part : parts) {
        at = std::copy(part.begin(), part.end(), at);
    }
}

} // namespace

bool is_request_path(std::string_view path) noexcept {
    return path.starts_with('/') &&
           std::all_of(path.begin(), path.end(), [](char c) { return c > ' ' && c < '\x7f' && c != '#'; });
}

bool is_field_value_or_empty(std::string_view text) noexcept {
    return text.empty() || (text.front() != ' ' && text.back() != ' ' &&
                            std::all_of(text.begin(), text.end(), [](char c) { return c >= ' ' && c < '\x7f'; }));
}

request_writer::request_writer(const base_url& url, std::string_view user_agent)
    : method_and_prefix_("POST " + url.path), first_fields_(" HTTP/1.1\r\nhost: " + url.host_header) {
    first_fields_.append("\r\nuser-agent: ").append(user_agent);
}

detail::secret_bytes request_writer::request_head_template(std::string_view token,
                                                           std::string_view content_type) const {
    const std::array<std::string_view, 8> parts = {
        first_fields_,  "\r\ncontent-type: ",  content_type,
        "\r\naccept: ", content_type,          token.empty() ? std::string_view() : "\r\ntoken: ",
        token,          "\r\ncontent-length: "};
    detail::secret_bytes out;
    assemble(parts, out);
    return out;
}

void request_writer::write(std::string_view path, std::string_view head_template, std::string_view traceparent,
                           std::string_view body, detail::secret_bytes& out) const {
    std::array<char, 24> digits{};
    const auto end = std::to_chars(digits.data(), digits.data() + digits.size(), body.size());
    const std::array<std::string_view, 8> parts = {
        method_and_prefix_,
        path,
        head_template,
        {digits.data(), end.ptr},
        traceparent.empty() ? std::string_view() : "\r\ntraceparent: ",
        traceparent,
        "\r\n\r\n",
        body,
    };
    assemble(parts, out);
}

void request_writer::write(const request_form& form, std::string_view traceparent, std::string_view body,
                           detail::secret_bytes& out) const {
    const auto optional = [](bool present, std::string_view text) { return present ? text : std::string_view(); };
    std::array<char, 24> digits{};
    const auto end = std::to_chars(digits.data(), digits.data() + digits.size(), body.size());
    const bool has_length = !body.empty() || form.method != "GET";
    const std::string_view prefix = std::string_view(method_and_prefix_).substr(method_and_prefix_.find(' '));
    const std::array<std::string_view, 16> parts = {
        form.method,
        prefix,
        form.path,
        first_fields_,
        optional(!form.content_type.empty(), "\r\ncontent-type: "),
        form.content_type,
        "\r\naccept: ",
        form.accept,
        optional(!form.token.empty(), "\r\ntoken: "),
        form.token,
        optional(has_length, "\r\ncontent-length: "),
        optional(has_length, {digits.data(), static_cast<std::size_t>(end.ptr - digits.data())}),
        optional(!traceparent.empty(), "\r\ntraceparent: "),
        traceparent,
        "\r\n\r\n",
        body,
    };
    assemble(parts, out);
}

} // namespace http
YUNHU_NAMESPACE_END
