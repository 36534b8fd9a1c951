// Copyright (c) 2026 The yunhu authors
// SPDX-License-Identifier: BSL-1.0

#include "features/bot/bot_fixture.hpp"

#include <yunhu/view.hpp>

#include <stdexcept>

// Handlers of a bot that has a real session with the emulator.
namespace yunhu::test {
namespace {

namespace asio = boost::asio;
using namespace std::chrono_literals;
using bot_test = bot_fixture;

asio::awaitable<void> echo(bot_message m) {
    co_await m.reply(text(m.text()));
}
asio::awaitable<void> go(bot_message m) {
    co_await m.reply(text("going " + std::string(m.arguments())));
}

TEST_F(bot_test, a_command_is_answered) {
    bot().on_command("/go", go);
    start();
    server.say("2", big, "hello");
    server.say("2", big, "/go north");
    EXPECT_TRUE(answered({"going north"}));
    ASSERT_TRUE(handled(1));
    const bot_stats numbers = bot().stats();
    EXPECT_EQ(numbers.handled, 1U);
    EXPECT_EQ(numbers.unmatched, 2U) << "the session, and hello";
    EXPECT_GT(numbers.handler_time.count(), 0);
    EXPECT_EQ(numbers.max_handler_time, numbers.handler_time);
}

TEST_F(bot_test, a_private_message_is_answered_in_its_chat) {
    bot().on_message(echo);
    start();
    server.say("2", user("1"), "psst");
    EXPECT_TRUE(answered({"psst"}, user("2")));
}

asio::awaitable<void> quote(bot_message m) {
    co_await m.quote(text("yes, " + m.sender().name));
}

TEST_F(bot_test, a_quote_names_its_message) {
    bot().on_message(quote);
    start();
    const message asked = server.say("2", big, "are you there?");
    ASSERT_TRUE(answered({"yes, ben"}));
    const std::vector<message> all = server.messages(big);
    const auto found = std::ranges::find(all, asked.msg_id, &message::quote_msg_id);
    ASSERT_NE(found, all.end());
    EXPECT_EQ(quote_of(*found)->text, "ben: are you there?");
}

TEST_F(bot_test, a_mention_is_answered) {
    bot().on_mention(quote);
    start();
    const yunhu::client ben = client().with_token("token-of-ben");
    int sent = 0;
    const auto count = [&](error_code ec, const sent_message&) { sent += ec ? 100 : 1; };
    ben.send_message({big, text("@cem").mention("3")}, count);
    ASSERT_TRUE(run_until([&] { return sent == 1; }));
    ben.send_message({big, text("@ada").mention("1")}, count);
    EXPECT_TRUE(answered({"yes, ben"}));
    EXPECT_EQ(sent, 2);
}

TEST_F(bot_test, events_of_one_kind_and_all_others) {
    texts seen;
    bot().on<recall_event>([&](recall_event e) -> asio::awaitable<void> {
        seen.push_back("recall " + e.message.msg_id);
        co_return;
    });
    bot().on_event([&](event e) -> asio::awaitable<void> {
        seen.emplace_back(name(e));
        co_return;
    });
    run();
    ASSERT_TRUE(handled(1));
    const message m = server.say("2", big, "a");
    server.edit(m.msg_id, "b");
    server.recall(m.msg_id);
    ASSERT_TRUE(handled(4));
    EXPECT_EQ(seen, (texts{"session", "message", "edit", "recall " + m.msg_id}));
}

TEST_F(bot_test, one_handler_of_a_chat_at_a_time_in_order) {
    texts seen;
    int inside = 0;
    bot().on_message([&](bot_message m) -> asio::awaitable<void> {
        EXPECT_EQ(++inside, 1);
        for (int i = 0; i < 5; ++i) {
            co_await asio::post(context, asio::use_awaitable);
        }
        seen.push_back(m.text());
        --inside;
    });
    start();
    texts wanted;
    for (int i = 0; i < 50; ++i) {
        wanted.push_back(std::to_string(i));
        server.say("2", big, wanted.back());
    }
    ASSERT_TRUE(handled(50));
    EXPECT_EQ(seen, wanted);
}

TEST_F(bot_test, chats_are_handled_at_the_same_time_up_to_the_bound) {
    settings.max_handlers = 3;
    gate waiting(context);
    bot().on_message([&](bot_message) -> asio::awaitable<void> { co_await waiting.pass(); });
    start();
    for (const char* const id : {"a", "b", "c", "d"}) {
        server.say("2", group(id), "x");
    }
    ASSERT_TRUE(run_until([&] { return waiting.waiting == 3 && bot().stats().queued == 1; }));
    EXPECT_EQ(bot().stats().running, 3U);
    waiting.open();
    EXPECT_TRUE(handled(4));
}

TEST_F(bot_test, when_the_queues_are_full_the_inbox_is_not_read_and_nothing_is_lost) {
    settings.max_per_chat = 2;
    options.max_events = 5;
    gate waiting(context);
    texts seen;
    bot().on_message([&](bot_message m) -> asio::awaitable<void> {
        co_await waiting.pass();
        seen.push_back(m.text());
    });
    start();
    texts wanted;
    for (int i = 0; i < 100; ++i) {
        wanted.push_back(std::to_string(i));
        server.say("2", big, wanted.back());
    }
    ASSERT_TRUE(run_until(
        [&] { return waiting.waiting == 1 && bot().stats().queued == 2 && bot().inbox_stats().queued == 5; }));
    waiting.open();
    ASSERT_TRUE(handled(100));
    EXPECT_EQ(seen, wanted);
}

TEST_F(bot_test, a_handler_that_throws_is_reported_and_its_chat_goes_on) {
    bot().on_command("throw", [](bot_message) -> asio::awaitable<void> {
        throw std::runtime_error("oops");
        co_return;
    });
    bot().on_command("early", [](bot_message) -> asio::awaitable<void> { throw std::runtime_error("no coroutine"); });
    bot().on_match(
        [](const message_event& m) -> bool {
            if (m.message.content->text == "match") {
                throw std::runtime_error("predicate");
            }
            return false;
        },
        echo);
    bot().on_message(echo);
    start();
    for (const char* const words : {"/throw", "/early", "match", "hello"}) {
        server.say("2", big, words);
    }
    EXPECT_TRUE(answered({"hello"}));
    std::ranges::sort(errors);
    EXPECT_EQ(errors, (texts{"no coroutine: /early", "oops: /throw", "predicate: match"}));
    EXPECT_EQ(bot().stats().failed, 3U);
}

TEST_F(bot_test, a_handler_that_hangs_is_cancelled_and_reported) {
    settings.handler_timeout = 2s; // the other handler needs less on any machine
    gate never(context);
    bot().on_command("hang", [&](bot_message) -> asio::awaitable<void> { co_await never.pass(); });
    bot().on_command("go", go);
    start();
    server.say("2", big, "/hang");
    server.say("2", big, "/go on");
    EXPECT_TRUE(answered({"going on"}));
    EXPECT_EQ(errors, texts{"timed_out: /hang"}) << "once";
    EXPECT_EQ(bot().stats().timed_out, 1U);
    EXPECT_EQ(bot().stats().failed, 0U);
    EXPECT_EQ(bot().stats().abandoned, 0U);
}

TEST_F(bot_test, a_handler_that_ignores_its_cancellation_is_given_up) {
    settings.handler_timeout = 2s;
    gate closed(context);
    bool ended = false;
    bot().on_command("hang", [&](bot_message) -> asio::awaitable<void> {
        co_await asio::this_coro::reset_cancellation_state(asio::disable_cancellation());
        co_await closed.pass();
        ended = true;
    });
    bot().on_command("go", go);
    start();
    server.say("2", big, "/hang");
    server.say("2", big, "/go on");
    EXPECT_TRUE(answered({"going on"}));
    EXPECT_EQ(bot().stats().abandoned, 1U);
    closed.open();
    ASSERT_TRUE(run_until([&] { return ended; }));
    ASSERT_TRUE(run_until([&] { return bot().stats().running == 0; }));
    EXPECT_EQ(bot().stats().handled, 1U) << "the other one";
}

TEST_F(bot_test, own_messages_and_those_of_bots_are_not_answered) {
    bot().on_message(echo);
    start();
    server.say("2", big, "one");
    ASSERT_TRUE(answered({"one"}));
    server.say("99", big, "I am a bot");
    server.say("1", big, "ada herself, on another device");
    server.say("2", big, "two");
    EXPECT_TRUE(answered({"one", "ada herself, on another device", "two"}));
    ASSERT_TRUE(run_until([&] { return bot().stats().ignored == 4; })) << "and two echoes";
    EXPECT_EQ(bot().stats().handled, 2U);
}

TEST_F(bot_test, they_are_answered_on_request) {
    settings.own_messages = true;
    settings.other_bots = true;
    texts seen;
    bot().on_message([&](bot_message m) -> asio::awaitable<void> {
        seen.push_back(m.text());
        co_return;
    });
    start();
    server.say("99", big, "I am a bot");
    server.say("1", big, "mine");
    ASSERT_TRUE(handled(2));
    EXPECT_EQ(seen, (texts{"I am a bot", "mine"}));
}

TEST_F(bot_test, a_stream_is_handled_once_with_its_whole_text) {
    settings.other_bots = true;
    settings.assemble_streams = 100ms;
    bot().on_message(echo);
    start();
    const message m = server.say("99", big, "");
    for (const char* const part : {"one", " two", " three"}) {
        server.stream(m.msg_id, part);
    }
    server.say("2", big, "a user is not delayed");
    EXPECT_TRUE(answered({"a user is not delayed", "one two three"}));
}

TEST_F(bot_test, invalid_options_and_handlers_are_refused) {
    const auto refused = [&](const bot_options& wrong) {
        try {
            const yunhu::bot made(client(), options, wrong);
        } catch (const error& e) {
            return e.info().detail;
        }
        return std::string("accepted");
    };
    bot_options wrong;
    wrong.max_handlers = 0;
    EXPECT_EQ(refused(wrong), "max_handlers must be > 0");
    wrong = {};
    wrong.assemble_streams = 1s;
    EXPECT_EQ(refused(wrong), "assemble_streams requires other_bots");
    EXPECT_THROW(bot().on_command("", echo), error);
    EXPECT_THROW(bot().on_command("/two words", echo), error);
    EXPECT_THROW(bot().on_message(nullptr), error);
    EXPECT_THROW(bot().on_event(nullptr), error);
    EXPECT_THROW(bot().on<gap_event>(nullptr), error);
    EXPECT_THROW(bot().on_match(nullptr, echo), error);
    start();
    EXPECT_THROW(bot().on_message(echo), error) << "too late";
    std::optional<error_code> second;
    bot().async_run([&](error_code ec, const acknowledged&) { second = ec; });
    ASSERT_TRUE(run_until([&] { return second.has_value(); }));
    EXPECT_EQ(*second, errc::invalid_request);
    EXPECT_FALSE(run_ended) << "the first goes on";
}

TEST_F(bot_test, a_refused_token_ends_the_bot) {
    options.token = "wrong";
    run();
    ASSERT_TRUE(run_until([&] { return run_ended.has_value(); }));
    EXPECT_EQ(*run_ended, errc::not_authenticated);
}

TEST_F(bot_test, a_first_session_can_be_required) {
    settings.require_first_session = true;
    options.gateway_url = "wss://127.0.0.1:1/ws";
    run();
    ASSERT_TRUE(run_until([&] { return run_ended.has_value(); }));
    EXPECT_EQ(*run_ended, errc::connect_failed);
}

} // namespace
} // namespace yunhu::test
