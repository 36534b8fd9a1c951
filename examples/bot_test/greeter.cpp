// Copyright (c) 2026 The yunhu authors
// SPDX-License-Identifier: BSL-1.0

#include "greeter.hpp"

#include <chrono>

namespace asio = boost::asio;
using namespace std::chrono_literals;

asio::awaitable<void> greet(yunhu::bot_message m) {
    co_await m.reply(yunhu::text("Hello, " + m.sender().name + "! What may I call you?"));
    const auto name = co_await m.next(5min); // of the same user in the same chat
    if (name) {
        co_await name->reply(yunhu::text("Welcome, " + name->text() + "!"));
    }
}

void add_greeter(yunhu::bot& bot) {
    bot.on_command("hello", greet);
}
