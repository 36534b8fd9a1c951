// Copyright (c) 2026 The yunhu authors
// SPDX-License-Identifier: BSL-1.0

#include "runtime/support.hpp"

#include "support/strict_emulator.hpp"

#include <boost/asio/bind_cancellation_slot.hpp>
#include <boost/asio/cancellation_signal.hpp>
#include <boost/asio/detached.hpp>
#include <boost/asio/steady_timer.hpp>

#include <gtest/gtest.h>

#include <fcntl.h>

#include <cstddef>
#include <filesystem>
#include <memory>
#include <optional>
#include <set>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

// The client, the io_context or the caller may end at any time.
namespace yunhu::test {
namespace {

testing::fault stall_all() {
    testing::fault f;
    f.what = testing::fault::action::stall;
    return f;
}

struct ends {
    std::size_t count = 0;
    std::vector<failure> failures;

    auto handler() {
        return [this](error_code ec, sent_message info) {
            ++count;
            if (ec) {
                failures.emplace_back(ec, std::move(info));
            }
        };
    }
};

TEST(lifetime, the_last_handle_ends_calls_and_lets_the_executor_finish) {
    yunhu::test::strict_emulator server;
    server.inject(stall_all());
    asio::io_context context;
    ends e;
    auto bot = std::make_unique<client>(context, config_for(server));
    client copy = *bot;
    for (int i = 0; i < 3; ++i) {
        bot->send_message({group("big"), text("hello")}, e.handler());
    }
    ASSERT_TRUE(drive(context, [&] { return server.requests() >= 3; }));
    bot.reset();
    context.poll();
    EXPECT_EQ(e.count, 0U) << "a handle remains";
    { const client last = std::move(copy); }
    context.run(); // returns: no work remains
    ASSERT_EQ(e.failures.size(), 3U);
    for (const failure& f : e.failures) {
        EXPECT_EQ(f.code, errc::outcome_unknown);
        EXPECT_EQ(f.cause, errc::client_closed);
        EXPECT_EQ(f.delivery, delivery::maybe_sent);
        EXPECT_EQ(f.msg_id.size(), 32U);
    }
}

/// The open descriptors that a started program inherits.
std::set<int> inheritable_descriptors() {
    std::set<int> found;
    for (const auto& entry : std::filesystem::directory_iterator("/proc/self/fd")) {
        const int fd = std::stoi(entry.path().filename().string());
        const int flags = ::fcntl(fd, F_GETFD);
        if (flags >= 0 && (flags & FD_CLOEXEC) == 0) {
            found.insert(fd);
        }
    }
    return found;
}

// Sockets of client and emulator, of both sides of a connection, and all that Asio opens for them.
TEST(lifetime, a_started_program_inherits_no_descriptor) {
    const std::set<int> before = inheritable_descriptors();
    testing::emulator server;
    asio::io_context context;
    client_config config = config_for(server);
    config.base_url.replace(config.base_url.find("127.0.0.1"), std::string_view("127.0.0.1").size(), "localhost");
    client bot(context, config);
    run(context, [&]() -> asio::awaitable<void> {
        co_await bot.send_message({group("big"), text("hello")});
        EXPECT_EQ(inheritable_descriptors(), before);
    });
}

TEST(lifetime, destroying_an_idle_client_lets_the_executor_finish) {
    yunhu::test::strict_emulator server;
    asio::io_context context;
    asio::co_spawn(
        context,
        [&]() -> asio::awaitable<void> {
            client bot(context, config_for(server));
            co_await bot.send_message({group("big"), text("hello")});
        },
        asio::detached);
    context.run();
    EXPECT_EQ(server.requests(), 1U);
    EXPECT_TRUE(server.wait_until([&] { return server.connections_open() == 0; }, wait_limit));
}

TEST(lifetime, the_io_context_is_destroyed_with_calls_in_flight) {
    yunhu::test::strict_emulator server;
    server.inject(stall_all());
    std::size_t ended = 0;
    {
        asio::io_context context;
        client_config config = config_for(server);
        config.pool.max_connections = 4;
        client bot(context, config);
        for (int i = 0; i < 100; ++i) { // coroutines that own the client that owns their calls
            asio::co_spawn(
                context,
                [bot, &ended]() mutable -> asio::awaitable<void> {
                    co_await bot.send_message({group("big"), text("hello")});
                    ++ended;
                },
                asio::detached);
        }
        ASSERT_TRUE(drive(context, [&] { return server.requests() >= 4; }));
        context.stop();
    }
    EXPECT_EQ(ended, 0U);
    EXPECT_TRUE(server.wait_until([&] { return server.connections_open() == 0; }, wait_limit));
}

TEST(lifetime, the_io_context_is_destroyed_before_an_idle_client_closes) {
    yunhu::test::strict_emulator server;
    {
        asio::io_context context;
        client bot(context, config_for(server));
        run(context, [&]() -> asio::awaitable<void> { co_await bot.send_message({group("big"), text("hello")}); });
    } // the client's close is only posted: LeakSanitizer detects what a destroyed io_context would leak
    EXPECT_TRUE(server.wait_until([&] { return server.connections_open() == 0; }, wait_limit));
}

TEST(lifetime, cancellation_while_queued_and_while_in_flight) {
    yunhu::test::strict_emulator server;
    server.inject(stall_all());
    for (const auto type :
         {asio::cancellation_type::terminal, asio::cancellation_type::partial, asio::cancellation_type::total}) {
        asio::io_context context;
        client_config config = config_for(server);
        config.pool.max_connections = 1;
        client bot(context, config);
        ends on_its_way;
        ends waiting;
        asio::cancellation_signal first;
        asio::cancellation_signal second;
        const auto before = server.requests();
        bot.send_message({group("big"), text("a")}, asio::bind_cancellation_slot(first.slot(), on_its_way.handler()));
        bot.send_message({group("big"), text("b")}, asio::bind_cancellation_slot(second.slot(), waiting.handler()));
        ASSERT_TRUE(drive(context, [&] { return server.requests() > before; }));
        second.emit(type);
        ASSERT_TRUE(drive(context, [&] { return waiting.count > 0; }));
        first.emit(type);
        ASSERT_TRUE(drive(context, [&] { return on_its_way.count > 0; }));
        second.emit(type); // too late: no effect
        ASSERT_EQ(waiting.failures.size(), 1U);
        EXPECT_EQ(waiting.failures[0].code, asio::error::operation_aborted);
        EXPECT_EQ(waiting.failures[0].delivery, delivery::not_sent);
        EXPECT_EQ(waiting.failures[0].attempts, 0U);
        ASSERT_EQ(on_its_way.failures.size(), 1U);
        EXPECT_EQ(on_its_way.failures[0].code, asio::error::operation_aborted);
        EXPECT_EQ(on_its_way.failures[0].delivery, delivery::maybe_sent);
        EXPECT_EQ(on_its_way.failures[0].attempts, 1U);
    }
}

TEST(lifetime, shutdown_waits_for_calls_and_accepts_no_new_ones) {
    yunhu::test::strict_emulator server;
    testing::fault slow;
    slow.what = testing::fault::action::delay;
    slow.delay = std::chrono::milliseconds(20);
    server.inject(slow);
    asio::io_context context;
    client bot(context, config_for(server));
    ends e;
    for (int i = 0; i < 5; ++i) {
        bot.send_message({group("big"), text("hello")}, e.handler());
    }
    run(context, [&]() -> asio::awaitable<void> {
        const std::size_t cut = co_await bot.async_shutdown(wait_limit);
        EXPECT_EQ(cut, 0U);
        const std::size_t again = co_await bot.async_shutdown(wait_limit);
        EXPECT_EQ(again, 0U);
        auto late = co_await bot.list_message({group("big"), 1}, as_result);
        EXPECT_EQ(late.error().code, errc::client_closed);
        EXPECT_EQ(late.error().delivery, delivery::not_sent);
    });
    context.run(); // returns although a handle exists
    EXPECT_EQ(e.count, 5U);
    EXPECT_TRUE(e.failures.empty());
    EXPECT_EQ(bot.stats().connections, 0U);
}

TEST(lifetime, shutdown_aborts_calls_at_its_deadline) {
    yunhu::test::strict_emulator server;
    server.inject(stall_all());
    asio::io_context context;
    client_config config = config_for(server);
    config.pool.max_connections = 2;
    client bot(context, config);
    ends e;
    for (int i = 0; i < 5; ++i) {
        bot.send_message({group("big"), text("hello")}, e.handler());
    }
    ASSERT_TRUE(drive(context, [&] { return server.requests() >= 2; }));
    run(context, [&]() -> asio::awaitable<void> {
        const std::size_t cut = co_await bot.async_shutdown(std::chrono::milliseconds(1));
        EXPECT_EQ(cut, 5U);
    });
    context.run();
    EXPECT_EQ(e.failures.size(), 5U);
}

} // namespace
} // namespace yunhu::test
