// Copyright (c) 2026 The yunhu authors
// SPDX-License-Identifier: BSL-1.0

#include "response_case.hpp"

#include <chrono>
#include <string>

// Group D: interim responses, responses without a body, and connection persistence.
namespace yunhu::test {
namespace {

using namespace steps;

constexpr auto reuse = pool_effect::reuse;
constexpr auto renew = pool_effect::renew;

const std::string good = "HTTP/1.1 200 OK\r\nContent-Length: $L\r\n\r\n$B"; // NOLINT(cert-err58-cpp)
const std::string continue_100 = "HTTP/1.1 100 Continue\r\n\r\n";           // NOLINT(cert-err58-cpp)

class special_status : public ::testing::TestWithParam<response_case> {};

TEST_P(special_status, in_every_delivery) {
    run_case(GetParam());
}

INSTANTIATE_TEST_SUITE_P(
    group_d, special_status,
    ::testing::Values(
        response_case{"case_076_100", continue_100 + good, {}, reuse},
        response_case{"case_076_100_five_times",
                      continue_100 + continue_100 + continue_100 + continue_100 + continue_100 + good,
                      {},
                      reuse},
        response_case{"case_077_103", "HTTP/1.1 103 Early Hints\r\nLink: x\r\n\r\n" + good, {}, reuse},
        response_case{"case_077_123", "HTTP/1.1 123 X\r\n\r\n" + good, {}, reuse},
        response_case{"case_077_104", "HTTP/1.1 104 X\r\n\r\n" + good, {}, reuse},
        response_case{
            "case_081_100_with_a_length", "HTTP/1.1 100 Continue\r\nContent-Length: 5\r\n\r\n" + good, {}, reuse},
        response_case{"case_082_101_unasked",
                      "HTTP/1.1 101 Switching Protocols\r\nUpgrade: x\r\nConnection: upgrade\r\n\r\n",
                      errc::malformed_response},
        response_case{"case_084_204_with_a_body", "HTTP/1.1 204 No Content\r\nContent-Length: 5\r\n\r\nhello",
                      errc::unexpected_status},
        response_case{"case_084_204", "HTTP/1.1 204 No Content\r\n\r\n", errc::unexpected_status, reuse},
        response_case{"case_086_304_with_a_length", "HTTP/1.1 304 Not Modified\r\nContent-Length: 677777\r\n\r\n",
                      errc::unexpected_status},
        response_case{"case_087_205_with_a_body", "HTTP/1.1 205 Reset Content\r\nContent-Length: 3\r\n\r\nabc",
                      errc::unexpected_status, reuse}),
    &name_of);

class connection_header : public ::testing::TestWithParam<response_case> {};

TEST_P(connection_header, in_every_delivery) {
    run_case(GetParam());
}

std::string with(const std::string& field) {
    return "HTTP/1.1 200 OK\r\n" + field + "\r\nContent-Length: $L\r\n\r\n$B";
}

INSTANTIATE_TEST_SUITE_P(
    group_d, connection_header,
    ::testing::Values(
        response_case{"case_089_close", with("Connection: close"), {}, renew},
        response_case{"case_089_CLOSE", with("Connection: CLOSE"), {}, renew},
        response_case{"case_089_close_among_others", with("Connection: foo, close, bar"), {}, renew},
        response_case{
            "case_089_close_in_the_second_field", with("Connection: keep-alive\r\nConnection: close"), {}, renew},
        response_case{"case_089_keep_alive", with("Connection: keep-alive"), {}, reuse},
        response_case{"case_091_timeout_60", with("Keep-Alive: timeout=60"), {}, reuse},
        response_case{"case_091_timeout_2", with("Keep-Alive: timeout=2"), {}, renew},
        response_case{"case_091_timeout_0", with("Keep-Alive: timeout=0"), {}, renew},
        response_case{"case_091_timeout_of_letters", with("Keep-Alive: timeout=asd"), {}, reuse},
        response_case{"case_091_timeout_with_a_unit", with("Keep-Alive: timeout=2s"), {}, reuse},
        response_case{"case_091_timeout_99999999999", with("Keep-Alive: timeout=99999999999"), {}, reuse},
        response_case{
            "case_091_timeout_beyond_64_bits", with("Keep-Alive: timeout=99999999999999999999999"), {}, reuse},
        response_case{"case_092_max_1", with("Keep-Alive: max=1"), {}, renew},
        response_case{"case_092_max_0", with("Keep-Alive: max=0"), {}, renew},
        response_case{"case_092_max_100", with("Keep-Alive: timeout=60, max=100"), {}, reuse}),
    &name_of);

TEST(special_status, case_076_five_calls_in_a_row) {
    client_fixture f;
    for (const char* const id : {"a", "b", "c", "d", "e"}) {
        f.server.next_response({send(continue_100), response_ok()});
        EXPECT_TRUE(ok(f.send(id)));
        EXPECT_EQ(f.seen(id), 1);
    }
    EXPECT_EQ(f.server.accepted(), 1);
    EXPECT_TRUE(f.reuses());
}

TEST(special_status, case_079_100_without_end) {
    client_fixture f;
    f.server.next_response({flood(continue_100)});
    EXPECT_TRUE(failed(f.read("a"), errc::header_limit, delivery::answered, phase::first_byte));
    EXPECT_EQ(f.seen("a"), 1);
    EXPECT_TRUE(f.renews());
}

TEST(special_status, case_079_100_repeated_until_the_timeout) {
    client_fixture f;
    f.config.limits.interim_responses = 1'000'000;
    ASSERT_TRUE(f.follow_up());
    const step slow = loop({send(continue_100), wait(std::chrono::milliseconds(100))});
    f.server.next_response({slow});
    const call_options two_seconds{std::chrono::seconds(2)};
    EXPECT_TRUE(failed(f.send("a", two_seconds), errc::timed_out, delivery::answered, phase::first_byte));
    EXPECT_EQ(f.seen("a"), 1);
    EXPECT_TRUE(f.renews());
}

TEST(special_status, case_079_100_does_not_extend_an_attempt) {
    client_fixture f;
    f.config.limits.interim_responses = 1'000'000;
    f.config.pool.response_timeout = std::chrono::seconds(2);
    const step slow = loop({send(continue_100), wait(std::chrono::milliseconds(100))});
    f.server.next_response({slow});
    EXPECT_TRUE(failed(f.read("a"), errc::timed_out, delivery::answered, phase::first_byte));
    EXPECT_EQ(f.seen("a"), 1);
    EXPECT_TRUE(f.renews());
}

TEST(special_status, case_086_304_has_no_body) {
    client_fixture f;
    f.server.next_response({send("HTTP/1.1 304 Not Modified\r\nContent-Length: 677777\r\n\r\n"), stall()});
    const call_result end = f.read("a");
    EXPECT_TRUE(failed(end, errc::unexpected_status, delivery::answered));
    EXPECT_EQ(end.http_status, 304);
    EXPECT_EQ(f.seen("a"), 1);
    EXPECT_TRUE(f.renews());
}

TEST(connection_header, case_091_the_servers_keep_alive_timeout_less_a_margin) {
    client_fixture f;
    f.config.pool.idle_timeout = std::chrono::hours(1);
    f.server.next_response({respond([](const seen_request& request) {
        return fill("HTTP/1.1 200 OK\r\nKeep-Alive: timeout=3\r\nContent-Length: $L\r\n\r\n$B", echo_id(request));
    })});
    EXPECT_TRUE(ok(f.read("a")));
    EXPECT_TRUE(f.renews()); // closed by the client, long before the hour
}

} // namespace
} // namespace yunhu::test
