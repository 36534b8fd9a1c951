// Copyright (c) 2026 The yunhu authors
// SPDX-License-Identifier: BSL-1.0
#pragma once

#include <yunhu/config.hpp>
#include <yunhu/error.hpp>

#include <cstdint>
#include <optional>

// The meaning of an outcome. The only place that interprets statuses, API codes and delivery classes: retries, features
// and programs ask it. Pure.
YUNHU_NAMESPACE_BEGIN
namespace engine {

/// Facts of one attempt.
struct attempt_facts {
    yunhu::delivery delivery{};
    int status = 0;                       ///< HTTP status of the response; 0: there is none
    std::optional<std::int64_t> api_code; ///< API code of the response body
    error_code code;                      ///< why the attempt failed
};

/// Whether the server has executed the request.
[[nodiscard]] execution execution_of(const attempt_facts& attempt) noexcept;

/// Whether the same request may succeed later, unchanged.
[[nodiscard]] bool is_transient(const attempt_facts& attempt) noexcept;

} // namespace engine
YUNHU_NAMESPACE_END
