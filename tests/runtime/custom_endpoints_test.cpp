// Copyright (c) 2026 The yunhu authors
// SPDX-License-Identifier: BSL-1.0

#include "runtime/support.hpp"

#include <yunhu/client.hpp>
#include <yunhu/endpoint.hpp>

#include <gmock/gmock.h>

#include <functional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

// Endpoints of one's own: any method, query, body and server.
namespace yunhu::test {
namespace {

using ::testing::HasSubstr;

std::string itself(std::string_view body) {
    return std::string(body);
}

using text_endpoint = endpoint<std::string, std::string>;

class custom_endpoints : public ::testing::Test {
protected:
    custom_endpoints() : server(options()) {
        server.serve_host("own.example", [this](const testing::exchange& request) {
            seen.push_back(request);
            return answer;
        });
        config = config_for(server);
        config.connect_to = server.connect_to();
    }
    static testing::emulator_options options() {
        testing::emulator_options made;
        made.host_names = {"own.example"};
        return made;
    }

    result<reply<std::string>> call(const text_endpoint& where, std::string request) {
        result<reply<std::string>> end = failure();
        asio::io_context context;
        client through(context, config);
        run(context,
            [&]() -> asio::awaitable<void> { end = co_await through.call(where, std::move(request), as_result); });
        return end;
    }
    [[nodiscard]] std::string header(std::string_view name) const {
        for (const auto& [key, value] : seen.back().headers) {
            if (key == name) {
                return value;
            }
        }
        return "-";
    }

    testing::emulator server;
    client_config config;
    std::vector<testing::exchange> seen;
    testing::emulator::http_reply answer;
};

constexpr endpoint_info get_row =
    endpoint_info(http_method::get, "/v1/items", wire_format::plain, retry_class::safe).at("https://own.example");

TEST_F(custom_endpoints, get_with_a_query_at_another_server) {
    answer.body = "anything";
    const text_endpoint where(
        get_row, [](const std::string& q) { return encoded_request("?q=" + percent_encode(q), std::string()); },
        itself);
    const auto end = call(where, "a b&c");
    ASSERT_TRUE(end) << end.error();
    EXPECT_EQ(end->value, "anything");
    ASSERT_EQ(seen.size(), 1U);
    EXPECT_EQ(seen[0].method, "GET");
    EXPECT_EQ(seen[0].target, "/v1/items?q=a%20b%26c");
    EXPECT_EQ(seen[0].body, "");
    EXPECT_EQ(header("host"), "own.example");
    EXPECT_EQ(header("token"), "-");
    EXPECT_EQ(header("content-type"), "-");
    EXPECT_EQ(header("content-length"), "-");
}

TEST_F(custom_endpoints, any_body_and_method) {
    static constexpr endpoint_info put_row =
        endpoint_info(http_method::put, "/v1/items", wire_format::plain, retry_class::idempotent)
            .at("https://own.example");
    const text_endpoint where(
        put_row, [](const std::string& body) { return encoded_request("/7", body, "text/csv"); }, itself);
    answer.status = 201;
    ASSERT_TRUE(call(where, "a,b"));
    EXPECT_EQ(seen[0].method, "PUT");
    EXPECT_EQ(seen[0].target, "/v1/items/7");
    EXPECT_EQ(seen[0].body, "a,b");
    EXPECT_EQ(header("content-type"), "text/csv");
    EXPECT_EQ(header("content-length"), "3");
}

TEST_F(custom_endpoints, no_body) {
    static constexpr endpoint_info delete_row =
        endpoint_info(http_method::del, "/v1/items", wire_format::plain, retry_class::idempotent)
            .at("https://own.example");
    const text_endpoint where(
        delete_row, [](const std::string&) { return encoded_request(); }, itself);
    ASSERT_TRUE(call(where, ""));
    EXPECT_EQ(seen[0].method, "DELETE");
    EXPECT_EQ(header("content-type"), "-");
    EXPECT_EQ(header("content-length"), "0");
}

TEST_F(custom_endpoints, a_get_of_the_api_has_the_token) {
    static constexpr endpoint_info row(http_method::get, "/v1/misc/setting", wire_format::json, retry_class::safe);
    const text_endpoint where(
        row, [](const std::string&) { return encoded_request(); }, itself);
    const auto end = call(where, "");
    ASSERT_TRUE(end) << end.error();
    EXPECT_THAT(end->value, HasSubstr("fileSizeLimitNormal"));
    EXPECT_EQ(end->api_code, 1);
    const auto journal = server.journal();
    ASSERT_EQ(journal.size(), 1U);
    EXPECT_EQ(journal[0].user_id, server.options().user_id);
}

TEST_F(custom_endpoints, without_the_token) {
    static constexpr endpoint_info get =
        endpoint_info(http_method::get, "/v1/misc/setting", wire_format::json, retry_class::safe).without_token();
    static constexpr endpoint_info post =
        endpoint_info("/v1/user/captcha", wire_format::json, retry_class::safe).without_token();
    EXPECT_EQ(call(text_endpoint(
                       get, [](const std::string&) { return encoded_request(); }, itself),
                   "")
                  .error()
                  .code,
              errc::not_authenticated);
    const auto end = call(text_endpoint(
                              post, [](const std::string& text) { return encoded_request(text); }, itself),
                          "{}");
    ASSERT_TRUE(end) << end.error();
    for (const testing::exchange& each : server.journal()) {
        for (const auto& [name, value] : each.headers) {
            EXPECT_NE(name, "token") << each.target;
        }
    }
}

TEST_F(custom_endpoints, a_status_is_an_error_with_the_servers_text) {
    answer.status = 404;
    answer.body = "no such item";
    const text_endpoint where(
        get_row, [](const std::string&) { return encoded_request(); }, itself);
    const auto end = call(where, "");
    ASSERT_FALSE(end);
    EXPECT_EQ(end.error().code, errc::unexpected_status);
    EXPECT_EQ(end.error().http_status, 404);
    EXPECT_EQ(end.error().api_msg, "no such item");
}

TEST_F(custom_endpoints, refused_before_any_io) {
    static constexpr endpoint_info plain_http =
        endpoint_info(http_method::get, "/", wire_format::plain, retry_class::safe).at("http://own.example");
    static constexpr endpoint_info with_path =
        endpoint_info(http_method::get, "/", wire_format::plain, retry_class::safe).at("https://own.example/x");
    const auto nothing = [](const std::string&) { return encoded_request(); };
    const auto injected = [](const std::string&) { return encoded_request("?a b\r\nx: y", std::string()); };
    const auto with_body = [](const std::string&) { return encoded_request("body"); };
    const auto bad_type = [](const std::string&) { return encoded_request("", "", "a\r\nb: c"); };
    for (const text_endpoint& where :
         {text_endpoint(plain_http, nothing, itself), text_endpoint(with_path, nothing, itself),
          text_endpoint(get_row, injected, itself), text_endpoint(get_row, with_body, itself),
          text_endpoint(get_row, bad_type, itself)}) {
        const auto end = call(where, "");
        ASSERT_FALSE(end);
        EXPECT_EQ(end.error().code, errc::invalid_request) << end.error();
        EXPECT_EQ(end.error().delivery, delivery::not_sent);
    }
    EXPECT_EQ(server.requests(), 0U);
}

TEST_F(custom_endpoints, the_certificate_is_verified_for_the_servers_own_name) {
    server.serve_host("unknown.example", [](const testing::exchange&) { return testing::emulator::http_reply("x"); });
    static constexpr endpoint_info row =
        endpoint_info(http_method::get, "/", wire_format::plain, retry_class::safe).at("https://unknown.example");
    const auto end = call(text_endpoint(
                              row, [](const std::string&) { return encoded_request(); }, itself),
                          "");
    ASSERT_FALSE(end);
    EXPECT_EQ(end.error().code, errc::certificate_rejected);
    EXPECT_EQ(server.requests(), 0U);
}

TEST_F(custom_endpoints, a_server_has_a_pool_of_its_own) {
    config.pool.max_connections = 1;
    asio::io_context context;
    client through(context, config);
    const text_endpoint where(
        get_row, [](const std::string&) { return encoded_request(); }, itself);
    run(context, [&]() -> asio::awaitable<void> {
        co_await through.call(where, std::string());
        co_await through.list_message(list_message_request(group("big"), 1));
        co_await through.call(where, std::string());
    });
    EXPECT_EQ(through.stats().connections, 2U);
    EXPECT_EQ(server.connections_accepted(), 2U);
}

TEST_F(custom_endpoints, end_with_the_client) {
    asio::io_context context;
    client through(context, config);
    const text_endpoint where(
        get_row, [](const std::string&) { return encoded_request(); }, itself);
    error_code after;
    run(context, [&]() -> asio::awaitable<void> {
        co_await through.call(where, std::string());
        co_await through.async_shutdown(std::chrono::seconds(1));
        auto end = co_await through.call(where, std::string(), as_result);
        after = end ? error_code() : end.error().code;
    });
    EXPECT_EQ(after, errc::client_closed);
    context.restart();
    context.run(); // no connection is left as work
    EXPECT_EQ(seen.size(), 1U);
}

TEST_F(custom_endpoints, a_rate_limit_is_of_one_server) {
    config.rate_limits.emplace_back(get_row, 1000, 1);
    const text_endpoint where(
        get_row, [](const std::string&) { return encoded_request(); }, itself);
    EXPECT_TRUE(call(where, ""));
}

TEST(percent_encode, every_reserved_byte) {
    EXPECT_EQ(percent_encode("aZ09-._~"), "aZ09-._~");
    EXPECT_EQ(percent_encode(std::string_view("a b/%\xff\0", 7)), "a%20b%2F%25%FF%00");
    EXPECT_EQ(percent_encode(""), "");
}

} // namespace
} // namespace yunhu::test
