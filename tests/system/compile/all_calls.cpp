// Copyright (c) 2026 The yunhu authors
// SPDX-License-Identifier: BSL-1.0

// A user's file with all 13 calls; cost.sh measures the cost of its compilation.
#include <yunhu/client.hpp>

#include <string>
#include <vector>

namespace asio = boost::asio;

asio::awaitable<void> all_calls(yunhu::client& client) {
    const yunhu::chat big = yunhu::group("big");
    auto sent = co_await client.send_message({big, yunhu::text("hello")});
    co_await client.edit_message({big, sent.msg_id, yunhu::markdown("*hello*")});
    co_await client.list_message_by_seq({big, 0});
    auto page = co_await client.list_message({big, 30});
    co_await client.list_message_by_mid_seq({big, sent.msg_id, 1});
    co_await client.list_message_edit_record({sent.msg_id, 10, 1});
    co_await client.button_report({big, sent.msg_id, "123", "yes"});
    co_await client.recall_msg({big, sent.msg_id});
    std::vector<std::string> several;
    for (const yunhu::message& m : page.messages) {
        several.push_back(m.msg_id);
    }
    co_await client.recall_msg_batch({big, several});
    co_await client.file_download_record({sent.msg_id, "/home/me/report.pdf"});
    co_await client.msg_forward({yunhu::chat_type::group, sent.msg_id, yunhu::user("123")});
    co_await client.pic_list_message_by_mid_seq({big, 1, 5, 5});
    co_await client.delete_msg({big, sent.msg_id});
}
