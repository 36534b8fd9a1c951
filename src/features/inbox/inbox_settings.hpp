// Copyright (c) 2026 The yunhu authors
// SPDX-License-Identifier: BSL-1.0
#pragma once

#include "engine/catch_up_fsm.hpp"
#include "engine/session_fsm.hpp"
#include "transport/websocket.hpp"

#include <yunhu/client.hpp>
#include <yunhu/config.hpp>
#include <yunhu/inbox.hpp>

#include <memory>

// The checked options of an inbox, as its parts need them.
YUNHU_NAMESPACE_BEGIN
namespace detail {

/// Throws `yunhu::error` (`errc::invalid_request`) that names the invalid field. Completes the defaults.
void check_inbox_options(inbox_options& options);

[[nodiscard]] engine::session_timing session_timing_of(const inbox_options& options);
[[nodiscard]] engine::catch_up_options catch_up_options_of(const inbox_options& options);
/// Where the gateway is: through the client's proxy, with the client's CAs unless the options have some. Throws as
/// `check_inbox_options` does.
[[nodiscard]] std::shared_ptr<const transport::websocket_settings> gateway_of(const inbox_options& options,
                                                                              const client& through);

} // namespace detail
YUNHU_NAMESPACE_END
