// Copyright (c) 2026 The yunhu authors
// SPDX-License-Identifier: BSL-1.0

#include "message_fixtures.hpp"

#include <algorithm>
#include <initializer_list>
#include <stdexcept>

namespace bench {
namespace {

namespace asio = boost::asio;

constexpr int of_each = 32;

bool has_any(const mix& calls_of, std::initializer_list<endpoint> which) {
    return std::any_of(which.begin(), which.end(), [&](endpoint e) { return calls_of.has(e); });
}

asio::awaitable<void> send(yunhu::client client, yunhu::chat in, yunhu::draft what, std::vector<std::string>& ids) {
    for (int i = 0; i < of_each; ++i) {
        yunhu::send_message_request request(in, what);
        const yunhu::sent_message sent = co_await client.send_message(std::move(request));
        ids.push_back(sent.msg_id);
    }
}

asio::awaitable<void> edit(yunhu::client client, yunhu::chat in, yunhu::draft what,
                           const std::vector<std::string>& ids) {
    for (const std::string& id : ids) {
        yunhu::edit_message_request request(in, id, what);
        co_await client.edit_message(std::move(request));
    }
}

asio::awaitable<std::vector<std::uint64_t>> positions(yunhu::client client, yunhu::chat in,
                                                      const std::vector<std::string>& ids) {
    std::vector<std::uint64_t> found;
    for (const std::string& id : ids) {
        yunhu::list_message_by_mid_seq_request request(in, id, 1);
        const yunhu::message_page page = co_await client.list_message_by_mid_seq(std::move(request));
        const yunhu::message* const m = page.find(id);
        if (m == nullptr) {
            throw std::runtime_error("a picture that was sent is not in its chat");
        }
        found.push_back(m->msg_seq);
    }
    co_return found;
}

} // namespace

asio::awaitable<message_fixtures> prepare(yunhu::client client, const mix& calls_of, yunhu::chat in, std::string text) {
    message_fixtures made;
    const yunhu::draft words = yunhu::text(text);
    if (has_any(calls_of, {endpoint::pic_list_message_by_mid_seq})) {
        std::vector<std::string> ids;
        co_await send(client, in, yunhu::image("bench.jpg"), ids);
        made.pictures = co_await positions(client, in, ids);
    }
    if (has_any(calls_of, {endpoint::file_download_record})) {
        co_await send(client, in, yunhu::file("bench.bin", "bench.bin", 1), made.files);
    }
    if (has_any(calls_of, {endpoint::recall_msg, endpoint::recall_msg_batch})) {
        co_await send(client, in, words, made.to_recall);
    }
    if (has_any(calls_of, {endpoint::delete_msg})) {
        co_await send(client, in, words, made.to_delete);
    }
    if (has_any(calls_of, {endpoint::edit_message, endpoint::list_message_by_seq, endpoint::list_message,
                           endpoint::list_message_by_mid_seq, endpoint::list_message_edit_record,
                           endpoint::button_report, endpoint::msg_forward})) {
        co_await send(client, in, words, made.texts); // last, so that lists return them
    }
    if (calls_of.has(endpoint::list_message_edit_record)) {
        co_await edit(client, in, words, made.texts);
    }
    co_return made;
}

} // namespace bench
