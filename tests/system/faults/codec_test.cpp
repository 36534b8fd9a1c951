// Copyright (c) 2026 The yunhu authors
// SPDX-License-Identifier: BSL-1.0

#include "response_case.hpp"

#include <cstdlib>
#include <initializer_list>
#include <optional>
#include <string>

// Group O: valid HTTP with an invalid body. Group P: no proxy is used.
namespace yunhu::test {
namespace {

using namespace steps;

std::string http(const std::string& type, const std::string& body) {
    return fill("HTTP/1.1 200 OK\r\nContent-Type: " + type + "\r\nContent-Length: $L\r\n\r\n$B", body);
}

/// A safe and a non-idempotent call with this response body fail with `code`; the connection is reused.
void expect_failure(const std::string& type, const std::string& body, error_code code) {
    for (const bool non_idempotent : {false, true}) {
        client_fixture f;
        f.server.next_response({send(http(type, body))});
        const call_result end = non_idempotent ? f.send("a") : f.read("a");
        EXPECT_TRUE(failed(end, code, delivery::answered, phase::decode)) << body;
        EXPECT_EQ(end.http_status, 200);
        EXPECT_NE(end.detail, "");
        EXPECT_EQ(f.seen("a"), 1);
        EXPECT_TRUE(f.reuses());
    }
}

TEST(codec, case_231_html_page) {
    expect_failure("text/html", "<!DOCTYPE html><html><body>Log in to the network</body></html>", errc::bad_response);
    expect_failure("text/html", "\r\n <html></html>", errc::bad_response);
}

TEST(codec, case_231_the_page_is_not_in_the_error) {
    client_fixture f;
    f.server.next_response({send(http("text/html", "<html>Log in as fixture-token</html>"))});
    const call_result end = f.send("a");
    EXPECT_EQ(end.detail, "the body is text (HTML?), not protobuf");
    EXPECT_EQ(describe(end).find("Log in"), std::string::npos);
    EXPECT_TRUE(f.reuses());
}

// A server may quote the request: the library's own texts don't repeat it (the fixture checks all of them).
TEST(codec, case_231_a_server_that_quotes_the_request) {
    const std::string quote = std::string(fixture_token) + ' ' + std::string(fixture_text);
    const std::string sized = "Content-Length: $L\r\n\r\n$B";
    for (const std::string& response : {
             fill("HTTP/1.1 400 " + quote + "\r\n" + sized, quote),
             fill("HTTP/1.1 502 Bad\r\nX-Request: " + quote + "\r\n" + sized, "<html>" + quote + "</html>"),
             fill("HTTP/1.1 200 OK\r\nKeep-Alive: " + quote + "\r\n" + sized, quote),
             fill("HTTP/1.1 200 OK\r\n" + sized, R"({"code": ")" + quote + R"(", "msg": ")" + quote + R"("})"),
             fill("HTTP/1.1 429 OK\r\nRetry-After: " + quote + "\r\n" + sized,
                  R"({"code":2,"msg":")" + quote + R"("})"),
             fill("HTTP/1.1 200 OK\r\n" + sized, R"({"code":-101,"msg":")" + quote + R"("})"),
             "HTTP/1.1 200 " + quote + "\r\n" + quote + "\r\n\r\n",
             "HTTP/1.1 200 OK\r\nContent-Length: " + quote + "\r\n\r\n",
             "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n" + quote + "\r\n",
             quote + "\r\n\r\n",
         }) {
        client_fixture f;
        call_options once;
        once.max_attempts = 1;
        f.server.next_response({send(response)});
        EXPECT_TRUE(f.send("a", once).code) << response;
        EXPECT_EQ(f.seen("a"), 1);
        EXPECT_TRUE(f.follow_up());
    }
}

TEST(codec, case_232_empty_body) {
    expect_failure("application/x-protobuf", "", errc::empty_response);
}

TEST(codec, case_232_empty_status) {
    // {1: {}}: parsed, a Status whose fields all have their defaults.
    for (const bool in_json : {false, true}) {
        client_fixture f;
        f.server.next_response({send(in_json ? http("application/json", "{}") : http("x", std::string("\x0a\0", 2)))});
        const call_result end = in_json ? f.read("a") : f.send("a");
        EXPECT_TRUE(failed(end, errc::bad_response, delivery::answered, phase::decode));
        EXPECT_EQ(end.detail, in_json ? "code is missing" : "status.code is missing");
        EXPECT_EQ(f.seen("a"), 1);
        EXPECT_TRUE(f.reuses());
    }
}

TEST(codec, case_234_unknown_fields) {
    client_fixture f;
    f.server.next_response({send(http("application/json", R"({"code":1,"news":[{}],"data":{"x":null},"msg":"a"})"))});
    EXPECT_TRUE(ok(f.read("a")));
    f.server.next_response({send(http("application/x-protobuf", send_response("b") + "\x9a\x06\x01x"))}); // 99: "x"
    EXPECT_TRUE(ok(f.send("b")));
    EXPECT_EQ(f.seen("a") + f.seen("b"), 2);
    EXPECT_EQ(f.server.accepted(), 1);
    EXPECT_TRUE(f.reuses());
}

TEST(codec, case_234_unknown_content_type) {
    client_fixture f;
    ASSERT_TRUE(f.follow_up());
    // {1: {2: 1}, 2: {1: "m", 4: 999}}
    f.server.next_response({send(http("application/x-protobuf", "\x0a\x02\x10\x01\x12\x06\x0a\x01m\x20\xe7\x07"))});
    bool done = false;
    f.client().list_message({group("big"), 1}, [&](error_code ec, const message_page& page) {
        EXPECT_FALSE(ec);
        ASSERT_EQ(page.messages.size(), 1);
        EXPECT_EQ(page.messages.front().msg_id, "m");
        EXPECT_EQ(static_cast<unsigned>(page.messages.front().content_type), 999);
        done = true;
    });
    ASSERT_TRUE(f.run_until([&] { return done; }));
    EXPECT_EQ(f.server.request_count(), 2);
    EXPECT_TRUE(f.reuses());
}

TEST(codec, case_236_wrong_type_in_json) {
    struct wrong {
        const char* body;
        const char* detail;
    };
    client_fixture f;
    for (const wrong& w :
         {wrong{R"({"code":"1","msg":"a"})", "code is not a number"}, wrong{R"({"msg":"a"})", "code is missing"},
          wrong{R"({"code":null,"msg":"a"})", "code is not a number"},
          wrong{R"({"code":1.5,"msg":"a"})", "code is not a 64-bit integer"},
          wrong{R"({"code":1,"msg":7})", "msg is not a string"},
          wrong{R"(["code"])", "the body is not a JSON object"}}) {
        f.server.next_response({send(http("application/json", w.body))});
        const std::size_t before = f.server.request_count();
        const call_result end = f.read("a");
        EXPECT_TRUE(failed(end, errc::bad_response, delivery::answered, phase::decode)) << w.body;
        EXPECT_EQ(end.detail, w.detail);
        EXPECT_EQ(f.server.request_count() - before, 1);
        EXPECT_TRUE(f.reuses());
    }
    EXPECT_EQ(f.server.accepted(), 1);
}

TEST(codec, case_236_wrong_type_in_protobuf) {
    client_fixture f;
    // {1: 1}; {2: "x"}; {1: {2: "1"}}; a field cut short
    for (const std::string& body : {std::string("\x08\x01"), std::string("\x12\x01x"),
                                    std::string("\x0a\x03\x12\x01"
                                                "1"),
                                    std::string("\x0a\x7fx")}) {
        f.server.next_response({send(http("application/x-protobuf", body))});
        const std::size_t before = f.server.request_count();
        const call_result end = f.send("a");
        EXPECT_TRUE(failed(end, errc::bad_response, delivery::answered, phase::decode));
        EXPECT_NE(end.detail, "");
        EXPECT_EQ(f.server.request_count() - before, 1);
        EXPECT_TRUE(f.reuses());
    }
    EXPECT_EQ(f.server.accepted(), 1);
}

TEST(codec, case_237_the_connection_is_reused) {
    client_fixture f;
    for (const char* const id : {"a", "b", "c"}) {
        f.server.next_response({send(http("application/json", "not json"))});
        EXPECT_TRUE(failed(f.read(id), errc::bad_response, delivery::answered, phase::decode));
        EXPECT_TRUE(ok(f.send(id + std::string("2"))));
        EXPECT_EQ(f.seen(id), 1);
    }
    EXPECT_TRUE(f.reuses());
    EXPECT_EQ(f.server.accepted(), 1);
}

/// Sets an environment variable for its lifetime.
class variable {
public:
    variable(const char* name, const std::string& value) : name_(name) {
        if (const char* const before = std::getenv(name)) {
            before_ = before;
        }
        ::setenv(name, value.c_str(), 1);
    }
    variable(const variable&) = delete;
    variable& operator=(const variable&) = delete;
    ~variable() {
        if (before_) {
            ::setenv(name_, before_->c_str(), 1);
        } else {
            ::unsetenv(name_);
        }
    }

private:
    const char* name_;
    std::optional<std::string> before_;
};

/// Calls connect to the server directly, regardless of the environment's proxy variables: no connection to the proxy.
void expect_direct_connection(const std::string& scheme, bool proxy_has_tls) {
    fault_server_options options;
    options.tls = proxy_has_tls;
    const fault_server proxy(options);
    const std::string url = scheme + "://127.0.0.1:" + std::to_string(proxy.port());
    const variable a("http_proxy", url);
    const variable b("https_proxy", url);
    const variable c("HTTP_PROXY", url);
    const variable d("HTTPS_PROXY", url);
    const variable e("all_proxy", url);
    const variable f("ALL_PROXY", url);
    const variable g("no_proxy", "");
    client_fixture calls;
    EXPECT_TRUE(ok(calls.send("a")));
    EXPECT_TRUE(ok(calls.read("b")));
    EXPECT_EQ(calls.seen("a"), 1);
    EXPECT_EQ(calls.connection_of("a"), 1);
    EXPECT_TRUE(calls.reuses());
    EXPECT_EQ(proxy.accepted(), 0);
}

TEST(proxy, case_239_variables_of_the_environment_change_nothing) {
    expect_direct_connection("http", false);
    expect_direct_connection("https", true);
    expect_direct_connection("socks5", false);
}

TEST(proxy, case_241_no_tunnel_is_requested) {
    client_fixture f;
    f.server.next_response({abrupt_close()});
    EXPECT_TRUE(failed(f.send("a"), errc::outcome_unknown, delivery::maybe_sent));
    EXPECT_TRUE(f.follow_up());
    for (const seen_request& seen : f.server.journal().requests) {
        EXPECT_EQ(seen.method, "POST");
    }
}

TEST(proxy, case_242_no_header_for_a_proxy) {
    const variable name("https_proxy", "http://someone:password@127.0.0.1:9");
    client_fixture f;
    EXPECT_TRUE(ok(f.send("a")));
    EXPECT_TRUE(f.reuses());
    for (const seen_request& seen : f.server.journal().requests) {
        EXPECT_EQ(seen.header("proxy-authorization"), "");
        EXPECT_EQ(seen.header("proxy-connection"), "");
        EXPECT_EQ(seen.bytes.find("password"), std::string::npos);
    }
}

} // namespace
} // namespace yunhu::test
