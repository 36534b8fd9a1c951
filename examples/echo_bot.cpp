// Copyright (c) 2026 The yunhu authors
// SPDX-License-Identifier: BSL-1.0

// A bot that repeats what it hears, until Ctrl-C. With YUNHU_TOKEN and YUNHU_USER_ID against Yunhu; without them
// against an emulator in this process, where it is talked to.
#include "example_env.hpp"

#include <yunhu/bot.hpp>

#include <boost/asio/io_context.hpp>

#include <exception>
#include <iostream>

namespace asio = boost::asio;

asio::awaitable<void> echo(yunhu::bot_message m) {
    co_await m.reply(yunhu::text(m.text()));
}

int main() {
    try {
        example_env env;
        asio::io_context io;
        yunhu::bot bot(yunhu::client(io, env.config()), env.account());
        bot.on_message(echo);
        bot.async_run_until_signal(example_env::throw_failure);
        env.converse({"hello", "good morning"}, 2);
        io.run();
        return env.exit_code();
    } catch (const std::exception& e) {
        std::cerr << "failed: " << e.what() << '\n';
        return 1;
    }
}
