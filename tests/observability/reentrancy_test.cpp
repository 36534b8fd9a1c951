// Copyright (c) 2026 The yunhu authors
// SPDX-License-Identifier: BSL-1.0

#include "observability/recorder.hpp"
#include "runtime/support.hpp"

#include "support/strict_emulator.hpp"

#include <boost/asio/bind_cancellation_slot.hpp>
#include <boost/asio/cancellation_signal.hpp>

#include <gtest/gtest.h>

#include <chrono>
#include <memory>
#include <optional>
#include <string>
#include <string_view>

// Hooks that call their client while its shard applies an action.
namespace yunhu::test {
namespace {

using namespace std::chrono_literals;

// A client of an emulator; the test sets the actions of its hooks.
struct calling_hooks {
    calling_hooks() {
        client_config config = config_for(server);
        config.observer = seen;
        config.pool.max_connections = 2;
        config.retry.base = 1ms;
        bot.emplace(context, std::move(config));
    }

    void start_call() {
        ++started;
        bot->list_message({group("big"), 1}, [this](error_code ec, const message_page&) {
            ++ended;
            succeeded += ec ? 0 : 1;
        });
    }

    yunhu::test::strict_emulator server;
    asio::io_context context;
    std::shared_ptr<recorder> seen = std::make_shared<recorder>();
    std::optional<client> bot;
    std::size_t started = 0;
    std::size_t ended = 0;
    std::size_t succeeded = 0;
};

TEST(reentrancy, every_hook_may_start_a_call) {
    calling_hooks h;
    testing::fault down;
    down.status = 503;
    down.nth = 1;
    h.server.inject(down);
    h.seen->also = [&h](std::string_view line) {
        // Bounded, because the started calls have events too.
        if (h.started < 30) {
            EXPECT_NE(line, "");
            h.start_call();
        }
    };
    h.start_call();
    ASSERT_TRUE(drive(h.context, [&] { return h.ended == h.started && h.started == 30; }));
    EXPECT_EQ(h.succeeded, 30U);
    h.seen->also = nullptr;
    h.bot.reset();
    h.context.restart();
    h.context.run();
    EXPECT_EQ(h.seen->report(), "");
}

TEST(reentrancy, every_hook_may_cancel_calls) {
    for (const std::string_view hook :
         {"on_call_start", "on_queue_start", "on_connect_start", "on_connect_end", "on_tls_start", "on_tls_end",
          "on_connection_open", "on_queue_end", "on_attempt_start", "on_first_byte", "on_attempt_end"}) {
        calling_hooks h;
        asio::cancellation_signal first;
        asio::cancellation_signal second;
        h.seen->also = [&](std::string_view line) {
            if (line.starts_with(hook)) {
                second.emit(asio::cancellation_type::terminal);
                first.emit(asio::cancellation_type::terminal);
            }
        };
        std::size_t ended = 0;
        const auto handler = [&ended](error_code, const message_page&) { ++ended; };
        h.bot->list_message({group("big"), 1}, asio::bind_cancellation_slot(first.slot(), handler));
        h.bot->list_message({group("big"), 1}, asio::bind_cancellation_slot(second.slot(), handler));
        EXPECT_TRUE(drive(h.context, [&] { return ended == 2; })) << hook;
        h.seen->also = nullptr;
        h.bot.reset();
        h.context.restart();
        h.context.run();
        EXPECT_EQ(h.seen->report(), "") << hook;
    }
}

TEST(reentrancy, every_hook_may_shut_down_and_read_the_stats) {
    for (const std::string_view hook : {"on_queue_start", "on_connect_start", "on_tls_end", "on_connection_open",
                                        "on_attempt_start", "on_attempt_end", "on_call_end"}) {
        calling_hooks h;
        bool asked = false;
        bool down = false;
        h.seen->also = [&](std::string_view line) {
            EXPECT_LE(h.bot->stats().calls_ended, h.started);
            if (line.starts_with(hook) && !std::exchange(asked, true)) {
                h.bot->async_shutdown(0s, [&down](std::size_t) { down = true; });
            }
        };
        for (int i = 0; i < 4; ++i) {
            h.start_call();
        }
        EXPECT_TRUE(drive(h.context, [&] { return down && h.ended == h.started; })) << hook;
        h.seen->also = nullptr;
        EXPECT_EQ(h.bot->stats().connections, 0U) << hook;
        EXPECT_EQ(h.seen->report(), "") << hook;
    }
}

TEST(reentrancy, a_hook_may_destroy_the_client) {
    calling_hooks h;
    h.seen->also = [&h](std::string_view line) {
        if (line == "on_first_byte") {
            h.bot.reset();
        }
    };
    h.start_call();
    h.start_call();
    ASSERT_TRUE(drive(h.context, [&] { return h.ended == 2; }));
    h.context.restart();
    h.context.run();
    EXPECT_FALSE(h.bot.has_value());
    EXPECT_EQ(h.seen->report(), "");
}

} // namespace
} // namespace yunhu::test
