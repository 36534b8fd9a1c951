// Copyright (c) 2026 The yunhu authors
// SPDX-License-Identifier: BSL-1.0

#include "response_case.hpp"

#include <boost/asio/awaitable.hpp>

#include <yunhu/endpoint.hpp>

#include <algorithm>
#include <string>
#include <string_view>

// Group N: the transfer of a request to the server.
namespace yunhu::test {
namespace {

using namespace steps;

/// A server with a small receive buffer, so that a large request is written in many pieces.
fault_server_options narrow() {
    fault_server_options options;
    options.receive_buffer = 4096;
    return options;
}

/// A text in which any lost, duplicated or misplaced piece is detected.
std::string long_text(std::size_t size) {
    std::string made;
    made.reserve(size + 16);
    for (std::size_t n = 0; made.size() < size; ++n) {
        made += std::to_string(n);
        made += ' ';
    }
    return made;
}

/// A non-idempotent call with that text, and its result.
struct large_call {
    explicit large_call(client_fixture& f, std::string body) {
        f.client().send_message({group("big"), text(std::move(body)), "a"}, [this](error_code ec, sent_message result) {
            ++ends;
            end = call_result(ec, std::move(result));
        });
    }
    large_call(const large_call&) = delete;
    large_call& operator=(const large_call&) = delete;

    unsigned ends = 0;
    call_result end;
};

void expect_intact(std::size_t size, std::size_t bytes_at_once) {
    client_fixture f(narrow());
    const std::string body = long_text(size);
    f.server.next_connection({read_slowly(bytes_at_once), expect_request(), response_ok(), read_slowly(16 * 1024)});
    const large_call call(f, body);
    ASSERT_TRUE(f.run_until([&] { return call.ends > 0; }));
    EXPECT_TRUE(ok(call.end));
    const fault_journal journal = f.server.journal();
    ASSERT_EQ(journal.requests.size(), 1);
    const seen_request& seen = journal.requests.front();
    EXPECT_NE(seen.body.find(body), std::string::npos);
    EXPECT_EQ(seen.header("content-length"), std::to_string(seen.body.size()));
    EXPECT_TRUE(f.reuses());
}

TEST(request, case_224_a_byte_at_a_time) {
    expect_intact(100'000, 1);
}

TEST(request, case_224_short_writes) {
    expect_intact(6 * 1024 * 1024, 5000);
}

TEST(request, case_226_response_before_the_request_is_written) {
    client_fixture f(narrow());
    f.server.next_connection({expect_header(),
                              send(fill("HTTP/1.1 200 OK\r\nContent-Length: $L\r\n\r\n$B", send_response("a"))),
                              gate("answered"), expect_eof()});
    const large_call call(f, long_text(12 * 1024 * 1024));
    ASSERT_TRUE(f.run_until([&] { return call.ends > 0; }));
    EXPECT_TRUE(ok(call.end));
    f.server.open_gate("answered"); // with a full window the client's FIN would not arrive
    ASSERT_TRUE(f.run_until_closed(1));
    EXPECT_EQ(f.server.request_count(), 0) << "never received completely";
    EXPECT_TRUE(f.renews());
}

TEST(request, case_227_a_response_that_precedes_the_request) {
    for (const bool non_idempotent : {false, true}) {
        client_fixture f;
        const std::string header = "HTTP/1.1 200 OK\r\nContent-Length: $L\r\n\r\n";
        const std::string evil = fill(header + "$B", non_idempotent ? send_response("EVIL") : read_response("EVIL"));
        f.server.next_response({response_ok(), gate("idle"), send(evil), gate("sent")});
        ASSERT_TRUE(f.follow_up());
        f.server.open_gate("idle");
        ASSERT_TRUE(f.server.wait_for_gate("sent")); // without running the client
        EXPECT_TRUE(ok(non_idempotent ? f.send("a") : f.read("a")));
        EXPECT_EQ(f.seen("a"), 1);
        EXPECT_EQ(f.connection_of("a"), 2);
        EXPECT_TRUE(f.run_until_closed(1));
        EXPECT_TRUE(f.reuses());
    }
}

TEST(request, case_229_an_empty_body) {
    fault_server_options options;
    options.body = [](const seen_request& request) {
        return request.body.empty() ? read_response("a") : echo_id(request);
    };
    client_fixture f(std::move(options));
    const endpoint<int, std::string> nothing(
        endpoint_info("/v1/msg/nothing", wire_format::json, retry_class::non_idempotent), [](const int&) { return ""; },
        [](std::string_view body) { return std::string(body); });
    bool done = false;
    f.client().call(nothing, 0, [&](error_code ec, const reply<std::string>& got) {
        EXPECT_FALSE(ec);
        EXPECT_EQ(got.value, read_response("a"));
        done = true;
    });
    ASSERT_TRUE(f.run_until([&] { return done; }));
    const fault_journal journal = f.server.journal();
    ASSERT_EQ(journal.requests.size(), 1);
    EXPECT_EQ(journal.requests.front().method, "POST");
    EXPECT_EQ(journal.requests.front().header("content-length"), "0");
    EXPECT_EQ(journal.requests.front().body, "");
    EXPECT_TRUE(f.reuses());
}

TEST(request, case_229_content_length_equals_the_body) {
    client_fixture f;
    EXPECT_TRUE(ok(f.send("a")));
    EXPECT_TRUE(ok(f.read("b")));
    EXPECT_TRUE(f.reuses());
    for (const seen_request& seen : f.server.journal().requests) {
        EXPECT_EQ(seen.header("content-length"), std::to_string(seen.body.size()));
        EXPECT_EQ(seen.header("transfer-encoding"), "");
        EXPECT_EQ(std::ranges::count_if(seen.headers, [](const auto& h) { return h.first == "content-length"; }), 1);
    }
}

} // namespace
} // namespace yunhu::test
