// Copyright (c) 2026 The yunhu authors
// SPDX-License-Identifier: BSL-1.0

// A bot that recalls messages with a forbidden word, also when it is put in by an edit:
//
//     moderator WORD...
//
// With YUNHU_TOKEN and YUNHU_USER_ID of a group's administrator against Yunhu; without them against an emulator in this
// process.
#include "example_env.hpp"

#include <yunhu/bot.hpp>
#include <yunhu/view.hpp>

#include <boost/asio/io_context.hpp>

#include <algorithm>
#include <exception>
#include <iostream>
#include <string>
#include <vector>

namespace asio = boost::asio;

// The rule. Real ones know more than words.
class rule {
public:
    explicit rule(std::vector<std::string> words) : words_(std::move(words)) {}

    [[nodiscard]] bool forbids(const yunhu::message& m) const {
        return std::ranges::any_of(
            words_, [&](const std::string& word) { return m.content->text.find(word) != std::string::npos; });
    }

private:
    std::vector<std::string> words_;
};

asio::awaitable<void> recall(yunhu::client client, yunhu::chat chat, std::string msg_id) {
    auto done = co_await client.recall_msg({chat, msg_id}, yunhu::as_result);
    if (done.has_error()) {
        std::cerr << done.error() << '\n'; // no administrator, or its author was faster
    }
}

asio::awaitable<void> warn(yunhu::bot_message m) {
    co_await recall(m.client(), m.chat(), m.message().msg_id);
    co_await m.reply(yunhu::text(m.sender().name + ", please mind your words").mention(m.sender().chat_id));
}

int main(int argc, char** argv) {
    try {
        const rule words(argc > 1 ? std::vector<std::string>(argv + 1, argv + argc) : std::vector<std::string>{"spam"});
        example_env env;
        if (env.emulator() != nullptr) {
            yunhu::testing::group_profile group;
            group.id = env.group().id;
            group.admins = {env.account().user_id};
            env.emulator()->add_group(group);
        }
        asio::io_context io;
        yunhu::client client(io, env.config());
        yunhu::bot bot(client, env.account());
        bot.on_match([&](const yunhu::message_event& e) { return words.forbids(e.message); }, warn);
        bot.on<yunhu::edit_event>([&](yunhu::edit_event e) -> asio::awaitable<void> {
            if (words.forbids(e.message)) {
                co_await recall(client, e.chat, e.message.msg_id);
            }
        });
        bot.async_run_until_signal(example_env::throw_failure);
        env.converse({"hello", "buy spam", "good bye"}, 1);
        io.run();
        if (env.emulator() != nullptr &&
            std::ranges::count_if(env.emulator()->messages(env.group()), yunhu::recalled) != 1) {
            return 1;
        }
        return env.exit_code();
    } catch (const std::exception& e) {
        std::cerr << "failed: " << e.what() << '\n';
        return 1;
    }
}
