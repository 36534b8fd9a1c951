#pragma once

#include <string_view>

namespace yunhu::inline v0_1 {

/// The library's version (semantic versioning); CMake reads it from this line. Everything lives in the inline namespace
/// `v0_1`, so that objects built against another minor version don't link; a test holds the two together.
inline constexpr std::string_view version = "0.1.0";

} // namespace yunhu::inline v0_1
