// Copyright (c) 2026 The yunhu authors
// SPDX-License-Identifier: BSL-1.0

#include "observability/promtool.hpp"
#include "runtime/support.hpp"

#include "support/strict_emulator.hpp"

#include <yunhu/metrics.hpp>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <chrono>
#include <memory>
#include <sstream>
#include <string>
#include <string_view>
#include <vector>

// The text in Prometheus' format.
namespace yunhu::test {
namespace {

using namespace std::chrono_literals;
using ::testing::HasSubstr;
using ::testing::Not;

endpoint_metrics example(std::string name) {
    endpoint_metrics m;
    m.endpoint = std::move(name);
    m.calls_started = 4;
    outcome_count good;
    good.code = "success";
    good.delivery = delivery::answered;
    good.count = 3;
    m.calls.push_back(good);
    outcome_count bad;
    bad.code = "timed_out";
    bad.delivery = delivery::maybe_sent;
    bad.count = 1;
    m.calls.push_back(bad);
    m.attempts = 5;
    reason_count why;
    why.code = "throttled";
    why.count = 1;
    m.retries.push_back(why);
    m.duration.counts[0] = 1;
    m.duration.counts[3] = 2;
    m.duration.counts.back() = 1;
    m.duration.sum = 31'250ms;
    return m;
}

TEST(prometheus, text) {
    metrics_snapshot s;
    s.endpoints.push_back(example("send-message"));
    s.resumed = 2;
    const std::string page = to_prometheus(s);
    EXPECT_THAT(page, HasSubstr("# HELP yunhu_calls_total Calls that have ended, by error code and by how far they "
                                "got.\n"
                                "# TYPE yunhu_calls_total counter\n"
                                R"(yunhu_calls_total{endpoint="send-message",code="success",delivery="answered"} 3)"
                                "\n"
                                R"(yunhu_calls_total{endpoint="send-message",code="timed_out",delivery="maybe_sent"} 1)"
                                "\n"));
    EXPECT_THAT(page, HasSubstr("yunhu_retries_total{endpoint=\"send-message\",reason=\"throttled\"} 1\n"));
    EXPECT_THAT(page, HasSubstr("# TYPE yunhu_call_duration_seconds histogram\n"
                                R"(yunhu_call_duration_seconds_bucket{endpoint="send-message",le="0.001"} 1)"
                                "\n"
                                R"(yunhu_call_duration_seconds_bucket{endpoint="send-message",le="0.0025"} 1)"
                                "\n"
                                R"(yunhu_call_duration_seconds_bucket{endpoint="send-message",le="0.005"} 1)"
                                "\n"
                                R"(yunhu_call_duration_seconds_bucket{endpoint="send-message",le="0.01"} 3)"
                                "\n"));
    EXPECT_THAT(page, HasSubstr(R"(yunhu_call_duration_seconds_bucket{endpoint="send-message",le="+Inf"} 4)"
                                "\n"
                                R"(yunhu_call_duration_seconds_sum{endpoint="send-message"} 31.25)"
                                "\n"
                                R"(yunhu_call_duration_seconds_count{endpoint="send-message"} 4)"
                                "\n"));
    EXPECT_THAT(page, HasSubstr("\nyunhu_tls_resumed_total 2\n"));
    EXPECT_THAT(page, Not(HasSubstr("yunhu_connections_idle")));
    EXPECT_EQ(complaints(page), "");
}

TEST(prometheus, names_are_escaped) {
    metrics_snapshot s;
    s.endpoints.push_back(example("a\"b\\c\nd"));
    const std::string page = to_prometheus(s);
    EXPECT_THAT(page, HasSubstr(R"(yunhu_attempts_total{endpoint="a\"b\\c\nd"} 5)"));
    EXPECT_EQ(complaints(page), "");
}

TEST(prometheus, promtool_accepts_a_clients_metrics_and_rejects_invalid_text) {
    yunhu::test::strict_emulator server;
    testing::fault down;
    down.status = 503;
    down.nth = 2;
    server.inject(down);
    const auto numbers = std::make_shared<metrics>();
    asio::io_context context;
    client_config config = config_for(server);
    config.observer = numbers;
    config.retry.base = 1ms;
    client bot(context, config);
    run(context, [&]() -> asio::awaitable<void> {
        co_await bot.send_message({group("big"), text("a text that must not leak")});
        co_await bot.list_message({group("big"), 1});
        auto refused = co_await bot.recall_msg({group("big"), "no-such-message"}, as_result);
        EXPECT_TRUE(refused.has_error());
    });
    client_stats now;
    now.connections = 3;
    now.idle = 2;
    now.limited = 5;
    const std::string page = to_prometheus(numbers->snapshot(), now);
    EXPECT_EQ(complaints(page), "");
    EXPECT_THAT(page, HasSubstr("yunhu_calls_total{endpoint=\"recall-msg\",code=\"refused\",delivery=\"answered\"} 1"));
    EXPECT_THAT(page, HasSubstr("yunhu_retries_total{endpoint=\"list-message\",reason=\"server_error\"} 1\n"));
    EXPECT_THAT(page, HasSubstr("\nyunhu_connections 3\n"));
    EXPECT_THAT(page, HasSubstr("\nyunhu_connections_idle 2\n"));
    EXPECT_THAT(page, HasSubstr("\nyunhu_calls_limited 5\n"));
    EXPECT_THAT(page, Not(HasSubstr("leak")));
    EXPECT_THAT(page, Not(HasSubstr(std::string(server.options().token.reveal()))));
    EXPECT_NE(complaints(page + "yunhu_more{ 3\n"), "") << "a broken line";
    EXPECT_NE(complaints("# TYPE yunhu_calls counter\nyunhu_calls 1\n"), "") << "a counter without its suffix";
}

inbox_stats example_inbox() {
    inbox_stats s;
    s.logged_in = true;
    s.queued = 2;
    s.held = 3;
    s.chats = 4;
    s.requests = 5;
    s.lag = 250ms;
    s.connects = 6;
    s.logins = 7;
    s.losses = 8;
    s.refusals = 9;
    s.resumed = 10;
    s.frames = 11;
    s.ignored = 12;
    s.events = 13;
    s.duplicates = 14;
    s.dropped = 15;
    s.gaps = 16;
    s.catch_up_requests = 17;
    s.saves = 18;
    s.failed_saves = 19;
    return s;
}

// The samples, without what is about them.
std::vector<std::string> samples_of(const std::string& page) {
    std::vector<std::string> samples;
    std::istringstream lines(page);
    for (std::string line; std::getline(lines, line);) {
        if (!line.starts_with('#')) {
            samples.push_back(line);
        }
    }
    return samples;
}

TEST(prometheus, inboxes_are_summed) {
    inbox_stats down;
    down.lag = 1500ms;
    down.frames = 100;
    const std::vector<inbox_stats> inboxes{example_inbox(), down};
    const std::string page = to_prometheus(inboxes);
    EXPECT_EQ(samples_of(page), (std::vector<std::string>{"yunhu_inboxes 2",
                                                          "yunhu_inbox_logged_in 1",
                                                          "yunhu_inbox_queued 2",
                                                          "yunhu_inbox_held 3",
                                                          "yunhu_inbox_chats 4",
                                                          "yunhu_inbox_requests 5",
                                                          "yunhu_inbox_connects_total 6",
                                                          "yunhu_inbox_logins_total 7",
                                                          "yunhu_inbox_losses_total 8",
                                                          "yunhu_inbox_refusals_total 9",
                                                          "yunhu_inbox_tls_resumed_total 10",
                                                          "yunhu_inbox_frames_total 111",
                                                          "yunhu_inbox_ignored_total 12",
                                                          "yunhu_inbox_events_total 13",
                                                          "yunhu_inbox_duplicates_total 14",
                                                          "yunhu_inbox_dropped_total 15",
                                                          "yunhu_inbox_gaps_total 16",
                                                          "yunhu_inbox_catch_up_requests_total 17",
                                                          "yunhu_inbox_saves_total 18",
                                                          "yunhu_inbox_failed_saves_total 19",
                                                          "yunhu_inbox_lag_seconds 1.5"}));
    EXPECT_THAT(page, HasSubstr("# HELP yunhu_inbox_gaps_total Gap events: messages or changes that were not "
                                "delivered.\n# TYPE yunhu_inbox_gaps_total counter\n"));
    EXPECT_EQ(complaints(page), "");
    EXPECT_EQ(complaints(to_prometheus(metrics_snapshot(), client_stats()) + page), "") << "appended to a client's";
    EXPECT_THAT(to_prometheus(std::vector<inbox_stats>()), HasSubstr("\nyunhu_inboxes 0\n"));
}

TEST(prometheus, bots_are_summed) {
    bot_stats one;
    one.running = 1;
    one.waiting = 2;
    one.queued = 3;
    one.handled = 4;
    one.failed = 5;
    one.timed_out = 6;
    one.abandoned = 7;
    one.unmatched = 8;
    one.ignored = 9;
    one.handler_time = std::chrono::milliseconds(1500);
    one.max_handler_time = std::chrono::milliseconds(250);
    bot_stats other;
    other.handled = 10;
    other.handler_time = std::chrono::seconds(1);
    other.max_handler_time = std::chrono::seconds(1);
    const std::string page = to_prometheus(std::vector<bot_stats>{one, other});
    EXPECT_EQ(samples_of(page),
              (std::vector<std::string>{"yunhu_bots 2", "yunhu_bot_running 1", "yunhu_bot_waiting 2",
                                        "yunhu_bot_queued 3", "yunhu_bot_handled_total 14", "yunhu_bot_failed_total 5",
                                        "yunhu_bot_timed_out_total 6", "yunhu_bot_abandoned_total 7",
                                        "yunhu_bot_unmatched_total 8", "yunhu_bot_ignored_total 9",
                                        "yunhu_bot_handler_seconds_total 2.5", "yunhu_bot_handler_max_seconds 1"}));
    EXPECT_EQ(complaints(page), "");
}

TEST(prometheus, inboxes_have_a_label_on_request) {
    inbox_stats other;
    other.lag = 1500ms;
    const std::vector<account_inbox> inboxes{account_inbox("1", example_inbox()), account_inbox("2\"\n", other)};
    const std::string page = to_prometheus(inboxes);
    EXPECT_THAT(page, HasSubstr("# TYPE yunhu_inbox_logged_in gauge\nyunhu_inbox_logged_in{user_id=\"1\"} 1\n"
                                "yunhu_inbox_logged_in{user_id=\"2\\\"\\n\"} 0\n# HELP"));
    EXPECT_THAT(page, HasSubstr("yunhu_inbox_lag_seconds{user_id=\"1\"} 0.25\n"));
    EXPECT_EQ(samples_of(page).size(), 42U);
    EXPECT_EQ(complaints(page), "");
    EXPECT_EQ(complaints(to_prometheus(std::vector<account_inbox>())), "");
}

} // namespace
} // namespace yunhu::test
