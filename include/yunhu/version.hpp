#pragma once

#include <string_view>

namespace yunhu {

/// The library's version (semantic versioning); CMake reads it from this line.
inline constexpr std::string_view version = "0.1.0";

} // namespace yunhu
