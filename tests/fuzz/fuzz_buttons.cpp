// Copyright (c) 2026 The yunhu authors
// SPDX-License-Identifier: BSL-1.0

#include <yunhu/buttons.hpp>

#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <string_view>

// Received buttons: valid ones are equal after a round trip.
extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    const auto rows = yunhu::parse_buttons({reinterpret_cast<const char*>(data), size});
    if (rows && yunhu::parse_buttons(yunhu::buttons_to_json(*rows)) != rows) {
        std::abort();
    }
    return 0;
}
