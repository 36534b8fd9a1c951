// Copyright (c) 2026 The yunhu authors
// SPDX-License-Identifier: BSL-1.0

#include "engine/session_fsm.hpp"

#include <gtest/gtest.h>

#include <chrono>
#include <cstddef>
#include <functional>
#include <string>
#include <string_view>
#include <vector>

namespace yunhu::engine {
namespace {

using namespace std::chrono_literals;
using state = session_fsm::state;
using kind = session_fsm::action::kind;

constexpr time_point start{1'000'000h}; // real clocks don't start at 0

std::string_view to_string(kind k) {
    switch (k) {
    case kind::none:
        return "none";
    case kind::connect:
        return "connect";
    case kind::log_in:
        return "log_in";
    case kind::send_heartbeat:
        return "send_heartbeat";
    case kind::announce:
        return "announce";
    case kind::drop:
        return "drop";
    case kind::refuse:
        return "refuse";
    case kind::warn:
        return "warn";
    case kind::close:
        return "close";
    }
    return "?";
}

std::string name(const session_fsm::action& a) {
    return std::string(to_string(a.what));
}

/// A session and its clock: each input returns the name of the action.
struct script {
    std::string started() { return name(session.started(now)); }
    std::string connected() { return name(session.connected(session.current(), now)); }
    std::string lost(errc why = errc::connection_lost) {
        return name(session.lost(session.current(), why, now, jitter));
    }
    void frame() { session.frame(session.current(), now); }
    std::string ack() {
        frame();
        return name(session.heartbeat_ack(session.current(), now));
    }
    std::string rejected(bool authentication = true) {
        frame();
        return name(session.rejected(session.current(), authentication, now, jitter));
    }
    std::string token() { return name(session.token(now, jitter)); }
    std::string timer() { return name(session.timer(now, jitter)); }
    std::string stop() { return name(session.stop()); }
    /// Lets the time pass until the timer is due.
    std::string wait() {
        now = session.due().value();
        return timer();
    }
    void open() {
        ASSERT_EQ(started(), "connect");
        ASSERT_EQ(connected(), "log_in");
        ASSERT_EQ(ack(), "announce");
    }

    session_fsm session;
    time_point now = start;
    double jitter = 1;
};

TEST(session_fsm, the_first_heartbeats_answer_proves_the_login) {
    script s;
    EXPECT_FALSE(s.session.due());
    EXPECT_EQ(s.started(), "connect");
    EXPECT_EQ(s.started(), "none");
    EXPECT_EQ(s.session.due(), start + 30s) << "connect_timeout";
    s.now += 1s;
    EXPECT_EQ(s.connected(), "log_in");
    EXPECT_EQ(s.session.now_in(), state::logging_in);
    EXPECT_EQ(s.session.due(), s.now + 15s) << "login_timeout";
    s.frame();
    EXPECT_EQ(s.session.now_in(), state::logging_in) << "another frame proves nothing";
    EXPECT_EQ(s.ack(), "announce");
    EXPECT_EQ(s.session.now_in(), state::open);
    EXPECT_EQ(s.ack(), "none") << "the answers to later heartbeats";
}

TEST(session_fsm, heartbeats_every_25_s) {
    script s;
    s.open();
    for (int i = 0; i < 100; ++i) {
        const time_point before = s.now;
        EXPECT_EQ(s.wait(), "send_heartbeat");
        EXPECT_EQ(s.now, before + 25s);
        EXPECT_EQ(s.timer(), "none") << "once";
        EXPECT_EQ(s.ack(), "none");
    }
}

TEST(session_fsm, dead_after_60_s_without_any_frame) {
    script s;
    s.open();
    const time_point opened = s.now;
    EXPECT_EQ(s.wait(), "send_heartbeat");
    EXPECT_EQ(s.wait(), "send_heartbeat");
    EXPECT_EQ(s.session.due(), opened + 60s);
    EXPECT_EQ(s.wait(), "drop");
    EXPECT_EQ(s.session.reason(), errc::timed_out);
    EXPECT_EQ(s.session.now_in(), state::backing_off);
}

TEST(session_fsm, any_frame_keeps_it_alive) {
    script s;
    s.open();
    for (int i = 0; i < 10; ++i) {
        s.now += 59s;
        s.frame();
        EXPECT_EQ(s.timer(), "send_heartbeat");
    }
    EXPECT_EQ(s.session.now_in(), state::open);
}

TEST(session_fsm, a_machine_that_slept_drops_its_connection) {
    script s;
    s.open();
    s.now += 8h;
    EXPECT_EQ(s.timer(), "drop");
}

TEST(session_fsm, a_login_without_an_answer_times_out) {
    script s;
    (void)s.started();
    EXPECT_EQ(s.connected(), "log_in");
    s.now += 14s;
    s.frame();
    EXPECT_EQ(s.timer(), "none");
    s.now += 1s;
    EXPECT_EQ(s.timer(), "drop");
    EXPECT_EQ(s.session.reason(), errc::timed_out);
}

TEST(session_fsm, a_connect_without_an_end_times_out) {
    script s;
    (void)s.started();
    EXPECT_EQ(s.wait(), "drop");
    EXPECT_EQ(s.now, start + 30s);
    EXPECT_EQ(s.session.reason(), errc::timed_out);
    EXPECT_EQ(s.connected(), "none") << "the abandoned connection";
}

TEST(session_fsm, the_back_off_doubles_to_30_s) {
    script s;
    (void)s.started();
    for (const auto pause : {1s, 2s, 4s, 8s, 16s, 30s, 30s, 30s}) {
        EXPECT_EQ(s.lost(errc::connect_failed), "drop");
        EXPECT_EQ(s.session.due(), s.now + pause);
        EXPECT_EQ(s.timer(), "none") << "too early";
        EXPECT_EQ(s.wait(), "connect");
    }
    EXPECT_EQ(s.session.failures(), 8U);
}

TEST(session_fsm, the_jitter_is_full) {
    for (const double jitter : {0.0, 0.25, 0.5, 0.999}) {
        script s;
        s.jitter = jitter;
        (void)s.started();
        (void)s.lost();
        (void)s.wait();
        (void)s.lost();
        EXPECT_EQ(s.session.due(), s.now + std::chrono::duration_cast<std::chrono::nanoseconds>(2s * jitter));
    }
    script s;
    s.jitter = 7; // not in its range: bounded all the same
    (void)s.started();
    (void)s.lost();
    EXPECT_EQ(s.session.due(), s.now + 1s);
}

TEST(session_fsm, many_failures_do_not_overflow) {
    script s;
    (void)s.started();
    for (int i = 0; i < 10'000; ++i) {
        (void)s.lost();
        ASSERT_LE(*s.session.due(), s.now + 30s);
        ASSERT_EQ(s.wait(), "connect");
    }
}

TEST(session_fsm, a_minute_of_health_resets_the_back_off) {
    script s;
    s.open();
    (void)s.lost();
    (void)s.wait();
    (void)s.connected();
    (void)s.ack();
    s.now += 59s;
    EXPECT_EQ(s.lost(), "drop");
    EXPECT_EQ(s.session.due(), s.now + 2s) << "59 s are not enough";
    (void)s.wait();
    (void)s.connected();
    (void)s.ack();
    for (int i = 0; i < 3; ++i) {
        s.now += 20s;
        s.frame();
    }
    EXPECT_EQ(s.lost(), "drop");
    EXPECT_EQ(s.session.due(), s.now + 1s);
}

TEST(session_fsm, a_refusal_waits_for_a_new_token) {
    script s;
    (void)s.started();
    (void)s.connected();
    EXPECT_EQ(s.rejected(), "refuse");
    EXPECT_EQ(s.session.now_in(), state::refused);
    EXPECT_EQ(s.session.reason(), errc::not_authenticated);
    EXPECT_FALSE(s.session.due());
    s.now += 24h;
    EXPECT_EQ(s.timer(), "none") << "never by itself";
    EXPECT_EQ(s.lost(), "none");
    EXPECT_EQ(s.token(), "connect");
    EXPECT_EQ(s.connected(), "log_in");
    EXPECT_EQ(s.ack(), "announce");
}

TEST(session_fsm, bad_tokens_one_after_the_other_do_not_hammer) {
    script s;
    (void)s.started();
    (void)s.connected();
    EXPECT_EQ(s.rejected(), "refuse");
    EXPECT_EQ(s.token(), "connect");
    for (const auto pause : {1s, 2s, 4s, 8s, 16s, 30s, 30s}) {
        (void)s.connected();
        EXPECT_EQ(s.rejected(), "refuse");
        EXPECT_EQ(s.token(), "none");
        EXPECT_EQ(s.session.due(), s.now + pause);
        EXPECT_EQ(s.wait(), "connect");
    }
    (void)s.connected();
    EXPECT_EQ(s.ack(), "announce");
    EXPECT_EQ(s.rejected(), "refuse");
    EXPECT_EQ(s.token(), "connect") << "a login succeeded in between";
}

TEST(session_fsm, a_rejection_after_the_login) {
    script s;
    s.open();
    s.now += 10s;
    EXPECT_EQ(s.rejected(), "refuse");
    EXPECT_EQ(s.session.now_in(), state::refused);
}

TEST(session_fsm, another_error_of_the_gateway) {
    script s;
    (void)s.started();
    (void)s.connected();
    EXPECT_EQ(s.rejected(false), "drop") << "no login, but the token may be good";
    EXPECT_EQ(s.session.reason(), errc::refused);
    (void)s.wait();
    (void)s.connected();
    (void)s.ack();
    EXPECT_EQ(s.rejected(false), "warn");
    EXPECT_EQ(s.session.now_in(), state::open);
}

TEST(session_fsm, a_rotated_token) {
    script s;
    s.open();
    EXPECT_EQ(s.token(), "none") << "the session of the old one goes on";
    EXPECT_EQ(s.rejected(), "drop") << "until the gateway ends it: the new one is tried";
    EXPECT_EQ(s.wait(), "connect");
    EXPECT_EQ(s.connected(), "log_in");
    EXPECT_EQ(s.rejected(), "refuse") << "the new one is bad, too";
}

TEST(session_fsm, a_token_while_it_connects_is_used_by_the_login) {
    script s;
    (void)s.started();
    EXPECT_EQ(s.token(), "none");
    (void)s.connected();
    EXPECT_EQ(s.rejected(), "refuse") << "it was the newest";
}

TEST(session_fsm, inputs_of_an_earlier_connection_do_nothing) {
    script s;
    s.open();
    const session_fsm::connection old = s.session.current();
    (void)s.lost();
    (void)s.wait();
    EXPECT_NE(s.session.current(), old);
    const auto expect_ignored = [&] {
        const state before = s.session.now_in();
        const auto due = s.session.due();
        EXPECT_EQ(name(s.session.connected(old, s.now)), "none");
        EXPECT_EQ(name(s.session.lost(old, errc::connection_lost, s.now, 1)), "none");
        EXPECT_EQ(name(s.session.heartbeat_ack(old, s.now)), "none");
        EXPECT_EQ(name(s.session.rejected(old, true, s.now, 1)), "none");
        s.session.frame(old, s.now + 1h);
        EXPECT_EQ(s.session.now_in(), before);
        EXPECT_EQ(s.session.due(), due);
    };
    expect_ignored();
    (void)s.connected();
    expect_ignored();
    (void)s.ack();
    expect_ignored();
}

// From the start to a second login, through a refusal.
const std::vector<std::function<void(script&)>>& long_script() {
    static const std::vector<std::function<void(script&)>> steps{
        [](script& s) { EXPECT_EQ(s.started(), "connect"); },  [](script& s) { EXPECT_EQ(s.connected(), "log_in"); },
        [](script& s) { EXPECT_EQ(s.ack(), "announce"); },     [](script& s) { EXPECT_EQ(s.wait(), "send_heartbeat"); },
        [](script& s) { EXPECT_EQ(s.ack(), "none"); },         [](script& s) { EXPECT_EQ(s.lost(), "drop"); },
        [](script& s) { EXPECT_EQ(s.wait(), "connect"); },     [](script& s) { EXPECT_EQ(s.connected(), "log_in"); },
        [](script& s) { EXPECT_EQ(s.rejected(), "refuse"); },  [](script& s) { EXPECT_EQ(s.token(), "connect"); },
        [](script& s) { EXPECT_EQ(s.connected(), "log_in"); }, [](script& s) { EXPECT_EQ(s.ack(), "announce"); },
    };
    return steps;
}

void run_to(script& s, std::size_t steps) {
    for (std::size_t i = 0; i < steps; ++i) {
        long_script()[i](s);
    }
}

void expect_silent(script& s) {
    ASSERT_EQ(s.session.now_in(), state::stopped);
    EXPECT_FALSE(s.session.due());
    EXPECT_EQ(s.started(), "none");
    EXPECT_EQ(s.connected(), "none");
    EXPECT_EQ(s.ack(), "none");
    EXPECT_EQ(s.lost(), "none");
    EXPECT_EQ(s.rejected(), "none");
    EXPECT_EQ(s.rejected(false), "none");
    EXPECT_EQ(s.token(), "none");
    s.now += 1h;
    EXPECT_EQ(s.timer(), "none");
    EXPECT_EQ(s.stop(), "none");
    EXPECT_FALSE(s.session.due());
}

/// Whatever happened before, the session logs in again.
void expect_recovery(script& s) {
    if (s.session.now_in() == state::refused) {
        (void)s.token();
    }
    if (s.session.now_in() == state::backing_off) {
        EXPECT_EQ(s.wait(), "connect");
    }
    ASSERT_EQ(s.session.now_in(), state::connecting);
    EXPECT_EQ(s.connected(), "log_in");
    EXPECT_EQ(s.ack(), "announce");
}

TEST(session_fsm, stopped_at_every_step) {
    for (std::size_t at = 0; at <= long_script().size(); ++at) {
        SCOPED_TRACE(at);
        script s;
        run_to(s, at);
        EXPECT_EQ(s.stop(), "close");
        expect_silent(s);
    }
}

TEST(session_fsm, lost_at_every_step) {
    for (std::size_t at = 0; at <= long_script().size(); ++at) {
        SCOPED_TRACE(at);
        script s;
        run_to(s, at);
        const state before = s.session.now_in();
        if (before == state::connecting || before == state::logging_in || before == state::open) {
            EXPECT_EQ(s.lost(), "drop");
            EXPECT_EQ(s.session.reason(), errc::connection_lost);
            EXPECT_EQ(s.lost(), "none") << "once";
            expect_recovery(s);
        } else {
            EXPECT_EQ(s.lost(), "none") << "there is no connection";
            EXPECT_EQ(s.session.now_in(), before);
        }
    }
}

TEST(session_fsm, rejected_at_every_step) {
    for (std::size_t at = 0; at <= long_script().size(); ++at) {
        SCOPED_TRACE(at);
        script s;
        run_to(s, at);
        const state before = s.session.now_in();
        if (before == state::logging_in || before == state::open) {
            EXPECT_EQ(s.rejected(), "refuse");
            expect_recovery(s);
        } else {
            EXPECT_EQ(s.rejected(), "none");
            EXPECT_EQ(s.session.now_in(), before);
        }
    }
}

TEST(session_fsm, silent_at_every_step) {
    for (std::size_t at = 1; at <= long_script().size(); ++at) {
        SCOPED_TRACE(at);
        script s;
        run_to(s, at);
        if (s.session.now_in() == state::refused) {
            EXPECT_FALSE(s.session.due());
            continue;
        }
        // Every other state goes on by its timer, in bounded time, and ends the connection.
        const time_point begin = s.now;
        std::string got;
        for (int i = 0; i < 10 && got != "drop"; ++i) {
            got = s.wait();
        }
        EXPECT_EQ(got, "drop");
        EXPECT_LE(s.now, begin + 91s);
        expect_recovery(s);
    }
}

TEST(session_fsm, a_token_at_every_step) {
    for (std::size_t at = 0; at <= long_script().size(); ++at) {
        SCOPED_TRACE(at);
        script s;
        run_to(s, at);
        const state before = s.session.now_in();
        if (before == state::refused) {
            EXPECT_EQ(s.token(), "connect");
            expect_recovery(s);
        } else {
            EXPECT_EQ(s.token(), "none");
            EXPECT_EQ(s.session.now_in(), before);
        }
    }
}

} // namespace
} // namespace yunhu::engine
