// Copyright (c) 2026 The yunhu authors
// SPDX-License-Identifier: BSL-1.0

#include "features/history/support.hpp"

#include "support/strict_emulator.hpp"

#include <yunhu/confirm.hpp>

#include <boost/asio/as_tuple.hpp>
#include <boost/asio/bind_cancellation_slot.hpp>
#include <boost/asio/bind_executor.hpp>
#include <boost/asio/cancellation_signal.hpp>
#include <boost/asio/consign.hpp>
#include <boost/asio/deferred.hpp>
#include <boost/asio/error.hpp>
#include <boost/asio/thread_pool.hpp>
#include <boost/asio/use_future.hpp>

#include <gtest/gtest.h>

#include <chrono>
#include <future>
#include <memory>
#include <optional>
#include <thread>

namespace yunhu::test {
namespace {

// Operations of several calls take any token, with one completion signature, as a call does.
class feature_tokens : public ::testing::Test {
protected:
    feature_tokens() : bot(context, config_for(server)) { fill(server, 5); }

    static testing::fault stalled(std::string endpoint) {
        return strike(testing::fault::action::stall, std::move(endpoint));
    }

    asio::io_context context;
    yunhu::test::strict_emulator server;
    client bot;
};

TEST_F(feature_tokens, callback) {
    history messages(bot, big, paged(2));
    std::vector<std::uint64_t> seqs;
    bool ended = false;
    std::function<void()> request_next = [&] {
        messages.next([&](error_code ec, optional_result<message> m) {
            EXPECT_FALSE(ec);
            if (m) {
                seqs.push_back(m->msg_seq);
                request_next();
            } else {
                ended = true;
            }
        });
    };
    request_next();
    EXPECT_TRUE(seqs.empty()) << "never from inside the function";
    ASSERT_TRUE(drive(context, [&] { return ended; }));
    EXPECT_EQ(seqs, range(5, 1));
}

TEST_F(feature_tokens, a_failure_has_its_details) {
    std::optional<failure> seen;
    find_message(bot, big, "", [&](error_code ec, optional_result<message> m) { seen.emplace(ec, std::move(m)); });
    ASSERT_TRUE(drive(context, [&] { return seen.has_value(); }));
    EXPECT_EQ(seen->code, errc::invalid_request);
    EXPECT_EQ(seen->endpoint, "list-message-by-mid-seq");
    EXPECT_FALSE(seen->detail.empty());
    auto future = find_message(bot, big, "", asio::use_future);
    ASSERT_TRUE(drive(context, [&] { return future.wait_for(std::chrono::seconds(0)) == std::future_status::ready; }));
    try {
        future.get();
        ADD_FAILURE() << "it must throw";
    } catch (const error& e) {
        EXPECT_EQ(e.info().detail, seen->detail);
    }
    run(context, [&]() -> asio::awaitable<void> {
        try {
            co_await find_message(bot, big, "", asio::consign(asio::use_awaitable, std::string("kept")));
            ADD_FAILURE() << "it must throw";
        } catch (const error& e) {
            EXPECT_EQ(e.info().detail, seen->detail);
        }
        auto tuple = co_await find_message(bot, big, "", asio::as_tuple(asio::use_awaitable));
        EXPECT_EQ(std::get<0>(tuple), errc::invalid_request);
        auto r = co_await find_message(bot, big, "", asio::consign(as_result, 1));
        EXPECT_EQ(r.error().detail, seen->detail);
    });
}

TEST_F(feature_tokens, deferred_operations_are_lazy_and_may_start_again) {
    const auto found = find_message(bot, big, server.messages(big).front().msg_id, asio::deferred);
    auto never = confirm_sent(bot, big, "id", asio::deferred);
    context.poll();
    EXPECT_EQ(server.requests(), 0U);
    run(context, [&]() -> asio::awaitable<void> {
        auto copy = found;
        auto first = co_await found(as_result);
        auto second = co_await copy(asio::use_awaitable);
        EXPECT_TRUE(first->has_value() && second.has_value());
    });
    EXPECT_EQ(server.requests(), 2U);
}

TEST_F(feature_tokens, cancelled_by_its_slot) {
    using asio::cancellation_type;
    for (const auto type : {cancellation_type::terminal, cancellation_type::partial, cancellation_type::total}) {
        server.inject(stalled("list-message"));
        history messages(bot, big);
        asio::cancellation_signal signal;
        std::optional<error_code> ended;
        messages.next(
            asio::bind_cancellation_slot(signal.slot(), [&](error_code ec, optional_result<message>) { ended = ec; }));
        const std::size_t before = server.requests();
        ASSERT_TRUE(drive(context, [&] { return server.requests() > before; }));
        EXPECT_FALSE(ended);
        signal.emit(type);
        ASSERT_TRUE(drive(context, [&] { return ended.has_value(); }));
        EXPECT_EQ(*ended, asio::error::operation_aborted);
        server.clear_faults();
    }
}

TEST_F(feature_tokens, a_cancelled_confirmation_completes_with_its_knowledge) {
    asio::cancellation_signal signal;
    std::optional<confirmation> known;
    confirm_sent(bot, big, "never-sent", confirm_options(2, std::chrono::hours(1)),
                 asio::bind_cancellation_slot(signal.slot(), [&](error_code ec, confirmation c) {
                     EXPECT_FALSE(ec);
                     known = std::move(c);
                 }));
    ASSERT_TRUE(drive(context, [&] { return bot.stats().calls_ended == 1; }));
    context.poll();
    signal.emit(asio::cancellation_type::total);
    ASSERT_TRUE(drive(context, [&] { return known.has_value(); }));
    EXPECT_EQ(known->outcome, arrival::still_unknown);
    EXPECT_EQ(known->lookups, 1U);
}

TEST_F(feature_tokens, a_send_by_callback) {
    std::optional<confirmed_send> end;
    send_confirmed(bot, {big, text("hello"), "the-id"}, [&](error_code ec, confirmed_send sent) {
        EXPECT_FALSE(ec);
        end = std::move(sent);
    });
    ASSERT_TRUE(drive(context, [&] { return end.has_value(); }));
    EXPECT_EQ(end->outcome, arrival::sent);
    EXPECT_EQ(end->msg_id, "the-id");
    EXPECT_EQ(end->http_status, 200);
    std::optional<error_code> refused;
    send_confirmed(bot, {big, text("hello")}, confirm_options(0, std::chrono::seconds(0)),
                   [&](error_code ec, const confirmed_send&) { refused = ec; });
    ASSERT_TRUE(drive(context, [&] { return refused.has_value(); }));
    EXPECT_EQ(*refused, errc::invalid_request);
}

TEST_F(feature_tokens, the_handler_runs_on_its_own_executor) {
    asio::thread_pool pool(1);
    std::promise<std::thread::id> id;
    pictures all(bot, big);
    all.next(asio::bind_executor(
        pool, [&](error_code, const optional_result<message>&) { id.set_value(std::this_thread::get_id()); }));
    auto ran_on = id.get_future();
    ASSERT_TRUE(drive(context, [&] { return ran_on.wait_for(std::chrono::seconds(0)) == std::future_status::ready; }));
    EXPECT_NE(ran_on.get(), std::this_thread::get_id());
    pool.join();
}

TEST_F(feature_tokens, the_context_may_be_destroyed_first) {
    auto other = std::make_unique<asio::io_context>();
    const auto alive = std::make_shared<int>();
    server.inject(stalled("list-message"));
    {
        const client short_lived(*other, config_for(server));
        history messages(short_lived, big);
        messages.next([alive](error_code, const optional_result<message>&) {});
        const std::size_t before = server.requests();
        ASSERT_TRUE(drive(*other, [&] { return server.requests() > before; }));
    } // the operation outlives the client and the iteration, not the context
    other.reset();
    EXPECT_EQ(alive.use_count(), 1);
}

static_assert(!detail::call_token<void (*)(error_code, message), optional_result<message>>);

} // namespace
} // namespace yunhu::test
