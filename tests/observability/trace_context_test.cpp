// Copyright (c) 2026 The yunhu authors
// SPDX-License-Identifier: BSL-1.0

#include "observability/recorder.hpp"
#include "runtime/support.hpp"

#include "support/strict_emulator.hpp"

#include <yunhu/trace_context.hpp>

#include <boost/asio/as_tuple.hpp>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <memory>
#include <string>
#include <string_view>

namespace yunhu::test {
namespace {

constexpr std::string_view good = "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01";

std::string changed(std::size_t at, char to) {
    std::string text(good);
    text[at] = to;
    return text;
}

TEST(trace_context, only_the_form_of_version_00_is_valid) {
    EXPECT_TRUE(trace_context(good).valid());
    EXPECT_TRUE(trace_context("00-ffffffffffffffffffffffffffffffff-0000000000000001-ff").valid());
    EXPECT_EQ(trace_context(good).text(), good);
    for (const std::string& bad :
         {std::string("00"), std::string(good.substr(1)), std::string(good) + "-", std::string(good) + "-more",
          std::string(300, '0'), changed(1, '1'), changed(0, 'f'), changed(2, '_'), changed(35, '0'), changed(52, '0'),
          changed(3, 'A'), changed(20, 'g'), changed(36, ' '), changed(54, '\n'), changed(54, '\0'),
          std::string("00-00000000000000000000000000000000-00f067aa0ba902b7-01"),
          std::string("00-4bf92f3577b34da6a3ce929d0e0e4736-0000000000000000-01")}) {
        EXPECT_FALSE(trace_context(bad).valid()) << bad;
        EXPECT_FALSE(trace_context(bad).empty()) << bad;
    }
    EXPECT_TRUE(trace_context().empty());
    EXPECT_TRUE(trace_context(std::string()).empty());
    EXPECT_FALSE(trace_context().valid());
}

std::size_t traceparents(const testing::exchange& e) {
    return static_cast<std::size_t>(
        std::ranges::count_if(e.headers, [](const auto& h) { return h.first == "traceparent"; }));
}

TEST(trace_context, is_sent_with_its_own_call_and_reported_to_the_observer) {
    yunhu::test::strict_emulator server;
    asio::io_context context;
    const auto seen = std::make_shared<recorder>();
    client_config config = config_for(server);
    config.observer = seen;
    client bot(context, config);
    call_options traced;
    traced.traceparent = std::string(good);
    run(context, [&]() -> asio::awaitable<void> {
        co_await bot.send_message({group("big"), text("hello")}, traced);
        co_await bot.send_message({group("big"), text("hello")});
        co_await bot.delete_msg({group("big"), "nothing"}, traced, asio::as_tuple(asio::use_awaitable));
    });
    const auto journal = server.journal();
    ASSERT_EQ(journal.size(), 3U);
    for (const testing::exchange& e : journal) {
        EXPECT_EQ(e.problem, "");
    }
    EXPECT_EQ(traceparents(journal[0]), 1U);
    EXPECT_THAT(journal[0].headers, ::testing::Contains(std::pair("traceparent", std::string(good))));
    EXPECT_EQ(traceparents(journal[1]), 0U);
    EXPECT_EQ(traceparents(journal[2]), 1U) << "for a JSON endpoint too";
    const std::string with(good);
    EXPECT_THAT(seen->traces, ::testing::ElementsAre(with, with, with, "", "", "", with, with, with));
}

TEST(trace_context, an_invalid_one_is_refused_before_any_io) {
    yunhu::test::strict_emulator server;
    asio::io_context context;
    client bot(context, config_for(server));
    call_options traced;
    traced.traceparent = "00-secret\r\ntoken: x";
    run(context, [&]() -> asio::awaitable<void> {
        auto sent = co_await bot.send_message({group("big"), text("hello")}, traced, as_result);
        EXPECT_TRUE(sent.has_error());
        EXPECT_EQ(sent.error().code, errc::invalid_request);
        EXPECT_EQ(sent.error().delivery, delivery::not_sent);
        EXPECT_THAT(sent.error().detail, ::testing::StartsWith("traceparent "));
        EXPECT_THAT(sent.error().detail, ::testing::Not(::testing::HasSubstr("secret")));
    });
    EXPECT_EQ(server.connections_accepted(), 0U);
}

} // namespace
} // namespace yunhu::test
