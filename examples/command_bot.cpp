// Copyright (c) 2026 The yunhu authors
// SPDX-License-Identifier: BSL-1.0

// A bot with commands: /help, /echo TEXT, /order (a conversation), /stop. With YUNHU_TOKEN and YUNHU_USER_ID against
// Yunhu; without them against an emulator in this process, where it is talked to.
#include "example_env.hpp"

#include <yunhu/bot.hpp>

#include <boost/asio/io_context.hpp>

#include <chrono>
#include <exception>
#include <iostream>
#include <string>

namespace asio = boost::asio;
using namespace std::chrono_literals;

asio::awaitable<void> help(yunhu::bot_message m) {
    co_await m.quote(yunhu::text("I know /help, /echo TEXT, /order and /stop"));
}

asio::awaitable<void> echo(yunhu::bot_message m) {
    co_await m.quote(yunhu::text(std::string(m.arguments())));
}

// The next message of the same user in the same chat comes here; others are served meanwhile.
asio::awaitable<void> order(yunhu::bot_message m) {
    co_await m.reply(yunhu::text("tea or coffee?"));
    const auto drink = co_await m.next(60s);
    if (!drink) {
        co_await m.quote(yunhu::text("you did not answer"));
        co_return;
    }
    co_await drink->quote(yunhu::text("one " + drink->text()));
}

// The session's state, for the log: a connection that is lost is opened again by itself.
asio::awaitable<void> log_session(yunhu::session_event e) {
    std::cout << "session " << to_string(e.state) << ' ' << (e.reason ? yunhu::name(e.reason) : "") << std::endl;
    co_return;
}

int main() {
    try {
        example_env env;
        asio::io_context io;
        yunhu::bot_options options;
        options.require_first_session = true; // else it is tried again for ever
        options.on_error = [](std::exception_ptr thrown, const yunhu::event&) {
            try {
                std::rethrow_exception(thrown);
            } catch (const std::exception& e) {
                std::cerr << e.what() << '\n'; // see careful_send.cpp for more
            }
        };
        yunhu::bot bot(yunhu::client(io, env.config()), env.account(), options);
        bot.on_command("help", help).on_command("echo", echo).on_command("order", order);
        bot.on_command("stop", [&bot](yunhu::bot_message m) -> asio::awaitable<void> {
            co_await m.quote(yunhu::text("good bye"));
            bot.stop();
        });
        bot.on<yunhu::session_event>(log_session);
        bot.async_run_until_signal(example_env::throw_failure);
        env.converse({"hello", "/help", "/echo good morning", "/order", "tea", "/stop"}, 5, true);
        io.run();
        return env.exit_code();
    } catch (const std::exception& e) {
        std::cerr << "failed: " << e.what() << '\n';
        return 1;
    }
}
