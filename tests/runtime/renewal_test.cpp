// Copyright (c) 2026 The yunhu authors
// SPDX-License-Identifier: BSL-1.0

#include "runtime/support.hpp"

#include "support/strict_emulator.hpp"

#include <yunhu/token_provider.hpp>

#include <boost/asio/bind_cancellation_slot.hpp>
#include <boost/asio/cancellation_signal.hpp>
#include <boost/asio/redirect_error.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/asio/use_awaitable.hpp>

#include <gtest/gtest.h>

#include <algorithm>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <utility>
#include <vector>

// Calls whose token comes from a provider: a refused one is made again, once, with the token that one renewal gives.
namespace yunhu::test {
namespace {

class renewal_test : public ::testing::Test {
protected:
    renewal_test() : right(server.options().token), config(config_for(server)) {}

    using step = std::function<asio::awaitable<secret>(secret refused)>;

    client make_client(secret first, step renew) {
        tokens =
            std::make_shared<token_provider>(context.get_executor(), std::move(first), [this, renew](secret refused) {
                ++renewals;
                return renew(std::move(refused));
            });
        return client(context, config).with_tokens(tokens);
    }
    static asio::awaitable<secret> give(secret token) { co_return token; }
    step gives(secret token) {
        return [token](secret) { return give(token); };
    }
    [[nodiscard]] std::size_t sends() const {
        const auto journal = server.journal();
        return static_cast<std::size_t>(std::ranges::count(journal, "send-message", &testing::exchange::endpoint));
    }
    static send_message_request message() { return {group("big"), text("hello")}; }

    strict_emulator server;
    secret right;
    client_config config;
    asio::io_context context;
    std::shared_ptr<token_provider> tokens;
    int renewals = 0;
};

TEST_F(renewal_test, a_refused_call_is_made_again_with_another_token) {
    const client bot = make_client("expired", gives(right));
    run(context, [&]() -> asio::awaitable<void> {
        send_message_request request = message();
        const auto sent = co_await bot.send_message(request);
        EXPECT_EQ(sent.msg_id, request.msg_id);
        EXPECT_EQ(sent.delivery, delivery::answered);
        (void)co_await bot.send_message(message());
    });
    EXPECT_EQ(renewals, 1);
    EXPECT_EQ(sends(), 3U) << "one was refused";
    EXPECT_EQ(server.messages(group("big")).size(), 2U);
}

TEST_F(renewal_test, many_refused_calls_wait_for_one_renewal) {
    bool given = false;
    asio::steady_timer until_given(context, asio::steady_timer::time_point::max());
    const client bot = make_client("expired", [&](secret) -> asio::awaitable<secret> {
        if (!given) {
            boost::system::error_code ignored;
            co_await until_given.async_wait(asio::redirect_error(asio::use_awaitable, ignored));
        }
        co_return right;
    });
    constexpr int calls = 50;
    int succeeded = 0;
    for (int i = 0; i < calls; ++i) {
        bot.send_message(message(), [&](error_code ec, const sent_message&) { succeeded += ec ? 0 : 1; });
    }
    ASSERT_TRUE(drive(context, [&] { return sends() == calls; })) << "all are refused";
    EXPECT_EQ(succeeded, 0);
    given = true;
    until_given.cancel();
    ASSERT_TRUE(drive(context, [&] { return succeeded == calls; }));
    EXPECT_EQ(renewals, 1);
    EXPECT_EQ(server.messages(group("big")).size(), std::size_t{calls});
}

TEST_F(renewal_test, every_kind_of_endpoint_is_made_again) {
    config.retry.max_attempts = 1;
    std::string id;
    run(context, [&]() -> asio::awaitable<void> {
        const client bot = make_client("expired", gives(right));
        id = (co_await bot.send_message(message())).msg_id;
        const client reader = make_client("expired", gives(right)); // protobuf
        EXPECT_EQ((co_await reader.list_message(list_message_request(group("big"), 1))).messages.size(), 1U);
        const client other = make_client("expired", gives(right)); // JSON
        (void)co_await other.list_message_edit_record(list_message_edit_record_request(id, 10, 1));
    });
    EXPECT_EQ(renewals, 3);
}

TEST_F(renewal_test, without_another_token_the_refusal_is_the_result) {
    for (const step& none : {gives(secret()), gives("expired"), gives("wrong too"), gives("not\na field"),
                             step([](secret) -> asio::awaitable<secret> {
                                 throw std::runtime_error("no token");
                                 co_return secret();
                             })}) {
        server.clear_journal();
        const client bot = make_client("expired", none);
        run(context, [&]() -> asio::awaitable<void> {
            const auto sent = co_await bot.send_message(message(), as_result);
            EXPECT_FALSE(sent);
            EXPECT_EQ(sent.error().code, errc::not_authenticated);
            EXPECT_EQ(execution_of(sent.error()), execution::certainly_not_executed);
        });
        EXPECT_LE(sends(), 2U);
    }
    EXPECT_EQ(renewals, 5);
}

TEST_F(renewal_test, a_call_that_waits_for_a_token_can_be_cancelled) {
    asio::steady_timer forever(context, asio::steady_timer::time_point::max());
    const client bot = make_client("expired", [&](secret) -> asio::awaitable<secret> {
        co_await forever.async_wait(asio::use_awaitable);
        co_return secret();
    });
    asio::cancellation_signal cancel;
    std::optional<error_code> ended;
    bot.send_message(message(), asio::bind_cancellation_slot(cancel.slot(),
                                                             [&](error_code ec, const sent_message&) { ended = ec; }));
    ASSERT_TRUE(drive(context, [&] { return renewals == 1; }));
    EXPECT_FALSE(ended);
    cancel.emit(asio::cancellation_type::terminal);
    ASSERT_TRUE(drive(context, [&] { return ended.has_value(); }));
    EXPECT_EQ(*ended, errc::not_authenticated);
    EXPECT_EQ(sends(), 1U);
}

TEST_F(renewal_test, the_context_may_end_while_a_call_waits_for_a_token) {
    auto other = std::make_unique<asio::io_context>();
    bool called = false;
    std::optional<client> bot;
    {
        tokens =
            std::make_shared<token_provider>(other->get_executor(), "expired", [&](secret) -> asio::awaitable<secret> {
                ++renewals;
                asio::steady_timer forever(co_await asio::this_coro::executor, asio::steady_timer::time_point::max());
                co_await forever.async_wait(asio::use_awaitable);
                co_return secret();
            });
        bot.emplace(client(*other, config).with_tokens(tokens));
        bot->send_message(message(), [&](error_code, const sent_message&) { called = true; });
        ASSERT_TRUE(drive(*other, [&] { return renewals == 1; }));
    }
    bot.reset();
    other.reset();
    EXPECT_FALSE(called);
}

TEST_F(renewal_test, the_client_may_be_closed_while_a_call_waits_for_a_token) {
    asio::steady_timer until_given(context, asio::steady_timer::time_point::max());
    std::optional<client> bot = make_client("expired", [&](secret) -> asio::awaitable<secret> {
        boost::system::error_code ignored;
        co_await until_given.async_wait(asio::redirect_error(asio::use_awaitable, ignored));
        co_return right;
    });
    std::optional<error_code> ended;
    bot->send_message(message(), [&](error_code ec, const sent_message&) { ended = ec; });
    ASSERT_TRUE(drive(context, [&] { return renewals == 1; }));
    bot.reset();
    until_given.cancel();
    ASSERT_TRUE(drive(context, [&] { return ended.has_value(); }));
    EXPECT_EQ(*ended, errc::client_closed);
    EXPECT_EQ(sends(), 1U);
}

TEST_F(renewal_test, a_provider_must_be_there_and_have_a_token_that_can_be_sent) {
    const client bot(context, config);
    EXPECT_THROW((void)bot.with_tokens(nullptr), error);
    EXPECT_THROW((void)make_client("two\nlines", gives(right)), error);
}

} // namespace
} // namespace yunhu::test
