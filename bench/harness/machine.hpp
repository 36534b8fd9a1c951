// Copyright (c) 2026 The yunhu authors
// SPDX-License-Identifier: BSL-1.0
#pragma once

#include <boost/json/object.hpp>

#include <cstdint>
#include <string>

namespace bench {

/// The machine, as a reader of a result needs to know it: cores, processor, memory, kernel, load when it began.
[[nodiscard]] boost::json::object describe_machine();
/// What was measured, and what it was compiled with.
[[nodiscard]] boost::json::object describe_versions();

/// Seconds of CPU that this process has used.
[[nodiscard]] double own_cpu();
/// Bytes; of this process, since its start.
[[nodiscard]] std::uint64_t peak_memory();
/// "2026-01-31T12:00:00Z"
[[nodiscard]] std::string now_utc();

} // namespace bench
