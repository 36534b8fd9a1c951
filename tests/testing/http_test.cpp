// Copyright (c) 2026 The yunhu authors
// SPDX-License-Identifier: BSL-1.0

// HEAD and Expect: 100-continue.

#include "fixture.hpp"

YUNHU_NAMESPACE_BEGIN
namespace testing::test {
namespace {

using http_test = emulator_test;

TEST_F(http_test, head_gets_no_body) {
    client.send(request_text("HEAD", "/nothing", {{"host", "localhost"}}, ""));
    const response got = client.read(true);
    EXPECT_EQ(got.status, 404);
    EXPECT_EQ(got.header("content-length"), "18");
    EXPECT_EQ(send(big, "a"), 1); // the connection is still in sync
}

TEST_F(http_test, head_gets_no_body_from_a_fault) {
    fault planned;
    planned.what = fault::action::response;
    planned.status = 503;
    planned.body = "later";
    planned.times = 1;
    server.inject(planned);
    client.send(request_text("HEAD", "/nothing", {{"host", "localhost"}}, ""));
    const response got = client.read(true);
    EXPECT_EQ(got.status, 503);
    EXPECT_EQ(got.header("content-length"), "5");
    EXPECT_EQ(send(big, "a"), 1);
}

TEST_F(http_test, sends_100_continue_if_expected) {
    const std::string body = text_request(big, "a", "hi").SerializeAsString();
    headers with = valid_headers(protobuf_type, body.size());
    with.emplace_back("expect", "100-Continue");
    client.send(request_text("POST", "/v1/msg/send-message", with, ""));
    const response interim = client.read();
    EXPECT_EQ(interim.status, 100);
    EXPECT_TRUE(interim.headers.empty());
    client.send(body.substr(0, 1));
    EXPECT_FALSE(client.readable_within(std::chrono::milliseconds(50))); // only one interim response
    client.send(body.substr(1));
    EXPECT_EQ(client.read().status, 200);
    EXPECT_EQ(server.messages(big).size(), 1U);
}

TEST_F(http_test, sends_no_100_continue_for_a_complete_request) {
    const std::string body = text_request(big, "a", "hi").SerializeAsString();
    headers with = valid_headers(protobuf_type, body.size());
    with.emplace_back("expect", "100-continue");
    client.send(request_text("POST", "/v1/msg/send-message", with, body));
    EXPECT_EQ(client.read().status, 200);
}

emulator_options slow() {
    emulator_options options;
    options.read_rate = 400'000;
    return options;
}

class read_rate_test : public emulator_test {
protected:
    read_rate_test() : emulator_test(slow()) {}
};

// Far more than the socket buffers hold, so that the client can't write it before the emulator has read most of it.
TEST_F(read_rate_test, holds_up_the_write_of_a_large_request) {
    const std::string text(800'000, 'x');
    const std::string body = text_request(big, "a", text).SerializeAsString();
    const auto start = std::chrono::steady_clock::now();
    client.send(request_text("POST", "/v1/msg/send-message", valid_headers(protobuf_type, body.size()), body));
    EXPECT_EQ(client.read().status, 200);
    EXPECT_GE(std::chrono::steady_clock::now() - start, std::chrono::milliseconds(1900));
    EXPECT_EQ(server.messages(big).at(0).content->text, text);
    EXPECT_EQ(send(big, "b"), 1);
}

TEST_F(read_rate_test, ends_in_the_middle_of_a_request) {
    client.send(request_text("POST", "/v1/msg/send-message", valid_headers(protobuf_type, 800'000), "begun"));
    server.drop_connections();
    EXPECT_EQ(server.messages(big).size(), 0U);
}

} // namespace
} // namespace testing::test
YUNHU_NAMESPACE_END
