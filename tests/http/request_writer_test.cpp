// Copyright (c) 2026 The yunhu authors
// SPDX-License-Identifier: BSL-1.0

#include "http/base_url.hpp"
#include "http/request_writer.hpp"

#include <gtest/gtest.h>

#include <string>
#include <string_view>

using namespace std::string_literals;
using yunhu::http::base_url;
using yunhu::http::request_writer;

namespace {

base_url url_of(std::string_view text) {
    const auto parsed = yunhu::http::parse_base_url(text, false);
    EXPECT_TRUE(parsed) << text;
    return parsed ? *parsed : base_url();
}

std::string written(const request_writer& writer, std::string_view body, std::string_view traceparent = {}) {
    yunhu::detail::secret_bytes out;
    const auto head_template = writer.request_head_template("secret", "application/x-protobuf");
    writer.write("/v1/msg/send-message", view_of(head_template), traceparent, body, out);
    return {out.begin(), out.end()};
}

} // namespace

TEST(request_writer, exact_bytes) {
    const request_writer writer(url_of("https://chat-go.jwzhd.com"), "yunhu-cpp/1");
    EXPECT_EQ(written(writer, "\0body\xff"s + '\0'), "POST /v1/msg/send-message HTTP/1.1\r\n"
                                                     "host: chat-go.jwzhd.com\r\n"
                                                     "user-agent: yunhu-cpp/1\r\n"
                                                     "content-type: application/x-protobuf\r\n"
                                                     "accept: application/x-protobuf\r\n"
                                                     "token: secret\r\n"
                                                     "content-length: 7\r\n"
                                                     "\r\n"
                                                     "\0body\xff\0"s);
}

TEST(request_writer, without_a_token_there_is_no_such_field) {
    const request_writer writer(url_of("https://chat-go.jwzhd.com"), "yunhu-cpp/1");
    yunhu::detail::secret_bytes out;
    writer.write("/v1/user/captcha", view_of(writer.request_head_template("", "application/json")), {}, "{}", out);
    EXPECT_EQ(std::string(out.begin(), out.end()), "POST /v1/user/captcha HTTP/1.1\r\n"
                                                   "host: chat-go.jwzhd.com\r\n"
                                                   "user-agent: yunhu-cpp/1\r\n"
                                                   "content-type: application/json\r\n"
                                                   "accept: application/json\r\n"
                                                   "content-length: 2\r\n"
                                                   "\r\n"
                                                   "{}");
}

TEST(request_writer, path_prefix_and_port_of_the_base_url) {
    const request_writer writer(url_of("https://[::1]:8443/a/b/"), "x");
    EXPECT_EQ(written(writer, ""), "POST /a/b/v1/msg/send-message HTTP/1.1\r\n"
                                   "host: [::1]:8443\r\n"
                                   "user-agent: x\r\n"
                                   "content-type: application/x-protobuf\r\n"
                                   "accept: application/x-protobuf\r\n"
                                   "token: secret\r\n"
                                   "content-length: 0\r\n"
                                   "\r\n");
}

TEST(request_writer, traceparent_is_the_last_field) {
    const request_writer writer(url_of("https://h"), "x");
    const std::string request = written(writer, "b", "00-11-22-01");
    const std::string_view end = "token: secret\r\ncontent-length: 1\r\ntraceparent: 00-11-22-01\r\n\r\nb";
    EXPECT_TRUE(std::string_view(request).ends_with(end)) << request;
}

TEST(request_writer, the_output_is_replaced_and_keeps_its_capacity) {
    const request_writer writer(url_of("https://h"), "x");
    const auto head_template = writer.request_head_template("t", "application/json");
    yunhu::detail::secret_bytes out(4096, 'x');
    const char* const memory = out.data();
    writer.write("/p", view_of(head_template), {}, "body", out);
    EXPECT_EQ(view_of(out), "POST /p" + std::string(view_of(head_template)) + "4\r\n\r\nbody");
    EXPECT_EQ(out.data(), memory);
}

TEST(request_path, must_not_end_the_request_line) {
    using yunhu::http::is_request_path;
    EXPECT_TRUE(is_request_path("/"));
    EXPECT_TRUE(is_request_path("/v1/own/call"));
    EXPECT_TRUE(is_request_path("/v1/own/call?a=b&c=%20d"));
    for (const std::string& path :
         {""s, "v1"s, " /v1"s, "/v1 "s, "/a b"s, "/a\r\nx: y"s, "/a\n"s, "/a\r"s, "/a\t"s, "/a\0"s, "/a\x7f"s,
          "/\xe4\xbd\xa0"s, "/a HTTP/1.1\r\nx: y\r\n\r\n"s, "/a#b"s, "http://other/"s}) {
        EXPECT_FALSE(is_request_path(path)) << testing::PrintToString(path);
    }
}
