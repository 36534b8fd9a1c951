// Copyright (c) 2026 The yunhu authors
// SPDX-License-Identifier: BSL-1.0

#include "features/broadcast/support.hpp"

#include <boost/asio/bind_cancellation_slot.hpp>
#include <boost/asio/cancellation_signal.hpp>

#include <gtest/gtest.h>

#include <algorithm>
#include <chrono>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <optional>
#include <stdexcept>
#include <string>
#include <utility>
#include <vector>

// What is wrong with the network, the server or the account is no target's failure.
namespace yunhu::test {
namespace {

using namespace std::chrono_literals;
using action = testing::fault::action;

testing::fault throttled(const std::string& retry_after) {
    testing::fault f = sends_get(429);
    f.headers.emplace_back("retry-after", retry_after);
    return f;
}

testing::fault no_connection() {
    testing::fault f;
    f.what = action::refuse_tls;
    return f;
}

class outages : public ::testing::Test {
protected:
    testing::emulator server;
    asio::io_context context;
    client bot{context, config_of(server)};
    temporary_directory folder;

    static client_config config_of(const testing::emulator& server) {
        client_config config = config_for(server);
        config.retry.max_attempts = 1; // the broadcast's own pauses are tested
        return config;
    }
    [[nodiscard]] broadcast_options options() const {
        broadcast_options o;
        o.journal = folder / "journal";
        o.concurrency = 8;
        return o;
    }
    ended_broadcast go(std::size_t count, const broadcast_options& with) {
        return run_broadcast(context, bot, text("hello"), chats(count), with);
    }
    [[nodiscard]] std::size_t reached(std::size_t count) const {
        std::size_t n = 0;
        for (const chat& c : chats(count)) {
            const std::size_t stored = server.messages(c).size();
            EXPECT_LE(stored, 1U) << c.id;
            n += stored;
        }
        EXPECT_EQ(server.duplicates(), 0U);
        return n;
    }
    /// Another run sends to those that the first one has left, and to none twice.
    void expect_sent_when_run_again(std::size_t count) {
        server.clear_faults();
        const auto again = go(count, options());
        EXPECT_EQ(again.summary->end, broadcast_end::finished);
        EXPECT_EQ(again.summary->sent, count);
        EXPECT_EQ(reached(count), count);
    }
};

TEST_F(outages, a_server_that_goes_away_for_a_moment_fails_no_target) {
    broadcast_options o = options();
    std::size_t pauses = 0;
    std::size_t outcomes = 0;
    o.on_outcome = [&](const broadcast_outcome&) {
        if (++outcomes == 30) {
            server.inject(no_connection());
            server.drop_connections();
        }
    };
    o.on_pause = [&](const failure& why, std::chrono::nanoseconds pause) {
        EXPECT_TRUE(is_transient(why)) << why;
        EXPECT_GT(pause.count(), 0);
        if (++pauses == 3) {
            server.clear_faults();
        }
    };
    const auto end = go(200, o);
    EXPECT_EQ(end.summary->end, broadcast_end::finished);
    EXPECT_EQ(end.summary->failed, 0U);
    EXPECT_EQ(end.summary->sent + end.summary->unknown, 200U);
    EXPECT_LE(end.summary->unknown, 8U) << "those in flight when the connections broke";
    EXPECT_EQ(reached(200), end.summary->sent);
    EXPECT_GE(pauses, 3U);
    EXPECT_LE(end.summary->requests, 200U + 2 * 8U + 3U) << "the targets were not tried again and again";
}

TEST_F(outages, a_server_that_stays_away_leaves_the_targets) {
    server.inject(no_connection());
    broadcast_options o = options();
    o.outage_timeout = 500ms;
    const auto end = go(100, o);
    EXPECT_EQ(end.summary->end, broadcast_end::failed);
    EXPECT_EQ(end.summary->why->delivery, delivery::not_sent);
    EXPECT_EQ(end.summary->done(), 0U);
    EXPECT_TRUE(end.outcomes.empty());
    EXPECT_LE(end.summary->requests, 8U + 4U) << "those in flight, then one after each pause";
    EXPECT_EQ(read_file(folder / "journal").find("\"failed\""), std::string::npos);
    expect_sent_when_run_again(100);
}

TEST_F(outages, throttled_for_longer_than_the_outage_timeout_leaves_the_targets) {
    server.inject(throttled("60"));
    broadcast_options o = options();
    o.outage_timeout = 59s;
    const auto end = go(500, o);
    EXPECT_EQ(end.summary->end, broadcast_end::failed);
    EXPECT_EQ(end.summary->why->code, errc::throttled);
    EXPECT_EQ(end.summary->why->retry_after, std::chrono::nanoseconds(60s));
    EXPECT_EQ(end.summary->done(), 0U);
    EXPECT_LE(server.requests(), 8U) << "those in flight";
    expect_sent_when_run_again(500);
}

TEST_F(outages, throttled_pauses_for_retry_after_and_can_be_stopped_meanwhile) {
    server.inject(throttled("60"));
    broadcast_options o = options();
    o.monitor.emplace();
    std::chrono::nanoseconds announced{};
    o.on_pause = [&](const failure& why, std::chrono::nanoseconds pause) {
        EXPECT_EQ(why.code, errc::throttled);
        announced = pause;
    };
    std::optional<broadcast_summary> end;
    broadcast(bot, text("hello"), chats(500), o, [&end](error_code, broadcast_summary s) { end = std::move(s); });
    ASSERT_TRUE(drive(context, [&] { return announced.count() > 0 && o.monitor->progress().in_flight == 0; }));
    EXPECT_GT(announced, 59s);
    EXPECT_GT(o.monitor->progress().pause, 0s);
    EXPECT_LE(o.monitor->progress().pause, 60s);
    const std::uint64_t requests = server.requests();
    EXPECT_LE(requests, 8U) << "nothing is sent after the first 429 but what was in flight";
    o.monitor->stop();
    ASSERT_TRUE(drive(context, [&] { return end.has_value(); }));
    EXPECT_EQ(end->end, broadcast_end::stopped);
    EXPECT_EQ(end->done(), 0U);
    EXPECT_EQ(end->pause, 0s);
    EXPECT_EQ(server.requests(), requests);
    EXPECT_LT(end->elapsed, 50s) << "the stop ends the pause";
    expect_sent_when_run_again(500);
}

TEST_F(outages, a_pause_can_be_cancelled) {
    server.inject(throttled("60"));
    asio::cancellation_signal signal;
    std::optional<result<broadcast_summary>> end;
    bool paused = false;
    broadcast_options o = options();
    o.on_pause = [&paused](const failure&, std::chrono::nanoseconds) { paused = true; };
    broadcast(bot, text("hello"), chats(20), o,
              as_result(asio::bind_cancellation_slot(signal.slot(),
                                                     [&](result<broadcast_summary> r) { end = std::move(r); })));
    ASSERT_TRUE(drive(context, [&] { return paused; }));
    signal.emit(asio::cancellation_type::terminal);
    ASSERT_TRUE(drive(context, [&] { return end.has_value(); }));
    EXPECT_EQ((*end)->end, broadcast_end::cancelled);
    EXPECT_EQ((*end)->done(), 0U);
}

TEST_F(outages, a_short_throttling_delays_the_targets_only) {
    testing::fault f = throttled("0");
    f.times = 5;
    server.inject(f);
    const auto end = go(50, options());
    EXPECT_EQ(end.summary->end, broadcast_end::finished);
    EXPECT_EQ(end.summary->sent, 50U);
    EXPECT_EQ(end.summary->requests, 55U);
    EXPECT_EQ(reached(50), 50U);
}

// A refusal with the same code for every target is the account's: -1 is the API's word for any refusal.
TEST_F(outages, every_target_refused_leaves_all_of_them) {
    server.inject(sends_get(200, R"({"code":-1,"msg":"no"})"));
    const auto end = go(500, options());
    EXPECT_EQ(end.summary->end, broadcast_end::failed);
    EXPECT_EQ(end.summary->why->code, errc::refused);
    EXPECT_EQ(end.summary->why->api_code, -1);
    EXPECT_NE(end.summary->why->detail.find("20 targets in a row failed"), std::string::npos)
        << end.summary->why->detail;
    EXPECT_EQ(end.summary->done(), 0U);
    EXPECT_TRUE(end.outcomes.empty());
    EXPECT_LE(server.requests(), 20U + 8U);
    expect_sent_when_run_again(500);
}

TEST_F(outages, a_few_refused_targets_are_their_own_failures) {
    for (std::uint64_t nth = 3; nth < 8; ++nth) {
        testing::fault no = sends_get(200, R"({"code":-1,"msg":"not a member"})");
        no.nth = nth;
        server.inject(no);
    }
    broadcast_options o = options();
    o.concurrency = 1;
    const auto end = go(30, o);
    EXPECT_EQ(end.summary->end, broadcast_end::finished);
    EXPECT_EQ(end.summary->failed, 5U);
    EXPECT_EQ(end.summary->sent, 25U);
    EXPECT_EQ(end.count(broadcast_state::failed), 5U);
    const auto again = go(30, o);
    EXPECT_EQ(again.summary->requests, 0U) << "they stand in the journal";
    EXPECT_EQ(again.summary->failed, 5U);
}

TEST_F(outages, the_last_targets_may_all_be_refused) {
    server.inject(sends_get(400));
    const auto end = go(5, options()); // fewer than max_consecutive_failures
    EXPECT_EQ(end.summary->end, broadcast_end::finished);
    EXPECT_EQ(end.summary->failed, 5U);
    EXPECT_EQ(end.count(broadcast_state::failed), 5U);
}

TEST_F(outages, a_refused_token_leaves_the_targets) {
    testing::fault f = sends_get(200, R"({"code":-101,"msg":"no"})");
    server.inject(f);
    const auto end = go(100, options());
    EXPECT_EQ(end.summary->end, broadcast_end::failed);
    EXPECT_EQ(end.summary->why->code, errc::not_authenticated);
    EXPECT_EQ(end.summary->done(), 0U);
    EXPECT_LE(server.requests(), 8U);
    expect_sent_when_run_again(100);
}

TEST_F(outages, a_rejected_certificate_leaves_the_targets) {
    client_config config = config_of(server);
    config.tls.ca_pem.clear(); // the emulator's certificate is not trusted
    const client stranger(context, config);
    const auto end = run_broadcast(context, stranger, text("hello"), chats(100), options());
    EXPECT_EQ(end.summary->end, broadcast_end::failed);
    EXPECT_EQ(end.summary->why->code, errc::certificate_rejected);
    EXPECT_EQ(end.summary->done(), 0U);
    expect_sent_when_run_again(100);
}

TEST_F(outages, wrong_call_options_leave_the_targets) {
    broadcast_options o = options();
    o.call.max_attempts = 0;
    const auto end = go(100, o);
    EXPECT_EQ(end.summary->end, broadcast_end::failed);
    EXPECT_EQ(end.summary->why->code, errc::invalid_request);
    EXPECT_EQ(end.summary->done(), 0U);
    o = options();
    o.outage_timeout = -1ns;
    EXPECT_EQ(go(1, o).refused->detail, "outage_timeout must not be negative");
    EXPECT_EQ(server.requests(), 0U);
}

// The send may have arrived; while look-ups fail, nothing is known.
TEST_F(outages, a_look_up_that_meets_trouble_is_repeated) {
    server.inject(of_sends(action::close_after, 1));
    testing::fault down;
    down.endpoint = "list-message-by-mid-seq";
    down.status = 503;
    down.times = 2;
    server.inject(down);
    broadcast_options o = options();
    o.concurrency = 1;
    const auto end = go(1, o);
    EXPECT_EQ(end.summary->sent, 1U);
    EXPECT_EQ(end.summary->lookups, 3U);
    EXPECT_EQ(end.summary->requests, 1U);
}

TEST_F(outages, a_single_target_in_trouble_does_not_hold_up_the_others) {
    server.inject(of_sends(action::close_after, 1));
    testing::fault down; // no look-up is answered
    down.endpoint = "list-message-by-mid-seq";
    down.status = 503;
    server.inject(down);
    broadcast_options o = options();
    o.concurrency = 1;
    const auto end = go(20, o);
    EXPECT_EQ(end.summary->end, broadcast_end::finished);
    EXPECT_EQ(end.summary->sent, 19U);
    EXPECT_EQ(end.summary->unknown, 1U) << "the next run looks it up again";
    expect_sent_when_run_again(20);
}

TEST_F(outages, a_callback_that_throws_in_a_pause_ends_the_broadcast) {
    server.inject(throttled("60"));
    broadcast_options o = options();
    o.on_pause = [](const failure&, std::chrono::nanoseconds) { throw 42; };
    const auto end = go(100, o);
    EXPECT_EQ(end.summary->end, broadcast_end::failed);
    EXPECT_EQ(end.summary->why->detail, "on_pause must not throw");
    expect_sent_when_run_again(100);
}

TEST_F(outages, the_context_may_be_destroyed_in_a_pause) {
    server.inject(throttled("60"));
    auto other = std::make_unique<asio::io_context>();
    const auto alive = std::make_shared<int>();
    broadcast_options o = options();
    o.monitor.emplace();
    bool paused = false;
    o.on_pause = [&paused](const failure&, std::chrono::nanoseconds) { paused = true; };
    {
        const client short_lived(*other, config_of(server));
        broadcast(short_lived, text("hello"), chats(20), o, [alive](error_code, const broadcast_summary&) {});
    }
    ASSERT_TRUE(drive(*other, [&] { return paused && o.monitor->progress().in_flight == 0; }));
    other.reset();
    EXPECT_EQ(alive.use_count(), 1);
    o.monitor->stop(); // there is nothing to wake
}

// As after SIGKILL in a pause: a target that was certainly not reached is not taken for one that may have been.
TEST_F(outages, a_journal_of_a_pause_has_no_started_target) {
    server.inject(no_connection());
    broadcast_options o = options();
    o.monitor.emplace();
    bool paused = false;
    o.on_pause = [&paused](const failure&, std::chrono::nanoseconds) { paused = true; };
    std::optional<broadcast_summary> end;
    broadcast(bot, text("hello"), chats(20), o, [&end](error_code, broadcast_summary s) { end = std::move(s); });
    ASSERT_TRUE(drive(context, [&] { return paused && o.monitor->progress().in_flight == 0; }));
    const std::string journal = read_file(folder / "journal");
    o.monitor->stop();
    ASSERT_TRUE(drive(context, [&] { return end.has_value(); }));
    write_file(folder / "journal", journal);
    server.clear_faults();
    const auto again = go(20, options());
    EXPECT_EQ(again.summary->sent, 20U);
    EXPECT_EQ(again.summary->lookups, 0U);
}

} // namespace
} // namespace yunhu::test
