// Copyright (c) 2026 The yunhu authors
// SPDX-License-Identifier: BSL-1.0
#pragma once

#include "testing/handlers.hpp"
#include "testing/http_text.hpp"

#include <yunhu/config.hpp>

#include <string>
#include <string_view>

// Interprets the header fields of a request.
YUNHU_NAMESPACE_BEGIN
namespace testing::detail {

/// A content-type without its parameters.
[[nodiscard]] std::string_view media_type_of(const header_list& headers);

/// The deviation from a correct client's request; empty: none. `to` is null for a custom endpoint.
[[nodiscard]] std::string header_deviation(const header_list& headers, const endpoint* to);

} // namespace testing::detail
YUNHU_NAMESPACE_END
