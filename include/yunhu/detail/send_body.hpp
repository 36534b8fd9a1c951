// Copyright (c) 2026 The yunhu authors
// SPDX-License-Identifier: BSL-1.0
#pragma once

#include <yunhu/config.hpp>
#include <yunhu/error.hpp>
#include <yunhu/requests.hpp>

#include <string>

YUNHU_NAMESPACE_BEGIN
namespace detail {

/// The body that `client::send_message` would send for the request, or the failure that it would end with before any
/// I/O.
[[nodiscard]] YUNHU_EXPORT result<std::string> encode_send(const send_message_request& request);

} // namespace detail
YUNHU_NAMESPACE_END
