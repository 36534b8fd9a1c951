// Copyright (c) 2026 The yunhu authors
// SPDX-License-Identifier: BSL-1.0
#pragma once

#include <boost/algorithm/hex.hpp>

#include <string>
#include <string_view>

namespace yunhu::test {

inline std::string from_hex(std::string_view hex) {
    return boost::algorithm::unhex(std::string(hex));
}

inline std::string to_hex(std::string_view bytes) {
    return boost::algorithm::hex_lower(std::string(bytes));
}

} // namespace yunhu::test
