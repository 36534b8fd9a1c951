// Copyright (c) 2026 The yunhu authors
// SPDX-License-Identifier: BSL-1.0
#pragma once

#include <cstddef>
#include <string>
#include <string_view>

namespace yunhu::test {

/// A length-delimited field of a protobuf message, with a number below 16.
inline std::string field(unsigned number, std::string_view value) {
    std::string made(1, static_cast<char>(number << 3U | 2U));
    std::size_t size = value.size();
    for (; size >= 0x80; size >>= 7U) {
        made += static_cast<char>((size & 0x7FU) | 0x80U);
    }
    made += static_cast<char>(size);
    return made.append(value);
}

} // namespace yunhu::test
