// Copyright (c) 2026 The yunhu authors
// SPDX-License-Identifier: BSL-1.0

#include "greeter.hpp"

#include <algorithm>
#include <iostream>

namespace asio = boost::asio;

asio::awaitable<std::uint64_t> greet_newcomers(yunhu::client client, yunhu::chat chat, std::uint64_t seen) {
    auto news = co_await client.list_message_by_seq({chat, seen});
    std::ranges::sort(news.messages, {}, &yunhu::message::msg_seq);
    for (const yunhu::message& m : news.messages) {
        if (m.direction != "right") { // not the bot's own messages
            auto sent =
                co_await client.send_message({chat, yunhu::text("Hello, " + m.sender.name + "!")}, yunhu::as_result);
            // A greeting that may have arrived is not repeated; other failures are thrown.
            if (sent.has_error() && sent.error().code != yunhu::errc::outcome_unknown) {
                throw yunhu::error(sent.error());
            }
        }
        seen = std::max(seen, m.msg_seq);
    }
    co_return seen;
}
