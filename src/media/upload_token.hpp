// Copyright (c) 2026 The yunhu authors
// SPDX-License-Identifier: BSL-1.0
#pragma once

#include <yunhu/config.hpp>

#include <cstdint>
#include <string>
#include <string_view>

YUNHU_NAMESPACE_BEGIN
namespace storage {

/// What an upload token says of itself. Its signature can't be verified here: nothing that it says is trusted.
struct upload_policy {
    std::string access_key;
    std::string bucket;         ///< empty: unknown
    std::uint64_t deadline = 0; ///< seconds since the epoch; 0: unknown
    std::uint64_t max_size = 0; ///< bytes; 0: no limit
};

/// Reads `accessKey:signature:policy`. What can't be read stays empty.
[[nodiscard]] upload_policy parse_upload_token(std::string_view token);

/// True if the text can stand in a header and in a form: visible ASCII, not empty.
[[nodiscard]] bool is_usable_token(std::string_view token) noexcept;

} // namespace storage
YUNHU_NAMESPACE_END
