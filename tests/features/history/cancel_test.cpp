// Copyright (c) 2026 The yunhu authors
// SPDX-License-Identifier: BSL-1.0

#include "features/history/support.hpp"

#include "support/strict_emulator.hpp"

#include <boost/asio/bind_cancellation_slot.hpp>
#include <boost/asio/cancellation_signal.hpp>
#include <boost/asio/detached.hpp>
#include <boost/asio/error.hpp>
#include <boost/asio/experimental/awaitable_operators.hpp>
#include <boost/asio/post.hpp>
#include <boost/asio/strand.hpp>
#include <boost/asio/thread_pool.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <boost/asio/use_future.hpp>

#include <gtest/gtest.h>

#include <future>
#include <memory>
#include <optional>

// An iteration may be cancelled or destroyed at any moment.
namespace yunhu::test {
namespace {

/// Posts to the executor `count` times.
asio::awaitable<void> posts(int count) {
    for (int i = 0; i < count; ++i) {
        co_await asio::post(asio::use_awaitable);
    }
}

TEST(iteration_cancel, cancelled_at_every_step_without_a_lost_or_repeated_message) {
    yunhu::test::strict_emulator server;
    fill(server, 12);
    asio::io_context context;
    client bot(context, config_for(server));
    int cancelled = 0;
    for (int count = 0; count < 40; ++count) {
        for (const history_order order : {history_order::newest_first, history_order::oldest_first}) {
            run(context, [&]() -> asio::awaitable<void> {
                using namespace asio::experimental::awaitable_operators;
                history iteration(bot, big, paged(3, order));
                std::vector<std::uint64_t> got;
                int limit = count; // doubled after a cancellation, so that the test ends
                for (;;) {
                    const auto next = co_await (iteration.next() || posts(limit));
                    limit = limit * 2 + 1;
                    if (next.index() == 1) {
                        ++cancelled;
                        continue;
                    }
                    const std::optional<message>& m = std::get<0>(next);
                    if (!m) {
                        break;
                    }
                    got.push_back(m->msg_seq);
                    limit = count;
                }
                EXPECT_EQ(got, order == history_order::newest_first ? range(12, 1) : range(1, 12)) << count;
            });
        }
    }
    EXPECT_GT(cancelled, 0);
}

TEST(iteration_cancel, next_is_aborted_and_its_request_continues) {
    yunhu::test::strict_emulator server;
    fill(server, 2);
    server.inject(strike(testing::fault::action::stall, "list-message", 1));
    asio::io_context context;
    client_config config = config_for(server);
    client bot(context, config);
    history iteration(bot, big);
    for (const auto type :
         {asio::cancellation_type::terminal, asio::cancellation_type::partial, asio::cancellation_type::total}) {
        asio::cancellation_signal signal;
        std::optional<error_code> code;
        const auto wait = [&]() -> asio::awaitable<void> {
            co_await asio::this_coro::reset_cancellation_state(asio::enable_total_cancellation());
            const result<optional_result<message>> next = co_await iteration.next(as_result);
            code = next.has_error() ? next.error().code : error_code();
        };
        asio::co_spawn(context, wait, asio::bind_cancellation_slot(signal.slot(), asio::detached));
        ASSERT_TRUE(drive(context, [&] { return server.requests() == 1; }));
        context.poll();
        EXPECT_FALSE(code);
        signal.emit(type);
        ASSERT_TRUE(drive(context, [&] { return code.has_value(); }));
        EXPECT_EQ(*code, asio::error::operation_aborted);
    }
    EXPECT_EQ(server.requests(), 1U) << "no second request is sent";
}

TEST(iteration_cancel, destroyed_with_a_request_in_flight) {
    yunhu::test::strict_emulator server;
    fill(server, 20);
    asio::io_context context;
    client bot(context, config_for(server));
    for (const int late : {0, 1}) {
        auto iteration = std::make_unique<history>(bot, big, paged(3));
        if (late == 1) { // the prefetched page stalls
            run(context, [&]() -> asio::awaitable<void> { (void)co_await take(*iteration, 1); });
            ASSERT_TRUE(drive(context, [&] { return bot.stats().calls == 0; }));
            run(context, [&]() -> asio::awaitable<void> { (void)co_await take(*iteration, 1); });
        }
        server.inject(strike(testing::fault::action::stall, "list-message"));
        std::optional<error_code> code;
        const auto wait = [&]() -> asio::awaitable<void> {
            for (;;) {
                const result<optional_result<message>> next = co_await iteration->next(as_result);
                if (next.has_error()) {
                    code = next.error().code;
                    co_return;
                }
            }
        };
        asio::co_spawn(context, wait, asio::detached);
        ASSERT_TRUE(drive(context, [&] {
            const auto all = server.journal();
            return !all.empty() && all.back().applied_fault.has_value();
        }));
        context.poll();
        EXPECT_FALSE(code);
        iteration.reset();
        ASSERT_TRUE(drive(context, [&] { return code.has_value(); }));
        EXPECT_EQ(*code, asio::error::operation_aborted);
        ASSERT_TRUE(drive(context, [&] { return bot.stats().calls == 0; })) << "the request was cancelled";
        server.clear_faults();
        server.clear_journal();
    }
}

TEST(iteration_cancel, the_context_may_be_destroyed_with_a_waiting_iteration) {
    yunhu::test::strict_emulator server;
    server.inject(strike(testing::fault::action::stall, "list-message"));
    bool ended = false;
    {
        asio::io_context context;
        client bot(context, config_for(server));
        asio::co_spawn(
            context,
            [bot, &ended]() -> asio::awaitable<void> { // owns the iteration, that the client, that the request
                history iteration(bot, big);
                (void)co_await iteration.next();
                ended = true;
            },
            asio::detached);
        ASSERT_TRUE(drive(context, [&] { return server.requests() == 1; }));
    } // LeakSanitizer reports leaks
    EXPECT_FALSE(ended);
}

TEST(iteration_cancel, a_moved_iteration_continues) {
    yunhu::test::strict_emulator server;
    fill(server, 8);
    asio::io_context context;
    client bot(context, config_for(server));
    run(context, [&]() -> asio::awaitable<void> {
        history first(bot, big, paged(3));
        (void)co_await first.next();
        history second = std::move(first);
        const auto rest = co_await take(second, 3);
        EXPECT_EQ(rest, range(7, 5));
        second = history(bot, big, paged(2));
        const auto all = co_await take(second);
        EXPECT_EQ(all, range(8, 1));
    });
}

TEST(iteration_cancel, the_client_may_be_shut_down) {
    yunhu::test::strict_emulator server;
    fill(server, 8);
    asio::io_context context;
    client bot(context, config_for(server));
    run(context, [&]() -> asio::awaitable<void> {
        history_options options = paged(3);
        options.prefetch = false;
        history iteration(bot, big, options);
        (void)co_await take(iteration, 3);
        (void)co_await bot.async_shutdown(std::chrono::seconds(1), asio::use_awaitable);
        const result<optional_result<message>> next = co_await iteration.next(as_result);
        EXPECT_TRUE(next.has_error() && next.error().code == errc::client_closed);
    });
}

TEST(iteration_cancel, iterations_on_threads_resumed_anywhere) {
    yunhu::test::strict_emulator server;
    fill(server, 60);
    asio::thread_pool threads(3);
    client bot(threads, config_for(server));
    std::vector<std::future<std::vector<std::uint64_t>>> iterations;
    for (std::size_t i = 0; i < 24; ++i) { // without strands: a single coroutine needs none
        const auto broken_off = [bot, i]() -> asio::awaitable<std::vector<std::uint64_t>> {
            history_options options = paged(1 + i % 7);
            std::vector<std::uint64_t> got;
            do {
                history iteration(bot, big, options);
                const auto part = co_await take(iteration, 1 + i);
                got.insert(got.end(), part.begin(), part.end());
                options.cursor = iteration.cursor();
                if (part.empty()) {
                    break;
                }
            } while (got.size() < 60);
            co_return got;
        };
        iterations.push_back(asio::co_spawn(threads, broken_off, asio::use_future));
    }
    for (auto& each : iterations) {
        EXPECT_EQ(each.get(), range(60, 1));
    }
}

} // namespace
} // namespace yunhu::test
