// Copyright (c) 2026 The yunhu authors
// SPDX-License-Identifier: BSL-1.0
#pragma once

#include <yunhu/config.hpp>

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>

YUNHU_NAMESPACE_BEGIN
namespace storage {

enum class content_family : std::uint8_t { other, image, video, audio };

/// What the first bytes of a content say about it.
struct media_type {
    content_family family = content_family::other;
    std::string_view mime = "application/octet-stream";
    std::string_view suffix; ///< empty: unknown
    std::uint64_t width = 0; ///< pixels; 0: unknown
    std::uint64_t height = 0;
};

/// Bytes at the beginning that are looked at.
inline constexpr std::size_t sniffed_bytes = 64U << 10U;

[[nodiscard]] media_type sniff_media_type(std::string_view beginning);
/// By the suffix, for a content whose bytes say nothing.
[[nodiscard]] media_type media_type_of_suffix(std::string_view suffix);

} // namespace storage
YUNHU_NAMESPACE_END
