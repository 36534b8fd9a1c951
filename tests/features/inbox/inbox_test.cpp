// Copyright (c) 2026 The yunhu authors
// SPDX-License-Identifier: BSL-1.0

#include "features/inbox/inbox_fixture.hpp"

#include <yunhu/draft.hpp>

#include <boost/asio/bind_cancellation_slot.hpp>
#include <boost/asio/cancellation_signal.hpp>
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/detached.hpp>
#include <boost/asio/error.hpp>

#include <map>

// Events through a real session with the emulator's gateway.
namespace yunhu::test {
namespace {

using inbox_test = inbox_fixture;

TEST_F(inbox_test, hears_what_others_say_edit_and_recall) {
    log_in();
    const message first = server.say("2", big, "hello");
    server.say("3", big, "hi");
    server.edit(first.msg_id, "hello all");
    server.recall(first.msg_id);
    EXPECT_EQ(events(4),
              (texts{"big 1", "big 2",
                     "edit " + first.msg_id + "@" + std::to_string(server.messages(big).front().edit_time - base_time),
                     "recall " + first.msg_id}));
}

TEST_F(inbox_test, a_message_has_author_text_and_chat) {
    log_in();
    server.say("2", user("1"), "psst");
    const std::optional<event> got = next();
    ASSERT_TRUE(got);
    const auto& e = std::get<message_event>(*got);
    EXPECT_EQ(e.chat, user("2")) << "a private chat is named after the peer";
    EXPECT_EQ(e.message.content->text, "psst");
    EXPECT_EQ(e.message.sender.chat_id, "2");
    EXPECT_EQ(e.message.sender.name, "ben");
    EXPECT_FALSE(e.own);
}

TEST_F(inbox_test, own_messages_are_marked) {
    log_in();
    bool sent = false;
    client().send_message({big, text("mine")}, [&](error_code ec, const sent_message&) {
        EXPECT_FALSE(ec);
        sent = true;
    });
    EXPECT_EQ(next_text(), "big 1 own");
    EXPECT_TRUE(run_until([&] { return sent; }));
}

TEST_F(inbox_test, other_events_arrive_too) {
    log_in();
    const message first = server.say("2", big, "");
    server.stream(first.msg_id, "abc");
    testing::board shown;
    shown.bot_id = "99";
    shown.in = big;
    shown.content = "x";
    server.set_board(shown);
    server.push_command("1", "invite_apply");
    server.push("1", std::string("\x0a\x0e\x0a\x01\x31\x12\x09new_thing", 16));
    server.block(first.msg_id);
    EXPECT_EQ(events(6), (texts{"big 1", "stream " + first.msg_id + " abc", "board", "request", "unknown",
                                "blocked " + first.msg_id}));
}

TEST_F(inbox_test, what_was_missed_is_caught_up_once_and_in_order) {
    log_in();
    for (int i = 0; i < 3; ++i) {
        server.say("2", big, "before");
    }
    EXPECT_EQ(events(3), expected(big, 1, 3));
    refuse_connections();
    server.drop_connections();
    EXPECT_EQ(next_text(), "session lost");
    for (int i = 0; i < 150; ++i) {
        server.say("2", big, "meanwhile");
    }
    server.say("3", small, "first in its chat");
    server.clear_faults();
    texts got = events(151);
    std::stable_partition(got.begin(), got.end(), [](const std::string& s) { return s.starts_with("big"); });
    texts wanted = expected(big, 4, 153);
    wanted.emplace_back("small 1");
    EXPECT_EQ(got, wanted);
    server.say("2", big, "after");
    EXPECT_EQ(events(1), expected(big, 154, 154));
    EXPECT_EQ(inbox().stats().gaps, 0U);
}

// A thousand chats move while there is no connection: one list, and one request for each.
TEST_F(inbox_test, a_thousand_chats_are_caught_up_within_the_rate_limit) {
    constexpr std::size_t chats = 1'000;
    constexpr double per_second = 1'000;
    constexpr unsigned at_once = 50;
    config.rate_limits.emplace_back(endpoints::list_message_by_seq, per_second, at_once);
    options.max_events = 2 * chats;
    const auto chat_number = [](std::size_t i) { return group("g" + std::to_string(i)); };
    log_in();
    for (std::size_t i = 0; i < chats; ++i) {
        server.say("2", chat_number(i), "before");
    }
    ASSERT_EQ(events(chats).size(), chats);
    refuse_connections();
    server.drop_connections();
    EXPECT_EQ(next_text(), "session lost");
    for (const char* const text : {"first", "second"}) {
        for (std::size_t i = 0; i < chats; ++i) {
            server.say("2", chat_number(i), text);
        }
    }
    server.clear_journal();
    const auto reconnected = std::chrono::steady_clock::now();
    server.clear_faults();
    std::map<std::string, std::vector<std::string>> got;
    for (const std::string& e : events(2 * chats)) {
        const std::size_t space = e.find(' ');
        got[e.substr(0, space)].push_back(e.substr(space + 1));
    }
    EXPECT_EQ(got.size(), chats);
    for (const auto& [in, numbers] : got) {
        EXPECT_EQ(numbers, (texts{"2", "3"})) << in;
    }
    EXPECT_EQ(inbox().stats().gaps, 0U);
    const auto journal = server.journal();
    EXPECT_EQ(std::ranges::count(journal, "/v1/conversation/list", &testing::exchange::target), 1);
    EXPECT_LE(requests("list-message-by-seq"), chats);
    EXPECT_LE(requests("list-message-by-update"), chats) << "edits and recalls";
    const std::chrono::duration<double> took = std::chrono::steady_clock::now() - reconnected;
    EXPECT_GE(took.count() * per_second + at_once, static_cast<double>(requests("list-message-by-seq")));
}

TEST_F(inbox_test, a_quiet_reconnect_costs_one_request) {
    log_in();
    server.say("2", big, "before");
    EXPECT_EQ(events(1), expected(big, 1, 1));
    server.drop_connections();
    EXPECT_EQ(next_text(), "session lost");
    // Until the second of the last message has passed, the next reconnect may look into its chat once more.
    const auto deadline = std::chrono::steady_clock::now() + std::chrono::seconds(60);
    std::vector<std::string> targets;
    do {
        ASSERT_LT(std::chrono::steady_clock::now(), deadline);
        ASSERT_EQ(next_text(), "session connected");
        const std::size_t logins = inbox().stats().logins;
        ASSERT_TRUE(run_until([&] { return inbox().stats().requests == 0; }));
        server.clear_journal();
        server.drop_connections();
        ASSERT_EQ(next_text(), "session lost");
        ASSERT_TRUE(run_until([&] { return inbox().stats().logins > logins && inbox().stats().requests == 0; }));
        targets.clear();
        for (const auto& e : server.journal()) {
            targets.push_back(e.target);
        }
    } while (targets.size() == 4);
    EXPECT_EQ(targets, (texts{"/ws", "/v1/conversation/list"}));
}

TEST_F(inbox_test, a_refused_token_is_reported_and_not_tried_again) {
    options.token = "wrong";
    const std::optional<event> got = next();
    ASSERT_TRUE(got);
    const auto& e = std::get<session_event>(*got);
    EXPECT_EQ(e.state, session_state::refused);
    EXPECT_EQ(e.reason, errc::not_authenticated);
    for (int i = 0; i < 20; ++i) {
        context.restart();
        context.run_one_for(std::chrono::milliseconds(5));
    }
    EXPECT_EQ(inbox().stats().connects, 1U);
}

TEST_F(inbox_test, a_provider_renews_a_refused_token_once) {
    int renewals = 0;
    options.tokens = std::make_shared<token_provider>(context.get_executor(), "wrong",
                                                      [&](secret refused) -> boost::asio::awaitable<secret> {
                                                          EXPECT_EQ(refused.reveal(), "wrong");
                                                          ++renewals;
                                                          co_return secret("token-of-ada");
                                                      });
    EXPECT_EQ(next_text(), "session refused");
    EXPECT_EQ(next_text(), "session connected");
    EXPECT_EQ(renewals, 1);
    server.say("2", big, "hello");
    EXPECT_EQ(events(1), expected(big, 1, 1)) << "the requests carry the new token, too";
    EXPECT_EQ(options.tokens->current().reveal(), "token-of-ada");
}

TEST_F(inbox_test, a_restarted_program_goes_on_where_it_stopped) {
    const auto store = std::make_shared<memory_store>();
    options.cursors = store;
    log_in();
    server.say("2", big, "one");
    server.say("2", big, "two");
    EXPECT_EQ(events(2), expected(big, 1, 2));
    bool stopped = false;
    inbox().async_stop([&](error_code ec, const acknowledged&) {
        EXPECT_FALSE(ec);
        stopped = true;
    });
    ASSERT_TRUE(run_until([&] { return stopped; }));
    close_inbox();
    server.say("2", big, "three");
    // "two" was taken, but `next` was not called again: it may not have been handled.
    EXPECT_EQ(events(2), expected(big, 2, 3));
}

TEST_F(inbox_test, the_last_event_before_a_stop_is_acknowledged_by_the_next_that_says_so) {
    const auto store = std::make_shared<memory_store>();
    store->delay = std::chrono::milliseconds(50); // the stop is still outstanding when the inbox goes
    options.cursors = store;
    log_in();
    server.say("2", big, "one");
    EXPECT_EQ(events(1), expected(big, 1, 1));
    inbox().async_stop([](error_code, const acknowledged&) {});
    EXPECT_EQ(next_text(), "none");
    close_inbox();
    ASSERT_FALSE(store->saved().chats.empty()) << "the destructor saves, and waits for it";
    EXPECT_EQ(store->saved().chats.front().msg_seq, 1U);
}

TEST_F(inbox_test, acknowledges_on_request) {
    const auto store = std::make_shared<memory_store>();
    options.cursors = store;
    options.acknowledge = acknowledgement::by_request;
    log_in();
    for (int i = 0; i < 3; ++i) {
        server.say("2", big, "x");
    }
    std::vector<event> got;
    for (int i = 0; i < 3; ++i) {
        got.push_back(next().value());
    }
    inbox().acknowledge(got[1]);
    ASSERT_TRUE(run_until([&] {
        const inbox_cursors saved = store->saved();
        return saved.chats.size() == 1 && saved.chats.front().msg_seq == 2;
    }));
    close_inbox();
    EXPECT_EQ(events(1), expected(big, 3, 3));
}

TEST_F(inbox_test, cursors_that_can_not_be_read_end_the_inbox) {
    const auto store = std::make_shared<memory_store>();
    store->fail_load = true;
    options.cursors = store;
    EXPECT_EQ(next_text(), "none");
    EXPECT_EQ(last_error, errc::invalid_request);
    EXPECT_EQ(next_text(), "none");
    EXPECT_EQ(last_error, errc::invalid_request);
    EXPECT_EQ(inbox().stats().connects, 0U);
}

TEST_F(inbox_test, cursors_that_can_not_be_saved_are_a_warning_and_are_saved_later) {
    const auto store = std::make_shared<memory_store>();
    store->fail_saves = 1;
    options.cursors = store;
    std::vector<std::string> got;
    server.say("2", big, "x");
    while (got.size() < 2) {
        got.push_back(next_text());
    }
    EXPECT_EQ(got, (texts{"session connected", "session warning"}));
    ASSERT_TRUE(run_until([&] { return store->saved().since != 0; }));
    EXPECT_EQ(inbox().stats().failed_saves, 1U);
}

TEST_F(inbox_test, a_slow_reader_loses_nothing) {
    options.max_events = 8;
    log_in();
    constexpr int count = 500;
    for (int i = 0; i < count; ++i) {
        server.say("2", i % 2 == 0 ? big : small, "x");
    }
    texts got = events(count);
    std::stable_partition(got.begin(), got.end(), [](const std::string& s) { return s.starts_with("big"); });
    texts wanted = expected(big, 1, count / 2);
    for (const std::string& s : expected(small, 1, count / 2)) {
        wanted.push_back(s);
    }
    EXPECT_EQ(got, wanted);
    EXPECT_EQ(inbox().stats().gaps, 0U);
}

TEST_F(inbox_test, a_cancelled_next_loses_no_event) {
    log_in();
    int aborted = 0;
    texts got;
    for (int i = 1; i <= 50; ++i) {
        boost::asio::cancellation_signal cancel;
        bool done = false;
        inbox().next(
            boost::asio::bind_cancellation_slot(cancel.slot(), [&](error_code ec, optional_result<event> item) {
                done = true;
                aborted += ec == boost::asio::error::operation_aborted ? 1 : 0;
                if (item) {
                    got.push_back(text_of(*item));
                }
            }));
        for (int polls = 0; polls < i % 5; ++polls) {
            context.restart();
            context.poll_one();
        }
        server.say("2", big, "x");
        cancel.emit(boost::asio::cancellation_type::terminal);
        ASSERT_TRUE(run_until([&] { return done; }));
    }
    for (const std::string& s : events(50 - got.size())) {
        got.push_back(s);
    }
    EXPECT_EQ(got, expected(big, 1, 50));
    EXPECT_GT(aborted, 0);
}

TEST_F(inbox_test, may_be_destroyed_while_next_waits) {
    log_in();
    error_code ended;
    bool done = false;
    inbox().next([&](error_code ec, const optional_result<event>&) {
        ended = ec;
        done = true;
    });
    context.restart();
    context.poll();
    close_inbox();
    ASSERT_TRUE(run_until([&] { return done; }));
    EXPECT_EQ(ended, boost::asio::error::operation_aborted);
    EXPECT_TRUE(server.wait_until([&] { return server.sessions() == 0; }, inbox_wait_limit));
}

TEST(inbox_lifetime, its_context_may_be_destroyed_at_any_moment) {
    testing::emulator server;
    client_config config(secret("test-token"));
    config.base_url = server.base_url();
    config.tls.ca_pem = server.ca_pem();
    for (int steps = 0; steps < 60; ++steps) {
        boost::asio::io_context context;
        inbox_options options(server.options().user_id, "test-token");
        options.gateway_url = server.gateway_url();
        boost::asio::co_spawn(
            context,
            [](client c, inbox_options o) -> boost::asio::awaitable<void> {
                inbox in(c, o);
                while (co_await in.next()) {}
            }(client(context, config), options),
            boost::asio::detached);
        for (int i = 0; i < steps; ++i) {
            context.run_one_for(std::chrono::milliseconds(2));
        }
    }
}

TEST_F(inbox_test, frames_that_can_not_be_read_are_named_and_change_nothing) {
    log_in();
    server.push("1", "garbage");
    server.push("1", "{\"half", true);
    server.push("1", std::string(3, '\xff'));
    server.say("2", big, "hello");
    EXPECT_EQ(events(3), (texts{"gap  0-0 unreadable", "gap  0-0 unreadable", "big 1"}));
    EXPECT_EQ(inbox().stats().losses, 0U);
    EXPECT_EQ(inbox().stats().ignored, 3U);
}

TEST_F(inbox_test, a_frame_that_is_too_large_ends_the_connection_and_nothing_is_lost) {
    options.max_frame_bytes = 4096;
    log_in();
    server.push("1", std::string(5000, 'x'));
    server.say("2", big, std::string(8000, 'y'));
    EXPECT_EQ(events(1), expected(big, 1, 1)) << "the message comes by a request";
    EXPECT_GE(inbox().stats().losses, 1U);
}

TEST_F(inbox_test, a_dead_connection_is_found_by_its_silence) {
    options.heartbeat = std::chrono::milliseconds(20);
    options.silence = std::chrono::milliseconds(200);
    log_in();
    testing::gateway_fault silent;
    silent.what = testing::gateway_fault::action::half_open;
    silent.on = "heartbeat_ack";
    silent.times = 1;
    server.inject(silent);
    std::optional<event> got = next();
    ASSERT_TRUE(got);
    const auto& e = std::get<session_event>(*got);
    EXPECT_EQ(e.state, session_state::lost);
    EXPECT_EQ(e.reason, errc::timed_out);
    EXPECT_EQ(next_text(), "session connected");
}

TEST_F(inbox_test, the_close_code_of_the_gateway_is_reported) {
    log_in();
    testing::gateway_fault closes;
    closes.what = testing::gateway_fault::action::close;
    closes.on = "push_message";
    closes.close_code = 4001;
    closes.body = "maintenance";
    closes.times = 1;
    server.inject(closes);
    server.say("2", big, "lost with the connection");
    const std::optional<event> got = next();
    ASSERT_TRUE(got);
    const auto& e = std::get<session_event>(*got);
    EXPECT_EQ(e.state, session_state::lost);
    EXPECT_EQ(e.close_code, 4001);
    EXPECT_EQ(e.text, "maintenance");
    EXPECT_EQ(events(1), expected(big, 1, 1));
}

TEST_F(inbox_test, only_followed_chats_are_heard) {
    options.follow = {big};
    log_in();
    server.say("2", small, "not for us");
    server.say("2", big, "for us");
    EXPECT_EQ(events(1), expected(big, 1, 1));
}

TEST_F(inbox_test, invalid_options_are_refused_before_any_io) {
    const auto refusal = [&](const std::function<void(inbox_options&)>& change) -> std::string {
        inbox_options o = options;
        change(o);
        try {
            const yunhu::inbox made(client(), o);
        } catch (const error& e) {
            EXPECT_EQ(e.code(), errc::invalid_request);
            return e.info().detail;
        }
        return "accepted";
    };
    EXPECT_EQ(refusal([](inbox_options& o) { o.user_id.clear(); }), "user_id must not be empty");
    EXPECT_EQ(refusal([](inbox_options& o) { o.token = {}; }), "token must not be empty");
    EXPECT_EQ(refusal([](inbox_options& o) { o.token = "a\nb"; }), "token must consist of visible ASCII characters");
    EXPECT_EQ(refusal([](inbox_options& o) { o.platform = "Windows"; }),
              "platform must be windows, macos, android, linux, ios, fuchsia or Web");
    EXPECT_EQ(refusal([](inbox_options& o) { o.gateway_url = "https://x/ws"; }), "gateway_url must be wss");
    EXPECT_EQ(refusal([](inbox_options& o) { o.gateway_url = "ws://127.0.0.1/ws"; }),
              "gateway_url must be wss (ws is for loopback addresses, if allowed)");
    EXPECT_EQ(refusal([](inbox_options& o) { o.silence = o.heartbeat; }), "silence must be longer than heartbeat");
    EXPECT_EQ(refusal([](inbox_options& o) { o.max_events = 0; }), "max_events must be > 0");
    EXPECT_EQ(refusal([](inbox_options& o) { o.device_id = "\xff"; }),
              "device_id must be UTF-8 without control characters");
    EXPECT_EQ(server.connections_accepted(), 0U);
}

} // namespace
} // namespace yunhu::test
