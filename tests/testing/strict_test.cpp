// Copyright (c) 2026 The yunhu authors
// SPDX-License-Identifier: BSL-1.0

// What a strict emulator requires of requests, and its responses to invalid ones.

#include "fixture.hpp"

#include "support/strict_emulator.hpp"

#include <functional>

YUNHU_NAMESPACE_BEGIN
namespace testing::test {
namespace {

class strict_test : public emulator_test {
protected:
    strict_test() : emulator_test(yunhu::test::strict()) {}

    /// Posts a valid list-message with changed headers.
    response with_headers(const std::function<void(headers&)>& change) {
        const std::string body = list_body();
        headers with = valid_headers(protobuf_type, body.size());
        change(with);
        client.send(request_text("POST", "/v1/msg/list-message", with, body));
        return client.read();
    }

    std::string list_body() const {
        wire::ListMessageRequest request;
        address(request, big);
        request.set_msg_count(1);
        return request.SerializeAsString();
    }

    void expect_bad_request(const response& got, const std::string& problem) {
        EXPECT_EQ(got.status, 400);
        EXPECT_EQ(json::parse(got.body).at("code"), 1100);
        EXPECT_EQ(json::parse(got.body).at("msg").as_string(), "参数错误: " + problem);
        EXPECT_EQ(server.journal().back().problem, problem);
        EXPECT_EQ(server.journal().back().status, 400);
        EXPECT_FALSE(server.journal().back().executed);
    }
};

void set_header(headers& in, std::string_view name, const std::string& value) {
    for (auto& [key, old] : in) {
        if (key == name) {
            old = value;
        }
    }
}

void drop_header(headers& in, std::string_view name) {
    std::erase_if(in, [&](const auto& each) { return each.first == name; });
}

TEST_F(strict_test, a_valid_request_has_no_problem) {
    EXPECT_EQ(with_headers([](headers&) {}).status, 200);
    EXPECT_EQ(server.journal().back().problem, "");
    EXPECT_TRUE(server.journal().back().executed);
}

TEST_F(strict_test, header_names_and_media_types_are_case_insensitive) {
    EXPECT_EQ(with_headers([](headers& h) {
                  h = {{"Host", "x"},
                       {"TOKEN", "test-token"},
                       {"Content-Type", "Application/X-Protobuf; charset=utf-8"},
                       {"Content-Length", h.back().second}};
              }).status,
              200);
}

TEST_F(strict_test, an_unknown_path_or_method_is_a_plain_404) {
    for (const auto& [method, path] :
         {std::pair("GET", "/v1/msg/list-message"), std::pair("POST", "/v1/msg/nothing"),
          std::pair("POST", "/v1/msg/list-message/"), std::pair("POST", "/"),
          std::pair("POST", "/v1/msg/list-message?x=1"), std::pair("PUT", "/v1/msg/delete")}) {
        client.send(request_text(method, path, valid_headers(protobuf_type, 0), ""));
        const response got = client.read();
        EXPECT_EQ(got.status, 404) << method << path;
        EXPECT_EQ(got.header("content-type"), "text/plain");
        EXPECT_EQ(server.journal().back().endpoint, "");
        EXPECT_EQ(server.journal().back().method, method);
        EXPECT_EQ(server.journal().back().target, path);
        EXPECT_EQ(server.journal().back().problem, "unknown path or method");
    }
}

TEST_F(strict_test, the_response_to_a_bad_token_is_always_json) {
    const std::string expected = R"({"code":-101,"msg":"未登录"})";
    for (const std::string token : {"wrong", "", "test-token2", "TEST-TOKEN"}) {
        const response got = with_headers([&](headers& h) { set_header(h, "token", token); });
        EXPECT_EQ(got.status, 200);
        EXPECT_EQ(got.body, expected);
        EXPECT_EQ(got.header("content-type"), json_type);
    }
    EXPECT_EQ(with_headers([](headers& h) { drop_header(h, "token"); }).body, expected);
    EXPECT_EQ(server.journal().back().code, -101);
    EXPECT_FALSE(server.journal().back().executed);
    headers json_headers = valid_headers(json_type, 2);
    set_header(json_headers, "token", "wrong");
    client.send(request_text("POST", "/v1/msg/delete", json_headers, "{}"));
    EXPECT_EQ(client.read().body, expected);
}

TEST_F(strict_test, a_send_with_a_bad_token_does_nothing) {
    const std::string body = text_request(big, "a", "hi").SerializeAsString();
    headers with = valid_headers(protobuf_type, body.size());
    set_header(with, "token", "wrong");
    client.send(request_text("POST", "/v1/msg/send-message", with, body));
    EXPECT_EQ(json::parse(client.read().body).at("code"), -101);
    EXPECT_TRUE(server.messages(big).empty());
}

TEST_F(strict_test, missing_and_repeated_headers) {
    expect_bad_request(with_headers([](headers& h) { drop_header(h, "host"); }), "headers: not exactly one host");
    expect_bad_request(with_headers([](headers& h) { h.emplace_back("host", "b"); }), "headers: not exactly one host");
    expect_bad_request(with_headers([](headers& h) { drop_header(h, "content-type"); }),
                       "headers: not exactly one content-type");
    expect_bad_request(with_headers([](headers& h) { set_header(h, "content-type", "application/json"); }),
                       "headers: content-type does not match the endpoint");
    expect_bad_request(with_headers([](headers& h) { h.emplace_back("accept-encoding", "gzip"); }),
                       "headers: accept-encoding");
    expect_bad_request(with_headers([](headers& h) { h.emplace_back("token", "test-token"); }),
                       "headers: more than one token");
}

TEST_F(strict_test, a_body_without_a_length_is_rejected) {
    client.send(request_text("POST", "/v1/msg/list-message",
                             {{"host", "x"}, {"token", "test-token"}, {"content-type", std::string(protobuf_type)}},
                             ""));
    expect_bad_request(client.read(), "headers: not exactly one content-length");
}

TEST_F(strict_test, a_chunked_body_is_rejected) {
    client.send(request_text("POST", "/v1/msg/list-message",
                             {{"host", "x"},
                              {"token", "test-token"},
                              {"content-type", std::string(protobuf_type)},
                              {"transfer-encoding", "chunked"}},
                             "1\r\nx\r\n0\r\n\r\n"));
    EXPECT_EQ(client.read().status, 400);
    EXPECT_FALSE(server.journal().back().executed);
}

TEST_F(strict_test, a_request_that_is_not_http_gets_400_and_a_close) {
    for (const std::string_view bytes : {"\x01\x02\x03\r\n\r\n", "POST / HTTP/1.1\r\ncontent-length: x\r\n\r\n",
                                         "POST / HTTP/1.1\r\ncontent-length: 1\r\ncontent-length: 2\r\n\r\n"}) {
        http_client other = connect();
        other.send(bytes);
        const response got = other.read();
        EXPECT_EQ(got.status, 400);
        EXPECT_EQ(got.header("connection"), "close");
        EXPECT_EQ(other.read_to_end(), ending::close_notify);
        EXPECT_EQ(server.journal().back().problem.rfind("HTTP: ", 0), 0U);
    }
}

TEST_F(strict_test, a_body_too_large_gets_413) {
    client.send(request_text("POST", "/v1/msg/send-message", valid_headers(protobuf_type, std::size_t{1} << 40U), ""));
    EXPECT_EQ(client.read().status, 413);
    EXPECT_EQ(client.read_to_end(), ending::close_notify);
}

TEST_F(strict_test, invalid_protobuf_bodies) {
    const auto expect_problem = [this](std::string_view body, const std::string& problem) {
        expect_bad_request(post("send-message", protobuf_type, body), problem);
    };
    const std::string right = text_request(big, "a", "hi").SerializeAsString();
    expect_problem(right + "\x0a\x01x", "body: unknown field, or a field of another type");         // field 1
    expect_problem(right + "\x20", "body: not a protobuf message");                                 // truncated
    expect_problem(right + "\x22\x01x", "body: unknown field, or a field of another type");         // chat_type as text
    expect_problem(right + "\x2a\x03\x72\x01x", "body: unknown field, or a field of another type"); // content.14
    expect_problem(right + "\x1a\x02\xc0\x80", "body: text that is not UTF-8");
    expect_problem(right + "\x2a\x03\x0a\x01\xff", "body: text that is not UTF-8");
    expect_problem("{}", "body: not a protobuf message");
    EXPECT_TRUE(server.messages(big).empty());
}

TEST_F(strict_test, invalid_json_bodies) {
    const auto expect_problem = [this](std::string_view name, std::string_view body, const std::string& problem) {
        expect_bad_request(post(name, json_type, body), "body: " + problem);
    };
    expect_problem("delete", "", "not a JSON object");
    expect_problem("delete", "[]", "not a JSON object");
    expect_problem("delete", "{", "not a JSON object");
    expect_problem("delete", "{\"msgId\":\"\xff\"}", "not a JSON object");
    expect_problem("delete", R"({"msgId":1,"chatId":"1","chatType":1})", "wrong type of msgId");
    expect_problem("delete", R"({"msgId":"1","chatId":"1","chatType":"1"})", "wrong type of chatType");
    expect_problem("delete", R"({"msgId":null,"chatId":"1","chatType":1})", "wrong type of msgId");
    expect_problem("delete", R"({"msgId":"1","chatId":"1","chatType":-1})", "wrong type of chatType");
    expect_problem("delete", R"({"msgId":"1","chatId":"1","chatType":1,"msg_id":"1"})", "unknown field");
    expect_problem("file-download-record", R"({"msgId":"1","path":""})", "unknown field");
    expect_problem("list-message-edit-record", R"({"msgId":"1","size":1.5,"page":1})", "wrong type of size");
    expect_problem("msg-forward", R"({"msgId":"1","chatType":1,"receive":{}})", "wrong type of receive");
    expect_problem("msg-forward", R"({"msgId":"1","chatType":1,"receive":[1]})", "wrong type of receive");
    expect_problem("msg-forward", R"({"msgId":"1","chatType":1,"receive":[{"id":1}]})", "unknown field");
}

TEST_F(strict_test, pipelined_requests_are_answered_in_order) {
    ASSERT_EQ(send(big, "a"), 1);
    std::string all;
    for (int i = 0; i < 20; ++i) {
        all += i % 2 == 0 ? valid_request("list-message", protobuf_type, list_body())
                          : request_text("POST", "/nothing", valid_headers(protobuf_type, 0), "");
    }
    client.send(all);
    for (int i = 0; i < 20; ++i) {
        EXPECT_EQ(client.read().status, i % 2 == 0 ? 200 : 404);
    }
    EXPECT_EQ(server.journal().back().on_connection, 21U);
}

TEST_F(strict_test, a_request_can_arrive_byte_by_byte) {
    for (const char byte : valid_request("list-message", protobuf_type, list_body())) {
        client.send({&byte, 1});
    }
    EXPECT_EQ(client.read().status, 200);
}

TEST_F(strict_test, connection_close_is_honoured) {
    EXPECT_EQ(with_headers([](headers& h) { h.emplace_back("connection", "keep-alive, Close"); }).header("connection"),
              "close");
    EXPECT_EQ(client.read_to_end(), ending::close_notify);
}

} // namespace
} // namespace testing::test
YUNHU_NAMESPACE_END
