// Copyright (c) 2026 The yunhu authors
// SPDX-License-Identifier: BSL-1.0
#pragma once

#include <yunhu/error.hpp>

#include <string_view>

namespace yunhu::test {

/// Whether any text that is the library's own, of a call that failed or went well, holds `hidden`: what it would say in
/// a log line, what the exception says, and each part. What the server wrote (`api_msg`) is not the library's.
[[nodiscard]] bool reveals(const failure& about, std::string_view hidden);

} // namespace yunhu::test
