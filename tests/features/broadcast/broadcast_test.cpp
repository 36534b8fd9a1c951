// Copyright (c) 2026 The yunhu authors
// SPDX-License-Identifier: BSL-1.0

#include "features/broadcast/support.hpp"

#include "support/strict_emulator.hpp"

#include <boost/asio/bind_cancellation_slot.hpp>
#include <boost/asio/cancellation_signal.hpp>
#include <boost/asio/use_future.hpp>

#include <gtest/gtest.h>

#include <algorithm>
#include <chrono>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <optional>
#include <set>
#include <stdexcept>
#include <string>
#include <utility>
#include <vector>

// One message to many chats, without a journal.
namespace yunhu::test {
namespace {

using namespace std::chrono_literals;
using action = testing::fault::action;

class broadcasts : public ::testing::Test {
protected:
    yunhu::test::strict_emulator server;
    asio::io_context context;
    client bot{context, config_for(server)};

    [[nodiscard]] std::size_t stored(const chat& in) const { return server.messages(in).size(); }
};

TEST_F(broadcasts, reaches_every_target_once) {
    const auto all = chats(100);
    broadcast_options options;
    options.monitor.emplace();
    const auto end = run_broadcast(context, bot, markdown("*to all*"), all, options);
    ASSERT_TRUE(end.summary.has_value());
    EXPECT_EQ(end.summary->end, broadcast_end::finished);
    EXPECT_EQ(end.summary->sent, 100U);
    EXPECT_EQ(end.summary->done(), 100U);
    EXPECT_EQ(end.summary->total, 100U);
    EXPECT_EQ(end.summary->requests, 100U);
    EXPECT_EQ(end.summary->in_flight, 0U);
    EXPECT_GT(end.summary->per_second(), 0);
    EXPECT_EQ(options.monitor->progress().sent, 100U);
    EXPECT_EQ(options.monitor->progress().elapsed, end.summary->elapsed);
    std::set<std::string> ids;
    for (const chat& c : all) {
        const auto there = server.messages(c);
        ASSERT_EQ(there.size(), 1U);
        EXPECT_EQ(there[0].content->text, "*to all*");
        EXPECT_EQ(there[0].content_type, content_type::markdown);
        ids.insert(there[0].msg_id);
    }
    EXPECT_EQ(ids.size(), 100U);
    ASSERT_EQ(end.outcomes.size(), 100U);
    for (const broadcast_outcome& o : end.outcomes) {
        EXPECT_EQ(o.target, all[o.index]);
        EXPECT_TRUE(ids.contains(o.msg_id));
        EXPECT_FALSE(o.earlier);
    }
}

TEST_F(broadcasts, without_targets) {
    for (const broadcast_targets& none : {broadcast_targets(), broadcast_targets(std::vector<chat>())}) {
        const auto end = run_broadcast(context, bot, text("hello"), none);
        ASSERT_TRUE(end.summary.has_value());
        EXPECT_EQ(end.summary->end, broadcast_end::finished);
        EXPECT_EQ(end.summary->total, 0U);
        EXPECT_EQ(end.summary->done(), 0U);
    }
    EXPECT_EQ(server.requests(), 0U);
}

TEST_F(broadcasts, a_duplicate_target_is_sent_once) {
    auto all = chats(3);
    all.push_back(group("g1"));
    all.push_back(user("g1")); // a different chat
    const auto end = run_broadcast(context, bot, text("hello"), all);
    EXPECT_EQ(end.summary->sent, 4U);
    EXPECT_EQ(end.summary->duplicates, 1U);
    EXPECT_EQ(end.count(broadcast_state::duplicate), 1U);
    EXPECT_EQ(stored(group("g1")), 1U);
    EXPECT_EQ(stored(user("g1")), 1U);

    broadcast_options options;
    options.skip_duplicates = false;
    EXPECT_EQ(run_broadcast(context, bot, text("again"), all, options).summary->sent, 5U);
    EXPECT_EQ(stored(group("g1")), 3U);
}

TEST_F(broadcasts, invalid_input_is_refused_before_the_first_send) {
    const auto validation_error = [&](const draft& what, std::vector<chat> to, broadcast_options options = {}) {
        const auto end = run_broadcast(context, bot, what, std::move(to), std::move(options));
        EXPECT_FALSE(end.summary.has_value());
        EXPECT_EQ(end.refused->code, errc::invalid_request);
        EXPECT_TRUE(end.outcomes.empty());
        return end.refused->detail;
    };
    EXPECT_EQ(validation_error(text("hello"), {group("a"), group("")}), "targets[1]: chat_id must not be empty");
    EXPECT_EQ(validation_error(text("hello"), {group("a"), group("b"), chat(chat_type(), "x")}),
              "targets[2]: chat_type must be > 0");
    EXPECT_EQ(validation_error(text(""), chats(2)), "content.text must not be empty");
    broadcast_options nothing_at_once;
    nothing_at_once.concurrency = 0;
    EXPECT_EQ(validation_error(text("hello"), chats(2), nothing_at_once), "concurrency must be at least 1");
    EXPECT_EQ(server.requests(), 0U);
}

TEST_F(broadcasts, an_invalid_target_of_a_generator_is_reported_and_the_others_are_sent) {
    std::vector<chat> rest = {group("c"), group("bad\n"), group("a")};
    broadcast_targets to([&rest]() -> std::optional<chat> {
        if (rest.empty()) {
            return std::nullopt;
        }
        chat next = std::move(rest.back());
        rest.pop_back();
        return next;
    });
    const auto end = run_broadcast(context, bot, text("hello"), to);
    EXPECT_EQ(end.summary->sent, 2U);
    EXPECT_EQ(end.summary->failed, 1U);
    EXPECT_EQ(end.summary->total, 3U);
    const auto bad = std::find_if(end.outcomes.begin(), end.outcomes.end(),
                                  [](const auto& o) { return o.state == broadcast_state::failed; });
    ASSERT_NE(bad, end.outcomes.end());
    EXPECT_EQ(bad->index, 1U);
    EXPECT_EQ(bad->reason, "invalid_request");
    EXPECT_EQ(bad->problem->detail, "targets[1]: chat_id must not contain control characters");
}

TEST_F(broadcasts, an_exception_of_the_generator_ends_the_broadcast) {
    int given = 0;
    const broadcast_targets to([&given]() -> std::optional<chat> {
        if (++given == 3) {
            throw std::runtime_error("no more lines");
        }
        return group("g" + std::to_string(given));
    });
    const auto end = run_broadcast(context, bot, text("hello"), to);
    EXPECT_EQ(end.summary->end, broadcast_end::failed);
    EXPECT_EQ(end.summary->why->detail, "targets: the generator threw: no more lines");
    EXPECT_EQ(end.summary->sent, 2U) << "targets in flight are completed";
}

TEST_F(broadcasts, a_generator_may_throw_anything) {
    const broadcast_targets to([]() -> std::optional<chat> { throw 42; });
    const auto end = run_broadcast(context, bot, text("hello"), to);
    EXPECT_EQ(end.summary->end, broadcast_end::failed);
    EXPECT_EQ(end.summary->why->detail, "targets: the generator threw something else than a std::exception");
}

TEST_F(broadcasts, a_callback_that_throws_ends_the_broadcast) {
    broadcast_options options;
    options.concurrency = 1;
    int calls = 0;
    options.on_outcome = [&calls](const broadcast_outcome&) {
        ++calls;
        throw 42;
    };
    std::optional<broadcast_summary> summary;
    broadcast(bot, text("hello"), chats(5), options, [&summary](error_code ec, broadcast_summary s) {
        EXPECT_FALSE(ec);
        summary = std::move(s);
    });
    ASSERT_TRUE(drive(context, [&] { return summary.has_value(); }));
    EXPECT_EQ(summary->end, broadcast_end::failed);
    EXPECT_EQ(summary->why->detail, "on_outcome must not throw");
    EXPECT_EQ(summary->sent, 1U);
    EXPECT_EQ(calls, 1);
}

TEST_F(broadcasts, concurrency_bounds_requests_and_targets_in_memory) {
    std::size_t given = 0;
    std::size_t done = 0;
    const broadcast_targets to(
        [&given]() { return given < 300 ? std::optional(group("g" + std::to_string(given++))) : std::nullopt; });
    broadcast_options options;
    options.concurrency = 5;
    options.monitor.emplace();
    options.on_outcome = [&](const broadcast_outcome&) {
        EXPECT_LE(given, ++done + 5) << "targets are taken when they are needed";
        EXPECT_LE(bot.stats().calls, 5U);
        EXPECT_LE(options.monitor->progress().in_flight, 5U);
    };
    EXPECT_EQ(run_broadcast(context, bot, text("hello"), to, options).summary->sent, 300U);
}

TEST_F(broadcasts, a_send_without_a_response_is_looked_up) {
    server.inject(of_sends(action::close_after, 2));
    server.inject(of_sends(action::close_before, 3));
    server.inject(of_sends(action::close_in_response, 4));
    testing::fault down = of_sends(action::response, 5);
    down.status = 503;
    server.inject(down);
    down.nth = 6;
    down.execute = true;
    server.inject(down);
    broadcast_options options;
    options.concurrency = 1;
    const auto end = run_broadcast(context, bot, text("hello"), chats(7), options);
    EXPECT_EQ(end.summary->sent, 5U);
    EXPECT_EQ(end.summary->unknown, 2U);
    EXPECT_EQ(end.summary->lookups, 5U);
    EXPECT_EQ(end.summary->requests, 7U);
    for (const broadcast_outcome& o : end.outcomes) {
        EXPECT_EQ(o.state, o.index == 2 || o.index == 4 ? broadcast_state::unknown : broadcast_state::sent) << o.index;
        EXPECT_EQ(stored(o.target), o.state == broadcast_state::sent ? 1U : 0U);
    }
    EXPECT_EQ(end.outcomes[2].reason, "outcome_unknown");
    EXPECT_EQ(end.outcomes[2].problem->msg_id, end.outcomes[2].msg_id);
    EXPECT_EQ(end.outcomes[4].reason, "server_error");
    EXPECT_EQ(server.duplicates(), 0U);
}

TEST_F(broadcasts, a_failed_look_up_leaves_the_target_unknown) {
    server.inject(of_sends(action::close_before, 1));
    testing::fault no_list;
    no_list.endpoint = "list-message-by-mid-seq";
    no_list.status = 404;
    server.inject(no_list);
    broadcast_options options;
    options.resend_missing = true;
    const auto end = run_broadcast(context, bot, text("hello"), chats(1), options);
    EXPECT_EQ(end.summary->unknown, 1U);
    EXPECT_EQ(end.summary->requests, 1U) << "no look-up has shown that it is missing";
}

TEST_F(broadcasts, a_look_up_that_can_not_be_read_leaves_the_target_unknown) {
    server.inject(of_sends(action::close_after, 1));
    testing::fault odd;
    odd.endpoint = "list-message-by-mid-seq";
    odd.status = 200;
    odd.body = std::string("\x0a\x02\x10\x01\x12\x01\xff", 7); // a success and a message that is none
    server.inject(odd);
    broadcast_options options;
    options.resend_missing = true;
    const auto end = run_broadcast(context, bot, text("hello"), chats(1), options);
    EXPECT_EQ(end.summary->unknown, 1U);
    EXPECT_EQ(end.summary->requests, 1U) << "the message may be the one that can't be read";
    EXPECT_EQ(server.duplicates(), 0U);
}

TEST_F(broadcasts, missing_messages_are_sent_again_with_resend_missing) {
    server.inject(of_sends(action::close_before, 1));
    server.inject(of_sends(action::close_after, 2)); // the second send
    broadcast_options options;
    options.resend_missing = true;
    const auto end = run_broadcast(context, bot, text("hello"), chats(1), options);
    EXPECT_EQ(end.summary->sent, 1U);
    EXPECT_EQ(end.summary->requests, 2U);
    EXPECT_EQ(end.summary->lookups, 2U);
    const auto journal = server.journal();
    ASSERT_GE(journal.size(), 3U);
    for (const auto& e : journal) {
        EXPECT_TRUE(e.msg_id == end.outcomes[0].msg_id || e.msg_id.empty()) << "every send has the same id";
    }

    server.clear_faults();
    server.inject(of_sends(action::close_before));
    const auto never = run_broadcast(context, bot, text("hello"), chats(1), options);
    EXPECT_EQ(never.summary->unknown, 1U);
    EXPECT_EQ(never.summary->requests, 2U) << "sent again once only";
}

TEST_F(broadcasts, a_refusal_is_a_failure) {
    testing::fault no = of_sends(action::response, 2);
    no.status = 400;
    server.inject(no);
    broadcast_options options;
    options.concurrency = 1;
    const auto end = run_broadcast(context, bot, text("hello"), chats(3), options);
    EXPECT_EQ(end.summary->sent, 2U);
    EXPECT_EQ(end.summary->failed, 1U);
    EXPECT_EQ(end.summary->lookups, 0U);
    EXPECT_EQ(end.outcomes[1].reason, "bad_request");
    EXPECT_EQ(end.outcomes[1].problem->http_status, 400);
}

TEST_F(broadcasts, max_consecutive_failures_ends_the_broadcast) {
    testing::fault no = of_sends(action::response);
    no.status = 400;
    server.inject(no);
    broadcast_options options;
    options.concurrency = 1;
    options.max_consecutive_failures = 4;
    const auto end = run_broadcast(context, bot, text("hello"), chats(10), options);
    EXPECT_EQ(end.summary->end, broadcast_end::failed);
    EXPECT_EQ(end.summary->why->code, errc::bad_request);
    EXPECT_EQ(end.summary->why->detail, "4 targets in a row failed (max_consecutive_failures); HTTP status 400");
    EXPECT_EQ(end.summary->done(), 0U) << "what hits them all in the same way is not theirs";
    EXPECT_EQ(server.requests(), 4U);
    options.max_consecutive_failures = 0;
    EXPECT_EQ(run_broadcast(context, bot, text("hello"), chats(50), options).summary->failed, 50U);
}

TEST_F(broadcasts, another_reason_is_the_targets_own) {
    testing::fault no = of_sends(action::response, 1);
    no.status = 404;
    server.inject(no);
    no.nth = 0;
    no.status = 400;
    server.inject(no);
    broadcast_options options;
    options.concurrency = 1;
    options.max_consecutive_failures = 4;
    const auto end = run_broadcast(context, bot, text("hello"), chats(10), options);
    EXPECT_EQ(end.summary->end, broadcast_end::failed);
    EXPECT_EQ(end.summary->why->code, errc::bad_request);
    ASSERT_EQ(end.outcomes.size(), 1U);
    EXPECT_EQ(end.outcomes[0].reason, "unexpected_status");
}

TEST_F(broadcasts, with_token_and_authentication_errors) {
    client_config config = config_for(server);
    config.token = "nobody";
    const client stranger(context, config);
    const auto refused = run_broadcast(context, stranger, text("hello"), chats(100));
    EXPECT_EQ(refused.summary->end, broadcast_end::failed);
    EXPECT_EQ(refused.summary->why->code, errc::not_authenticated);
    EXPECT_EQ(refused.summary->done(), 0U) << "an authentication error is no outcome of a target";
    EXPECT_LE(server.requests(), 32U);

    const client known = stranger.with_token(server.options().token);
    EXPECT_EQ(run_broadcast(context, known, text("hello"), chats(10)).summary->sent, 10U);
}

TEST_F(broadcasts, stopped_by_its_monitor) {
    broadcast_options options;
    options.concurrency = 4;
    options.monitor.emplace();
    options.on_outcome = [&](const broadcast_outcome& o) {
        if (o.index == 20) {
            options.monitor->stop();
        }
    };
    const auto end = run_broadcast(context, bot, text("hello"), chats(1000), options);
    EXPECT_EQ(end.summary->end, broadcast_end::stopped);
    EXPECT_GE(end.summary->sent, 21U - 4U);
    EXPECT_LE(end.summary->sent, 21U + 2 * 4U);
    EXPECT_EQ(end.summary->sent, end.summary->requests) << "targets in flight are completed";
    EXPECT_EQ(end.summary->total, 1000U);
}

TEST_F(broadcasts, a_terminal_cancellation_aborts_targets_in_flight) {
    server.inject(of_sends(action::stall));
    asio::cancellation_signal signal;
    std::optional<result<broadcast_summary>> end;
    broadcast(bot, text("hello"), chats(100), broadcast_options(),
              as_result(asio::bind_cancellation_slot(signal.slot(),
                                                     [&](result<broadcast_summary> r) { end = std::move(r); })));
    ASSERT_TRUE(drive(context, [&] { return server.requests() >= 5; }));
    signal.emit(asio::cancellation_type::terminal);
    ASSERT_TRUE(drive(context, [&] { return end.has_value(); }));
    ASSERT_TRUE(end->has_value());
    EXPECT_EQ((*end)->end, broadcast_end::cancelled);
    EXPECT_EQ((*end)->done(), 0U);
    EXPECT_EQ((*end)->requests, 32U);
}

TEST_F(broadcasts, a_total_cancellation_completes_targets_in_flight) {
    asio::cancellation_signal signal;
    std::optional<result<broadcast_summary>> end;
    broadcast_options options;
    std::size_t outcomes = 0;
    options.on_outcome = [&](const broadcast_outcome&) {
        if (++outcomes == 10) {
            signal.emit(asio::cancellation_type::total);
        }
    };
    broadcast(bot, text("hello"), chats(5000), options,
              as_result(asio::bind_cancellation_slot(signal.slot(),
                                                     [&](result<broadcast_summary> r) { end = std::move(r); })));
    ASSERT_TRUE(drive(context, [&] { return end.has_value(); }));
    EXPECT_EQ((*end)->end, broadcast_end::cancelled);
    EXPECT_EQ((*end)->sent, (*end)->requests);
    EXPECT_LT((*end)->sent, 5000U);
}

TEST_F(broadcasts, every_completion_token) {
    const auto all = chats(3);
    run(context, [&]() -> asio::awaitable<void> {
        auto summary = co_await broadcast(bot, text("one"), all, broadcast_options());
        EXPECT_EQ(summary.sent, 3U);
        auto r = co_await broadcast(bot, text("two"), all, broadcast_options(), as_result);
        EXPECT_EQ(r->sent, 3U);
        auto refused = co_await broadcast(bot, text(""), all, broadcast_options(), as_result);
        EXPECT_EQ(refused.error().code, errc::invalid_request);
        bool thrown = false;
        try {
            co_await broadcast(bot, text(""), all, broadcast_options());
        } catch (const error& e) {
            thrown = e.code() == errc::invalid_request;
        }
        EXPECT_TRUE(thrown);
    });
    auto future = broadcast(bot, text("three"), all, broadcast_options(), asio::use_future);
    ASSERT_TRUE(drive(context, [&] { return future.wait_for(0s) == std::future_status::ready; }));
    EXPECT_EQ(future.get().sent, 3U);
    auto refused = broadcast(bot, text(""), all, broadcast_options(), asio::use_future);
    ASSERT_TRUE(drive(context, [&] { return refused.wait_for(0s) == std::future_status::ready; }));
    try {
        refused.get();
        ADD_FAILURE() << "it must throw";
    } catch (const error& e) {
        EXPECT_EQ(e.info().detail, "content.text must not be empty");
    }
    EXPECT_EQ(stored(all[0]), 3U);
}

TEST_F(broadcasts, the_context_may_be_destroyed_first) {
    server.inject(of_sends(action::stall));
    auto other = std::make_unique<asio::io_context>();
    const auto alive = std::make_shared<int>();
    {
        const client short_lived(*other, config_for(server));
        broadcast(short_lived, text("hello"), chats(100), broadcast_options(),
                  [alive](error_code, const broadcast_summary&) {});
    }
    ASSERT_TRUE(drive(*other, [&] { return server.requests() >= 5; })) << "a broadcast keeps its client alive";
    other.reset();
    EXPECT_EQ(alive.use_count(), 1);
}

TEST_F(broadcasts, obeys_the_rate_limit) {
    client_config config = config_for(server);
    config.rate_limits.emplace_back(endpoints::send_message, 500, 2);
    const client limited(context, config);
    const auto end = run_broadcast(context, limited, text("hello"), chats(102));
    EXPECT_EQ(end.summary->sent, 102U);
    EXPECT_GE(end.summary->elapsed, 200ms) << "100 of them had to wait for a token";
}

TEST_F(broadcasts, a_timeout_in_the_queue_is_no_failure) {
    client_config config = config_for(server);
    config.rate_limits.emplace_back(endpoints::send_message, 20);
    client limited(context, config);
    run(context, [&]() -> asio::awaitable<void> { co_await limited.async_warm_up(1); });
    broadcast_options options;
    options.call.timeout = 300ms; // most have to wait longer
    const auto end = run_broadcast(context, limited, text("hello"), chats(16), options);
    EXPECT_EQ(end.summary->failed, 0U);
    EXPECT_EQ(end.summary->done(), 16U);
    EXPECT_GT(end.summary->requests, 16U) << "targets that timed out in the queue are tried again";
    for (const broadcast_outcome& o : end.outcomes) {
        EXPECT_LE(stored(o.target), 1U);
    }
}

} // namespace
} // namespace yunhu::test
