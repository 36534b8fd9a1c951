// Copyright (c) 2026 The yunhu authors
// SPDX-License-Identifier: BSL-1.0
#pragma once

#include "media/storage_reply.hpp"

#include <yunhu/config.hpp>

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

YUNHU_NAMESPACE_BEGIN
namespace storage {

/// How far an upload in parts has got. It has no secret: the token is requested again.
struct resume_record {
    bool operator==(const resume_record&) const = default;

    std::string bucket;
    std::string key;
    std::string md5; ///< of the whole content, which must not have changed
    std::uint64_t size = 0;
    std::uint64_t part_size = 0;
    std::string host;
    std::string upload_id;
    std::uint64_t expires = 0; ///< seconds since the epoch; 0: unknown
    std::vector<stored_part> parts;
};

[[nodiscard]] std::string to_text(const resume_record& record);
/// None if the text is not a record, or not a consistent one.
[[nodiscard]] std::optional<resume_record> parse_resume_record(std::string_view text);
/// Whether the record is of this content and is not expired.
[[nodiscard]] bool continues(const resume_record& record, std::string_view bucket, std::string_view key,
                             std::string_view md5, std::uint64_t size, std::uint64_t now) noexcept;

} // namespace storage
YUNHU_NAMESPACE_END
