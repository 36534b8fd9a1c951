// Copyright (c) 2026 The yunhu authors
// SPDX-License-Identifier: BSL-1.0

// What the service reads although a correct client does not send it; the journal names it.

#include "fixture.hpp"

#include "support/strict_emulator.hpp"

#include <boost/algorithm/hex.hpp>

#include <algorithm>
#include <functional>

YUNHU_NAMESPACE_BEGIN
namespace testing::test {
namespace {

class lenient_test : public emulator_test {
protected:
    /// Posts a valid list-message with changed headers; returns the note in the journal.
    std::string note_of(const std::function<void(headers&)>& change) {
        const std::string body = before_body();
        headers with = valid_headers(protobuf_type, body.size());
        change(with);
        client.send(request_text("POST", "/v1/msg/list-message", with, body));
        const response got = client.read();
        EXPECT_EQ(got.status, 200);
        EXPECT_EQ(got.header("content-type"), protobuf_type);
        EXPECT_TRUE(server.journal().back().executed);
        EXPECT_EQ(server.journal().back().problem, "");
        return server.journal().back().note;
    }

    std::string before_body() const {
        wire::ListMessageRequest request;
        address(request, big);
        request.set_msg_count(1);
        return request.SerializeAsString();
    }

    std::string note() { return server.journal().back().note; }
};

TEST_F(lenient_test, any_headers) {
    EXPECT_EQ(note_of([](headers&) {}), "");
    EXPECT_EQ(note_of([](headers& h) { h.emplace_back("accept-encoding", "gzip"); }), "headers: accept-encoding");
    for (const char* type : {"application/octet-stream", "application/json", "application/protobuf", "text/plain"}) {
        EXPECT_EQ(note_of([&](headers& h) { h[2].second = type; }), "headers: content-type does not match the endpoint")
            << type;
    }
    EXPECT_EQ(note_of([](headers& h) { h.erase(h.begin() + 2); }), "headers: not exactly one content-type");
    EXPECT_EQ(note_of([](headers& h) { h.erase(h.begin()); }), "headers: not exactly one host");
    EXPECT_EQ(note_of([](headers& h) { h.emplace_back("token", "other"); }), "headers: more than one token");
}

TEST_F(lenient_test, the_token_is_not_optional) {
    const std::string body = before_body();
    client.send(request_text("POST", "/v1/msg/list-message",
                             {{"token", "wrong"}, {"content-length", std::to_string(body.size())}}, body));
    EXPECT_EQ(client.read().body, R"({"code":-101,"msg":"未登录"})");
    EXPECT_EQ(server.journal().back().problem, "token missing or wrong");
}

TEST_F(lenient_test, chunked_bodies) {
    const std::string body = text_request(big, "a", "hi").SerializeAsString();
    const std::string half = body.substr(0, 10);
    const std::string rest = body.substr(10);
    std::string chunks = "a\r\n" + half + "\r\n";
    std::string size;
    boost::algorithm::hex_lower(std::string(1, static_cast<char>(rest.size())), std::back_inserter(size));
    chunks += size + "\r\n" + rest + "\r\n0\r\n\r\n";
    client.send(request_text("POST", "/v1/msg/send-message",
                             {{"host", "x"}, {"token", "test-token"}, {"transfer-encoding", "chunked"}}, chunks));
    EXPECT_EQ(client.read().status, 200);
    EXPECT_EQ(server.messages(big).size(), 1U);
}

TEST_F(lenient_test, a_query_in_the_target) {
    const std::string body = before_body();
    client.send(
        request_text("POST", "/v1/msg/list-message?platform=web", valid_headers(protobuf_type, body.size()), body));
    EXPECT_EQ(client.read().status, 200);
}

TEST_F(lenient_test, a_request_without_keep_alive_is_the_last) {
    const std::string body = before_body();
    client.send("POST /v1/msg/list-message HTTP/1.0\r\ntoken: test-token\r\ncontent-length: " +
                std::to_string(body.size()) + "\r\n\r\n" + body);
    const response got = client.read();
    EXPECT_EQ(got.status, 200);
    EXPECT_EQ(got.header("connection"), "close");
    EXPECT_EQ(client.read_to_end(), ending::close_notify);
}

TEST_F(lenient_test, protobuf_fields_that_are_not_known) {
    std::string body = text_request(big, "a", "hi").SerializeAsString();
    body += "\x9a\x06\x01x";                         // field 99
    body += std::string("\xa1\x06", 2) + "12345678"; // field 100, 64 bits
    body += "\x22\x01x";                             // chat_type as a text
    EXPECT_EQ(post("send-message", protobuf_type, body).status, 200);
    EXPECT_EQ(server.messages(big).at(0).content->text, "hi");
    EXPECT_EQ(note(), "body: unknown field, or a field of another type");
}

TEST_F(lenient_test, json_in_other_types) {
    ASSERT_EQ(send(big, "a"), 1);
    const auto code = [this](std::string_view body) {
        return json::parse(post("delete", json_type, body).body).at("code");
    };
    EXPECT_EQ(code(R"({"msgId":"a","chatId":"big","chatType":"2"})"), 1);
    EXPECT_EQ(note(), "body: wrong type of chatType");
    EXPECT_EQ(code(R"({"msgId":"a","chatId":"big","chatType":2,"platform":"web"})"), 1);
    EXPECT_EQ(note(), "body: unknown field");
    EXPECT_EQ(code(R"({"msgId":"a","chatId":"big","chatType":2,"extra":null})"), 1);
    EXPECT_EQ(code(R"({"msgId":7,"chatId":"big","chatType":2})"), -1); // no such message
    EXPECT_EQ(note(), "body: wrong type of msgId");
}

TEST_F(lenient_test, what_cannot_be_read_is_refused_with_the_reason) {
    const auto reason = [this](std::string_view name, std::string_view body) {
        const response got = post(name, json_type, body);
        EXPECT_EQ(got.status, 400);
        return std::string(json::parse(got.body).at("msg").as_string());
    };
    EXPECT_EQ(reason("delete", "{"), "参数错误: body: not a JSON object");
    EXPECT_EQ(reason("delete", R"({"chatType":"two"})"), "参数错误: body: wrong type of chatType");
    EXPECT_EQ(reason("delete", R"({"chatType":-1})"), "参数错误: body: wrong type of chatType");
    EXPECT_EQ(reason("send-message", "{}"), "参数错误: body: not a protobuf message");
    EXPECT_EQ(reason("send-message", "\x1a\x02\xc0\x80"), "参数错误: body: text that is not UTF-8");
}

TEST_F(lenient_test, a_recall_without_a_chat_type) {
    const std::string msg_id = "0123456789abcdef0123456789abcdef";
    ASSERT_EQ(send(big, msg_id), 1);
    const std::string body = "\x12\x20" + msg_id + boost::algorithm::unhex(std::string("1a03626967"));
    EXPECT_EQ(post("recall-msg", protobuf_type, body).status, 200);
    EXPECT_GT(server.messages(big).at(0).msg_delete_time, 0U);
    EXPECT_EQ(note(), "body: no chat_type");
    EXPECT_EQ(server.journal().back().code, 1);

    emulator strict(yunhu::test::strict());
    http_client to_strict(strict.port(), strict.ca_pem());
    to_strict.send(valid_request("recall-msg", protobuf_type, body));
    (void)to_strict.read();
    EXPECT_EQ(strict.journal().back().code, 1100);
}

TEST_F(lenient_test, a_recall_without_a_chat_type_stays_in_its_chat) {
    ASSERT_EQ(send(big, "a"), 1);
    EXPECT_EQ(recall({chat_type{}, "other"}, "a"), -1);
    EXPECT_EQ(server.messages(big).at(0).msg_delete_time, 0U);
}

TEST_F(lenient_test, a_picture_has_a_url) {
    wire::SendMessageRequest request;
    address(request, big);
    request.set_content_type(2);
    request.set_msg_id("key");
    request.mutable_content()->set_image("folder/a.jpg");
    ASSERT_EQ(call("send-message", request).status().code(), 1);
    request.set_msg_id("url");
    request.mutable_content()->set_image("https://x.test/b.jpg");
    ASSERT_EQ(call("send-message", request).status().code(), 1);
    request.set_msg_id("both");
    request.mutable_content()->set_image_url("https://x.test/c.jpg");
    ASSERT_EQ(call("send-message", request).status().code(), 1);
    const wire::ListReply page = before(big, 3);
    EXPECT_EQ(page.msg(2).content().image_url(), "https://chat-img.jwznb.com/folder/a.jpg");
    EXPECT_EQ(page.msg(2).content().image(), "folder/a.jpg");
    EXPECT_EQ(page.msg(1).content().image_url(), "https://x.test/b.jpg");
    EXPECT_EQ(page.msg(0).content().image_url(), "https://x.test/c.jpg");
}

class mid_seq_test : public emulator_test {
protected:
    std::vector<std::string> around(std::int64_t seq, const std::string& msg_id, std::uint64_t earlier,
                                    std::uint64_t newer) {
        wire::ListMessageByMidSeqRequest request;
        address(request, big);
        request.set_msg_seq(seq);
        request.set_msg_id(msg_id);
        request.set_reserved(earlier);
        request.set_msg_count(newer);
        return ids(call<wire::ListReply>("list-message-by-mid-seq", request));
    }
};

TEST_F(mid_seq_test, lists_the_newer_ones_and_then_the_target) {
    send_many(big, 9);
    using list = std::vector<std::string>;
    EXPECT_EQ(around(-1, "m5", 0, 2), (list{"m7", "m6", "m5"}));
    EXPECT_EQ(around(-1, "m5", 1, 2), (list{"m7", "m6", "m5", "m4"}));
    EXPECT_EQ(around(-1, "m5", 3, 0), (list{"m5", "m4", "m3", "m2"}));
    EXPECT_EQ(around(-1, "m9", 0, 2), (list{"m9"}));
    EXPECT_EQ(around(5, "", 0, 1), (list{"m6", "m5"}));
    EXPECT_EQ(around(-1, "", 0, 2), (list{"m3", "m2", "m1"})); // the oldest
    EXPECT_EQ(around(0, "", 0, 1), (list{"m2", "m1"}));
}

} // namespace
} // namespace testing::test
YUNHU_NAMESPACE_END
