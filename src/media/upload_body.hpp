// Copyright (c) 2026 The yunhu authors
// SPDX-License-Identifier: BSL-1.0
#pragma once

#include "media/storage_reply.hpp"

#include <yunhu/config.hpp>

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

// The requests of an upload, as bytes.
YUNHU_NAMESPACE_BEGIN
namespace storage {

/// The fields of a form upload. Each must be visible ASCII without quotes.
struct form_fields {
    std::string_view token;
    std::string_view key;
    std::string_view content_type;
};

/// The form before the file's bytes, and after them.
[[nodiscard]] std::string form_head(const form_fields& fields, std::string_view boundary);
[[nodiscard]] std::string form_tail(std::string_view boundary);

/// `/buckets/<bucket>/objects/<key>/uploads`
[[nodiscard]] std::string parts_path(std::string_view bucket, std::string_view key);
/// The body that finishes an upload in parts: ascending by number.
[[nodiscard]] std::string finish_body(std::vector<stored_part> parts, std::string_view content_type);

/// How a content is divided into parts.
struct parts_plan {
    std::uint64_t size = 0;
    std::uint64_t part_size = 0; ///< > 0

    [[nodiscard]] std::uint64_t count() const noexcept { return size == 0 ? 1 : (size + part_size - 1) / part_size; }
    [[nodiscard]] std::uint64_t offset(std::uint64_t number) const noexcept { return (number - 1) * part_size; }
    [[nodiscard]] std::uint64_t length(std::uint64_t number) const noexcept {
        const std::uint64_t left = size - offset(number);
        return left < part_size ? left : part_size;
    }
};

/// The size of parts: as wished, but within the storage's limits, at most 10,000 of them.
[[nodiscard]] parts_plan plan_parts(std::uint64_t size, std::uint64_t wished) noexcept;

} // namespace storage
YUNHU_NAMESPACE_END
