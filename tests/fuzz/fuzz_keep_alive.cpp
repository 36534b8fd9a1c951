// Copyright (c) 2026 The yunhu authors
// SPDX-License-Identifier: BSL-1.0

#include "http/header_values.hpp"

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <string_view>

// For any field value: valid numbers, or none.

namespace {

void require(bool condition) {
    if (!condition) {
        std::abort();
    }
}

} // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    const std::string_view value(reinterpret_cast<const char*>(data), size);
    const yunhu::http::keep_alive_hints hints = yunhu::http::parse_keep_alive(value);
    if (hints.timeout) {
        require(hints.timeout->count() >= 0 && *hints.timeout <= std::chrono::hours(366 * 24));
        require(value.find("timeout") != std::string_view::npos);
    }
    require(!hints.max || value.find("max") != std::string_view::npos);
    return 0;
}
