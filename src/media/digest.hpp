// Copyright (c) 2026 The yunhu authors
// SPDX-License-Identifier: BSL-1.0
#pragma once

#include <yunhu/config.hpp>

#include <cstddef>
#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>

YUNHU_NAMESPACE_BEGIN
namespace storage {

/// Base64 with `-` and `_`, as URLs have it.
[[nodiscard]] std::string encode_base64url(std::string_view bytes, bool padded);
/// Accepts both alphabets, with and without padding; none: it is not Base64.
[[nodiscard]] std::optional<std::string> decode_base64(std::string_view text);

/// The digests that the service names contents by.
struct content_names {
    std::string md5;    ///< 32 hex digits; empty: not computed
    std::string qetag;  ///< `hash` of the storage
    std::uint64_t size; ///< bytes
    std::string blocks; ///< SHA-1 of each block of 4 MiB, 20 bytes each
};

/// Bytes of a block.
inline constexpr std::uint64_t qetag_block_size = 4U << 20U;
/// The qetag of one block, from `content_names::blocks`; empty: there is no such block. `number`: from 0.
[[nodiscard]] std::string qetag_of_block(std::string_view blocks, std::uint64_t number);

enum class digests : std::uint8_t {
    all,
    qetag, ///< without MD5, which takes three times as long as the rest
};

/// Computes them over content that arrives in pieces. Throws `std::bad_alloc` when OpenSSL can't.
class content_digest {
public:
    explicit content_digest(digests wanted = digests::all);
    content_digest(content_digest&&) noexcept;
    content_digest& operator=(content_digest&&) noexcept;
    ~content_digest();

    void update(std::string_view bytes);
    [[nodiscard]] std::uint64_t size() const noexcept;
    /// Of what was given. Must be the last call.
    [[nodiscard]] content_names finish();

private:
    struct state;
    std::unique_ptr<state> state_;
};

/// MD5 of one part.
class part_digest {
public:
    part_digest();
    part_digest(part_digest&&) noexcept;
    part_digest& operator=(part_digest&&) noexcept;
    ~part_digest();

    void update(std::string_view bytes);
    /// 32 hex digits. Must be the last call.
    [[nodiscard]] std::string finish();

private:
    struct state;
    std::unique_ptr<state> state_;
};

[[nodiscard]] content_names names_of(std::string_view content);

} // namespace storage
YUNHU_NAMESPACE_END
