// Copyright (c) 2026 The yunhu authors
// SPDX-License-Identifier: BSL-1.0
#pragma once

#include <yunhu/config.hpp>

#include <cstddef>

YUNHU_NAMESPACE_BEGIN

/// Limits of a response.
struct response_limits {
    response_limits() = default;

    std::size_t header_bytes = 16 * 1024; ///< header section and trailers, each
    std::size_t header_count = 128;       ///< fields in the header section
    std::size_t body_bytes = 8 * 1024 * 1024;
    std::size_t chunk_overhead = 16 * 1024; ///< chunk extensions in one response
    unsigned interim_responses = 16;        ///< responses of status 1xx before the real one
};

YUNHU_NAMESPACE_END
