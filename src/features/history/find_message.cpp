// Copyright (c) 2026 The yunhu authors
// SPDX-License-Identifier: BSL-1.0

#include <yunhu/history.hpp>

#include <algorithm>
#include <utility>

YUNHU_NAMESPACE_BEGIN

namespace asio = boost::asio;

asio::awaitable<result<std::optional<message>>> find_message(client from, chat in, std::string msg_id,
                                                             as_result_t<asio::use_awaitable_t<>> token,
                                                             call_options options) {
    const list_message_by_mid_seq_request request(std::move(in), msg_id, 1);
    result<message_page> page = co_await from.list_message_by_mid_seq(request, options, token);
    if (!page) {
        co_return std::move(page).error();
    }
    std::vector<message>& messages = page->messages;
    const auto found = std::find_if(messages.begin(), messages.end(),
                                    [&msg_id](const message& each) { return each.msg_id == msg_id; });
    co_return found == messages.end() ? std::optional<message>() : std::optional<message>(std::move(*found));
}

asio::awaitable<std::optional<message>> find_message(client from, chat in, std::string msg_id, call_options options) {
    result<std::optional<message>> found =
        co_await find_message(std::move(from), std::move(in), std::move(msg_id), as_result, options);
    co_return std::move(found).value();
}

YUNHU_NAMESPACE_END
