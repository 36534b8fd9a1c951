// Copyright (c) 2026 The yunhu authors
// SPDX-License-Identifier: BSL-1.0
#pragma once

#include "calls.hpp"

#include <boost/json/object.hpp>

#include <chrono>
#include <optional>
#include <string>
#include <string_view>

namespace cli {

/// A parsed line of `yunhu batch`.
struct batch_line {
    /// Throws `bad_field` for an invalid line; the tag is set even then.
    void parse(std::string_view text);

    std::string tag = "null"; ///< JSON as it was written: a number of any length, a lone surrogate
    const call* what = nullptr;
    json::object fields;
    std::chrono::milliseconds pause{0};
    std::optional<std::chrono::milliseconds> timeout;
};

} // namespace cli
