// Copyright (c) 2026 The yunhu authors
// SPDX-License-Identifier: BSL-1.0

#include "runtime/support.hpp"

#include "support/strict_emulator.hpp"

#include <gtest/gtest.h>

#include <optional>
#include <string>
#include <string_view>

// Several accounts over one pool.
namespace yunhu::test {
namespace {

TEST(accounts, tokens_of_json_and_custom_endpoints) {
    yunhu::test::strict_emulator server;
    server.serve("/v1/own", [](std::string_view) { return std::string(R"({"code":1})"); });
    client_config config = config_for(server);
    config.token = "not-this-one";
    asio::io_context context;
    const endpoint<std::string, int> own(
        {"/v1/own", wire_format::json, retry_class::non_idempotent},
        [](const std::string&) { return std::string("{}"); }, [](std::string_view) { return 0; });
    run(context, [&]() -> asio::awaitable<void> {
        client bot(context, config);
        client good = bot.with_token(server.options().token);
        auto sent = co_await good.send_message({group("big"), text("hello")});
        auto refused = co_await bot.send_message({group("big"), text("hello")}, as_result);
        EXPECT_FALSE(refused.has_value());
        EXPECT_EQ(refused.error().code, errc::not_authenticated);
        auto records = co_await good.list_message_edit_record({sent.msg_id, 10, 1}, as_result);
        EXPECT_TRUE(records.has_value());
        auto answered = co_await good.call(own, "x", as_result);
        EXPECT_TRUE(answered.has_value());
        auto not_answered = co_await bot.call(own, "x", as_result);
        EXPECT_FALSE(not_answered.has_value());
    });
    EXPECT_EQ(server.connections_accepted(), 1U);
}

TEST(accounts, an_invalid_token_is_refused_and_not_printed) {
    asio::io_context context;
    const client bot(context, client_config("token"));
    for (const std::string& bad : {std::string(), std::string("s3cr3t\r\nx: y"), std::string(" s3cr3t"),
                                   std::string("s3cr\0t", 6), std::string("s3cr3t\x7f")}) {
        try {
            const client other = bot.with_token(bad);
            FAIL() << "it was accepted";
        } catch (const error& e) {
            EXPECT_EQ(e.code(), errc::invalid_request);
            EXPECT_EQ(e.info().detail.rfind("token ", 0), 0U) << e.info().detail;
            EXPECT_EQ(std::string(e.what()).find("s3cr"), std::string::npos);
        }
    }
}

TEST(accounts, an_accounts_handle_keeps_the_client_open) {
    yunhu::test::strict_emulator server;
    asio::io_context context;
    std::optional<client> bot(std::in_place, context, config_for(server));
    std::optional<client> other = bot->with_token(server.options().token);
    bot.reset();
    std::optional<error_code> end;
    other->send_message({group("big"), text("hello")}, [&end](error_code ec, const sent_message&) { end = ec; });
    ASSERT_TRUE(drive(context, [&] { return end.has_value(); }));
    EXPECT_FALSE(*end);
    other.reset();
    context.run(); // returns: no work is left
}

} // namespace
} // namespace yunhu::test
