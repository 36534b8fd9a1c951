// Copyright (c) 2026 The yunhu authors
// SPDX-License-Identifier: BSL-1.0
#pragma once

#include "http/response.hpp"

#include <yunhu/config.hpp>

#include <cstddef>
#include <string>
#include <string_view>

YUNHU_NAMESPACE_BEGIN
namespace http {

/// The last header section of a connection, with its parse result. Successive responses of one server mostly differ in
/// ignorable fields only, and a comparison is much cheaper than a parse.
class header_cache {
public:
    /// Header sections larger than `header_limit` bytes never hit.
    explicit header_cache(std::size_t header_limit) noexcept : header_limit_(header_limit) {}

    /// Stores a header section that was parsed without an error, of a response framed by a length. Large ones are not
    /// stored. `parsed.body` must be empty.
    void store(std::string_view header, std::size_t body_size, const response& parsed);

    /// Size of the header section at the front of `bytes` if it is equivalent to the stored one, 0 otherwise. Two
    /// header sections are equivalent if they consist of the same lines, apart from the values of ignorable fields
    /// such as `Date` or a request identifier. A hit replaces the stored bytes, so that an unchanged `Date` matches
    /// next time by one comparison.
    [[nodiscard]] std::size_t hit(std::string_view bytes);

    /// Parse result of the stored header section; its body is empty.
    [[nodiscard]] const response& parsed() const noexcept { return parsed_; }
    /// Length in bytes of the body after the stored header section.
    [[nodiscard]] std::size_t body_size() const noexcept { return body_size_; }

private:
    std::size_t header_limit_;
    std::string header_; ///< empty: nothing is stored
    std::size_t body_size_ = 0;
    response parsed_;
};

} // namespace http
YUNHU_NAMESPACE_END
