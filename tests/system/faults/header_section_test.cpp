// Copyright (c) 2026 The yunhu authors
// SPDX-License-Identifier: BSL-1.0

#include "response_case.hpp"
#include "support/memory_meter.hpp"

#include <algorithm>
#include <chrono>
#include <string>
#include <utility>

// Group A: status line and header section.
namespace yunhu::test {
namespace {

using namespace steps;
using namespace std::string_literals;

class status_line : public ::testing::TestWithParam<response_case> {};

TEST_P(status_line, in_every_delivery) {
    run_case(GetParam());
}

constexpr auto reuse = pool_effect::reuse;
constexpr auto renew = pool_effect::renew;
constexpr auto nothing = connection_end::nothing;

INSTANTIATE_TEST_SUITE_P(
    group_a, status_line,
    ::testing::Values(
        response_case{"case_001_baseline", "HTTP/1.1 200 OK\r\nContent-Length: $L\r\n\r\n$B", {}, reuse},
        response_case{"case_004_end_inside_the_header_section", "HTTP/1.1 200 OK\r\nContent-Len",
                      errc::incomplete_response, renew, connection_end::fin},
        response_case{"case_004_clean_end_inside_the_header_section", "HTTP/1.1 200 OK\r\nContent-Len",
                      errc::incomplete_response, renew, connection_end::close},
        response_case{"case_006_another_protocol", "HEAT/1.1 200 OK\r\n\r\n", errc::malformed_response},
        response_case{"case_007_lower_case", "http/1.1 200 OK\r\nContent-Length: $L\r\n\r\n$B",
                      errc::malformed_response},
        response_case{"case_009_version_2_0", "HTTP/2.0 200 OK\r\nContent-Length: $L\r\n\r\n$B",
                      errc::malformed_response},
        response_case{"case_009_version_2", "HTTP/2 200\r\ncontent-length: $L\r\n\r\n$B", errc::malformed_response},
        response_case{"case_011_status_001", "HTTP/1.1 001 OK\r\nContent-Length: 0\r\n\r\n", errc::malformed_response},
        response_case{"case_011_status_099", "HTTP/1.1 099 OK\r\nContent-Length: 0\r\n\r\n", errc::malformed_response},
        response_case{"case_012_status_999", "HTTP/1.1 999 X\r\nContent-Length: 0\r\n\r\n", errc::server_error, reuse},
        response_case{"case_014_two_spaces", "HTTP/1.1  200 OK\r\nContent-Length: $L\r\n\r\n$B",
                      errc::malformed_response},
        response_case{"case_016_one_invalid_byte", "o", errc::malformed_response, renew, connection_end::fin},
        response_case{"case_016_HTTPr", "HTTPr", errc::malformed_response, renew, connection_end::fin},
        response_case{"case_016_one_valid_byte", "H", errc::incomplete_response, renew, connection_end::fin}),
    &name_of);

class header_field : public ::testing::TestWithParam<response_case> {};

TEST_P(header_field, in_every_delivery) {
    run_case(GetParam());
}

std::string with(const std::string& field) {
    return "HTTP/1.1 200 OK\r\n" + field + "\r\nContent-Length: $L\r\n\r\n$B";
}

void small_limits(client_config& config) {
    config.limits.header_bytes = 256;
    config.limits.header_count = 4;
}

INSTANTIATE_TEST_SUITE_P(
    group_a, header_field,
    ::testing::Values(
        response_case{"case_019_space_before_the_colon", with("Foo : bar"), errc::malformed_response},
        response_case{"case_021_no_colon", with("Server test"), errc::malformed_response},
        response_case{"case_021_no_name", with(": x"), errc::malformed_response},
        response_case{"case_022_nul_in_a_value", with("Foo: a\0b"s), errc::malformed_response},
        response_case{"case_022_nul_in_a_trailer",
                      "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n$C\r\n$B\r\n0\r\nFoo: a\0b\r\n\r\n"s,
                      errc::malformed_response},
        response_case{"case_024_folded_value", with("Foo: a\r\n b"), {}, reuse},
        response_case{"case_024_a_folded_line_is_no_header", with("Foo: a\r\n Content-Length: 999"), {}, reuse},
        response_case{"case_024_a_folded_value_is_one_value", with("Connection: x,\r\n close"), {}, renew},
        response_case{"case_026_line_feeds_only", "HTTP/1.1 200 OK\nContent-Length: $L\n\n$B",
                      errc::malformed_response},
        response_case{"case_026_one_line_feed", "HTTP/1.1 200 OK\r\nContent-Length: $L\n\r\n$B",
                      errc::malformed_response},
        response_case{"case_027_bytes_of_8_bits", with("Foo: \xff\xfe"), {}, reuse},
        response_case{"case_027_emoji", with("Foo: \xf0\x9f\x98\x80"), {}, reuse},
        response_case{"case_029_one_header_over_a_small_limit", with("A: " + std::string(240, 'x')), errc::header_limit,
                      renew, nothing, &small_limits},
        response_case{"case_029_one_header_within_a_small_limit",
                      with("A: " + std::string(150, 'x')),
                      {},
                      reuse,
                      nothing,
                      &small_limits},
        response_case{
            "case_031_as_many_headers_as_allowed", with("A: 1\r\nB: 2\r\nC: 3"), {}, reuse, nothing, &small_limits},
        response_case{"case_031_one_header_too_many", with("A: 1\r\nB: 2\r\nC: 3\r\nD: 4"), errc::header_limit, renew,
                      nothing, &small_limits}),
    &name_of);

class large_header_section : public ::testing::TestWithParam<response_case> {};

TEST_P(large_header_section, in_few_records) {
    const memory_meter meter;
    run_case_whole(GetParam());
    // The bytes of the case, the copies of the server and of the client, and the memory of a connection.
    EXPECT_LE(meter.peak(), 2 * response_limits().header_bytes + 8 * GetParam().wire.size() + 1024 * 1024);
}

std::string many(std::size_t times, std::string_view text) {
    std::string all;
    for (; times > 0; --times) {
        all += text;
    }
    return all;
}

/// A header section of that many bytes, the last, empty line included, for the body of a read.
std::string header_section_of(std::size_t bytes, const std::string& length = "$L") {
    const std::string before = "HTTP/1.1 200 OK\r\nContent-Length: " + length + "\r\nA: ";
    const std::size_t filled = fill(before, read_response("a")).size();
    return before + std::string(bytes - filled - 4, 'x') + "\r\n\r\n$B";
}

void allow_many_headers(client_config& config) {
    config.limits.header_bytes = 256 * 1024;
    config.limits.header_count = 10'001;
}

INSTANTIATE_TEST_SUITE_P(
    group_a, large_header_section,
    ::testing::Values(response_case{"case_029_as_large_as_the_default_allows",
                                    header_section_of(response_limits().header_bytes),
                                    {},
                                    reuse},
                      response_case{"case_029_one_byte_more",
                                    header_section_of(response_limits().header_bytes + 1, "10"), errc::header_limit},
                      response_case{"case_031_10000_headers_within_the_limit",
                                    "HTTP/1.1 200 OK\r\n" + many(10'000, "A: b\r\n") + "Content-Length: $L\r\n\r\n$B",
                                    {},
                                    reuse,
                                    nothing,
                                    &allow_many_headers},
                      response_case{"case_031_10000_headers_over_the_limit",
                                    "HTTP/1.1 200 OK\r\n" + many(10'000, "A: b\r\n") + "Content-Length: $L\r\n\r\n$B",
                                    errc::header_limit}),
    &name_of);

TEST(status_line, case_002_new_connection_closed_after_the_request) {
    for (const step& ending : {fin(), close()}) {
        client_fixture f;
        f.server.next_response({ending});
        EXPECT_TRUE(failed(f.read("a"), errc::connection_lost, delivery::maybe_sent, phase::first_byte));
        EXPECT_EQ(f.seen("a"), 1);
        EXPECT_EQ(f.server.accepted(), 1);
        EXPECT_TRUE(f.renews());

        client_fixture g;
        g.server.next_response({ending});
        EXPECT_TRUE(failed(g.send("a"), errc::outcome_unknown, delivery::maybe_sent, phase::first_byte));
        EXPECT_EQ(g.seen("a"), 1);
        EXPECT_EQ(g.server.accepted(), 1);
        EXPECT_TRUE(g.renews());
    }
}

TEST(status_line, case_012_status_999_is_delivered_unchanged) {
    client_fixture f;
    f.server.next_response({send("HTTP/1.1 999 X\r\nContent-Length: 0\r\n\r\n")});
    const call_result end = f.read("a");
    EXPECT_TRUE(failed(end, errc::server_error, delivery::answered));
    EXPECT_EQ(end.http_status, 999);
    EXPECT_EQ(f.seen("a"), 1);
    EXPECT_TRUE(f.reuses());
}

TEST(status_line, case_017_http_0_9_as_the_second_response) {
    client_fixture f;
    for (const step& way : deliveries("<html>it works</html>\r\n")) {
        ASSERT_TRUE(f.follow_up());
        const std::size_t first = f.server.accepted();
        f.server.next_response({way, close()});
        EXPECT_TRUE(failed(f.read("a"), errc::malformed_response, delivery::answered));
        EXPECT_EQ(f.connection_of("a"), first);
        EXPECT_TRUE(f.renews());
    }
}

TEST(header_field, case_027_non_ascii_bytes_are_not_printed) {
    client_fixture f;
    f.server.next_response({send("HTTP/1.1 500 \xff\xfe\r\nFoo: \xff\xfe\x1f\r\nContent-Length: 0\r\n\r\n")});
    f.server.next_response({send("HTTP/1.1 404 \xff\xfe\r\nFoo: \xff\xfe\r\nContent-Length: 2\r\n\r\n\xff\xfe")});
    for (int n = 0; n < 2; ++n) {
        call_options once;
        once.max_attempts = 1;
        const std::string line = describe(f.read("a", once));
        EXPECT_TRUE(std::ranges::all_of(line, [](char c) { return c >= ' ' && c <= '~'; })) << line;
    }
    EXPECT_TRUE(f.follow_up());
}

TEST(endless_header_section, case_032_of_many_headers) {
    client_fixture f;
    f.server.next_response({send("HTTP/1.1 200 OK\r\n"), flood("A: b\r\n")});
    EXPECT_TRUE(failed(f.read("a"), errc::header_limit, delivery::answered));
    EXPECT_EQ(f.seen("a"), 1);
    EXPECT_TRUE(f.renews());
}

TEST(endless_header_section, case_032_of_one_header) {
    client_fixture f;
    const memory_meter meter;
    f.server.next_response({send("HTTP/1.1 200 OK\r\nA: "), flood(std::string(4096, 'x'))});
    EXPECT_TRUE(failed(f.send("a"), errc::header_limit, delivery::answered));
    EXPECT_EQ(f.seen("a"), 1);
    EXPECT_LE(meter.peak(), 1024 * 1024);
    EXPECT_TRUE(f.renews());
}

TEST(endless_header_section, case_032_one_header_each_10_ms) {
    client_fixture f;
    f.config.limits.header_count = 5;
    const step slow = loop({send("A: b\r\n"), wait(std::chrono::milliseconds(10))});
    f.server.next_response({send("HTTP/1.1 200 OK\r\n"), slow});
    f.config.limits.header_bytes = 256;
    EXPECT_TRUE(failed(f.read("a"), errc::header_limit, delivery::answered));
    EXPECT_EQ(f.seen("a"), 1);
    EXPECT_TRUE(f.renews());
}

TEST(endless_header_section, case_032_timeout_before_the_limit) {
    client_fixture f;
    f.config.limits.header_count = 1'000'000;
    f.config.limits.header_bytes = 100'000'000;
    ASSERT_TRUE(f.follow_up());
    const step slow = loop({send("A: b\r\n"), wait(std::chrono::milliseconds(10))});
    f.server.next_response({send("HTTP/1.1 200 OK\r\n"), slow});
    EXPECT_TRUE(failed(f.read("a", call_options(std::chrono::seconds(2))), errc::timed_out, delivery::answered,
                       phase::first_byte));
    EXPECT_EQ(f.seen("a"), 1);
    EXPECT_TRUE(f.renews());
}

} // namespace
} // namespace yunhu::test
