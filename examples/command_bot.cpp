// Copyright (c) 2026 The yunhu authors
// SPDX-License-Identifier: BSL-1.0

// A bot that polls a group and answers commands: /help, /echo TEXT, /stop. With YUNHU_TOKEN and
// YUNHU_GROUP against Yunhu; without them against an emulator in this process.
#include "example_env.hpp"

#include <yunhu/client.hpp>

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/asio/this_coro.hpp>

#include <algorithm>
#include <chrono>
#include <cstdint>
#include <exception>
#include <iostream>
#include <optional>
#include <string>
#include <vector>

namespace asio = boost::asio;
using namespace std::chrono_literals;

std::optional<std::string> response_to(const std::string& text) {
    if (text == "/help") {
        return "I know /help, /echo TEXT and /stop";
    }
    if (text.starts_with("/echo ")) {
        return text.substr(6);
    }
    if (text == "/stop") {
        return "good bye";
    }
    return std::nullopt;
}

// Replies to new messages; returns whether one of them is /stop.
asio::awaitable<bool> reply_to(yunhu::client client, yunhu::chat chat, std::vector<yunhu::message> news) {
    bool stop = false;
    for (const yunhu::message& m : news) {
        const auto words = response_to(m.content.text);
        if (m.direction == "right" || m.msg_delete_time != 0 || !words) { // own, recalled, or not a command
            continue;
        }
        yunhu::draft reply = yunhu::text(*words);
        reply.quote_msg_id = m.msg_id;
        auto sent = co_await client.send_message({chat, reply}, yunhu::as_result);
        if (sent.has_error()) {
            std::cerr << sent.error() << '\n'; // see careful_send.cpp for more
        }
        // The command alone: what others write may steer a terminal.
        std::cout << "answered " << m.content.text.substr(0, m.content.text.find(' ')) << std::endl;
        stop = stop || m.content.text == "/stop";
    }
    co_return stop;
}

asio::awaitable<void> serve(yunhu::client client, example_env& env) {
    asio::steady_timer pause(co_await asio::this_coro::executor);
    // Messages from before the start are not replied to.
    std::uint64_t seen = 0;
    auto before = co_await client.list_message({env.group(), 1});
    for (const yunhu::message& m : before.messages) {
        seen = std::max(seen, m.msg_seq);
    }
    for (const char* text : {"hello", "/help", "/echo good morning", "/stop"}) {
        env.inject_message(text);
    }
    for (bool stop = false; !stop;) {
        auto news = co_await client.list_message_by_seq({env.group(), seen}, yunhu::as_result);
        if (news.has_value()) {
            std::ranges::sort(news->messages, {}, &yunhu::message::msg_seq); // the API specifies no order
            if (!news->messages.empty()) {
                seen = std::max(seen, news->messages.back().msg_seq);
            }
            stop = co_await reply_to(client, env.group(), news->messages);
        } else if (news.error().code == yunhu::errc::not_authenticated) {
            throw yunhu::error(news.error()); // not transient
        } else {
            std::cerr << news.error() << '\n'; // the library has retried; poll again
        }
        pause.expires_after(env.emulator() != nullptr ? 10ms : 2s);
        co_await pause.async_wait(asio::use_awaitable);
    }
}

int main() {
    try {
        example_env env;
        asio::io_context io;
        asio::co_spawn(io, serve(yunhu::client(io, env.config()), env), [](std::exception_ptr failed) {
            if (failed) {
                std::rethrow_exception(failed); // leaves run()
            }
        });
        io.run();
        return env.emulator() == nullptr || env.emulator()->messages(env.group()).size() == 7 ? 0 : 1;
    } catch (const std::exception& e) {
        std::cerr << "failed: " << e.what() << '\n';
        return 1;
    }
}
