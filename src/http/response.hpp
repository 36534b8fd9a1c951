// Copyright (c) 2026 The yunhu authors
// SPDX-License-Identifier: BSL-1.0
#pragma once

#include "http/header_values.hpp"

#include <yunhu/config.hpp>

#include <string>

YUNHU_NAMESPACE_BEGIN
namespace http {

/// A complete HTTP response.
struct response {
    int status = 0;
    bool keep_alive = false; ///< header section and framing allow another exchange
    keep_alive_hints hints;
    std::string retry_after; ///< field value, not parsed
    std::string body;
};

} // namespace http
YUNHU_NAMESPACE_END
