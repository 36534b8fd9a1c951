// Copyright (c) 2026 The yunhu authors
// SPDX-License-Identifier: BSL-1.0
#pragma once

#include <yunhu/config.hpp>
#include <yunhu/error.hpp>
#include <yunhu/outbox.hpp>

#include <vector>

YUNHU_NAMESPACE_BEGIN
namespace detail {

/// What is stored of messages: validated, encoded, each with a new `msg_id`. The failure names the first invalid one.
[[nodiscard]] result<std::vector<outbox_item>> outbox_items_of(std::vector<outbox_message> messages);

} // namespace detail
YUNHU_NAMESPACE_END
