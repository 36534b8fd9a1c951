// Copyright (c) 2026 The yunhu authors
// SPDX-License-Identifier: BSL-1.0

#include "features/history/support.hpp"

#include "support/strict_emulator.hpp"

#include <yunhu/confirm.hpp>

#include <boost/asio/bind_cancellation_slot.hpp>
#include <boost/asio/cancellation_signal.hpp>
#include <boost/asio/error.hpp>
#include <boost/asio/experimental/awaitable_operators.hpp>
#include <boost/asio/post.hpp>
#include <boost/asio/use_awaitable.hpp>

#include <gtest/gtest.h>

#include <algorithm>
#include <exception>
#include <optional>

namespace yunhu::test {
namespace {

using action = testing::fault::action;

struct confirms : public ::testing::Test {
    yunhu::test::strict_emulator server;
    asio::io_context context;
    client bot{context, config_for(server)};
    confirm_options quick{3, std::chrono::milliseconds(1)};

    [[nodiscard]] std::size_t sends() const {
        const auto all = server.journal();
        return static_cast<std::size_t>(
            std::count_if(all.begin(), all.end(), [](const auto& e) { return e.endpoint == "send-message"; }));
    }
    confirmed_send send(confirm_options how, call_options options = {}) {
        confirmed_send end;
        run(context, [&]() -> asio::awaitable<void> {
            end = co_await send_confirmed(bot, {big, text("hello"), "the-id"}, how, options);
        });
        return end;
    }
};

TEST_F(confirms, a_response_needs_no_lookup) {
    const confirmed_send end = send(quick);
    EXPECT_EQ(end.outcome, arrival::sent);
    EXPECT_EQ(end.msg_id, "the-id");
    EXPECT_EQ(end.sends, 1U);
    EXPECT_EQ(end.lookups, 0U);
    EXPECT_FALSE(end.send_failure);
    EXPECT_EQ(server.requests(), 1U);
}

TEST_F(confirms, the_response_is_lost_after_execution) {
    for (const action what : {action::close_after, action::close_in_response, action::reset}) {
        testing::fault f = strike(what, "send-message", 1);
        f.execute = true;
        server.inject(f);
        confirmed_send end;
        const std::string id = new_msg_id();
        server.clear_journal();
        run(context, [&]() -> asio::awaitable<void> {
            end = co_await send_confirmed(bot, {big, text("hello"), id}, quick);
        });
        EXPECT_EQ(end.outcome, arrival::sent);
        EXPECT_EQ(end.lookups, 1U);
        ASSERT_TRUE(end.send_failure);
        EXPECT_NE(end.send_failure->delivery, delivery::not_sent);
        EXPECT_FALSE(end.lookup_failure);
        EXPECT_EQ(sends(), 1U);
    }
    EXPECT_EQ(server.duplicates(), 0U);
}

TEST_F(confirms, the_request_is_lost_before_execution) {
    server.inject(strike(action::close_before, "send-message", 1));
    const confirmed_send end = send(quick);
    EXPECT_EQ(end.outcome, arrival::not_sent);
    EXPECT_EQ(end.lookups, 3U);
    ASSERT_TRUE(end.send_failure);
    EXPECT_EQ(end.send_failure->code, errc::outcome_unknown);
    EXPECT_EQ(sends(), 1U);
    EXPECT_TRUE(server.messages(big).empty());
}

TEST_F(confirms, every_lookup_fails) {
    server.inject(strike(action::close_after, "send-message", 1));
    server.inject(strike(action::response, "list-message-by-mid-seq"));
    quick.call.max_attempts = 1;
    const confirmed_send end = send(quick);
    EXPECT_EQ(end.outcome, arrival::still_unknown);
    ASSERT_TRUE(end.lookup_failure);
    EXPECT_EQ(end.lookup_failure->code, errc::server_error);
    EXPECT_EQ(sends(), 1U);
}

TEST_F(confirms, one_failed_lookup_leaves_it_unknown) {
    testing::fault f = strike(action::response, "list-message-by-mid-seq", 1);
    f.status = 500;
    server.inject(f);
    quick.call.max_attempts = 1;
    run(context, [&]() -> asio::awaitable<void> {
        const confirmation known = co_await confirm_sent(bot, big, "never-sent", quick);
        EXPECT_EQ(known.outcome, arrival::still_unknown);
        EXPECT_EQ(known.lookups, 3U);
    });
}

TEST_F(confirms, a_message_that_is_stored_late_is_found_by_a_later_lookup) {
    run(context, [&]() -> asio::awaitable<void> {
        using namespace asio::experimental::awaitable_operators;
        confirm_options patient(1000, std::chrono::milliseconds(1));
        const auto arrive_late = [this]() -> asio::awaitable<void> {
            while (server.requests() < 3) {
                co_await asio::post(asio::use_awaitable);
            }
            message m = own("late");
            m.msg_id = "late";
            server.deliver(big, m);
        };
        const confirmation known = co_await (confirm_sent(bot, big, "late", patient) && arrive_late());
        EXPECT_EQ(known.outcome, arrival::sent);
        EXPECT_GT(known.lookups, 2U);
        EXPECT_TRUE(known.found && known.found->content->text == "late");
    });
}

TEST_F(confirms, a_server_error_is_looked_up_and_a_refusal_is_not) {
    testing::fault f = strike(action::response, "send-message", 1);
    f.execute = true;
    server.inject(f);
    EXPECT_EQ(send(quick).outcome, arrival::sent);
    server.clear_journal();
    run(context, [&]() -> asio::awaitable<void> {
        const confirmed_send empty = co_await send_confirmed(bot, {big, text("")}, quick);
        EXPECT_EQ(empty.outcome, arrival::not_sent);
        EXPECT_EQ(empty.lookups, 0U);
        EXPECT_TRUE(empty.send_failure);
    });
    f = strike(action::response, "send-message", 1);
    f.status = 200;
    f.headers = {{"content-type", "application/json"}};
    f.body = R"({"code":-101,"msg":"no"})";
    server.inject(f);
    run(context, [&]() -> asio::awaitable<void> {
        const confirmed_send refused = co_await send_confirmed(bot, {big, text("hello")}, quick);
        EXPECT_EQ(refused.outcome, arrival::not_sent);
        EXPECT_EQ(refused.lookups, 0U);
        EXPECT_EQ(refused.sends, 1U);
    });
}

TEST_F(confirms, a_second_send_by_option_and_only_once) {
    quick.resend_if_not_found = true;
    server.inject(strike(action::close_before, "send-message", 1));
    confirmed_send end = send(quick);
    EXPECT_EQ(end.outcome, arrival::sent);
    EXPECT_EQ(end.sends, 2U);
    EXPECT_FALSE(end.send_failure);
    EXPECT_EQ(sends(), 2U);
    EXPECT_EQ(server.messages(big).size(), 1U);

    server.clear_journal();
    server.inject(strike(action::close_before, "send-message"));
    run(context, [&]() -> asio::awaitable<void> { end = co_await send_confirmed(bot, {big, text("hello")}, quick); });
    EXPECT_EQ(end.outcome, arrival::not_sent);
    EXPECT_EQ(end.lookups, 6U);
    EXPECT_EQ(sends(), 2U);
}

TEST_F(confirms, a_found_message_is_not_sent_again) {
    quick.resend_if_not_found = true;
    server.inject(strike(action::close_after, "send-message", 1));
    EXPECT_EQ(send(quick).outcome, arrival::sent);
    EXPECT_EQ(sends(), 1U);
}

TEST_F(confirms, cancelled_in_the_interval_it_returns_its_state) {
    asio::cancellation_signal signal;
    std::optional<confirmation> known;
    asio::co_spawn(context, confirm_sent(bot, big, "never-sent", confirm_options(2, std::chrono::hours(1))),
                   asio::bind_cancellation_slot(signal.slot(), [&](std::exception_ptr, confirmation c) { known = c; }));
    ASSERT_TRUE(drive(context, [&] { return bot.stats().calls_ended == 1; }));
    context.poll();
    ASSERT_FALSE(known);
    signal.emit(asio::cancellation_type::terminal);
    ASSERT_TRUE(drive(context, [&] { return known.has_value(); }));
    EXPECT_EQ(known->outcome, arrival::still_unknown);
    EXPECT_EQ(known->lookups, 1U);
    ASSERT_TRUE(known->lookup_failure);
    EXPECT_EQ(known->lookup_failure->code, asio::error::operation_aborted);
}

TEST_F(confirms, a_cancelled_send_is_not_looked_up) {
    server.inject(strike(action::stall, "send-message"));
    asio::cancellation_signal signal;
    std::optional<confirmed_send> end;
    asio::co_spawn(context, send_confirmed(bot, {big, text("hello")}, quick),
                   asio::bind_cancellation_slot(signal.slot(), [&](std::exception_ptr, confirmed_send c) { end = c; }));
    ASSERT_TRUE(drive(context, [&] { return server.requests() == 1; }));
    signal.emit(asio::cancellation_type::terminal);
    ASSERT_TRUE(drive(context, [&] { return end.has_value(); }));
    EXPECT_EQ(end->outcome, arrival::still_unknown);
    EXPECT_EQ(end->sends, 1U);
    EXPECT_EQ(end->lookups, 0U);
}

TEST_F(confirms, zero_lookups_are_refused) {
    run(context, [&]() -> asio::awaitable<void> {
        try {
            (void)co_await send_confirmed(bot, {big, text("hello")}, confirm_options(0, std::chrono::seconds(0)));
            ADD_FAILURE() << "no error";
        } catch (const error& e) {
            EXPECT_EQ(e.code(), errc::invalid_request);
        }
    });
    EXPECT_EQ(server.requests(), 0U);
}

TEST(arrival, has_names) {
    EXPECT_EQ(to_string(arrival::sent), "sent");
    EXPECT_EQ(to_string(arrival::not_sent), "not sent");
    EXPECT_EQ(to_string(arrival::still_unknown), "still unknown");
}

} // namespace
} // namespace yunhu::test
