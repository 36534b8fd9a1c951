// Copyright (c) 2026 The yunhu authors
// SPDX-License-Identifier: BSL-1.0

#include "features/bot/bot_fixture.hpp"

#include <boost/asio/bind_cancellation_slot.hpp>
#include <boost/asio/cancellation_signal.hpp>
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/detached.hpp>
#include <boost/asio/thread_pool.hpp>
#include <boost/asio/use_future.hpp>

#include <algorithm>
#include <atomic>
#include <csignal>
#include <map>
#include <thread>

// How a bot ends, and what the next one sees.
namespace yunhu::test {
namespace {

namespace asio = boost::asio;
using namespace std::chrono_literals;
using bot_stop_test = bot_fixture;

asio::awaitable<void> wait_long(bot_message m) {
    co_await m.next(1h);
}

TEST_F(bot_stop_test, running_handlers_end_and_nothing_starts) {
    gate waiting(context);
    texts seen;
    bot().on_message([&](bot_message m) -> asio::awaitable<void> {
        co_await waiting.pass();
        seen.push_back(m.text());
    });
    start();
    server.say("2", big, "running");
    server.say("2", big, "queued");
    ASSERT_TRUE(run_until([&] { return waiting.waiting == 1 && bot().stats().queued == 1; }));
    bot().stop();
    asio::post(context, [&] { waiting.open(); });
    ASSERT_TRUE(run_until([&] { return run_ended.has_value(); }));
    EXPECT_FALSE(*run_ended);
    EXPECT_EQ(seen, texts{"running"});
    EXPECT_TRUE(errors.empty());
    EXPECT_TRUE(run_until([&] { return server.sessions() == 0; }));
    std::optional<error_code> late;
    client().send_message({big, text("late")}, [&](error_code ec, const sent_message&) { late = ec; });
    ASSERT_TRUE(run_until([&] { return late.has_value(); }));
    EXPECT_EQ(*late, errc::client_closed) << "the client was shut down";
}

TEST_F(bot_stop_test, the_client_can_be_kept) {
    settings.shutdown_client = false;
    start();
    EXPECT_FALSE(stop());
    std::optional<error_code> sent;
    client().send_message({big, text("late")}, [&](error_code ec, const sent_message&) { sent = ec; });
    ASSERT_TRUE(run_until([&] { return sent.has_value(); }));
    EXPECT_FALSE(*sent);
}

TEST_F(bot_stop_test, a_handler_that_waits_is_cancelled_at_once_and_one_that_runs_after_the_limit) {
    settings.stop_timeout = 20ms;
    settings.shutdown_client = false;
    gate never(context);
    bot().on_command("wait", wait_long);
    bot().on_command("hang", [&](bot_message) -> asio::awaitable<void> { co_await never.pass(); });
    start();
    server.say("2", big, "/wait");
    server.say("2", small, "/hang");
    ASSERT_TRUE(run_until([&] { return bot().stats().waiting == 1 && never.waiting == 1; }));
    EXPECT_FALSE(stop());
    EXPECT_TRUE(errors.empty()) << "the stop is no failure of a handler";
    EXPECT_EQ(bot().stats().running, 0U);
}

TEST_F(bot_stop_test, a_stop_before_the_start_and_from_a_handler) {
    bot().on_message([&](bot_message) -> asio::awaitable<void> {
        bot().stop();
        co_return;
    });
    start();
    server.say("2", big, "stop");
    ASSERT_TRUE(run_until([&] { return run_ended.has_value(); }));
    EXPECT_FALSE(*run_ended);
    EXPECT_EQ(bot().stats().handled, 1U);
    destroy_bot();
    close_client();
    run_ended.reset();
    bot().stop();
    run();
    ASSERT_TRUE(run_until([&] { return run_ended.has_value(); }));
    EXPECT_FALSE(*run_ended);
}

TEST_F(bot_stop_test, a_signal_stops_the_bot) {
    bot().async_run_until_signal([this](error_code ec, const acknowledged&) { run_ended = ec; });
    ASSERT_TRUE(run_until([&] { return bot().inbox_stats().logged_in; }));
    ASSERT_EQ(std::raise(SIGTERM), 0);
    ASSERT_TRUE(run_until([&] { return run_ended.has_value(); }));
    EXPECT_FALSE(*run_ended);
    destroy_bot();
    close_client();
    context.restart();
    context.run(); // nothing is left to wait for
}

TEST_F(bot_stop_test, a_cancelled_run_ends_at_once) {
    asio::cancellation_signal cancel;
    gate never(context);
    bot().on_message([&](bot_message) -> asio::awaitable<void> { co_await never.pass(); });
    bot().async_run(
        asio::bind_cancellation_slot(cancel.slot(), [this](error_code ec, const acknowledged&) { run_ended = ec; }));
    ASSERT_TRUE(run_until([&] { return bot().inbox_stats().logged_in && bot().stats().unmatched == 1; }));
    server.say("2", big, "x");
    ASSERT_TRUE(run_until([&] { return never.waiting == 1; }));
    cancel.emit(asio::cancellation_type::total);
    ASSERT_TRUE(run_until([&] { return run_ended.has_value(); }));
    EXPECT_EQ(*run_ended, asio::error::operation_aborted);
    EXPECT_TRUE(run_until([&] { return bot().stats().running == 0; }));
}

TEST_F(bot_stop_test, a_destroyed_bot_ends_its_run_and_its_handlers) {
    gate never(context);
    bot().on_command("hang", [&](bot_message) -> asio::awaitable<void> { co_await never.pass(); });
    bot().on_command("wait", wait_long);
    start();
    server.say("2", big, "/hang");
    server.say("2", small, "/wait");
    ASSERT_TRUE(run_until([&] { return never.waiting == 1 && bot().stats().waiting == 1; }));
    destroy_bot();
    ASSERT_TRUE(run_until([&] { return run_ended.has_value(); }));
    EXPECT_EQ(*run_ended, asio::error::operation_aborted);
    close_client();
    context.restart();
    context.run(); // handlers, session and calls have ended
}

TEST_F(bot_stop_test, a_restarted_bot_sees_what_was_not_handled) {
    const auto store = std::make_shared<memory_store>();
    options.cursors = store;
    settings.shutdown_client = false;
    gate never(context);
    texts seen;
    const auto handler = [&](bot_message m) -> asio::awaitable<void> {
        seen.push_back(m.text());
        if (m.text() == "hang") {
            co_await never.pass();
        }
        co_return;
    };
    bot().on_command("wait", wait_long);
    bot().on_match([](const message_event& m) { return m.message.content->text != "unmatched"; }, handler);
    start();
    server.say("2", big, "first");
    server.say("2", big, "unmatched");
    server.say("2", big, "hang");
    server.say("2", big, "queued");
    server.say("2", small, "/wait");
    server.say("3", small, "handled, but after one that is not");
    ASSERT_TRUE(handled(2));
    ASSERT_TRUE(run_until([&] { return never.waiting == 1 && bot().stats().queued == 1; }));
    std::erase(seen, "handled, but after one that is not"); // of another chat: in any order
    EXPECT_EQ(seen, (texts{"first", "hang"}));
    destroy_bot(); // as a crash does
    close_client();
    ASSERT_TRUE(run_until([&] {
        const inbox_cursors saved = store->saved();
        const auto found = std::ranges::find(saved.chats, big, &chat_cursor::chat);
        return run_ended.has_value() && server.sessions() == 0 && found != saved.chats.end() && found->msg_seq == 2;
    }));

    seen.clear();
    bot().on_message([&](bot_message m) -> asio::awaitable<void> {
        seen.push_back(m.text());
        co_return;
    });
    run();
    ASSERT_TRUE(handled(4));
    std::ranges::stable_partition(seen, [](const std::string& s) { return s == "hang" || s == "queued"; });
    EXPECT_EQ(seen, (texts{"hang", "queued", "/wait", "handled, but after one that is not"}));
    EXPECT_FALSE(stop());
    destroy_bot();
    close_client();

    seen.clear();
    bot().on_message(handler);
    run();
    ASSERT_TRUE(run_until([&] { return bot().inbox_stats().logged_in && bot().inbox_stats().requests == 0; }));
    server.say("2", big, "new");
    ASSERT_TRUE(handled(1));
    EXPECT_EQ(seen, texts{"new"}) << "a stop saves all cursors";
}

TEST_F(bot_stop_test, on_many_threads_no_event_is_lost_or_handled_twice) {
    asio::thread_pool pool(4);
    std::atomic<int> calls{0};
    std::atomic<int> overlaps{0};
    std::mutex mutex;
    std::map<std::string, texts> seen;
    std::map<std::string, std::atomic<int>> inside;
    for (const char* const id : {"a", "b", "c", "d", "e"}) {
        inside[id] = 0;
    }
    yunhu::client shared(pool.get_executor(), config);
    yunhu::bot many(shared, options, settings);
    many.on_command("ask", [&](bot_message m) -> asio::awaitable<void> {
        ++calls;
        co_await m.next(0s);
    });
    many.on_message([&](bot_message m) -> asio::awaitable<void> {
        std::atomic<int>& here = inside.at(m.chat().id);
        overlaps += ++here == 1 ? 0 : 1;
        co_await asio::post(pool, asio::use_awaitable);
        {
            const std::lock_guard lock(mutex);
            seen[m.chat().id].push_back(m.text());
        }
        --here;
        ++calls;
    });
    auto run = many.async_run(asio::use_future);
    const auto wait_for = [&](const std::function<bool()>& condition) {
        const auto end = std::chrono::steady_clock::now() + inbox_wait_limit;
        while (!condition() && std::chrono::steady_clock::now() < end) {
            std::this_thread::yield();
        }
        return condition();
    };
    ASSERT_TRUE(wait_for([&] { return many.inbox_stats().logged_in && many.inbox_stats().requests == 0; }));
    texts wanted;
    for (int i = 0; i < 60; ++i) {
        wanted.push_back(std::to_string(i));
        for (const auto& [id, unused] : inside) {
            server.say("2", group(id), wanted.back());
        }
    }
    EXPECT_TRUE(wait_for([&] { return calls == 300; }));
    many.stop();
    EXPECT_NO_THROW(run.get());
    pool.join();
    EXPECT_EQ(overlaps, 0);
    for (const auto& [id, all] : seen) {
        EXPECT_EQ(all, wanted) << id;
    }
    EXPECT_EQ(many.stats().handled, 300U);
}

// Under AddressSanitizer: nothing leaks, in whatever state the handlers are.
TEST_F(bot_stop_test, the_execution_context_may_be_destroyed_at_any_time) {
    for (int steps = 0; steps < 60; steps += 2) {
        asio::io_context alone;
        yunhu::client through(alone, config);
        std::optional<yunhu::bot> made(std::in_place, through, options, settings);
        made->on_command("wait", wait_long);
        made->on_message([](bot_message m) -> asio::awaitable<void> {
            co_await m.reply(text("x"));
            asio::steady_timer forever(co_await asio::this_coro::executor, 1h);
            co_await forever.async_wait(asio::use_awaitable);
        });
        made->async_run_until_signal(asio::detached);
        const auto end = std::chrono::steady_clock::now() + inbox_wait_limit;
        while (!made->inbox_stats().logged_in && std::chrono::steady_clock::now() < end) {
            alone.run_one_for(10ms);
        }
        server.say("2", big, "/wait");
        server.say("2", small, "x");
        const auto run = [&](int count) {
            for (int i = 0; i < count; ++i) {
                alone.run_one_for(5ms);
            }
        };
        run(steps);
        if (steps % 3 == 0) {
            made.reset();
        } else if (steps % 3 == 1) {
            made->stop();
        }
        run(steps % 5);
    }
}

} // namespace
} // namespace yunhu::test
