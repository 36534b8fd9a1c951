// Copyright (c) 2026 The yunhu authors
// SPDX-License-Identifier: BSL-1.0

#include "runtime/support.hpp"

#include "support/strict_emulator.hpp"

#include <gtest/gtest.h>

#include <cmath>
#include <fstream>
#include <functional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

// Invalid input is refused before any I/O, with an error that names the field and quotes no value.
namespace yunhu::test {
namespace {

struct bad_config {
    const char* name;
    const char* named;
    std::function<void(client_config&)> spoil;
};

endpoint_info custom(literal path) {
    return {path, wire_format::json, retry_class::safe};
}

class refused_config : public ::testing::TestWithParam<bad_config> {};

TEST_P(refused_config, names_the_field) {
    asio::io_context context;
    client_config config("s3cr3t");
    GetParam().spoil(config);
    const std::string token(config.token.reveal());
    try {
        const client bot(context, config);
        FAIL() << "it was accepted";
    } catch (const error& e) {
        EXPECT_EQ(e.code(), errc::invalid_request);
        EXPECT_NE(e.info().detail.find(GetParam().named), std::string::npos) << e.info().detail;
        EXPECT_EQ(e.info().delivery, delivery::not_sent);
        if (!token.empty()) {
            EXPECT_EQ(std::string(e.what()).find(token), std::string::npos);
        }
    }
}

INSTANTIATE_TEST_SUITE_P(
    every_field, refused_config,
    ::testing::Values(
        bad_config{"no_token", "token", [](client_config& c) { c.token = secret(); }},
        bad_config{"token_newline", "token", [](client_config& c) { c.token = "s3cr3t\r\nX: y"; }},
        bad_config{"token_nul", "token", [](client_config& c) { c.token = std::string("s3cr\0t", 6); }},
        bad_config{"token_del", "token", [](client_config& c) { c.token = "s3cr3t\x7f"; }},
        bad_config{"token_leading_space", "token", [](client_config& c) { c.token = " s3cr3t"; }},
        bad_config{"token_trailing_space", "token", [](client_config& c) { c.token = "s3cr3t "; }},
        bad_config{"user_agent", "user_agent", [](client_config& c) { c.user_agent = "a\n"; }},
        bad_config{"limit_without_path", "rate_limits[0].endpoint.path must begin with '/'",
                   [](client_config& c) { c.rate_limits.emplace_back(custom(""), 1); }},
        bad_config{"limit_of_a_name", "rate_limits[0].endpoint.path must begin with '/'",
                   [](client_config& c) { c.rate_limits.emplace_back(custom("send_message"), 1); }},
        bad_config{"limit_0", "rate_limits[0].per_second",
                   [](client_config& c) { c.rate_limits.emplace_back(endpoints::send_message, 0); }},
        bad_config{"limit_not_a_number", "rate_limits[0].per_second",
                   [](client_config& c) { c.rate_limits.emplace_back(endpoints::send_message, std::nan("")); }},
        bad_config{"limit_burst", "rate_limits[0].burst",
                   [](client_config& c) { c.rate_limits.emplace_back(endpoints::send_message, 1, 0); }},
        bad_config{"limit_twice", "rate_limits[1].endpoint",
                   [](client_config& c) {
                       c.rate_limits.emplace_back(endpoints::send_message, 1);
                       c.rate_limits.emplace_back(endpoints::send_message, 2);
                   }},
        bad_config{"no_url", "base_url", [](client_config& c) { c.base_url = ""; }},
        bad_config{"not_a_url", "base_url", [](client_config& c) { c.base_url = "chat-go.jwzhd.com"; }},
        bad_config{"url_control", "base_url", [](client_config& c) { c.base_url = "https://a.example/\n"; }},
        bad_config{"url_http", "base_url", [](client_config& c) { c.base_url = "http://127.0.0.1:1"; }},
        bad_config{"url_http_elsewhere", "base_url",
                   [](client_config& c) {
                       c.base_url = "http://chat.example";
                       c.allow_plain_http_to_loopback = true;
                   }},
        bad_config{"url_ftp", "base_url", [](client_config& c) { c.base_url = "ftp://a.example"; }},
        bad_config{"url_user", "base_url", [](client_config& c) { c.base_url = "https://me:pw@a.example"; }},
        bad_config{"url_query", "base_url", [](client_config& c) { c.base_url = "https://a.example/?a=b"; }},
        bad_config{"ca_missing", "ca_file", [](client_config& c) { c.tls.ca_file = "/no/such/file"; }},
        bad_config{"ca_empty_text", "ca_pem", [](client_config& c) { c.tls.ca_pem = "garbage"; }},
        bad_config{"pin", "pins", [](client_config& c) { c.tls.pins.emplace_back("short"); }},
        bad_config{"no_connections", "max_connections", [](client_config& c) { c.pool.max_connections = 0; }},
        bad_config{"no_connecting", "pool.max_connecting must be > 0",
                   [](client_config& c) { c.pool.max_connecting = 0; }},
        bad_config{"no_shards", "shards must be > 0", [](client_config& c) { c.shards = 0; }},
        bad_config{"no_header_bytes", "limits.header_bytes must be at least 256",
                   [](client_config& c) { c.limits.header_bytes = 255; }},
        bad_config{"no_header_count", "limits.header_count must be > 0",
                   [](client_config& c) { c.limits.header_count = 0; }},
        bad_config{"no_attempts", "retry.max_attempts must be > 0",
                   [](client_config& c) { c.retry.max_attempts = 0; }}),
    [](const auto& tested) { return std::string(tested.param.name); });

TEST(refused_requests, before_any_io) {
    yunhu::test::strict_emulator server;
    asio::io_context context;
    client bot(context, config_for(server));
    const chat big = group("big");
    const chat nowhere = group("");
    const chat no_kind(chat_type{}, "big");
    std::vector<std::pair<std::string, failure>> refused;
    const auto check = [&refused](std::string field) {
        return [&refused, field](result<acknowledged> r) {
            ASSERT_TRUE(r.has_error()) << field;
            refused.emplace_back(field, r.error());
        };
    };
    const auto check_page = [&refused](std::string field) {
        return [&refused, field](result<message_page> r) {
            ASSERT_TRUE(r.has_error()) << field;
            refused.emplace_back(field, r.error());
        };
    };
    bot.recall_msg({nowhere, "m"}, as_result(check("chat_id")));
    bot.recall_msg({no_kind, "m"}, as_result(check("chat_type")));
    bot.recall_msg({big, ""}, as_result(check("msg_id")));
    bot.recall_msg_batch({big, {}}, as_result(check("msg_id")));
    bot.delete_msg({nowhere, "m"}, as_result(check("chat_id")));
    bot.edit_message({big, "", text("a")}, as_result(check("msg_id")));
    bot.msg_forward({chat_type::group, "m", std::vector<chat>()}, as_result(check("receive")));
    bot.button_report({big, "", "1", "v"}, as_result(check("msg_id")));
    bot.file_download_record({"", "/a"}, as_result(check("msg_id")));
    bot.list_message({big, 0}, as_result(check_page("msg_count")));
    bot.list_message_by_seq({nowhere, 1}, as_result(check_page("chat_id")));
    bot.list_message_by_mid_seq({big, "m", 0}, as_result(check_page("msg_count")));
    bot.list_message_edit_record(
        {"m", 0, 1}, as_result([&refused](result<edit_record_page> r) { refused.emplace_back("size", r.error()); }));
    bot.send_message({nowhere, text("a")},
                     as_result([&refused](result<sent_message> r) { refused.emplace_back("chat_id", r.error()); }));
    bot.send_message({big, text("\xff")},
                     as_result([&refused](result<sent_message> r) { refused.emplace_back("text", r.error()); }));
    call_options never;
    never.max_attempts = 0;
    bot.recall_msg({big, "m"}, never, as_result(check("max_attempts")));
    ASSERT_TRUE(drive(context, [&] { return refused.size() == 16; }));
    ASSERT_EQ(refused.size(), 16U);
    for (const auto& [field, f] : refused) {
        EXPECT_EQ(f.code, errc::invalid_request) << field;
        EXPECT_NE(f.detail.find(field), std::string::npos) << f.detail;
        EXPECT_EQ(f.delivery, delivery::not_sent) << field;
        EXPECT_EQ(f.attempts, 0U) << field;
    }
    EXPECT_EQ(server.connections_accepted(), 0U);
    EXPECT_EQ(bot.stats().connects_started, 0U);
}

TEST(refused_requests, an_expired_deadline) {
    yunhu::test::strict_emulator server;
    asio::io_context context;
    client bot(context, config_for(server));
    run(context, [&]() -> asio::awaitable<void> {
        auto r = co_await bot.list_message({group("big"), 1}, call_options(std::chrono::seconds(0)), as_result);
        EXPECT_EQ(r.error().code, errc::timed_out);
        EXPECT_EQ(r.error().delivery, delivery::not_sent);
        EXPECT_EQ(r.error().attempts, 0U);
    });
    EXPECT_EQ(bot.stats().connects_started, 0U);
}

} // namespace
} // namespace yunhu::test
