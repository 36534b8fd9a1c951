// Copyright (c) 2026 The yunhu authors
// SPDX-License-Identifier: BSL-1.0
#pragma once

#include <yunhu/config.hpp>
#include <yunhu/types.hpp>

#include <array>
#include <cstdint>
#include <string_view>

YUNHU_NAMESPACE_BEGIN
namespace detail {

using hash_key = std::array<std::uint64_t, 2>;

/// SipHash-2-4. Without the key, two texts with the same hash can't be found.
[[nodiscard]] std::uint64_t siphash(const hash_key& key, std::string_view text) noexcept;

/// Hash of a chat under a random key. Ids are chosen by others: under a known hash a crafted chat would pass for
/// another one, and be skipped as its duplicate.
class chat_hash {
public:
    chat_hash(); ///< with a new key; throws when the system has no random numbers
    explicit chat_hash(const hash_key& key) noexcept : key_(key) {}

    [[nodiscard]] std::uint64_t operator()(const chat& c) const noexcept;

private:
    hash_key key_;
};

} // namespace detail
YUNHU_NAMESPACE_END
