// Copyright (c) 2026 The yunhu authors
// SPDX-License-Identifier: BSL-1.0

// A conversation with the bot, as a script: the emulator is the service, the test plays the users.
#include "greeter.hpp"

#include <yunhu/testing/emulator.hpp>

#include <boost/asio/io_context.hpp>

#include <gtest/gtest.h>

#include <chrono>
#include <exception>
#include <functional>
#include <optional>
#include <string>
#include <vector>

namespace asio = boost::asio;

class greeter : public testing::Test {
protected:
    static yunhu::testing::emulator_options people() {
        yunhu::testing::emulator_options made;
        made.accounts.emplace_back("2", "Li");
        made.accounts.emplace_back("3", "Wang");
        return made;
    }

    greeter() : server(people()) {
        yunhu::client_config config(server.options().token);
        config.base_url = server.base_url();
        config.tls.ca_pem = server.ca_pem();
        yunhu::inbox_options account(server.options().user_id, server.options().token);
        account.gateway_url = server.gateway_url();
        yunhu::bot_options options;
        options.on_error = [this](std::exception_ptr, const yunhu::event&) { ++errors; };
        bot.emplace(yunhu::client(io, config), account, options);
        add_greeter(*bot);
        bot->async_run([](yunhu::error_code, const yunhu::acknowledged&) {});
        EXPECT_TRUE(run_until([&] { return bot->inbox_stats().logged_in && bot->inbox_stats().requests == 0; }));
    }

    bool run_until(const std::function<bool()>& condition) {
        const auto end = std::chrono::steady_clock::now() + std::chrono::seconds(30);
        while (!condition() && std::chrono::steady_clock::now() < end) {
            io.run_one_for(std::chrono::milliseconds(50));
        }
        return condition();
    }
    void says(const std::string& user_id, const std::string& text) { server.say(user_id, chat, text); }
    /// The bot's next message.
    std::string answer() {
        std::vector<yunhu::message> all;
        run_until([&] {
            all = server.messages(chat);
            std::erase_if(all, [](const yunhu::message& m) { return m.direction != "right"; });
            return all.size() > heard;
        });
        return all.size() > heard ? all[heard++].content->text : "nothing";
    }

    yunhu::testing::emulator server;
    asio::io_context io;
    yunhu::chat chat = yunhu::group("big");
    std::optional<yunhu::bot> bot;
    std::size_t heard = 0;
    int errors = 0;
};

TEST_F(greeter, welcomes_by_name) {
    says("2", "/hello");
    EXPECT_EQ(answer(), "Hello, Li! What may I call you?");
    says("2", "Xiao Li");
    EXPECT_EQ(answer(), "Welcome, Xiao Li!");
}

TEST_F(greeter, talks_with_two_at_a_time) {
    says("2", "/hello");
    EXPECT_EQ(answer(), "Hello, Li! What may I call you?");
    says("3", "/hello");
    EXPECT_EQ(answer(), "Hello, Wang! What may I call you?");
    says("2", "Xiao Li");
    EXPECT_EQ(answer(), "Welcome, Xiao Li!");
    says("3", "Lao Wang");
    EXPECT_EQ(answer(), "Welcome, Lao Wang!");
}

TEST_F(greeter, an_answer_that_may_have_arrived_is_not_repeated) {
    yunhu::testing::fault lost(yunhu::endpoints::send_message);
    lost.what = yunhu::testing::fault::action::close_after;
    lost.times = 1;
    server.inject(lost);
    says("2", "/hello");
    EXPECT_EQ(answer(), "Hello, Li! What may I call you?");
    EXPECT_TRUE(run_until([&] { return errors == 1; }));
    says("2", "/hello");
    EXPECT_EQ(answer(), "Hello, Li! What may I call you?") << "the chat goes on";
}
