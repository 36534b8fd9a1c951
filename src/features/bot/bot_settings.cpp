// Copyright (c) 2026 The yunhu authors
// SPDX-License-Identifier: BSL-1.0

#include "features/bot/bot_settings.hpp"

#include "model/exceptions.hpp"

#include <utility>

YUNHU_NAMESPACE_BEGIN
namespace detail {
bot_options checked_bot_options(bot_options options) {
    require(options.max_handlers > 0, "max_handlers must be > 0");
    require(options.max_per_chat > 0, "max_per_chat must be > 0");
    require(options.max_total > 0, "max_total must be > 0");
    require(options.handler_timeout.count() > 0, "handler_timeout must be > 0");
    require(options.stop_timeout.count() >= 0, "stop_timeout must be >= 0");
    require(options.assemble_streams.count() >= 0, "assemble_streams must be >= 0");
    require(options.assemble_streams.count() == 0 || options.other_bots, "assemble_streams requires other_bots");
    return options;
}

inbox_options inbox_options_of_bot(inbox_options options) {
    options.acknowledge = acknowledgement::by_request;
    return options;
}

engine::chat_queue_limits limits_of_bot(const bot_options& options) {
    engine::chat_queue_limits made;
    made.max_handlers = options.max_handlers;
    made.max_per_chat = options.max_per_chat;
    made.max_total = options.max_total;
    made.max_waiting = options.max_waiting;
    made.handler_timeout = options.handler_timeout;
    return made;
}

std::string checked_command(std::string name) {
    if (name.starts_with('/')) {
        name.erase(0, 1);
    }
    require(!name.empty(), "the command must not be empty");
    require(name.find_first_of(" \t\r\n") == std::string::npos, "the command must not have a space");
    return name;
}

} // namespace detail
YUNHU_NAMESPACE_END
