// Copyright (c) 2026 The yunhu authors
// SPDX-License-Identifier: BSL-1.0

#include "response_case.hpp"
#include "support/memory_meter.hpp"

#include <initializer_list>
#include <string>
#include <string_view>

// Group M: secrets, redirects, and responses that would consume too many resources.
namespace yunhu::test {
namespace {

using namespace steps;
using namespace std::string_literals;

constexpr std::size_t mib = 1024 * 1024;

TEST(secrets, case_214_token_that_is_no_valid_header_value) {
    for (const std::string& token : {"word\r\nX: y"s, "word\nX"s, "word\rX"s, "word\0X"s, "word\x7f"s, " word"s,
                                     "word "s, "word\tX"s, "wo\xc3\xa9rd"s, ""s}) {
        client_fixture f;
        const secret good = f.config.token;
        f.config.token = secret(token);
        try {
            (void)f.client();
            ADD_FAILURE() << "accepted a token of " << token.size() << " bytes";
        } catch (const error& e) {
            EXPECT_EQ(e.code(), errc::invalid_request);
            EXPECT_EQ(e.delivery(), delivery::not_sent);
            for (const std::string& message : {std::string(e.what()), e.info().detail, describe(e.info())}) {
                EXPECT_EQ(message.find("word"), std::string::npos) << message;
                EXPECT_EQ(message.find("\xc3\xa9"), std::string::npos) << message;
            }
        }
        EXPECT_EQ(f.server.accepted(), 0);
        f.config.token = good;
        EXPECT_TRUE(f.follow_up());
    }
}

/// The redirect is a response like any other, and the other server accepts no connection.
void expect_not_followed(const std::string& status, const std::string& location, const fault_server& other) {
    for (const bool non_idempotent : {false, true}) {
        client_fixture f;
        f.server.next_response(
            {send("HTTP/1.1 " + status + " Moved\r\nLocation: " + location + "\r\nContent-Length: 0\r\n\r\n")});
        const call_result end = non_idempotent ? f.send("a") : f.read("a");
        EXPECT_TRUE(failed(end, errc::unexpected_status, delivery::answered)) << status;
        EXPECT_EQ(std::to_string(end.http_status), status);
        EXPECT_EQ(f.seen("a"), 1);
        EXPECT_TRUE(f.reuses());
        EXPECT_EQ(other.accepted(), 0);
    }
}

TEST(redirect, case_216_to_another_host) {
    const fault_server other;
    for (const char* const status : {"301", "302", "303", "307", "308"}) {
        expect_not_followed(status, other.base_url() + "/v1/msg/send-message", other);
        expect_not_followed(status, other.base_url("localhost"), other);
    }
}

TEST(redirect, case_217_to_http) {
    fault_server_options plain;
    plain.tls = false;
    const fault_server other(plain);
    expect_not_followed("307", other.base_url() + "/v1/msg/send-message", other);
}

TEST(redirect, case_217_to_the_same_server) {
    client_fixture f;
    f.server.next_response({send("HTTP/1.1 307 Moved\r\nLocation: /elsewhere\r\nContent-Length: 0\r\n\r\n")});
    EXPECT_TRUE(failed(f.send("a"), errc::unexpected_status, delivery::answered));
    EXPECT_EQ(f.server.request_count(), 1);
    EXPECT_TRUE(f.reuses());
}

class encoded_body : public ::testing::TestWithParam<response_case> {};

TEST_P(encoded_body, in_every_delivery) {
    run_case(GetParam());
}

std::string encoded(const std::string& coding) {
    return "HTTP/1.1 200 OK\r\nContent-Encoding: " + coding + "\r\nContent-Length: $L\r\n\r\n$B";
}

INSTANTIATE_TEST_SUITE_P(
    group_m, encoded_body,
    ::testing::Values(response_case{"case_219_gzip", encoded("gzip"), errc::malformed_response},
                      response_case{"case_219_gzip_five_times", encoded("gzip, gzip, gzip, gzip, gzip"),
                                    errc::malformed_response},
                      response_case{"case_219_gzip_in_chunks",
                                    "HTTP/1.1 200 OK\r\nContent-Encoding: gzip\r\nTransfer-Encoding: chunked\r\n\r\n"
                                    "$C\r\n$B\r\n0\r\n\r\n",
                                    errc::malformed_response},
                      response_case{"case_219_identity", encoded("identity"), {}, pool_effect::reuse}),
    &name_of);

TEST(encoded_body, case_219_none_is_requested) {
    client_fixture f;
    EXPECT_TRUE(f.follow_up());
    EXPECT_EQ(f.server.journal().requests.front().header("accept-encoding"), "");
    EXPECT_TRUE(f.reuses());
}

/// Reading a response of 64 MiB stops at the limit of 8 MiB; it is never in memory as a whole.
void expect_too_large(const std::string& header, const std::string& piece, std::size_t pieces) {
    client_fixture f;
    ASSERT_TRUE(f.follow_up());
    f.server.next_response({send(header), flood(piece, pieces), close()});
    const memory_meter meter;
    EXPECT_TRUE(failed(f.read("a"), errc::body_limit, delivery::answered));
    // A growing string is in memory twice while it is moved: 4 MiB and 8 MiB at the last time.
    EXPECT_LE(meter.peak(), 8 * mib + 4 * mib + mib);
    EXPECT_EQ(f.seen("a"), 1);
    EXPECT_TRUE(f.renews());
}

TEST(large_body, case_221_with_a_length) {
    expect_too_large("HTTP/1.1 200 OK\r\nContent-Length: 67108864\r\n\r\n", std::string(16384, 'x'), 4096);
}

TEST(large_body, case_221_in_chunks) {
    expect_too_large("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n",
                     "4000\r\n" + std::string(16384, 'x') + "\r\n", 4096);
}

TEST(large_body, case_221_up_to_the_connections_end) {
    expect_too_large("HTTP/1.1 200 OK\r\n\r\n", std::string(16384, 'x'), 4096);
}

TEST(large_body, case_222_a_flood_after_the_response) {
    client_fixture f;
    ASSERT_TRUE(f.follow_up());
    const std::string response = fill("HTTP/1.1 200 OK\r\nContent-Length: $L\r\n\r\n$B", read_response("a"));
    f.server.next_response({send(response), flood(std::string(16384, 'x'))});
    const memory_meter meter;
    EXPECT_TRUE(ok(f.read("a")));
    EXPECT_EQ(f.seen("a"), 1);
    EXPECT_TRUE(f.run_until_closed(1));
    EXPECT_LE(meter.peak(), mib);
    EXPECT_TRUE(f.renews());
}

} // namespace
} // namespace yunhu::test
