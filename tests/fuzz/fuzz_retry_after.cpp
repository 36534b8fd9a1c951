// Copyright (c) 2026 The yunhu authors
// SPDX-License-Identifier: BSL-1.0

#include "http/header_values.hpp"

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <cstring>
#include <string_view>

// For any field value and clock: a pause that is not negative and at most a year, or none. The first 8 bytes are the
// clock.

namespace {

void require(bool condition) {
    if (!condition) {
        std::abort();
    }
}

} // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    using std::chrono::system_clock;
    std::int64_t ticks = 0;
    if (size < sizeof ticks) {
        return 0;
    }
    std::memcpy(&ticks, data, sizeof ticks);
    const system_clock::time_point now{system_clock::duration(ticks)};
    const std::string_view value(reinterpret_cast<const char*>(data) + sizeof ticks, size - sizeof ticks);

    const auto pause = yunhu::http::parse_retry_after(value, now);
    require(!pause || (pause->count() >= 0 && *pause <= std::chrono::hours(366 * 24)));
    const auto earlier = yunhu::http::parse_retry_after(value, system_clock::time_point::min());
    require(earlier.has_value() == pause.has_value());
    require(!pause || *earlier >= *pause); // at a later time the pause is not longer
    return 0;
}
