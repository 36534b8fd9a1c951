// Copyright (c) 2026 The yunhu authors
// SPDX-License-Identifier: BSL-1.0
#pragma once

#include <boost/json/object.hpp>

#include <cstdint>
#include <string>

namespace bench {

/// The host of a result: cores, processor, memory, kernel, load average at the start.
[[nodiscard]] boost::json::object describe_host();
/// Versions of the library, its dependencies and the compiler.
[[nodiscard]] boost::json::object describe_versions();

/// CPU seconds of this process.
[[nodiscard]] double own_cpu();
/// Peak resident memory of this process in bytes.
[[nodiscard]] std::uint64_t peak_memory();
/// "2026-01-31T12:00:00Z"
[[nodiscard]] std::string now_utc();

} // namespace bench
