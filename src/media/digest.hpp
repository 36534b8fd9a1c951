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
    std::string md5;    ///< 32 hex digits
    std::string qetag;  ///< `hash` of the storage
    std::uint64_t size; ///< bytes
};

/// Computes them over content that arrives in pieces. Throws `std::bad_alloc` when OpenSSL can't.
class content_digest {
public:
    content_digest();
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
