// Copyright (c) 2026 The yunhu authors
// SPDX-License-Identifier: BSL-1.0
#pragma once

#include <yunhu/client.hpp>
#include <yunhu/config.hpp>
#include <yunhu/detail/operation.hpp>

YUNHU_NAMESPACE_BEGIN
namespace detail {

/// What a client is made of, for the features that act themselves.
struct client_access {
    [[nodiscard]] static const call_source& source(const client& of) noexcept { return of.source_; }
    [[nodiscard]] static const std::shared_ptr<client_core>& core(const client& of) noexcept { return of.source_.core; }
};

} // namespace detail
YUNHU_NAMESPACE_END
