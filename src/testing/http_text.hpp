// Copyright (c) 2026 The yunhu authors
// SPDX-License-Identifier: BSL-1.0
#pragma once

#include <yunhu/config.hpp>

#include <cstddef>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

// Header fields and responses as text, by Boost.Beast.
YUNHU_NAMESPACE_BEGIN
namespace testing::detail {

using header_list = std::vector<std::pair<std::string, std::string>>;

[[nodiscard]] bool equal_ignoring_case(std::string_view a, std::string_view b) noexcept;

/// The number of fields with that name.
[[nodiscard]] std::size_t count_header(const header_list& headers, std::string_view name) noexcept;
/// The value of the first field with that name; empty: none.
[[nodiscard]] std::string_view find_header(const header_list& headers, std::string_view name) noexcept;
/// Whether they contain `connection: close`.
[[nodiscard]] bool wants_close(const header_list& headers);

/// The status line and the header section.
[[nodiscard]] std::string http_header(int status, const header_list& headers);

enum class body_presence : bool {
    omitted, ///< in a response to HEAD
    sent,
};

/// A response; adds a content-length unless `headers` contain one.
[[nodiscard]] std::string http_response(int status, header_list headers, std::string_view body,
                                        body_presence presence = body_presence::sent);

} // namespace testing::detail
YUNHU_NAMESPACE_END
