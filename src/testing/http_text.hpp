// Copyright (c) 2026 The yunhu authors
// SPDX-License-Identifier: BSL-1.0
#pragma once

#include <yunhu/config.hpp>

#include <cstddef>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

// HTTP as text: what the emulator needs to know of headers, and how it writes an answer.
YUNHU_NAMESPACE_BEGIN
namespace testing::detail {

using header_list = std::vector<std::pair<std::string, std::string>>;

[[nodiscard]] bool equal_ignoring_case(std::string_view a, std::string_view b) noexcept;

/// How often the header occurs.
[[nodiscard]] std::size_t count_header(const header_list& headers, std::string_view name) noexcept;
/// The first value of the header; empty where there is none.
[[nodiscard]] std::string_view find_header(const header_list& headers, std::string_view name) noexcept;
/// Whether `connection: close` is among them.
[[nodiscard]] bool wants_close(const header_list& headers) noexcept;

/// The whole answer; adds a content-length unless `headers` have one.
[[nodiscard]] std::string http_response(int status, const header_list& headers, std::string_view body);

} // namespace testing::detail
YUNHU_NAMESPACE_END
