// Copyright (c) 2026 The yunhu authors
// SPDX-License-Identifier: BSL-1.0

#include "testing/request_headers.hpp"

YUNHU_NAMESPACE_BEGIN
namespace testing::detail {
namespace {

bool matches(const header_list& headers, const endpoint* to) {
    const auto is = [&](format f) { return equal_ignoring_case(media_type_of(headers), media_type(f)); };
    return to != nullptr ? is(to->body) : is(format::protobuf) || is(format::json);
}

} // namespace

std::string_view media_type_of(const header_list& headers) {
    std::string_view value = find_header(headers, "content-type");
    value = value.substr(0, value.find(';'));
    return value.substr(0, value.find_last_not_of(" \t") + 1);
}

std::string header_deviation(const header_list& headers, const endpoint* to) {
    const bool has_body = to == nullptr || to->method == "POST";
    for (const std::string_view name : {"host", "content-length", "content-type"}) {
        if (count_header(headers, name) != 1 && (has_body || name == "host")) {
            return "headers: not exactly one " + std::string(name);
        }
    }
    for (const std::string_view name : {"accept-encoding", "transfer-encoding"}) {
        if (count_header(headers, name) != 0) {
            return "headers: " + std::string(name);
        }
    }
    if (count_header(headers, "token") > 1) {
        return "headers: more than one token";
    }
    return !has_body || matches(headers, to) ? "" : "headers: content-type does not match the endpoint";
}

} // namespace testing::detail
YUNHU_NAMESPACE_END
