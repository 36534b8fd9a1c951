// Copyright (c) 2026 The yunhu authors
// SPDX-License-Identifier: BSL-1.0
#pragma once

#include "engine/chat_queues.hpp"

#include <yunhu/bot.hpp>
#include <yunhu/config.hpp>

#include <string>

// The checked options of a bot, as its parts need them.
YUNHU_NAMESPACE_BEGIN
namespace detail {

/// Throws `yunhu::error` (`errc::invalid_request`) that names the invalid field.
[[nodiscard]] bot_options checked_bot_options(bot_options options);
[[nodiscard]] inbox_options inbox_options_of_bot(inbox_options options);
[[nodiscard]] engine::chat_queue_limits limits_of_bot(const bot_options& options);
/// A command without its `/`. Throws if it is none.
[[nodiscard]] std::string checked_command(std::string name);

} // namespace detail
YUNHU_NAMESPACE_END
