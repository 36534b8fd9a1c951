// Copyright (c) 2026 The yunhu authors
// SPDX-License-Identifier: BSL-1.0
#pragma once

#include <yunhu/config.hpp>

#include <string_view>

YUNHU_NAMESPACE_BEGIN

/// The library's version (semantic versioning); CMake reads it from this line. All names are in the inline namespace
/// `v0_2`, so that objects built against another minor version don't link; a test checks that both agree.
inline constexpr std::string_view version = "0.2.0";

YUNHU_NAMESPACE_END
