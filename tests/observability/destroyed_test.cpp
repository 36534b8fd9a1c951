// Copyright (c) 2026 The yunhu authors
// SPDX-License-Identifier: BSL-1.0

#include "observability/recorder.hpp"
#include "runtime/support.hpp"

#include "support/strict_emulator.hpp"

#include <boost/asio/bind_executor.hpp>
#include <boost/asio/detached.hpp>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <memory>
#include <optional>
#include <string>
#include <utility>
#include <vector>

// The client, its execution context or a handler's executor is destroyed: every start event has its end event.
namespace yunhu::test {
namespace {

using ::testing::IsSupersetOf;
using lines = std::vector<std::string>;

testing::fault stall_all() {
    testing::fault f;
    f.what = testing::fault::action::stall;
    return f;
}

TEST(destroyed, the_last_handle) {
    yunhu::test::strict_emulator server;
    server.inject(stall_all());
    const auto seen = std::make_shared<recorder>();
    asio::io_context context;
    client_config config = config_for(server);
    config.observer = seen;
    config.pool.max_connections = 1;
    auto bot = std::make_unique<client>(context, config);
    bot->send_message({group("big"), text("hello")}, [](error_code, const sent_message&) {});
    bot->send_message({group("big"), text("hello")}, [](error_code, const sent_message&) {});
    ASSERT_TRUE(drive(context, [&] { return server.requests() == 1; }));
    bot.reset();
    context.run();
    EXPECT_EQ(seen->report(), "");
    EXPECT_THAT(seen->lines,
                IsSupersetOf(lines{"on_attempt_end client_closed no response", "on_call_end client_closed not_sent",
                                   "on_call_end outcome_unknown maybe_sent", "on_connection_close 1"}));
}

// Asio destroys handlers without calling them; each call has its end event all the same, as not delivered.
TEST(destroyed, the_execution_context) {
    yunhu::test::strict_emulator server;
    server.inject(stall_all());
    const auto seen = std::make_shared<recorder>();
    std::optional<asio::io_context> context(std::in_place);
    client_config config = config_for(server);
    config.observer = seen;
    config.pool.max_connections = 2;
    std::size_t delivered = 0;
    {
        client bot(*context, config);
        for (int i = 0; i < 5; ++i) { // two are in flight, three are queued
            bot.send_message({group("big"), text("hello")},
                             [&delivered, bot](error_code, const auto&) { ++delivered; });
        }
        ASSERT_TRUE(drive(*context, [&] { return server.requests() == 2; }));
        bot.send_message({group("big"), text("hello")}, [&delivered, bot](error_code, const auto&) { ++delivered; });
    }
    context.reset();
    EXPECT_EQ(delivered, 0U);
    EXPECT_EQ(seen->report(), "");
    ASSERT_EQ(seen->ends.size(), 6U);
    for (const call_end_event& end : seen->ends) {
        EXPECT_FALSE(end.delivered);
        EXPECT_EQ(end.code, asio::error::operation_aborted);
    }
    EXPECT_THAT(seen->lines,
                IsSupersetOf(lines{"on_attempt_end cancelled no response", "on_queue_end", "on_connection_close 1",
                                   "on_call_end cancelled maybe_sent", "on_call_end cancelled not_sent"}));
}

TEST(destroyed, a_handlers_executor) {
    yunhu::test::strict_emulator server;
    const auto seen = std::make_shared<recorder>();
    asio::io_context context;
    {
        asio::io_context never_run;
        client_config config = config_for(server);
        config.observer = seen;
        client bot(context, config);
        bot.send_message({group("big"), text("hello")},
                         asio::bind_executor(never_run, [](error_code, const sent_message&) {}));
        ASSERT_TRUE(drive(context, [&] { return server.requests() == 1 && bot.stats().calls_ended == 1; }));
        EXPECT_EQ(seen->ends.size(), 0U) << "not before its handler";
    }
    context.run();
    ASSERT_EQ(seen->ends.size(), 1U);
    EXPECT_FALSE(seen->ends[0].delivered);
    EXPECT_EQ(seen->ends[0].delivery, delivery::answered);
    EXPECT_EQ(seen->report(), "");
}

TEST(destroyed, the_observer_is_destroyed_after_the_last_call) {
    yunhu::test::strict_emulator server;
    std::weak_ptr<recorder> seen;
    asio::io_context context;
    {
        client_config config = config_for(server);
        const auto observer = std::make_shared<recorder>();
        seen = observer;
        config.observer = observer;
        client bot(context, config);
        bot.send_message({group("big"), text("hello")}, asio::detached);
    }
    EXPECT_FALSE(seen.expired()) << "the last handle is destroyed, the calls are not";
    context.run();
    EXPECT_TRUE(seen.expired());
}

} // namespace
} // namespace yunhu::test
