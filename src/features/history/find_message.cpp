// Copyright (c) 2026 The yunhu authors
// SPDX-License-Identifier: BSL-1.0

#include <yunhu/history.hpp>

#include "features/history/incomplete_list.hpp"

#include <algorithm>
#include <utility>

YUNHU_NAMESPACE_BEGIN

namespace detail {

coroutine<optional_result<message>> find_message_result(client from, chat in, std::string msg_id,
                                                        call_options options) {
    const list_message_by_mid_seq_request request(std::move(in), msg_id, 1);
    result<message_page> page = co_await from.list_message_by_mid_seq(request, options, as_result);
    if (!page) {
        co_return std::move(page).error();
    }
    std::vector<message>& messages = page->messages;
    const auto found = std::find_if(messages.begin(), messages.end(),
                                    [&msg_id](const message& each) { return each.msg_id == msg_id; });
    if (found == messages.end() && page->unreadable > 0) { // one of them may be the message
        skipped_records skipped;
        skipped.unreadable = page->unreadable;
        co_return incomplete_list(std::move(*page), "the message may be among records that were left out", skipped);
    }
    std::optional<message> item;
    if (found != messages.end()) {
        item = std::move(*found);
    }
    co_return optional_result<message>(std::move(*page), std::move(item));
}

} // namespace detail
YUNHU_NAMESPACE_END
