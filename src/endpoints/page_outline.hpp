// Copyright (c) 2026 The yunhu authors
// SPDX-License-Identifier: BSL-1.0
#pragma once

#include <yunhu/config.hpp>

#include <cstddef>
#include <cstdint>
#include <string_view>

YUNHU_NAMESPACE_BEGIN
namespace codec {

/// Whether a message of a list reply can be read.
enum class readability : std::uint8_t {
    readable,
    malformed, ///< not a protobuf message, or a part of it is not
    mistyped,  ///< a known field has another wire type
};

/// Checks the bytes of one `Message` of a list reply without building anything. Adds to `cost` an upper bound of the
/// memory, in bytes, that its parse and its value take together.
[[nodiscard]] readability check_message(std::string_view bytes, std::size_t& cost) noexcept;

/// A list reply, looked through before anything of it is built.
struct page_outline {
    bool readable = false; ///< its fields can be told apart
    bool has_status = false;
    std::string_view status;
    std::uint64_t total = 0;
    std::size_t messages = 0; ///< that can be read
    std::size_t unreadable = 0;
    std::size_t cost = 0; ///< upper bound of the memory of parse and result, in bytes
};
[[nodiscard]] page_outline outline_page(std::string_view body) noexcept;

} // namespace codec
YUNHU_NAMESPACE_END
