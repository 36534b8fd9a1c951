// Copyright (c) 2026 The yunhu authors
// SPDX-License-Identifier: BSL-1.0

#include "features/broadcast/support.hpp"

#include "tools/yunhu/exit_code.hpp"

#include "support/strict_emulator.hpp"

#include <yunhu/as_result.hpp>
#include <yunhu/confirm.hpp>

#include <gtest/gtest.h>

#include <chrono>
#include <optional>
#include <string>
#include <vector>

// A failed send has the same meaning in broadcast, send_confirmed and the exit code.
namespace yunhu::test {
namespace {

using action = testing::fault::action;

struct failing_send {
    std::string name;
    testing::fault fault;
    execution expected;
};

testing::fault raw(std::string bytes) {
    testing::fault f = of_sends(action::raw_bytes);
    f.body = std::move(bytes);
    return f;
}

std::vector<failing_send> failing_sends() {
    constexpr auto no = execution::certainly_not_executed;
    constexpr auto maybe = execution::maybe_executed;
    const std::string not_logged_in = R"({"code":-101,"msg":"no"})";
    const std::string refused = R"({"code":-1,"msg":"no"})";
    std::vector<failing_send> all{
        {"200 refused", sends_get(200, refused), no},
        {"200 not authenticated", sends_get(200, not_logged_in), no},
        {"200 bad request", sends_get(200, R"({"code":1100,"msg":"no"})"), no},
        {"200 empty", sends_get(200), maybe},
        {"200 HTML", sends_get(200, "<html>", "text/html"), maybe},
        {"200 JSON success", sends_get(200, R"({"code":1,"msg":"ok"})"), execution::executed},
        {"204", sends_get(204), maybe},
        {"302", sends_get(302), maybe},
        {"307", sends_get(307), maybe},
        {"closed before the response", of_sends(action::close_before), maybe},
        {"closed after the server acted", of_sends(action::close_after), maybe},
        {"closed in the response", of_sends(action::close_in_response), maybe},
        {"reset", of_sends(action::reset), maybe},
        {"not HTTP", raw("nonsense\r\n\r\n"), maybe},
        {"404 that stalls, so that its status is lost", raw("HTTP/1.1 404 Not Found\r\ncontent-length: 9\r\n\r\nx"),
         maybe},
    };
    for (const int status : {400, 401, 403, 404, 409, 413, 429}) {
        all.push_back({std::to_string(status), sends_get(status), no});
        all.push_back({std::to_string(status) + " refused", sends_get(status, refused), no});
        all.push_back({std::to_string(status) + " API success", sends_get(status, R"({"code":1})"), maybe});
    }
    for (const int status : {408, 500, 501, 502, 503, 504}) {
        all.push_back({std::to_string(status), sends_get(status), maybe});
        all.push_back({std::to_string(status) + " not authenticated", sends_get(status, not_logged_in), maybe});
        all.push_back({std::to_string(status) + " refused", sends_get(status, refused), maybe});
    }
    return all;
}

class outcome_agreement : public ::testing::Test {
protected:
    yunhu::test::strict_emulator server;
    asio::io_context context;
    client bot{context, config_of(server)};

    static client_config config_of(const testing::emulator& server) {
        client_config config = config_for(server);
        config.retry.max_attempts = 1;
        config.pool.response_timeout = std::chrono::seconds(1); // of the stalled response
        return config;
    }
};

TEST_F(outcome_agreement, broadcast_send_confirmed_and_the_exit_code_agree) {
    for (const failing_send& each : failing_sends()) {
        SCOPED_TRACE(each.name);
        server.clear_faults();
        server.inject(each.fault);

        std::optional<failure> sent;
        confirmed_send confirmed;
        run(context, [&]() -> asio::awaitable<void> {
            result<sent_message> r = co_await bot.send_message({group("g"), text("hello")}, as_result);
            if (!r) {
                sent = r.error();
            }
            confirmed = co_await send_confirmed(bot, {group("g"), text("hello")},
                                                confirm_options(1, std::chrono::milliseconds(0)));
        });
        ASSERT_TRUE(sent);
        EXPECT_EQ(execution_of(*sent), each.expected) << *sent;

        ASSERT_TRUE(confirmed.send_failure);
        EXPECT_EQ(execution_of(*confirmed.send_failure), each.expected);
        EXPECT_EQ(confirmed.lookups, each.expected == execution::maybe_executed ? 1U : 0U);
        if (each.expected == execution::certainly_not_executed) {
            EXPECT_EQ(confirmed.outcome, arrival::not_sent);
        } else if (each.expected == execution::executed) {
            EXPECT_EQ(confirmed.outcome, arrival::sent);
        }

        broadcast_options options;
        const bool is_throttled =
            sent->code == condition::throttled && each.expected == execution::certainly_not_executed;
        options.outage_timeout = std::chrono::seconds(is_throttled ? 0 : 60);
        const auto ended = run_broadcast(context, bot, text("hello"), std::vector<chat>{group("g")}, options);
        ASSERT_TRUE(ended.summary);
        // These end the broadcast; its target has no outcome.
        if (sent->code == condition::authentication || is_throttled) {
            EXPECT_TRUE(ended.summary->why && ended.summary->why->code == sent->code);
            EXPECT_EQ(ended.summary->done(), 0U);
        } else {
            EXPECT_EQ(ended.summary->lookups, each.expected == execution::maybe_executed ? 1U : 0U);
            EXPECT_EQ(ended.summary->failed, each.expected == execution::certainly_not_executed ? 1U : 0U);
            if (each.expected == execution::executed) {
                EXPECT_EQ(ended.summary->sent, 1U);
            }
        }

        const cli::exit_code code = cli::exit_code_of(*sent, retry_class::non_idempotent);
        if (each.expected == execution::certainly_not_executed) {
            EXPECT_EQ(code, sent->code == condition::authentication ? cli::not_authenticated : cli::refused_by_api);
        } else {
            EXPECT_EQ(code, cli::outcome_unknown);
        }
    }
}

TEST_F(outcome_agreement, a_send_that_was_not_written) {
    client_config config = config_of(server);
    config.tls.ca_pem.clear(); // the emulator's certificate is not trusted
    client stranger(context, config);
    std::optional<failure> sent;
    confirmed_send confirmed;
    run(context, [&]() -> asio::awaitable<void> {
        result<sent_message> r = co_await stranger.send_message({group("g"), text("hello")}, as_result);
        if (!r) {
            sent = r.error();
        }
        confirmed = co_await send_confirmed(stranger, {group("g"), text("hello")});
    });
    ASSERT_TRUE(sent);
    EXPECT_EQ(execution_of(*sent), execution::certainly_not_executed);
    EXPECT_EQ(confirmed.outcome, arrival::not_sent);
    EXPECT_EQ(confirmed.lookups, 0U);
    const auto ended = run_broadcast(context, stranger, text("hello"), std::vector<chat>{group("g")});
    EXPECT_EQ(ended.summary->end, broadcast_end::failed);
    EXPECT_EQ(ended.summary->done(), 0U) << "no target is at fault";
    EXPECT_EQ(ended.summary->lookups, 0U);
    EXPECT_EQ(cli::exit_code_of(*sent, retry_class::non_idempotent), cli::transport);
}

// The first recall is executed and its response is lost; the second one is refused, because the message is recalled.
TEST_F(outcome_agreement, a_refusal_after_an_executed_attempt_proves_nothing) {
    testing::fault f = of_sends(action::close_after);
    f.endpoint = "recall-msg";
    f.nth = 1;
    std::optional<failure> refused;
    run(context, [&]() -> asio::awaitable<void> {
        co_await bot.send_message({group("g"), text("hello"), "the-id"});
        co_await bot.list_message({group("g"), 1}); // opens the connection that is reused
        server.inject(f);
        testing::fault no = sends_get(200, R"({"code":-1,"msg":"there is no such message"})");
        no.endpoint = "recall-msg";
        no.nth = 2;
        server.inject(no);
        call_options twice;
        twice.max_attempts = 2;
        twice.retry_maybe_sent = true;
        result<acknowledged> r = co_await bot.recall_msg({group("g"), "the-id"}, twice, as_result);
        if (!r) {
            refused = r.error();
        }
    });
    ASSERT_TRUE(refused);
    EXPECT_EQ(refused->code, errc::refused);
    EXPECT_TRUE(refused->maybe_executed_earlier);
    EXPECT_EQ(execution_of(*refused), execution::maybe_executed);
    EXPECT_EQ(cli::exit_code_of(*refused, retry_class::idempotent), cli::outcome_unknown);
}

} // namespace
} // namespace yunhu::test
