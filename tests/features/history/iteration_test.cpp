// Copyright (c) 2026 The yunhu authors
// SPDX-License-Identifier: BSL-1.0

#include "features/history/support.hpp"

#include "support/strict_emulator.hpp"

#include <boost/asio/post.hpp>
#include <boost/asio/use_awaitable.hpp>

#include <gtest/gtest.h>

#include <algorithm>

// Iterations against the emulator.
namespace yunhu::test {
namespace {

struct iterations : public ::testing::Test {
    yunhu::test::strict_emulator server;
    asio::io_context context;
    client bot{context, config_for(server)};
};

using numbers = std::vector<std::uint64_t>;

TEST_F(iterations, an_empty_chat_one_page_and_exact_multiples) {
    run(context, [&]() -> asio::awaitable<void> {
        for (std::uint64_t size = 0; size <= 6; ++size) {
            for (const bool prefetch : {false, true}) {
                history_options options = paged(3);
                options.prefetch = prefetch;
                history down(bot, big, options);
                const numbers got = co_await take(down);
                EXPECT_EQ(got, size == 0 ? numbers() : range(size, 1));
                options.order = history_order::oldest_first;
                history up(bot, big, options);
                const numbers got_up = co_await take(up);
                EXPECT_EQ(got_up, size == 0 ? numbers() : range(1, size));
                const auto beyond = co_await down.next();
                EXPECT_FALSE(beyond) << "the end is final";
            }
            server.deliver(big, own("m"));
        }
    });
}

TEST_F(iterations, messages_are_delivered_unchanged) {
    const message sent = server.deliver(big, own("hello"));
    run(context, [&]() -> asio::awaitable<void> {
        history iteration(bot, big);
        EXPECT_TRUE(iteration.cursor().empty());
        const auto got = co_await iteration.next();
        EXPECT_TRUE(got && got->msg_id == sent.msg_id && got->content->text == "hello");
        EXPECT_EQ(iteration.cursor(), history_cursor(1, sent.msg_id));
    });
}

TEST_F(iterations, resumed_anywhere_from_a_stored_cursor) {
    fill(server, 23);
    run(context, [&]() -> asio::awaitable<void> {
        for (const history_order order : {history_order::newest_first, history_order::oldest_first}) {
            for (std::size_t broken_off = 0; broken_off <= 23; ++broken_off) {
                history_options options = paged(4, order);
                numbers got;
                {
                    history iteration(bot, big, options);
                    got = co_await take(iteration, broken_off);
                    const auto stored = history_cursor::from_string(to_string(iteration.cursor()));
                    EXPECT_TRUE(stored);
                    options.cursor = stored.value_or(history_cursor());
                }
                history iteration(bot, big, options);
                const numbers rest = co_await take(iteration);
                got.insert(got.end(), rest.begin(), rest.end());
                EXPECT_EQ(got, order == history_order::newest_first ? range(23, 1) : range(1, 23)) << broken_off;
            }
        }
    });
}

TEST_F(iterations, since_a_number_and_later_arrivals) {
    fill(server, 20);
    run(context, [&]() -> asio::awaitable<void> {
        history_options options = paged(4);
        options.since = 7;
        history down(bot, big, options);
        const numbers got = co_await take(down);
        EXPECT_EQ(got, range(20, 8));
        options.order = history_order::oldest_first;
        history up(bot, big, options);
        numbers unread = co_await take(up);
        EXPECT_EQ(unread, range(8, 20));
        fill(server, 2);
        unread = co_await take(up);
        EXPECT_EQ(unread, range(21, 22)) << "the same iteration continues";
    });
}

TEST_F(iterations, oldest_first_includes_arrivals) {
    fill(server, 12);
    run(context, [&]() -> asio::awaitable<void> {
        history iteration(bot, big, paged(3, history_order::oldest_first));
        numbers got;
        for (int i = 0; i < 20; ++i) {
            const numbers next = co_await take(iteration, 1);
            got.insert(got.end(), next.begin(), next.end());
            if (i < 10) {
                server.deliver(big, own("later"));
            }
        }
        const numbers rest = co_await take(iteration);
        got.insert(got.end(), rest.begin(), rest.end());
        EXPECT_EQ(got, range(1, 22));
    });
}

TEST_F(iterations, a_recalled_or_deleted_cursor_leaves_no_gap) {
    for (const int how : {0, 1, 2}) {
        for (const bool prefetch : {false, true}) {
            yunhu::test::strict_emulator other;
            client reader(context, config_for(other));
            fill(other, 30);
            const std::vector<message> all = other.messages(big);
            run(context, [&]() -> asio::awaitable<void> {
                history_options options = paged(5);
                options.prefetch = prefetch;
                history iteration(reader, big, options);
                numbers got;
                for (;;) {
                    const numbers next = co_await take(iteration, 1);
                    if (next.empty()) {
                        break;
                    }
                    got.push_back(next.front());
                    const message& gone = all[next.front() - 1]; // just delivered: on no later page
                    if (how == 0) {
                        other.erase(big, gone.msg_id);
                    } else if (how == 1) {
                        co_await reader.recall_msg({big, gone.msg_id});
                    } else {
                        co_await reader.delete_msg({big, gone.msg_id});
                    }
                }
                EXPECT_EQ(got, range(30, 1)) << how << prefetch;
                options.cursor = history_cursor(16, all[15].msg_id); // it may be deleted
                history resumed(reader, big, options);
                const numbers again = co_await take(resumed);
                EXPECT_EQ(again, how == 1 ? range(15, 1) : numbers());
            });
        }
    }
}

TEST_F(iterations, recalled_messages_are_delivered_as_the_server_lists_them) {
    fill(server, 3);
    const std::string id = server.messages(big)[1].msg_id;
    run(context, [&]() -> asio::awaitable<void> {
        co_await bot.recall_msg({big, id});
        history iteration(bot, big);
        (void)co_await iteration.next();
        const auto recalled = co_await iteration.next();
        EXPECT_TRUE(recalled && recalled->msg_id == id && recalled->msg_delete_time > 0);
    });
}

TEST_F(iterations, transient_faults_are_retried) {
    fill(server, 40);
    testing::fault f = strike(testing::fault::action::response, "list-message");
    f.status = 503;
    f.probability = 0.4;
    server.inject(f);
    client_config config = config_for(server);
    config.retry.max_attempts = 50;
    config.retry.budget_per_second = 1e6;
    config.retry.base = config.retry.cap = std::chrono::milliseconds(1);
    client stubborn(context, config);
    run(context, [&]() -> asio::awaitable<void> {
        history iteration(stubborn, big, paged(4));
        const numbers got = co_await take(iteration);
        EXPECT_EQ(got, range(40, 1));
    });
}

TEST_F(iterations, broken_connections_lose_no_message_when_next_is_repeated) {
    fill(server, 60);
    for (const auto what : {testing::fault::action::close_before, testing::fault::action::close_after,
                            testing::fault::action::close_in_response, testing::fault::action::reset}) {
        testing::fault f = strike(what, "list-message");
        f.probability = 0.15;
        server.inject(f);
    }
    run(context, [&]() -> asio::awaitable<void> {
        for (const history_order order : {history_order::newest_first, history_order::oldest_first}) {
            history iteration(bot, big, paged(2, order));
            numbers got;
            for (;;) {
                const result<optional_result<message>> next = co_await iteration.next(as_result);
                if (next.has_error()) {
                    continue;
                }
                if (!*next) {
                    break;
                }
                got.push_back((*next)->msg_seq);
            }
            EXPECT_EQ(got, order == history_order::newest_first ? range(60, 1) : range(1, 60));
        }
    });
}

TEST_F(iterations, a_failed_next_can_be_called_again) {
    fill(server, 10);
    run(context, [&]() -> asio::awaitable<void> {
        history_options options = paged(3);
        options.call.max_attempts = 1;
        history iteration(bot, big, options);
        numbers got = co_await take(iteration, 3);
        server.inject(strike(testing::fault::action::response, "list-message", 3)); // the prefetch may take one
        int failures = 0;
        for (;;) {
            result<optional_result<message>> next = co_await iteration.next(as_result);
            if (!next) {
                EXPECT_EQ(next.error().code, errc::server_error);
                EXPECT_EQ(next.error().endpoint, "list-message");
                ++failures;
                continue;
            }
            if (!*next) {
                break;
            }
            got.push_back((*next)->msg_seq);
        }
        EXPECT_GE(failures, 2);
        EXPECT_EQ(got, range(10, 1));
    });
}

TEST_F(iterations, a_refusal_and_invalid_options_are_thrown) {
    run(context, [&]() -> asio::awaitable<void> {
        history pages_of_nothing(bot, big, paged(0));
        const result<optional_result<message>> none = co_await pages_of_nothing.next(as_result);
        EXPECT_EQ(none.error().code, errc::invalid_request);
        client_config wrong = config_for(server);
        wrong.token = secret("wrong");
        client stranger(context, wrong);
        history iteration(stranger, big);
        try {
            (void)co_await iteration.next();
            ADD_FAILURE() << "no error";
        } catch (const error& e) {
            EXPECT_EQ(e.code(), errc::not_authenticated);
        }
    });
    EXPECT_EQ(server.requests(), 1U);
}

TEST_F(iterations, prefetch_requests_while_the_caller_works) {
    fill(server, 9);
    run(context, [&]() -> asio::awaitable<void> {
        history_options options = paged(3);
        history ahead(bot, big, options);
        (void)co_await ahead.next();
        while (server.requests() < 2) { // before the caller needs the second page
            co_await asio::post(asio::use_awaitable);
        }
        options.prefetch = false;
        server.clear_journal();
        history alone(bot, big, options);
        (void)co_await take(alone, 3);
        EXPECT_LE(server.journal().size(), 2U); // its own, and maybe the prefetched one
        const numbers rest = co_await take(ahead);
        EXPECT_EQ(rest, range(8, 1));
    });
}

} // namespace
} // namespace yunhu::test
