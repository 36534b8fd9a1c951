// Copyright (c) 2026 The yunhu authors
// SPDX-License-Identifier: BSL-1.0

// Requests as HTTP libraries of other languages send them when nothing but the token is set: the bytes of httpx,
// urllib, fetch, http and curl were recorded, the others are written after their sources.

#include "fixture.hpp"

#include <ostream>

YUNHU_NAMESPACE_BEGIN
namespace testing::test {
namespace {

struct foreign_client {
    std::string name;
    headers fields; ///< without those of the body's length
    bool chunked = false;
};

void PrintTo(const foreign_client& client, std::ostream* out) {
    *out << client.name;
}

std::vector<foreign_client> clients() {
    return {
        {"python_httpx",
         {{"Host", "127.0.0.1:8443"},
          {"Accept", "*/*"},
          {"Accept-Encoding", "gzip, deflate"},
          {"Connection", "keep-alive"},
          {"User-Agent", "python-httpx/0.23.3"},
          {"token", "test-token"}}},
        {"python_aiohttp",
         {{"Host", "127.0.0.1:8443"},
          {"token", "test-token"},
          {"Accept", "*/*"},
          {"Accept-Encoding", "gzip, deflate"},
          {"User-Agent", "Python/3.11 aiohttp/3.8.4"},
          {"Content-Type", "application/octet-stream"}}},
        {"python_requests",
         {{"Host", "127.0.0.1:8443"},
          {"User-Agent", "python-requests/2.28.1"},
          {"Accept-Encoding", "gzip, deflate, br"},
          {"Accept", "*/*"},
          {"Connection", "keep-alive"},
          {"token", "test-token"}}},
        {"python_urllib",
         {{"Accept-Encoding", "identity"},
          {"Content-Type", "application/x-www-form-urlencoded"},
          {"Host", "127.0.0.1:8443"},
          {"User-Agent", "Python-urllib/3.11"},
          {"Token", "test-token"},
          {"Connection", "close"}}},
        {"node_fetch",
         {{"host", "127.0.0.1:8443"},
          {"connection", "keep-alive"},
          {"token", "test-token"},
          {"accept", "*/*"},
          {"accept-language", "*"},
          {"sec-fetch-mode", "cors"},
          {"user-agent", "node"},
          {"accept-encoding", "gzip, deflate"}}},
        {"node_fetch_of_a_text",
         {{"host", "127.0.0.1:8443"},
          {"connection", "keep-alive"},
          {"token", "test-token"},
          {"content-type", "text/plain;charset=UTF-8"},
          {"accept", "*/*"},
          {"user-agent", "node"},
          {"accept-encoding", "gzip, deflate"}}},
        {"node_http", {{"token", "test-token"}, {"Host", "127.0.0.1:8443"}, {"Connection", "keep-alive"}}, true},
        {"node_axios",
         {{"Accept", "application/json, text/plain, */*"},
          {"Content-Type", "application/x-www-form-urlencoded"},
          {"token", "test-token"},
          {"User-Agent", "axios/1.7.2"},
          {"Accept-Encoding", "gzip, compress, deflate, br"},
          {"Host", "127.0.0.1:8443"},
          {"Connection", "keep-alive"}}},
        {"okhttp",
         {{"token", "test-token"},
          {"Content-Type", "application/x-protobuf"},
          {"Host", "127.0.0.1:8443"},
          {"Connection", "Keep-Alive"},
          {"Accept-Encoding", "gzip"},
          {"User-Agent", "okhttp/4.12.0"}}},
        {"okhttp_of_a_text",
         {{"token", "test-token"},
          {"Content-Type", "text/plain; charset=utf-8"},
          {"Host", "127.0.0.1:8443"},
          {"Connection", "Keep-Alive"},
          {"Accept-Encoding", "gzip"},
          {"User-Agent", "okhttp/4.12.0"}}},
        {"dart_http",
         {{"user-agent", "Dart/3.4 (dart:io)"},
          {"accept-encoding", "gzip"},
          {"host", "127.0.0.1:8443"},
          {"token", "test-token"}}},
        {"dart_dio",
         {{"user-agent", "Dart/3.4 (dart:io)"},
          {"accept-encoding", "gzip"},
          {"content-type", "application/json"},
          {"host", "127.0.0.1:8443"},
          {"token", "test-token"}},
         true},
        {"go_net_http",
         {{"Host", "127.0.0.1:8443"},
          {"User-Agent", "Go-http-client/1.1"},
          {"Token", "test-token"},
          {"Accept-Encoding", "gzip"}}},
        {"curl",
         {{"Host", "127.0.0.1:8443"},
          {"User-Agent", "curl/7.88.1"},
          {"Accept", "*/*"},
          {"token", "test-token"},
          {"Content-Type", "application/x-www-form-urlencoded"}}},
    };
}

class foreign_clients_test : public emulator_test, public ::testing::WithParamInterface<foreign_client> {
protected:
    response request(std::string_view name, const std::string& body) {
        headers with = GetParam().fields;
        std::string sent = body;
        if (GetParam().chunked) {
            with.emplace_back("Transfer-Encoding", "chunked");
            char size[9] = {};
            EXPECT_GT(std::snprintf(size, sizeof size, "%zx", body.size()), 0);
            sent = size + ("\r\n" + body) + "\r\n0\r\n\r\n";
        } else {
            with.emplace_back("Content-Length", std::to_string(body.size()));
        }
        http_client own = connect();
        own.send(request_text("POST", "/v1/msg/" + std::string(name), with, sent));
        return own.read();
    }
};

TEST_P(foreign_clients_test, send_and_list) {
    const response sent = request("send-message", text_request(big, "a", "hi").SerializeAsString());
    EXPECT_EQ(sent.status, 200);
    EXPECT_EQ(sent.header("content-encoding"), "");
    wire::StatusReply status;
    ASSERT_TRUE(status.ParseFromString(sent.body));
    EXPECT_EQ(status.status().code(), 1);
    wire::ListMessageRequest wanted;
    address(wanted, big);
    wanted.set_msg_count(10);
    wire::ListReply page;
    ASSERT_TRUE(page.ParseFromString(request("list-message", wanted.SerializeAsString()).body));
    EXPECT_EQ(ids(page), std::vector<std::string>{"a"});
}

TEST_P(foreign_clients_test, delete_as_json) {
    ASSERT_EQ(send(big, "a"), 1);
    const response got = request("delete", R"({"msgId": "a", "chatId": "big", "chatType": "2", "deviceId": "x"})");
    EXPECT_EQ(got.status, 200);
    EXPECT_EQ(json::parse(got.body).at("code"), 1);
}

INSTANTIATE_TEST_SUITE_P(all, foreign_clients_test, ::testing::ValuesIn(clients()),
                         [](const auto& param) { return param.param.name; });

} // namespace
} // namespace testing::test
YUNHU_NAMESPACE_END
