// Copyright (c) 2026 The yunhu authors
// SPDX-License-Identifier: BSL-1.0
#pragma once

#include "http_client.hpp"

#include <yunhu/config.hpp>
#include <yunhu/testing/emulator.hpp>
#include <yunhu/types.hpp>

#include <yunhu/msg.pb.h>

#include <boost/json/object.hpp>
#include <boost/json/parse.hpp>
#include <boost/json/serialize.hpp>

#include <gtest/gtest.h>

#include <chrono>
#include <cstdint>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

YUNHU_NAMESPACE_BEGIN
namespace testing::test {

namespace json = boost::json;

/// A bound for a failing test; a passing one never waits so long.
inline constexpr std::chrono::seconds wait_limit{60};

template <class Request> void address(Request& request, const chat& to) {
    request.set_chat_id(to.id);
    request.set_chat_type(static_cast<std::uint64_t>(to.type));
}

inline wire::SendMessageRequest text_request(const chat& to, const std::string& msg_id, const std::string& text) {
    wire::SendMessageRequest request;
    address(request, to);
    request.set_msg_id(msg_id);
    request.set_content_type(1);
    request.mutable_content()->set_text(text);
    return request;
}

inline std::vector<std::string> ids(const wire::ListReply& page) {
    std::vector<std::string> found;
    for (const wire::Message& each : page.msg()) {
        found.push_back(each.msg_id());
    }
    return found;
}

/// An emulator and one connection to it.
class emulator_test : public ::testing::Test {
protected:
    explicit emulator_test(emulator_options options = {}) : server(std::move(options)) {}

    http_client connect(const tls_options& options = {}) { return {server.port(), server.ca_pem(), options}; }

    response post(std::string_view name, std::string_view content_type, std::string_view body) {
        client.send(valid_request(name, content_type, body));
        return client.read();
    }

    template <class Reply = wire::StatusReply, class Request>
    Reply call(std::string_view name, const Request& request) {
        const response got = post(name, protobuf_type, request.SerializeAsString());
        EXPECT_EQ(got.status, 200);
        EXPECT_EQ(got.header("content-type"), protobuf_type);
        Reply reply;
        EXPECT_TRUE(reply.ParseFromString(got.body));
        return reply;
    }

    json::object call_json(std::string_view name, const json::object& request) {
        const response got = post(name, json_type, json::serialize(request));
        EXPECT_EQ(got.status, 200);
        EXPECT_EQ(got.header("content-type"), json_type);
        return json::parse(got.body).as_object();
    }

    /// Sends a text and returns the API code.
    int send(const chat& to, const std::string& msg_id, const std::string& text = "hi") {
        return call("send-message", text_request(to, msg_id, text)).status().code();
    }

    /// Sends texts with the ids "m1", "m2", and so on.
    void send_many(const chat& to, int count) {
        for (int i = 1; i <= count; ++i) {
            ASSERT_EQ(send(to, "m" + std::to_string(i)), 1);
        }
    }

    int recall(const chat& in, const std::string& msg_id) {
        wire::RecallMsgRequest request;
        address(request, in);
        request.set_msg_id(msg_id);
        return call("recall-msg", request).status().code();
    }

    std::int64_t remove(const chat& in, const std::string& msg_id) {
        return call_json("delete",
                         {{"chatId", in.id}, {"chatType", static_cast<std::uint64_t>(in.type)}, {"msgId", msg_id}})
            .at("code")
            .as_int64();
    }

    wire::ListReply before(const chat& in, std::uint64_t count, const std::string& cursor = {}) {
        wire::ListMessageRequest request;
        address(request, in);
        request.set_msg_count(count);
        request.set_msg_id(cursor);
        return call<wire::ListReply>("list-message", request);
    }

    emulator server;
    http_client client = connect();
    const chat big = group("big");
};

} // namespace testing::test
YUNHU_NAMESPACE_END
