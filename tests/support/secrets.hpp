// Copyright (c) 2026 The yunhu authors
// SPDX-License-Identifier: BSL-1.0
#pragma once

#include <yunhu/error.hpp>

#include <string_view>

namespace yunhu::test {

/// Whether a text of the library about the call contains `hidden`: its log line, the exception's message, and each
/// part. The server's text (`api_msg`) is not checked.
[[nodiscard]] bool reveals(const failure& about, std::string_view hidden);

} // namespace yunhu::test
