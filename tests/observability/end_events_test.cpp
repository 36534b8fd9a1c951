// Copyright (c) 2026 The yunhu authors
// SPDX-License-Identifier: BSL-1.0

#include "client_fixture.hpp"
#include "observability/recorder.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <chrono>
#include <memory>
#include <string>
#include <vector>

// Every start event has its end event, for each kind of end.
namespace yunhu::test {
namespace {

using namespace steps;
using namespace std::chrono_literals;
using ::testing::ElementsAre;
using ::testing::IsSupersetOf;
using lines = std::vector<std::string>;

TEST(end_events, of_calls_that_are_cancelled) {
    const auto seen = std::make_shared<recorder>();
    {
        client_fixture f;
        f.config.observer = seen;
        f.server.next_response({stall()});
        const pending_call on_its_way = f.start_send("a");
        const pending_call waiting = f.start_send("b");
        ASSERT_TRUE(f.run_until_seen([](const fault_journal& j) { return j.requests.size() == 1; }));
        seen->lines.clear();
        waiting.cancel();
        (void)f.wait(waiting);
        EXPECT_THAT(seen->lines, ElementsAre("on_queue_end", "on_call_end cancelled not_sent"));
        seen->lines.clear();
        on_its_way.cancel();
        (void)f.wait(on_its_way);
        EXPECT_THAT(seen->lines, IsSupersetOf(lines{"on_attempt_end cancelled no response", "on_connection_close 1",
                                                    "on_call_end cancelled maybe_sent"}));
    }
    EXPECT_EQ(seen->report(), "");
}

TEST(end_events, of_an_attempt_that_times_out) {
    const auto seen = std::make_shared<recorder>();
    {
        client_fixture f;
        f.config.observer = seen;
        f.config.pool.response_timeout = 20ms;
        f.config.retry.base = 1ms;
        f.server.next_response({stall()});
        EXPECT_TRUE(ok(f.read("a")));
        EXPECT_THAT(seen->lines, IsSupersetOf(lines{"on_attempt_end timed_out no response", "on_retry timed_out later",
                                                    "on_call_end success answered"}));
    }
    EXPECT_EQ(seen->report(), "");
}

TEST(end_events, of_a_connect_that_times_out) {
    const auto seen = std::make_shared<recorder>();
    {
        client_fixture f;
        f.config.observer = seen;
        f.config.pool.connect_timeout = 20ms;
        f.server.next_connection({stall()});
        EXPECT_TRUE(failed(f.read("a"), errc::timed_out, delivery::not_sent, phase::tls));
        EXPECT_THAT(seen->lines, IsSupersetOf(lines{"on_tls_end timed_out", "on_call_end timed_out not_sent"}));
    }
    EXPECT_EQ(seen->report(), "");
}

TEST(end_events, of_a_connect_during_shutdown) {
    const auto seen = std::make_shared<recorder>();
    {
        client_fixture f;
        f.config.observer = seen;
        f.server.next_connection({gate("handshake"), handshake()});
        const pending_call call = f.start_read("a");
        ASSERT_TRUE(f.run_until_gate("handshake"));
        bool down = false;
        f.client().async_shutdown(0s, [&down](std::size_t) { down = true; });
        ASSERT_TRUE(f.run_until([&down] { return down; }));
        (void)f.wait(call);
        f.server.open_gate("handshake");
    }
    EXPECT_EQ(seen->report(), "");
}

} // namespace
} // namespace yunhu::test
