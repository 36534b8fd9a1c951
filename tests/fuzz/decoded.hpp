// Copyright (c) 2026 The yunhu authors
// SPDX-License-Identifier: BSL-1.0
#pragma once

#include "endpoints/codec.hpp"
#include "support/memory_meter.hpp"

#include <cstddef>
#include <cstdlib>
#include <string>
#include <string_view>

// The postconditions of every decoder, for any bytes.
namespace yunhu::test {

inline void require(bool condition) {
    if (!condition) {
        std::abort();
    }
}

inline void check(const error_code& ec, const call_info& info, std::size_t unreadable = 0) {
    if (!ec) {
        require(info.api_code == 1);
    }
    if (ec == errc::bad_response || ec == errc::empty_response) {
        require(!info.detail.empty());
    } else {
        require(info.detail.empty() == (unreadable == 0) && ec == codec::classify(info.api_code.value()));
    }
}

/// Decodes and checks the memory that it takes: with the body at most 12 times the body and 1 MiB.
template <class Result>
error_code decode_bounded(std::string_view body, error_code (*decode)(std::string_view, Result&), Result& into) {
    const memory_meter meter;
    const error_code ec = decode(body, into);
    require(body.size() + meter.peak() <= 12 * body.size() + std::size_t{1024} * 1024);
    return ec;
}

/// The item so often that its memory matters, with something between two of them.
inline std::string many(std::string_view item, std::string_view between) {
    constexpr std::size_t size = std::size_t{32} * 1024;
    std::string made(item);
    while (!item.empty() && made.size() + between.size() + item.size() <= size) {
        made.append(between).append(item);
    }
    return made;
}

} // namespace yunhu::test
