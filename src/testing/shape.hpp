// Copyright (c) 2026 The yunhu authors
// SPDX-License-Identifier: BSL-1.0
#pragma once

#include <yunhu/config.hpp>

#include <string_view>

YUNHU_NAMESPACE_BEGIN
namespace testing::detail {

[[nodiscard]] bool valid_utf8(std::string_view text) noexcept;

/// The protobuf messages that requests are made of.
enum class shape { send_message, by_seq, list_message, by_mid_seq, pictures, button_report, recall, content, media };

/// What is wrong with a body of that shape: it is no protobuf message, has a field that is not in the API's tables or
/// has it with another type, or a text is not UTF-8. Empty: nothing.
[[nodiscard]] std::string_view problem_of(std::string_view body, shape expected);

} // namespace testing::detail
YUNHU_NAMESPACE_END
