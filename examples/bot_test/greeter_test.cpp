// Copyright (c) 2026 The yunhu authors
// SPDX-License-Identifier: BSL-1.0

#include "greeter.hpp"

#include <yunhu/testing/emulator.hpp>

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/use_future.hpp>

#include <gtest/gtest.h>

#include <cstdint>
#include <string>
#include <vector>

namespace asio = boost::asio;

class greeter : public testing::Test {
protected:
    greeter() {
        config.base_url = server.base_url();
        config.tls.ca_pem = server.ca_pem();
    }
    std::uint64_t receive_hello(const std::string& name) {
        yunhu::message m;
        m.sender.name = name;
        m.content_type = yunhu::content_type::text;
        m.content.text = "hello";
        return server.deliver(chat, m).msg_seq;
    }
    std::uint64_t greet(std::uint64_t seen) {
        asio::io_context io;
        auto end = asio::co_spawn(io, greet_newcomers(yunhu::client(io, config), chat, seen), asio::use_future);
        io.run();
        return end.get();
    }
    std::vector<std::string> greetings() {
        std::vector<std::string> all;
        for (const yunhu::message& m : server.messages(chat)) {
            if (m.direction == "right") {
                all.push_back(m.content.text);
            }
        }
        return all;
    }
    void inject(yunhu::testing::fault::action what, int status = 0) {
        yunhu::testing::fault f;
        f.endpoint = "send-message";
        f.what = what;
        f.status = status;
        server.inject(f);
    }

    yunhu::testing::emulator server;
    yunhu::client_config config{server.options().token};
    yunhu::chat chat = yunhu::group("big");
};

TEST_F(greeter, greets_everybody_once) {
    receive_hello("Li");
    const std::uint64_t last = receive_hello("Wang");
    const std::uint64_t seen = greet(0);
    EXPECT_EQ(seen, last);
    EXPECT_EQ(greetings(), (std::vector<std::string>{"Hello, Li!", "Hello, Wang!"}));

    greet(seen); // no new messages: the bot's own don't count
    EXPECT_EQ(greetings().size(), 2U);
}

TEST_F(greeter, does_not_greet_twice_when_the_response_is_lost) {
    receive_hello("Li");
    inject(yunhu::testing::fault::action::close_after);
    greet(greet(0));
    EXPECT_EQ(greetings(), std::vector<std::string>{"Hello, Li!"});
}

TEST_F(greeter, tells_that_the_service_is_down) {
    receive_hello("Li");
    inject(yunhu::testing::fault::action::response, 503);
    try {
        greet(0);
        FAIL() << "expected an exception";
    } catch (const yunhu::error& e) {
        EXPECT_EQ(e.code(), yunhu::errc::server_error);
        EXPECT_EQ(e.info().http_status, 503);
    }
}
