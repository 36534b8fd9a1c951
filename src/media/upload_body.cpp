// Copyright (c) 2026 The yunhu authors
// SPDX-License-Identifier: BSL-1.0

#include "media/upload_body.hpp"

#include "media/digest.hpp"

#include <boost/json/array.hpp>
#include <boost/json/object.hpp>
#include <boost/json/serialize.hpp>

#include <algorithm>

YUNHU_NAMESPACE_BEGIN
namespace storage {
namespace {

void add_field(std::string& to, std::string_view boundary, std::string_view name, std::string_view value) {
    to.append("--").append(boundary).append("\r\ncontent-disposition: form-data; name=\"").append(name);
    to.append("\"\r\n\r\n").append(value).append("\r\n");
}

} // namespace

std::string form_head(const form_fields& fields, std::string_view boundary) {
    std::string head;
    add_field(head, boundary, "token", fields.token);
    add_field(head, boundary, "key", fields.key);
    // The name that people see is in the message.
    const std::string_view file_name = fields.key.substr(fields.key.rfind('/') + 1);
    head.append("--").append(boundary).append("\r\ncontent-disposition: form-data; name=\"file\"; filename=\"");
    head.append(file_name).append("\"\r\ncontent-type: ").append(fields.content_type).append("\r\n\r\n");
    return head;
}

std::string form_tail(std::string_view boundary) {
    return std::string("\r\n--").append(boundary).append("--\r\n");
}

std::string parts_path(std::string_view bucket, std::string_view key) {
    return std::string("/buckets/").append(bucket).append("/objects/").append(encode_base64url(key, true)) + "/uploads";
}

std::string finish_body(std::vector<stored_part> parts, std::string_view content_type) {
    std::ranges::sort(parts, {}, &stored_part::number);
    boost::json::array list;
    for (const stored_part& each : parts) {
        list.push_back({{"partNumber", each.number}, {"etag", each.etag}});
    }
    boost::json::object body{{"parts", std::move(list)}};
    if (!content_type.empty()) {
        body["mimeType"] = content_type;
    }
    return boost::json::serialize(body);
}

parts_plan plan_parts(std::uint64_t size, std::uint64_t wished) noexcept {
    constexpr std::uint64_t smallest = 1U << 20U;
    constexpr std::uint64_t largest = 1U << 30U;
    constexpr std::uint64_t most_parts = 10'000;
    std::uint64_t part = std::clamp(wished, smallest, largest);
    while (part < largest && (size + part - 1) / part > most_parts) {
        part *= 2;
    }
    return {size, std::min(part, largest)};
}

} // namespace storage
YUNHU_NAMESPACE_END
