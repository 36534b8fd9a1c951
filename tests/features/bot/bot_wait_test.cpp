// Copyright (c) 2026 The yunhu authors
// SPDX-License-Identifier: BSL-1.0

#include "features/bot/bot_fixture.hpp"

#include <boost/asio/as_tuple.hpp>
#include <boost/asio/experimental/awaitable_operators.hpp>

// Conversations: a handler that waits for the next message of its user.
namespace yunhu::test {
namespace {

namespace asio = boost::asio;
using namespace std::chrono_literals;
using bot_wait_test = bot_fixture;

// GCC 12 destroys the temporaries of a conditional expression twice in a co_await expression.
draft text_or(const std::optional<bot_message>& m, const std::string& otherwise) {
    return text(m ? m->text() : otherwise);
}

asio::awaitable<void> order(bot_message m) {
    co_await m.reply(text("which size?"));
    const auto size = co_await m.next(1min);
    if (!size) {
        co_await m.reply(text("too late"));
        co_return;
    }
    co_await size->reply(text("one " + size->text() + " for " + m.sender().name));
}
asio::awaitable<void> go(bot_message m) {
    co_await m.reply(text("going " + std::string(m.arguments())));
}

TEST_F(bot_wait_test, the_next_message_of_the_user_goes_to_the_handler_that_waits) {
    bot().on_command("order", order);
    bot().on_command("go", go);
    start();
    server.say("2", big, "/order");
    ASSERT_TRUE(run_until([&] { return bot().stats().waiting == 1; }));
    server.say("3", big, "/go north");
    ASSERT_TRUE(answered({"which size?", "going north"})) << "another user is served meanwhile";
    server.say("2", small, "/go south");
    ASSERT_TRUE(answered({"going south"}, small)) << "and this one in another chat";
    server.say("2", big, "/go large");
    EXPECT_TRUE(answered({"which size?", "going north", "one /go large for ben"})) << "also a command";
    server.say("2", big, "/go home");
    EXPECT_TRUE(answered({"which size?", "going north", "one /go large for ben", "going home"}));
    EXPECT_EQ(bot().stats().waiting, 0U);
}

TEST_F(bot_wait_test, an_answer_may_come_before_the_handler_waits) {
    gate asked(context);
    bot().on_command("order", [&](bot_message m) -> asio::awaitable<void> {
        co_await asked.pass();
        const auto size = co_await m.next(0s);
        co_await m.reply(text_or(size, "none"));
        const auto more = co_await m.next(0s);
        co_await m.reply(text_or(more, "none"));
    });
    start();
    server.say("2", big, "/order");
    server.say("2", big, "large");
    ASSERT_TRUE(run_until([&] { return asked.waiting == 1 && bot().stats().queued == 1; }));
    asked.open();
    EXPECT_TRUE(answered({"large", "none"}));
}

TEST_F(bot_wait_test, a_wait_expires) {
    bot().on_command("order", [](bot_message m) -> asio::awaitable<void> {
        const auto size = co_await m.next(10ms);
        co_await m.reply(text_or(size, "too late"));
    });
    bot().on_command("go", go);
    start();
    server.say("2", big, "/order");
    ASSERT_TRUE(answered({"too late"}));
    server.say("2", big, "/go on");
    EXPECT_TRUE(answered({"too late", "going on"}));
    EXPECT_TRUE(errors.empty());
}

TEST_F(bot_wait_test, the_time_of_a_wait_is_not_the_handlers) {
    settings.handler_timeout = 1s;
    bot().on_command("order", order);
    bot().on_command("hang", [](bot_message m) -> asio::awaitable<void> { co_await m.next(1h); });
    start();
    server.say("3", small, "/hang");
    server.say("2", big, "/order");
    ASSERT_TRUE(run_until([&] { return bot().stats().waiting == 2; }));
    // Longer than the handler's time.
    asio::steady_timer later(context, 1500ms);
    bool passed = false;
    later.async_wait([&](error_code) { passed = true; });
    ASSERT_TRUE(run_until([&] { return passed; }));
    EXPECT_EQ(bot().stats().waiting, 2U);
    EXPECT_EQ(bot().stats().timed_out, 0U);
}

TEST_F(bot_wait_test, waits_are_refused_beyond_their_bound_and_in_events_without_a_user) {
    settings.max_waiting = 0;
    texts seen;
    const auto try_it = [&](bot_message m) -> asio::awaitable<void> {
        try {
            co_await m.next(1min);
        } catch (const error& e) {
            seen.emplace_back(name(e.code()));
        }
    };
    bot().on_message(try_it);
    start();
    server.say("2", big, "x");
    ASSERT_TRUE(handled(1));
    EXPECT_EQ(seen, texts{"overloaded"});
}

TEST_F(bot_wait_test, a_cancelled_wait_goes_on_in_its_turn) {
    gate waiting(context);
    asio::steady_timer enough(context, asio::steady_timer::time_point::max());
    texts seen;
    bot().on_command("wait", [&](bot_message m) -> asio::awaitable<void> {
        using asio::experimental::awaitable_operators::operator||;
        const auto first = co_await (m.next(1min) || enough.async_wait(asio::as_tuple(asio::use_awaitable)));
        seen.emplace_back(first.index() == 1 ? "enough" : "a message");
    });
    bot().on_command("block", [&](bot_message) -> asio::awaitable<void> {
        co_await waiting.pass();
        seen.emplace_back("block ends");
    });
    start();
    server.say("2", big, "/wait");
    ASSERT_TRUE(run_until([&] { return bot().stats().waiting == 1; }));
    server.say("3", big, "/block");
    ASSERT_TRUE(run_until([&] { return waiting.waiting == 1; }));
    enough.cancel();
    ASSERT_TRUE(run_until([&] { return bot().stats().queued == 1; }));
    EXPECT_TRUE(seen.empty());
    waiting.open();
    ASSERT_TRUE(handled(2));
    EXPECT_EQ(seen, (texts{"block ends", "enough"}));
}

} // namespace
} // namespace yunhu::test
