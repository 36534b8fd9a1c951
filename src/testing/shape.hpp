// Copyright (c) 2026 The yunhu authors
// SPDX-License-Identifier: BSL-1.0
#pragma once

#include <yunhu/config.hpp>

#include <string_view>

YUNHU_NAMESPACE_BEGIN
namespace testing::detail {

[[nodiscard]] bool valid_utf8(std::string_view text) noexcept;

/// The protobuf messages in requests.
enum class shape { send_message, by_seq, list_message, by_mid_seq, pictures, button_report, recall, content, media };

/// Why `body` is not a valid message of that shape: it is not protobuf, a field is not in the API's tables or has
/// another type, or a text is not UTF-8. Empty: it is valid.
[[nodiscard]] std::string_view find_problem(std::string_view body, shape expected);

} // namespace testing::detail
YUNHU_NAMESPACE_END
