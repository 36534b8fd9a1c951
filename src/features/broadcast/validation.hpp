// Copyright (c) 2026 The yunhu authors
// SPDX-License-Identifier: BSL-1.0
#pragma once

#include <yunhu/broadcast.hpp>
#include <yunhu/config.hpp>

#include <cstdint>
#include <optional>
#include <string>

YUNHU_NAMESPACE_BEGIN
namespace detail {

/// Identifies the message in the journal without revealing it: a part of the SHA-256 of its encoded bytes. Throws
/// `yunhu::error` when the message is not valid.
[[nodiscard]] std::string fingerprint(const draft& what);

/// Why the target can't be sent to; absent: it is valid.
[[nodiscard]] std::optional<std::string> validate_target(const chat& to, std::uint64_t index);

/// Throws `yunhu::error` when an option is not valid.
void validate(const broadcast_options& options);

} // namespace detail
YUNHU_NAMESPACE_END
