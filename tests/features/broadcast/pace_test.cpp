// Copyright (c) 2026 The yunhu authors
// SPDX-License-Identifier: BSL-1.0

#include "features/broadcast/pace.hpp"

#include <boost/asio/error.hpp>
#include <boost/system/errc.hpp>

#include <gtest/gtest.h>

#include <chrono>
#include <cstdint>
#include <optional>

// When a broadcast starts calls, pauses and gives up: scripts of results and times.
namespace yunhu::test {
namespace {

using namespace std::chrono_literals;
using detail::meaning;
using detail::pace;
using action = pace::action;

constexpr engine::time_point start = engine::time_point() + 1h;

pace::limits limits(std::chrono::nanoseconds outage_timeout, std::uint64_t max_failures = 0) {
    pace::limits l;
    l.outage_timeout = outage_timeout;
    l.max_consecutive_failures = max_failures;
    return l;
}

failure failed(error_code code, delivery how, phase where = phase::first_byte, int status = 0,
               std::optional<std::int64_t> api_code = std::nullopt) {
    failure f;
    f.code = code;
    f.delivery = how;
    f.phase = where;
    f.http_status = status;
    f.api_code = api_code;
    return f;
}

TEST(broadcast_pace, starts_any_number_without_trouble) {
    pace p(limits(1min));
    for (const std::size_t running : {0U, 1U, 1000U}) {
        EXPECT_TRUE(p.may_start(running, start));
    }
    EXPECT_FALSE(p.probing());
}

TEST(broadcast_pace, pauses_then_probes_with_one_call_until_an_answer) {
    pace p(limits(1min));
    EXPECT_EQ(p.trouble(std::nullopt, start), action::pause);
    EXPECT_EQ(p.paused_until(), start + 100ms);
    EXPECT_FALSE(p.may_start(0, start + 99ms));
    EXPECT_TRUE(p.may_start(0, start + 100ms));
    EXPECT_FALSE(p.may_start(1, start + 100ms)) << "a probe is in flight";
    EXPECT_TRUE(p.probing());
    p.responded();
    EXPECT_FALSE(p.probing());
    EXPECT_EQ(p.responses(), 1U);
    EXPECT_TRUE(p.may_start(1, start + 100ms));
    EXPECT_FALSE(p.may_start(2, start + 100ms)) << "one response permits one more";
    for (std::size_t running = 2; running < 32; ++running) {
        p.responded();
        EXPECT_TRUE(p.may_start(running, start + 100ms));
        EXPECT_FALSE(p.may_start(running + 1, start + 100ms));
    }
    EXPECT_EQ(p.trouble(std::nullopt, start + 1s), action::pause);
    EXPECT_FALSE(p.may_start(1, start + 2s)) << "and trouble begins anew";
}

TEST(broadcast_pace, every_pause_is_longer_up_to_half_a_minute) {
    pace p(limits(24h));
    engine::time_point now = start;
    for (const auto expected :
         {100ms, 200ms, 400ms, 800ms, 1600ms, 3200ms, 6400ms, 12800ms, 25600ms, 30000ms, 30000ms}) {
        EXPECT_EQ(p.trouble(std::nullopt, now), action::pause);
        EXPECT_EQ(p.paused_until() - now, expected);
        now = p.paused_until();
    }
    p.responded();
    EXPECT_EQ(p.trouble(std::nullopt, now), action::pause);
    EXPECT_EQ(p.paused_until() - now, 100ms) << "a response ends the outage";
}

TEST(broadcast_pace, many_outages_do_not_overflow_the_pause) {
    pace p(limits(std::chrono::nanoseconds::max()));
    engine::time_point now = start;
    for (int i = 0; i < 200; ++i) {
        ASSERT_EQ(p.trouble(std::nullopt, now), action::pause);
        ASSERT_LE(p.paused_until() - now, 30s);
        now = p.paused_until();
    }
}

TEST(broadcast_pace, calls_that_were_in_flight_do_not_prolong_the_pause) {
    pace p(limits(1min));
    EXPECT_EQ(p.trouble(std::nullopt, start), action::pause);
    for (int i = 1; i < 32; ++i) {
        EXPECT_EQ(p.trouble(std::nullopt, start + std::chrono::milliseconds(i)), action::go_on);
    }
    EXPECT_EQ(p.paused_until(), start + 100ms);
}

TEST(broadcast_pace, retry_after_is_kept_even_if_another_call_is_answered) {
    pace p(limits(5min));
    EXPECT_EQ(p.trouble(60s, start), action::pause);
    EXPECT_EQ(p.trouble(60s, start + 5ms), action::go_on) << "of a call that was in flight, and nearly the same";
    EXPECT_EQ(p.paused_until(), start + 60s + 5ms);
    p.responded();
    EXPECT_FALSE(p.may_start(0, start + 60s));
    EXPECT_TRUE(p.may_start(0, start + 60s + 5ms));
    EXPECT_EQ(p.trouble(90s, start + 10ms), action::pause) << "a longer one";
    EXPECT_EQ(p.trouble(1ms, start + 20ms), action::go_on) << "a shorter one does not shorten it";
    EXPECT_EQ(p.paused_until(), start + 90s + 10ms);
}

TEST(broadcast_pace, an_outage_that_lasts_too_long_ends_the_broadcast) {
    pace p(limits(1s));
    engine::time_point now = start;
    for (const auto pause : {100ms, 200ms, 400ms}) {
        ASSERT_EQ(p.trouble(std::nullopt, now), action::pause);
        now += pause;
    }
    EXPECT_EQ(p.trouble(std::nullopt, now), action::stop) << "the next pause would end after 1.5 s";
}

TEST(broadcast_pace, a_retry_after_beyond_the_outage_timeout_ends_the_broadcast_at_once) {
    pace p(limits(59s));
    EXPECT_EQ(p.trouble(60s, start), action::stop);
    pace never(limits(0s));
    EXPECT_EQ(never.trouble(std::nullopt, start), action::stop);
    pace far(limits(5min));
    EXPECT_EQ(far.trouble(std::chrono::nanoseconds::max(), start), action::stop);
}

TEST(broadcast_pace, an_answer_restarts_the_outage_timeout) {
    pace p(limits(1s));
    engine::time_point now = start;
    for (int i = 0; i < 20; ++i) {
        ASSERT_EQ(p.trouble(std::nullopt, now), action::pause);
        p.responded();
        now += 500ms;
    }
}

TEST(broadcast_pace, too_many_failures_in_a_row_end_the_broadcast) {
    pace p(limits(1min, 3));
    for (const bool sent : {false, false, true, false, false}) {
        EXPECT_EQ(p.target_done(sent), action::go_on);
    }
    EXPECT_EQ(p.target_done(false), action::stop);
    EXPECT_EQ(p.consecutive_failures(), 3U);
    pace unlimited(limits(1min, 0));
    for (int i = 0; i < 1000; ++i) {
        ASSERT_EQ(unlimited.target_done(false), action::go_on);
    }
}

TEST(broadcast_pace, trouble_that_follows_a_target_while_others_are_answered_is_its_own) {
    pace p(limits(1h));
    detail::target_trouble all_alone;
    for (int i = 0; i < 20; ++i) {
        EXPECT_FALSE(all_alone.record(p)) << "no target gets a response: it is the trouble of all";
    }
    detail::target_trouble own;
    EXPECT_FALSE(own.record(p));
    p.responded();
    EXPECT_FALSE(own.record(p));
    EXPECT_FALSE(own.record(p));
    p.responded();
    EXPECT_TRUE(own.record(p));
}

TEST(broadcast_pace, what_a_failure_says) {
    const auto not_sent = [](errc code, phase where) { return failed(code, delivery::not_sent, where); };
    for (const failure& f :
         {not_sent(errc::circuit_open, phase::queue), not_sent(errc::connect_failed, phase::connect),
          not_sent(errc::resolve_failed, phase::resolve), not_sent(errc::tls_failed, phase::tls),
          not_sent(errc::overloaded, phase::queue), not_sent(errc::connection_lost, phase::write),
          not_sent(errc::timed_out, phase::connect), failed(errc::throttled, delivery::answered, phase::body, 429),
          failed(errc::server_error, delivery::answered, phase::body, 503)}) {
        EXPECT_EQ(detail::meaning_of(f), meaning::trouble) << f;
    }
    failure lost = failed(errc::outcome_unknown, delivery::maybe_sent);
    lost.cause = errc::connection_lost;
    EXPECT_EQ(detail::meaning_of(lost), meaning::trouble);

    EXPECT_EQ(detail::meaning_of(not_sent(errc::timed_out, phase::queue)), meaning::waited);

    for (const failure& f :
         {failed(errc::not_authenticated, delivery::answered, phase::body, 200, -101),
          failed(errc::not_authenticated, delivery::answered, phase::body, 503, -101),
          not_sent(errc::client_closed, phase::queue), not_sent(errc::certificate_rejected, phase::tls),
          not_sent(errc::invalid_request, phase::check),
          failed(make_error_code(boost::system::errc::not_enough_memory), delivery::not_sent, phase::queue)}) {
        EXPECT_EQ(detail::meaning_of(f), meaning::hopeless) << f;
    }

    for (const failure& f : {failed(errc::refused, delivery::answered, phase::body, 200, -1),
                             failed(errc::bad_request, delivery::answered, phase::body, 400),
                             failed(errc::unexpected_status, delivery::answered, phase::body, 404),
                             failed(errc::bad_response, delivery::answered, phase::decode, 200)}) {
        EXPECT_EQ(detail::meaning_of(f), meaning::of_target) << f;
    }
}

} // namespace
} // namespace yunhu::test
