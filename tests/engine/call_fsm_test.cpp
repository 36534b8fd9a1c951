// Copyright (c) 2026 The yunhu authors
// SPDX-License-Identifier: BSL-1.0

#include "engine/call_fsm.hpp"

#include <boost/asio/error.hpp>

#include <gtest/gtest.h>

#include <chrono>
#include <functional>
#include <string>
#include <vector>

namespace yunhu::engine {
namespace {

using namespace std::chrono_literals;
using state = call_fsm::state;
using kind = call_fsm::action::kind;

constexpr time_point start{1'000'000h}; // real clocks don't start at 0

std::string_view to_string(kind k) {
    switch (k) {
    case kind::none:
        return "none";
    case kind::request_permit:
        return "request_permit";
    case kind::poll_permit:
        return "poll_permit";
    case kind::acquire_connection:
        return "acquire";
    case kind::send:
        return "send";
    case kind::poll_response:
        return "poll_response";
    case kind::back_off:
        return "back_off";
    case kind::complete:
        return "complete";
    }
    return "?";
}

/// A call and its clock: each input returns the name of the action.
struct script {
    explicit script(retry_class retry = retry_class::safe, bool limited = false, unsigned max_attempts = 3) {
        config.max_attempts = max_attempts;
        call = call_fsm(retry_policy(retry, max_attempts, false, config));
        call.configure(start + 30s, 10s, limited);
    }

    std::string record(const call_fsm::action& a) {
        last = a;
        completions += a.what == kind::complete ? 1U : 0U;
        return std::string(to_string(a.what));
    }
    std::string started() { return record(call.started(now)); }
    std::string permit() { return record(call.permit(now, true)); }
    std::string assigned() { return record(call.assigned(now)); }
    std::string stale() { return record(call.stale(now)); }
    std::string response(int status) { return record(call.response(status, {}, false, now, {budget, uniform})); }
    std::string error(errc e, delivery how, bool reused = false) {
        return record(call.transport_error(e, how, reused, now, {budget, uniform}));
    }
    std::string timer(delivery reached = delivery::not_sent) {
        return record(call.timer(reached, false, now, {budget, uniform}));
    }
    /// As the shard does when a poll finds no response.
    std::string expire(delivery reached = delivery::not_sent) {
        const std::string action = timer(reached);
        return action == "poll_response" ? timer(reached) : action;
    }
    std::string cancelled(delivery reached = delivery::not_sent) { return record(call.cancelled(reached)); }
    std::string draining(delivery reached = delivery::not_sent) { return record(call.draining(reached)); }

    retry_config config;
    retry_budget budget{0.2, 10};
    std::function<double()> uniform = [] { return 0.5; };
    call_fsm call{retry_policy(retry_class::safe, 3, false, config)};
    time_point now = start;
    call_fsm::action last;
    unsigned completions = 0;
};

TEST(call_fsm, a_good_call) {
    script s;
    EXPECT_EQ(s.started(), "acquire");
    EXPECT_FALSE(s.last.requeue);
    EXPECT_EQ(s.call.due(), start + 30s);
    s.now += 1s;
    EXPECT_EQ(s.assigned(), "send");
    EXPECT_EQ(s.call.due(), start + 11s) << "response_timeout";
    EXPECT_EQ(s.response(200), "complete");
    EXPECT_FALSE(s.call.code());
    EXPECT_EQ(s.call.delivered(), delivery::answered);
    EXPECT_EQ(s.call.attempts(), 1U);
    EXPECT_FALSE(s.call.due());
}

TEST(call_fsm, a_limited_call_waits_for_its_permit) {
    script s(retry_class::safe, true);
    EXPECT_EQ(s.started(), "request_permit");
    EXPECT_EQ(s.call.due(), start + 30s);
    s.call.permit_expected(start + 2s);
    EXPECT_EQ(s.call.due(), start + 2s);
    EXPECT_EQ(s.timer(), "none") << "before the permit is expected";
    s.now += 2s;
    EXPECT_EQ(s.timer(), "poll_permit");
    EXPECT_EQ(s.call.due(), start + 30s);
    EXPECT_EQ(s.permit(), "acquire");
    EXPECT_TRUE(s.last.requeue);
    EXPECT_EQ(s.permit(), "none") << "only once";
}

TEST(call_fsm, a_stale_connection_costs_no_attempt) {
    script s(retry_class::non_idempotent);
    (void)s.started();
    EXPECT_EQ(s.stale(), "none") << "no connection is assigned";
    (void)s.assigned();
    EXPECT_EQ(s.call.attempts(), 1U);
    EXPECT_EQ(s.stale(), "acquire");
    EXPECT_TRUE(s.last.requeue);
    EXPECT_FALSE(s.last.retry);
    EXPECT_EQ(s.call.attempts(), 0U);
}

TEST(call_fsm, a_failed_attempt_backs_off_and_is_retried) {
    script s;
    (void)s.started();
    (void)s.assigned();
    EXPECT_EQ(s.response(503), "back_off");
    EXPECT_TRUE(s.last.retry);
    EXPECT_EQ(s.call.now_in(), state::backing_off);
    EXPECT_EQ(s.call.due(), s.now + s.last.pause);
    s.now = *s.call.due();
    EXPECT_EQ(s.timer(), "acquire");
    EXPECT_EQ(s.assigned(), "send");
    EXPECT_EQ(s.response(200), "complete");
    EXPECT_EQ(s.call.attempts(), 2U);
}

TEST(call_fsm, an_attempt_without_a_response_times_out) {
    script s;
    (void)s.started();
    (void)s.assigned();
    s.now += 10s;
    EXPECT_EQ(s.timer(delivery::maybe_sent), "poll_response");
    EXPECT_EQ(s.timer(delivery::maybe_sent), "back_off");
    EXPECT_EQ(s.call.code(), errc::timed_out);
    s.now = *s.call.due();
    (void)s.timer();
    (void)s.assigned();
    s.now += 10s;
    EXPECT_EQ(s.timer(delivery::maybe_sent), "poll_response") << "in each attempt";
}

// The executor was busy, so that the timer is late: a response that had arrived counts.
TEST(call_fsm, a_response_that_a_poll_finds_beats_the_timeout) {
    for (const std::chrono::nanoseconds late : {10s, 30s, 60s}) {
        script s(retry_class::non_idempotent);
        (void)s.started();
        (void)s.assigned();
        s.now += late;
        EXPECT_EQ(s.timer(delivery::maybe_sent), "poll_response");
        EXPECT_EQ(s.response(200), "complete");
        EXPECT_FALSE(s.call.code());
        EXPECT_EQ(s.call.delivered(), delivery::answered);
        EXPECT_EQ(s.timer(), "none");
    }
}

TEST(call_fsm, a_maybe_sent_non_idempotent_call_has_an_unknown_outcome) {
    script s(retry_class::non_idempotent);
    (void)s.started();
    (void)s.assigned();
    EXPECT_EQ(s.error(errc::connection_lost, delivery::maybe_sent, true), "complete");
    EXPECT_EQ(s.call.code(), errc::outcome_unknown);
    EXPECT_EQ(s.call.cause(), errc::connection_lost);
}

TEST(call_fsm, a_request_that_was_not_sent_moves_to_a_new_connection_once) {
    script s(retry_class::non_idempotent);
    (void)s.started();
    (void)s.assigned();
    EXPECT_EQ(s.error(errc::connection_lost, delivery::not_sent, true), "acquire");
    EXPECT_TRUE(s.call.wants_new_connection());
    EXPECT_TRUE(s.last.retry);
}

TEST(call_fsm, cancellation_is_never_an_unknown_outcome) {
    script s(retry_class::non_idempotent);
    (void)s.started();
    (void)s.assigned();
    EXPECT_EQ(s.cancelled(delivery::maybe_sent), "complete");
    EXPECT_EQ(s.call.code(), boost::asio::error::operation_aborted);
    EXPECT_EQ(s.call.delivered(), delivery::maybe_sent);
}

TEST(call_fsm, a_first_byte_counts_as_answered_when_the_call_is_aborted) {
    script s(retry_class::non_idempotent);
    (void)s.started();
    (void)s.assigned();
    s.call.first_byte();
    EXPECT_EQ(s.draining(delivery::answered), "complete");
    EXPECT_EQ(s.call.code(), errc::client_closed);
    EXPECT_EQ(s.call.delivered(), delivery::answered);
}

TEST(call_fsm, a_call_that_starts_after_its_deadline_sends_nothing) {
    script s;
    s.now = start + 30s;
    EXPECT_EQ(s.started(), "complete");
    EXPECT_EQ(s.call.code(), errc::timed_out);
    EXPECT_EQ(s.call.delivered(), delivery::not_sent);
}

// --- one script, ended at every step in every way

using step = std::function<void(script&)>;

/// A script through every state: a permit, a stale connection, two failed attempts with backoff, and a response.
const std::vector<step>& long_script() {
    static const std::vector<step> steps{
        [](script& s) { (void)s.started(); },
        [](script& s) { s.call.permit_expected(s.now + 1s); },
        [](script& s) {
            s.now += 1s;
            (void)s.timer();
        },
        [](script& s) { (void)s.permit(); },
        [](script& s) { (void)s.assigned(); },
        [](script& s) { (void)s.stale(); },
        [](script& s) { (void)s.permit(); },
        [](script& s) { (void)s.assigned(); },
        [](script& s) { s.call.first_byte(); },
        [](script& s) { (void)s.response(503); },
        [](script& s) {
            s.now = *s.call.due();
            (void)s.timer();
        },
        [](script& s) { (void)s.permit(); },
        [](script& s) { (void)s.assigned(); },
        [](script& s) { (void)s.error(errc::timed_out, delivery::maybe_sent); },
        [](script& s) {
            s.now = *s.call.due();
            (void)s.timer();
        },
        [](script& s) { (void)s.permit(); },
        [](script& s) { (void)s.assigned(); },
        [](script& s) { (void)s.response(200); },
    };
    return steps;
}

/// No input may give an action after the call is done.
void expect_silent(script& s) {
    ASSERT_TRUE(s.call.done());
    EXPECT_EQ(s.completions, 1U);
    const error_code code = s.call.code();
    EXPECT_EQ(s.started(), "none");
    EXPECT_EQ(s.permit(), "none");
    s.call.permit_expected(s.now);
    EXPECT_EQ(s.assigned(), "none");
    EXPECT_EQ(s.stale(), "none");
    s.call.first_byte();
    EXPECT_EQ(s.response(200), "none");
    EXPECT_EQ(s.error(errc::connection_lost, delivery::maybe_sent), "none");
    s.now += 1h;
    EXPECT_EQ(s.timer(), "none");
    EXPECT_EQ(s.cancelled(), "none");
    EXPECT_EQ(s.draining(), "none");
    EXPECT_EQ(s.completions, 1U);
    EXPECT_EQ(s.call.code(), code);
    EXPECT_FALSE(s.call.due());
}

void run_to(script& s, std::size_t steps) {
    for (std::size_t i = 0; i < steps; ++i) {
        long_script()[i](s);
        ASSERT_EQ(s.completions, i + 1 == long_script().size() ? 1U : 0U) << "step " << i;
    }
}

TEST(call_fsm, the_long_script_completes_once) {
    script s(retry_class::safe, true);
    run_to(s, long_script().size());
    EXPECT_EQ(s.call.attempts(), 3U);
    EXPECT_FALSE(s.call.code());
    expect_silent(s);
}

TEST(call_fsm, cancelled_at_every_step) {
    for (std::size_t at = 0; at < long_script().size(); ++at) {
        SCOPED_TRACE(at);
        script s(retry_class::safe, true);
        run_to(s, at);
        EXPECT_EQ(s.cancelled(), "complete");
        EXPECT_EQ(s.call.code(), boost::asio::error::operation_aborted);
        expect_silent(s);
    }
}

TEST(call_fsm, drained_at_every_step) {
    for (std::size_t at = 0; at < long_script().size(); ++at) {
        SCOPED_TRACE(at);
        script s(retry_class::safe, true);
        run_to(s, at);
        EXPECT_EQ(s.draining(), "complete");
        EXPECT_EQ(s.call.code(), errc::client_closed);
        expect_silent(s);
    }
}

TEST(call_fsm, timed_out_at_every_step) {
    for (std::size_t at = 0; at < long_script().size(); ++at) {
        SCOPED_TRACE(at);
        script s(retry_class::safe, true);
        run_to(s, at);
        s.now = s.call.deadline();
        EXPECT_EQ(s.expire(), "complete");
        EXPECT_EQ(s.call.code(), errc::timed_out);
        expect_silent(s);
    }
}

TEST(call_fsm, failed_at_every_step) {
    for (std::size_t at = 1; at < long_script().size(); ++at) {
        SCOPED_TRACE(at);
        script s(retry_class::safe, true);
        run_to(s, at);
        const state before = s.call.now_in();
        const bool in_flight = before == state::in_flight;
        const std::string got = s.error(in_flight ? errc::malformed_response : errc::overloaded,
                                        in_flight ? delivery::answered : delivery::not_sent);
        if (before == state::backing_off) {
            EXPECT_EQ(got, "none") << "no operation that could fail is in progress";
        } else {
            EXPECT_EQ(got, "complete");
            expect_silent(s);
        }
    }
}

TEST(call_fsm, an_unexpected_end_at_every_step) {
    for (std::size_t at = 0; at < long_script().size(); ++at) {
        SCOPED_TRACE(at);
        script s(retry_class::non_idempotent, true);
        for (std::size_t i = 0; i < at && !s.call.done(); ++i) {
            long_script()[i](s);
        }
        if (s.call.done()) {
            continue;
        }
        const bool in_flight = s.call.now_in() == state::in_flight;
        EXPECT_EQ(s.record(s.call.failed(make_error_code(boost::system::errc::not_enough_memory),
                                         in_flight ? delivery::maybe_sent : delivery::not_sent)),
                  "complete");
        expect_silent(s);
    }
}

} // namespace
} // namespace yunhu::engine
