// Copyright (c) 2026 The yunhu authors
// SPDX-License-Identifier: BSL-1.0
#pragma once

#include <yunhu/config.hpp>
#include <yunhu/error.hpp>
#include <yunhu/history.hpp>

#include <string>

YUNHU_NAMESPACE_BEGIN
namespace detail {

/// `errc::incomplete_list`: the details of the last response, the reason, and the numbers of the skipped records.
[[nodiscard]] failure incomplete_list(call_info last, std::string why, const skipped_records& skipped = {});

} // namespace detail
YUNHU_NAMESPACE_END
