// Copyright (c) 2026 The yunhu authors
// SPDX-License-Identifier: BSL-1.0

#include "media/upload_token.hpp"

#include "media/digest.hpp"
#include "media/json_reading.hpp"

#include <algorithm>

YUNHU_NAMESPACE_BEGIN
namespace storage {
namespace {

// Part of the path of a request.
bool is_bucket(std::string_view text) noexcept {
    constexpr std::size_t max_size = 63;
    return !text.empty() && text.size() <= max_size &&
           std::ranges::all_of(text,
                               [](char c) {
                                   return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') ||
                                          c == '-' || c == '_' || c == '.';
                               }) &&
           text != "." && text != "..";
}

} // namespace

bool is_usable_token(std::string_view token) noexcept {
    return !token.empty() && std::ranges::all_of(token, [](char c) { return c > ' ' && c < '\x7f'; });
}

upload_policy parse_upload_token(std::string_view token) {
    upload_policy made;
    const std::size_t first = token.find(':');
    if (first == std::string_view::npos) {
        return made;
    }
    made.access_key = token.substr(0, first);
    const std::size_t second = token.find(':', first + 1);
    if (second == std::string_view::npos) {
        return made;
    }
    const auto text = decode_base64(token.substr(second + 1));
    const auto policy = text ? parse_object(*text) : std::nullopt;
    if (!policy) {
        return made;
    }
    std::string_view bucket = text_in(*policy, "scope");
    bucket = bucket.substr(0, bucket.find(':'));
    if (is_bucket(bucket)) {
        made.bucket = bucket;
    }
    made.deadline = number_in(*policy, "deadline");
    made.max_size = number_in(*policy, "fsizeLimit");
    return made;
}

} // namespace storage
YUNHU_NAMESPACE_END
