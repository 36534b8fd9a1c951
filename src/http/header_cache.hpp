// Copyright (c) 2026 The yunhu authors
// SPDX-License-Identifier: BSL-1.0
#pragma once

#include <yunhu/config.hpp>

#include <cstddef>
#include <string_view>

YUNHU_NAMESPACE_BEGIN
namespace http {

/// Whether an answer's head says what a `known` one does, which was parsed without an error: the same lines, but for
/// the values of fields that mean nothing here, such as a date or the number that a server gives to each of its
/// answers. Returns the size of that head, with which `bytes` begin; 0: it may say something else, or is larger than
/// `most`.
[[nodiscard]] std::size_t size_of_same_head(std::string_view known, std::string_view bytes, std::size_t most);

} // namespace http
YUNHU_NAMESPACE_END
