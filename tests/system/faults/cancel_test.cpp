// Copyright (c) 2026 The yunhu authors
// SPDX-License-Identifier: BSL-1.0

#include "engine/pool_fsm.hpp"
#include "observability/recorder.hpp"
#include "system/faults/calls.hpp"

#include <boost/asio/bind_cancellation_slot.hpp>
#include <boost/asio/cancellation_signal.hpp>
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/detached.hpp>
#include <boost/asio/error.hpp>
#include <boost/asio/experimental/awaitable_operators.hpp>

#include <array>
#include <memory>
#include <optional>
#include <random>
#include <string>
#include <string_view>
#include <utility>

// Group H: cancellation at every point of a call.
namespace yunhu::test {
namespace {

using namespace steps;
using namespace std::chrono_literals;
using boost::asio::error::operation_aborted;
using types = boost::asio::cancellation_type;

TEST(cancel, case_139_before_the_start) {
    client_fixture f;
    const pending_call call = f.start_send("a");
    call.cancel(); // no handler has run yet
    EXPECT_TRUE(failed(f.wait(call), operation_aborted, delivery::not_sent));
    EXPECT_TRUE(f.follow_up());
    EXPECT_EQ(f.seen("a"), 0U);
    EXPECT_EQ(f.server.accepted(), 1U);
}

// A call that is started in a hook starts after the hook has returned; a cancellation in between must not be lost.
TEST(cancel, a_call_that_was_started_in_a_hook) {
    for (const std::string_view hook : {"on_call_start", "on_connect_start", "on_connection_open", "on_queue_start",
                                        "on_attempt_start", "on_first_byte", "on_attempt_end"}) {
        for (const bool in_the_hook : {true, false}) {
            SCOPED_TRACE(std::string(hook) + (in_the_hook ? ", cancelled in it" : ", cancelled after it"));
            client_fixture f;
            const auto hooks = std::make_shared<recorder>();
            f.config.observer = hooks;
            std::optional<pending_call> started;
            bool cancelled = false;
            const auto cancel = [&] {
                if (started && !std::exchange(cancelled, true)) {
                    started->cancel();
                }
            };
            hooks->also = [&, armed = true](std::string_view line) mutable {
                if (line.starts_with(hook) && std::exchange(armed, false)) {
                    started = f.start_send("from-the-hook");
                    if (in_the_hook) {
                        cancel();
                    }
                }
            };
            const pending_call outer = f.start_send("outer");
            ASSERT_TRUE(f.run_until([&] {
                cancel(); // at the first opportunity after the hook
                return outer.done() && started && started->done();
            }));
            EXPECT_TRUE(ok(outer.get()));
            EXPECT_TRUE(failed(started->get(), operation_aborted, delivery::not_sent));
            EXPECT_EQ(f.seen("from-the-hook"), 0U);
            EXPECT_TRUE(f.follow_up());
            hooks->also = nullptr;
            f.close_client();
            f.run_ready();
            EXPECT_EQ(hooks->report(), "");
        }
    }
}

TEST(cancel, a_call_in_the_hook_of_its_own_start) {
    client_fixture f;
    const auto hooks = std::make_shared<recorder>();
    f.config.observer = hooks;
    boost::asio::cancellation_signal signal;
    std::optional<error_code> end;
    hooks->also = [&](std::string_view line) {
        if (line.starts_with("on_call_start")) {
            signal.emit(types::terminal);
        }
    };
    f.client().send_message({group("big"), text("hello"), "a"},
                            boost::asio::bind_cancellation_slot(
                                signal.slot(), [&end](error_code code, const sent_message&) { end = code; }));
    ASSERT_TRUE(f.run_until([&end] { return end.has_value(); }));
    EXPECT_EQ(end, operation_aborted);
    EXPECT_EQ(f.server.accepted(), 0U);
    f.close_client();
    f.run_ready();
    EXPECT_EQ(hooks->report(), "");
}

TEST(cancel, case_141_while_queued_the_next_call_gets_the_connection) {
    client_fixture f;
    f.server.next_response({gate("busy"), response_ok()});
    const pending_call a = f.start_send("a");
    ASSERT_TRUE(f.run_until_gate("busy"));
    const pending_call b = f.start_send("b");
    const pending_call c = f.start_send("c");
    f.run_ready();
    EXPECT_EQ(f.client().stats().queued, 2U);
    b.cancel();
    EXPECT_TRUE(failed(f.wait(b), operation_aborted, delivery::not_sent));
    EXPECT_EQ(f.client().stats().queued, 1U);
    f.server.open_gate("busy");
    EXPECT_TRUE(ok(f.wait(a)));
    EXPECT_TRUE(ok(f.wait(c)));
    EXPECT_EQ(f.seen("b"), 0U);
    EXPECT_EQ(f.server.accepted(), 1U);
    EXPECT_TRUE(f.reuses());
}

/// Applies a pool's actions as the shard does: one connection, its owner, and two waiters.
class hand_off_race {
public:
    explicit hand_off_race(std::uint32_t seed) : random_(seed), pool_(one_connection(), [] { return 0.5; }) {}

    void round() {
        pool_.acquire(holder_, now_);
        apply_actions();
        ASSERT_EQ(owner_, &holder_);
        pool_.acquire(first_, now_);
        pool_.acquire(second_, now_);
        apply_actions();
        if (random_() % 2 == 0) {
            release();
            if (random_() % 2 == 0) {
                apply_actions();
            }
            cancel(first_); // dequeued, or already assigned the connection
        } else {
            cancel(first_);
            release();
        }
        apply_actions();
        if (owner_ == &first_) { // cancelled after it was assigned the connection
            owner_ = nullptr;
            pool_.released(0, false, std::nullopt, now_);
            apply_actions();
        }
        ASSERT_EQ(owner_, &second_) << "the connection was lost";
        release();
        apply_actions();
        ASSERT_EQ(owner_, nullptr);
        const engine::pool_counts counts = pool_.counts();
        ASSERT_EQ(counts.connections, 1U);
        ASSERT_EQ(counts.idle, 1U);
        ASSERT_EQ(counts.queued, 0U);
    }

private:
    static pool_config one_connection() {
        pool_config config;
        config.max_connections = 1;
        return config;
    }
    void release() {
        owner_ = nullptr;
        pool_.released(0, true, std::nullopt, now_);
    }
    void cancel(engine::waiter& w) { pool_.cancel(w); }
    void apply_actions() {
        std::vector<engine::action>& actions = pool_.actions();
        for (std::size_t i = 0; i < actions.size(); ++i) {
            const engine::action next = actions[i];
            if (next.what == engine::action::kind::assign) {
                ASSERT_EQ(owner_, nullptr) << "two owners";
                owner_ = next.waiter;
            } else if (next.what == engine::action::kind::dial) {
                pool_.dialed(next.connection, now_);
            } else {
                ASSERT_EQ(next.what, engine::action::kind::close);
            }
        }
        actions.clear();
    }

    std::mt19937 random_;
    engine::pool_fsm pool_;
    engine::waiter holder_;
    engine::waiter first_;
    engine::waiter second_;
    engine::waiter* owner_ = nullptr;
    engine::clock_reading now_{engine::time_point(1h), std::chrono::system_clock::time_point(1h)};
};

TEST(cancel, case_142_races_with_the_hand_off_100000_times) {
    hand_off_race race(142);
    for (int i = 0; i < 100000; ++i) {
        race.round();
        if (HasFatalFailure()) {
            FAIL() << "in round " << i;
        }
    }
}

TEST(cancel, case_142_races_with_the_hand_off_over_sockets) {
    std::mt19937 random(142);
    client_fixture f;
    for (int i = 0; i < 300; ++i) {
        const std::string n = std::to_string(i);
        const pending_call a = f.start_read("a" + n);
        const pending_call b = f.start_send("b" + n);
        const pending_call c = f.start_send("c" + n);
        if (i % 3 == 0) {
            (void)f.wait(a);
        }
        f.context.restart();
        for (auto steps = random() % 6; steps > 0; --steps) {
            f.context.run_one_for(1ms);
        }
        b.cancel();
        ASSERT_TRUE(ok(f.wait(a)));
        ASSERT_TRUE(ok(f.wait(c))) << "the connection was lost in round " << i;
        const call_result& end = f.wait(b);
        ASSERT_TRUE(!end.code || end.code == operation_aborted) << end;
        ASSERT_LE(f.seen("b" + n), 1U);
        ASSERT_TRUE(end.delivery != delivery::not_sent || f.seen("b" + n) == 0) << end;
        ASSERT_EQ(f.client().stats().connections, 1U);
    }
    EXPECT_TRUE(f.reuses());
}

TEST(cancel, case_144_after_the_response) {
    client_fixture f;
    const pending_call call = f.start_send("a");
    EXPECT_TRUE(ok(f.wait(call)));
    call.cancel();
    f.run_ready();
    EXPECT_EQ(call.ends(), 1U);
    EXPECT_TRUE(f.reuses());
    EXPECT_EQ(f.server.accepted(), 1U);
}

TEST(cancel, case_146_every_type_at_every_point) {
    for (const types type : {types::terminal, types::partial, types::total}) {
        client_fixture f;
        f.config.retry.base = 1h;
        f.config.retry.cap = 1h;
        f.config.timeout = 24h;
        f.server.next_connection({read_client_hello(), gate("hello")});
        f.server.next_response({gate("request")});
        const pending_call connecting = f.start_send("a");
        ASSERT_TRUE(f.run_until_gate("hello"));
        connecting.cancel(type);
        EXPECT_TRUE(failed(f.wait(connecting), operation_aborted, delivery::not_sent));
        f.server.open_gate("hello");
        const pending_call sent = f.start_send("b");
        ASSERT_TRUE(f.run_until_gate("request"));
        const pending_call queued = f.start_send("c");
        f.run_ready();
        queued.cancel(type);
        EXPECT_TRUE(failed(f.wait(queued), operation_aborted, delivery::not_sent));
        sent.cancel(types::none);
        f.run_ready();
        EXPECT_FALSE(sent.done());
        sent.cancel(type);
        EXPECT_TRUE(failed(f.wait(sent), operation_aborted, delivery::maybe_sent));
        EXPECT_TRUE(f.renews());
        f.server.next_response({send("HTTP/1.1 503 Busy\r\nContent-Length: 0\r\n\r\n")});
        const pending_call backing_off = f.start_read("d");
        ASSERT_TRUE(f.run_until_seen([](const fault_journal& journal) { return journal.request_count == 3; }));
        ASSERT_TRUE(f.run_until([&f] { return f.client().stats().idle == 1; }));
        backing_off.cancel(type);
        EXPECT_TRUE(failed(f.wait(backing_off), operation_aborted, delivery::answered, phase::backoff));
        EXPECT_EQ(f.seen("d"), 1U);
        EXPECT_TRUE(f.reuses());
    }
}

boost::asio::awaitable<std::string> first_of_two(yunhu::client bot) {
    using namespace boost::asio::experimental::awaitable_operators;
    const list_message_edit_record_request slow{"slow", 1, 1};
    const list_message_edit_record_request quick{"quick", 1, 1};
    auto first = co_await (bot.list_message_edit_record(slow) || bot.list_message_edit_record(quick));
    co_return first.index() == 1 ? std::get<1>(first).api_msg : std::string("slow won");
}

TEST(cancel, case_146_the_loser_of_an_or) {
    client_fixture f;
    f.config.pool.max_connections = 2;
    f.server.every_connection({expect_request(), [](fault_connection& s) {
                                   if (id_of(s.request()) == "slow") {
                                       s.read_to_end();
                                   } else {
                                       s.response_ok();
                                   }
                               }});
    std::string winner;
    boost::asio::co_spawn(f.context, first_of_two(f.client()),
                          [&winner](const std::exception_ptr& e, std::string id) { winner = e ? "threw" : id; });
    ASSERT_TRUE(f.run_until([&winner] { return !winner.empty(); }));
    EXPECT_EQ(winner, "quick");
    EXPECT_LE(f.seen("slow"), 1U);
    EXPECT_TRUE(f.follow_up());
    EXPECT_LE(f.client().stats().connections, 1U);
}

boost::asio::awaitable<void> one_send(yunhu::client bot, std::size_t& ended) {
    const send_message_request request{group("big"), text("hello")};
    co_await bot.send_message(request, as_result);
    ++ended;
}

TEST(cancel, case_147_the_io_context_is_destroyed_with_100_calls_in_flight) {
    for (const bool coroutines : {true, false}) {
        fault_server server;
        server.every_connection({expect_request(), stall()});
        std::size_t ended = 0;
        {
            boost::asio::io_context context;
            client_config config(secret("token"));
            config.base_url = server.base_url();
            config.tls.ca_pem = server.ca_pem();
            config.pool.max_connections = 8;
            yunhu::client bot(context, config);
            for (int i = 0; i < 100; ++i) {
                if (coroutines) {
                    boost::asio::co_spawn(context, one_send(bot, ended), boost::asio::detached);
                } else {
                    bot.send_message({group("big"), text("hello")},
                                     [bot, &ended](error_code, const sent_message&) { ++ended; });
                }
            }
            while (!server.holds([](const fault_journal& journal) { return journal.request_count == 8; })) {
                ASSERT_GT(context.run_one_for(fault_log::wait_limit), 0U);
            }
            context.stop();
        }
        EXPECT_EQ(ended, 0U);
        EXPECT_TRUE(server.wait_until([](const fault_journal& journal) { return journal.open() == 0; }));
        EXPECT_EQ(server.request_count(), 8U);
    }
}

} // namespace
} // namespace yunhu::test
