// Copyright (c) 2026 The yunhu authors
// SPDX-License-Identifier: BSL-1.0

#include "runtime/support.hpp"

#include "support/strict_emulator.hpp"

#include <boost/asio/as_tuple.hpp>
#include <boost/asio/bind_cancellation_slot.hpp>
#include <boost/asio/bind_executor.hpp>
#include <boost/asio/cancellation_signal.hpp>
#include <boost/asio/consign.hpp>
#include <boost/asio/deferred.hpp>
#include <boost/asio/experimental/awaitable_operators.hpp>
#include <boost/asio/redirect_error.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/asio/strand.hpp>
#include <boost/asio/thread_pool.hpp>
#include <boost/asio/use_future.hpp>

#include <gtest/gtest.h>

#include <future>
#include <memory>
#include <string>
#include <thread>
#include <tuple>
#include <variant>
#include <vector>

// All forms of a call, as in the README: each reports the complete failure.
namespace yunhu::test {
namespace {

class call_forms : public ::testing::Test {
protected:
    yunhu::test::strict_emulator server;
    asio::io_context context;
    client bot{context, config_for(server)};
    const chat big = group("big");
    const recall_msg_request unknown{big, "no-such-message"};

    void expect_refused(const call_info& info) {
        EXPECT_EQ(info.endpoint, "recall-msg");
        EXPECT_EQ(info.msg_id, "no-such-message");
        EXPECT_EQ(info.delivery, delivery::answered);
        EXPECT_EQ(info.http_status, 200);
        EXPECT_EQ(info.api_code, -1);
        EXPECT_FALSE(info.api_msg.empty());
        EXPECT_GT(info.request_id, 0U);
        EXPECT_EQ(info.attempts, 1U);
    }
};

TEST_F(call_forms, plain_co_await_gives_the_value) {
    run(context, [this]() -> asio::awaitable<void> {
        auto sent = co_await bot.send_message({group("big"), text("hello")});
        EXPECT_EQ(sent.msg_id.size(), 32U);
        EXPECT_EQ(sent.api_code, 1);
        EXPECT_EQ(sent.api_msg, "success");
        EXPECT_EQ(sent.delivery, delivery::answered);
        auto page = co_await bot.list_message({group("big"), 30});
        EXPECT_EQ(page.messages.size(), 1U);
        EXPECT_NE(page.find(sent.msg_id), nullptr);
        co_await bot.recall_msg({group("big"), sent.msg_id});
    });
}

TEST_F(call_forms, plain_co_await_throws_the_complete_failure) {
    run(context, [this]() -> asio::awaitable<void> {
        try {
            co_await bot.recall_msg(unknown);
            ADD_FAILURE() << "it did not throw";
        } catch (const error& e) {
            EXPECT_EQ(e.code(), errc::refused);
            expect_refused(e.info());
            EXPECT_EQ(std::string(e.what()).find(e.info().api_msg), std::string::npos) << "the server's text";
        }
    });
}

TEST_F(call_forms, as_result_does_not_throw) {
    run(context, [this]() -> asio::awaitable<void> {
        auto refused = co_await bot.recall_msg(unknown, as_result);
        EXPECT_TRUE(refused.has_error());
        EXPECT_EQ(refused.error().code, errc::refused);
        expect_refused(refused.error());
        EXPECT_THROW((void)refused.value(), error);
        auto sent = co_await bot.send_message({big, text("hello")}, as_result);
        EXPECT_TRUE(sent.has_value());
        EXPECT_EQ(sent->msg_id.size(), 32U);
    });
}

TEST_F(call_forms, options_go_between_request_and_token) {
    run(context, [this]() -> asio::awaitable<void> {
        call_options options;
        options.timeout = std::chrono::seconds(20);
        options.max_attempts = 1;
        auto refused = co_await bot.recall_msg(unknown, options, as_result);
        expect_refused(refused.error());
        auto sent = co_await bot.send_message({big, text("hello")}, options);
        EXPECT_EQ(sent.attempts, 1U);
    });
}

TEST_F(call_forms, as_tuple) {
    run(context, [this]() -> asio::awaitable<void> {
        auto r = co_await bot.recall_msg(unknown, asio::as_tuple(asio::use_awaitable));
        auto& [ec, info] = r;
        EXPECT_EQ(ec, errc::refused);
        expect_refused(info);
    });
}

TEST_F(call_forms, redirect_error) {
    run(context, [this]() -> asio::awaitable<void> {
        error_code ec;
        auto info = co_await bot.recall_msg(unknown, asio::redirect_error(asio::use_awaitable, ec));
        EXPECT_EQ(ec, errc::refused);
        expect_refused(info);
    });
}

TEST_F(call_forms, deferred) {
    run(context, [this]() -> asio::awaitable<void> {
        auto later = bot.recall_msg(unknown, asio::deferred);
        auto r = co_await std::move(later)(as_result);
        expect_refused(r.error());
        auto as_is = bot.recall_msg(unknown, asio::deferred);
        try {
            co_await std::move(as_is);
            ADD_FAILURE() << "it did not throw";
        } catch (const boost::system::system_error& e) {
            EXPECT_EQ(e.code(), errc::refused);
        }
        auto thrown = bot.recall_msg(unknown, asio::deferred);
        try {
            co_await std::move(thrown)(asio::use_awaitable);
            ADD_FAILURE() << "it did not throw";
        } catch (const error& e) {
            expect_refused(e.info());
        }
    });
}

TEST_F(call_forms, an_unstarted_deferred_call_sends_nothing) {
    {
        auto never = bot.send_message({big, text("hello")}, asio::deferred);
        auto copy = never;
    }
    run(context, [this]() -> asio::awaitable<void> {
        auto page = co_await bot.list_message({big, 1});
        EXPECT_TRUE(page.messages.empty());
    });
    EXPECT_EQ(server.requests(), 1U) << "only the list-message request";
}

TEST_F(call_forms, a_copied_deferred_call_can_be_started_repeatedly) {
    const auto list = bot.list_message({big, 1}, asio::deferred);
    auto copy = list;
    run(context, [&]() -> asio::awaitable<void> {
        auto first = co_await list(as_result);
        auto second = co_await copy(as_result);
        auto third = co_await std::move(copy)(as_result);
        EXPECT_TRUE(first.has_value() && second.has_value() && third.has_value());
    });
    int ended = 0;
    const auto count = [&](error_code ec, message_page) {
        EXPECT_FALSE(ec);
        ++ended;
    };
    list(count);
    list(count); // both concurrently
    ASSERT_TRUE(drive(context, [&] { return ended == 2; }));
    EXPECT_EQ(server.requests(), 5U);
}

TEST_F(call_forms, a_deferred_call_encodes_when_it_starts) {
    server.serve("/v1/msg/echo", [](std::string_view) { return std::string(R"({"code":1,"msg":"success"})"); });
    int encoded = 0;
    const endpoint<std::string, int> counted(
        endpoint_info("/v1/msg/echo", wire_format::json, retry_class::safe),
        [&](const std::string& s) {
            ++encoded;
            return s;
        },
        [](std::string_view) { return 1; });
    auto later = bot.call(counted, std::string("a"), asio::deferred);
    auto awaited = bot.call(counted, std::string("a"));
    EXPECT_EQ(encoded, 0);
    run(context, [&]() -> asio::awaitable<void> {
        co_await later(as_result);
        co_await std::move(awaited);
    });
    EXPECT_EQ(encoded, 2);
}

TEST_F(call_forms, a_call_that_starts_after_the_last_handle_ends_with_client_closed) {
    auto only = std::make_unique<client>(context, config_for(server));
    auto later = only->send_message({big, text("hello")}, asio::deferred);
    auto awaited = only->send_message({big, text("hello")}, as_result);
    only.reset();
    run(context, [&]() -> asio::awaitable<void> {
        auto first = co_await std::move(later)(as_result);
        EXPECT_EQ(first.error().code, errc::client_closed);
        EXPECT_EQ(first.error().delivery, delivery::not_sent);
        auto second = co_await std::move(awaited);
        EXPECT_EQ(second.error().code, errc::client_closed);
    });
    EXPECT_EQ(server.requests(), 0U);
}

TEST_F(call_forms, adapters_around_the_default_token_keep_the_whole_failure) {
    run(context, [this]() -> asio::awaitable<void> {
        asio::cancellation_signal signal;
        const auto throws = [this](asio::awaitable<acknowledged> call) -> asio::awaitable<void> {
            try {
                co_await std::move(call);
                ADD_FAILURE() << "it did not throw";
            } catch (const error& e) {
                EXPECT_EQ(e.code(), errc::refused);
                expect_refused(e.info());
            }
        };
        co_await throws(bot.recall_msg(unknown, asio::consign(asio::use_awaitable, std::string("kept"))));
        co_await throws(bot.recall_msg(unknown, asio::bind_executor(context, asio::use_awaitable)));
        co_await throws(bot.recall_msg(unknown, asio::bind_cancellation_slot(signal.slot(), asio::use_awaitable)));
        co_await throws(bot.recall_msg(
            unknown, asio::consign(asio::bind_executor(context, asio::consign(asio::use_awaitable, 1)), 2)));
        auto r = co_await bot.recall_msg(unknown, asio::consign(as_result, std::string("kept")));
        expect_refused(r.error());
        auto inside = co_await bot.recall_msg(unknown, as_result(asio::bind_executor(context, asio::use_awaitable)));
        expect_refused(inside.error());
        auto tuple = co_await bot.recall_msg(unknown, asio::consign(asio::as_tuple(asio::use_awaitable), 1));
        EXPECT_EQ(std::get<0>(tuple), errc::refused);
        expect_refused(std::get<1>(tuple));
    });
}

// Invalid arguments are rejected by the call's constraints, not inside Asio.
static_assert(detail::call_token<void (*)(error_code, acknowledged), acknowledged>);
static_assert(!detail::call_token<void (*)(error_code, sent_message), acknowledged>);
static_assert(!detail::call_argument<int, acknowledged>);

TEST_F(call_forms, callback) {
    bool called = false;
    bot.recall_msg(unknown, [&](error_code ec, acknowledged info) {
        called = true;
        EXPECT_EQ(ec, errc::refused);
        expect_refused(info);
        bot = client(context, config_for(server)); // the old client may be destroyed inside its own handler
    });
    EXPECT_FALSE(called) << "never called inline";
    ASSERT_TRUE(drive(context, [&] { return called; }));
    EXPECT_TRUE(called);
}

TEST_F(call_forms, future) {
    auto work = asio::make_work_guard(context);
    std::thread runner([this] { context.run(); });
    auto sent = bot.send_message({big, text("hello")}, asio::use_future);
    EXPECT_EQ(sent.get().msg_id.size(), 32U);
    auto refused = bot.recall_msg(unknown, asio::use_future);
    auto result = bot.recall_msg(unknown, as_result(asio::use_future));
    refused.wait();
    result.wait();
    context.stop();
    // Joined before the exception is read: ThreadSanitizer can't see the reference count inside libstdc++.so.
    runner.join();
    try {
        (void)refused.get();
        ADD_FAILURE() << "it did not throw";
    } catch (const error& e) {
        expect_refused(e.info());
    }
    expect_refused(result.get().error());
}

TEST_F(call_forms, handler_runs_on_its_executor) {
    auto strand = asio::make_strand(context);
    bool there = false;
    bool done = false;
    bot.recall_msg(unknown, asio::bind_executor(strand, [&](error_code, acknowledged) {
                       there = strand.running_in_this_thread();
                       done = true;
                   }));
    ASSERT_TRUE(drive(context, [&] { return done; }));
    EXPECT_TRUE(there);
}

TEST_F(call_forms, awaitable_operators) {
    run(context, [this]() -> asio::awaitable<void> {
        using namespace asio::experimental::awaitable_operators;
        asio::steady_timer timer(context, std::chrono::hours(1));
        auto first = co_await (bot.send_message({big, text("hello")}) || timer.async_wait(asio::use_awaitable));
        EXPECT_EQ(first.index(), 0U);
        auto both = co_await (bot.list_message({big, 1}) && bot.list_message_by_seq({big, 0}));
        EXPECT_EQ(std::get<0>(both).messages.size(), 1U);
    });
}

TEST_F(call_forms, in_a_coroutine_of_another_executor) {
    asio::thread_pool pool(1);
    auto done = asio::co_spawn(
        pool,
        [this]() -> asio::awaitable<std::size_t> {
            auto sent = co_await bot.send_message({big, text("hello")});
            co_return sent.msg_id.size();
        },
        asio::use_future);
    auto work = asio::make_work_guard(context);
    std::thread runner([this] { context.run(); });
    EXPECT_EQ(done.get(), 32U);
    context.stop();
    runner.join();
}

TEST_F(call_forms, lists_are_passed_without_braces) {
    run(context, [this]() -> asio::awaitable<void> {
        std::vector<std::string> ids;
        for (int i = 0; i < 3; ++i) {
            auto sent = co_await bot.send_message({big, text("hello")});
            ids.push_back(sent.msg_id);
        }
        co_await bot.recall_msg_batch({big, ids});
        auto forwarded = co_await bot.msg_forward({chat_type::group, ids.front(), user("1")}, as_result);
        EXPECT_TRUE(forwarded.has_error()) << "the message was recalled";
    });
}

TEST_F(call_forms, the_message_id_is_known_before_and_after) {
    run(context, [this]() -> asio::awaitable<void> {
        send_message_request request(big, text("hello"));
        const std::string id = request.msg_id;
        EXPECT_EQ(id.size(), 32U);
        auto sent = co_await bot.send_message(request);
        EXPECT_EQ(sent.msg_id, id);
    });
    EXPECT_EQ(server.journal().back().msg_id, server.messages(big).back().msg_id);
}

TEST_F(call_forms, a_custom_endpoint) {
    server.serve("/v1/msg/echo",
                 [](std::string_view body) { return R"({"code":1,"msg":")" + std::string(body) + "\"}"; });
    const endpoint<std::string, std::size_t> echo(
        endpoint_info("/v1/msg/echo", wire_format::json, retry_class::safe), [](const std::string& s) { return s; },
        [](std::string_view body) { return body.size(); });
    run(context, [&]() -> asio::awaitable<void> {
        auto r = co_await bot.call(echo, std::string("abc"));
        EXPECT_EQ(r.api_msg, "abc");
        EXPECT_EQ(r.value, std::string(R"({"code":1,"msg":"abc"})").size());
        EXPECT_EQ(r.endpoint, "echo");
    });
}

TEST_F(call_forms, a_custom_path_that_is_no_path_is_refused) {
    constexpr endpoint_info paths[] = {
        {"/v1/own HTTP/1.1\r\nhost: other\r\n\r\n", wire_format::json, retry_class::safe},
        {"/v1/own\r\nx: y", wire_format::json, retry_class::safe},
        {"/v1/own call", wire_format::protobuf, retry_class::safe},
        {"v1/own", wire_format::json, retry_class::safe},
        {"", wire_format::json, retry_class::safe},
    };
    run(context, [&]() -> asio::awaitable<void> {
        for (const endpoint_info& path : paths) {
            const endpoint<std::string, int> own(
                path, [](const std::string& s) { return s; }, [](std::string_view) { return 1; });
            auto refused = co_await bot.call(own, std::string("a"), as_result);
            EXPECT_EQ(refused.error().code, errc::invalid_request);
            EXPECT_EQ(refused.error().delivery, delivery::not_sent);
            EXPECT_EQ(refused.error().detail,
                      "endpoint.path must begin with '/' and consist of visible ASCII characters without '#'");
        }
    });
    EXPECT_EQ(server.requests(), 0U);
}

TEST_F(call_forms, a_custom_codec_that_throws) {
    server.serve("/v1/msg/echo", [](std::string_view) { return std::string(R"({"code":1,"msg":"success"})"); });
    const endpoint_info where("/v1/msg/echo", wire_format::json, retry_class::safe);
    const endpoint<std::string, int> refuses(
        where, [](const std::string&) -> std::string { throw std::invalid_argument("no"); },
        [](std::string_view) { return 1; });
    const endpoint<std::string, int> confused(
        where, [](const std::string& s) { return s; },
        [](std::string_view) -> int { throw std::out_of_range("thrown by the decoder"); });
    const endpoint<std::string, int> refuses_with_a_number(
        where, [](const std::string&) -> std::string { throw 42; }, [](std::string_view) { return 1; });
    const endpoint<std::string, int> confused_with_a_number(
        where, [](const std::string& s) { return s; }, [](std::string_view) -> int { throw 42; });
    run(context, [&]() -> asio::awaitable<void> {
        auto refused = co_await bot.call(refuses, std::string("a"), as_result);
        EXPECT_EQ(refused.error().code, errc::invalid_request);
        EXPECT_EQ(refused.error().delivery, delivery::not_sent);
        auto bad = co_await bot.call(confused, std::string("a"), as_result);
        EXPECT_EQ(bad.error().code, errc::bad_response);
        EXPECT_EQ(bad.error().delivery, delivery::answered);
        auto number = co_await bot.call(refuses_with_a_number, std::string("a"), as_result);
        EXPECT_EQ(number.error().code, errc::invalid_request);
        EXPECT_EQ(number.error().detail, "the encoder threw something else than a std::exception");
        auto bad_number = co_await bot.call(confused_with_a_number, std::string("a"), as_result);
        EXPECT_EQ(bad_number.error().code, errc::bad_response);
        EXPECT_EQ(bad_number.error().delivery, delivery::answered);
    });
    EXPECT_EQ(server.requests(), 2U);
}

} // namespace
} // namespace yunhu::test
