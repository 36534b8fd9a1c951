// Copyright (c) 2026 The yunhu authors
// SPDX-License-Identifier: BSL-1.0
#pragma once

#include <cstddef>
#include <string>

namespace yunhu::test {

inline constexpr std::size_t token_size = 48;

/// The tokens of the two accounts, byte by byte: the program that looks for them must not hold them.
inline char token_byte(unsigned account, std::size_t index) {
    volatile unsigned of_account = account; // so that the compiler does not write the token into the program
    return static_cast<char>('A' + (index * 7 + index / 5 + of_account * 3) % 26);
}

/// For the server's process.
inline std::string token_of(unsigned account) {
    std::string made;
    for (std::size_t i = 0; i < token_size; ++i) {
        made += token_byte(account, i);
    }
    return made;
}

} // namespace yunhu::test
