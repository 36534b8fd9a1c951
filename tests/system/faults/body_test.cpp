// Copyright (c) 2026 The yunhu authors
// SPDX-License-Identifier: BSL-1.0

#include "response_case.hpp"
#include "support/memory_meter.hpp"

#include <cstddef>
#include <initializer_list>
#include <string>
#include <string_view>
#include <vector>

// Groups B and C: the end of a response, by its length, by chunks, or by the connection's end.
namespace yunhu::test {
namespace {

using namespace steps;

constexpr auto reuse = pool_effect::reuse;
constexpr auto renew = pool_effect::renew;
constexpr auto nothing = connection_end::nothing;
constexpr auto fin_only = connection_end::fin;
constexpr auto closed = connection_end::close;

constexpr std::string_view ok_status_line = "HTTP/1.1 200 OK\r\n";

/// A response with these fields and the body `ok`.
std::string fields(const std::string& lines) {
    return std::string(ok_status_line) + lines + "\r\nok";
}

std::string length(const std::string& value) {
    return fields("Content-Length: " + value + "\r\n");
}

const std::string good = "HTTP/1.1 200 OK\r\nContent-Length: $L\r\n\r\n$B"; // NOLINT(cert-err58-cpp)

class body_length : public ::testing::TestWithParam<response_case> {};

TEST_P(body_length, in_every_delivery) {
    run_case(GetParam());
}

INSTANTIATE_TEST_SUITE_P(
    group_b, body_length,
    ::testing::Values(
        response_case{"case_034_too_short", length("10"), errc::incomplete_response, renew, fin_only},
        response_case{"case_034_too_short_and_clean", length("10"), errc::incomplete_response, renew, closed},
        response_case{"case_036_bytes_after_the_response", good + "EXTRA", {}, renew},
        response_case{"case_037_another_answer_after_the_answer",
                      good + fill("HTTP/1.1 200 OK\r\nContent-Length: $L\r\n\r\n$B", read_response("EVIL")),
                      {},
                      renew},
        response_case{"case_039_two_lengths", fields("Content-Length: 2\r\nContent-Length: 3\r\n"),
                      errc::malformed_response},
        response_case{"case_041_plus", length("+2"), errc::malformed_response},
        response_case{"case_041_minus", length("-2"), errc::malformed_response},
        response_case{"case_041_hexadecimal", length("0x2"), errc::malformed_response},
        response_case{"case_041_two_numbers", length("2 2"), errc::malformed_response},
        response_case{"case_041_letters", length("crap"), errc::malformed_response},
        response_case{"case_041_empty", length(""), errc::malformed_response},
        response_case{"case_041_fraction", length("2.0"), errc::malformed_response},
        response_case{"case_042_2_to_the_65th", length("36893488147419103232"), errc::malformed_response},
        response_case{"case_042_2_to_the_64th_and_2", length("18446744073709551618"), errc::malformed_response},
        response_case{"case_042_2_to_the_64th_less_1", length("18446744073709551615"), errc::body_limit},
        response_case{"case_044_body_ends_with_the_connection", "HTTP/1.1 200 OK\r\n\r\n$B", {}, renew, closed},
        response_case{"case_044_body_ends_with_the_connection_1_0", "HTTP/1.0 200 OK\r\n\r\n$B", {}, renew, closed},
        response_case{"case_046_cut_without_a_length", "HTTP/1.1 200 OK\r\n\r\n$B", errc::incomplete_response, renew,
                      fin_only},
        response_case{"case_046_cut_after_its_length", good, {}, renew, fin_only},
        response_case{"case_047_closed_after_its_length", good, {}, renew, closed},
        response_case{"case_049_length_0", "HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n", errc::empty_response,
                      reuse}),
    &name_of);

TEST(body_length, case_037_a_second_response_is_not_delivered) {
    client_fixture f;
    const std::string evil = fill(good, read_response("EVIL"));
    f.server.next_response({send(fill(good, read_response("a")) + evil)});
    const pending_call first = f.start_read("a");
    const pending_call second = f.start_read("b"); // waits for the connection
    EXPECT_TRUE(ok(f.wait(first)));
    EXPECT_TRUE(ok(f.wait(second)));
    EXPECT_EQ(f.connection_of("b"), 2);
    EXPECT_EQ(f.seen("b"), 1);
    EXPECT_TRUE(f.reuses());
}

TEST(body_length, case_047_the_server_closes_after_every_response) {
    client_fixture f;
    for (const char* const id : {"a", "b", "c", "d"}) {
        f.server.next_response({response_ok(), close()});
        EXPECT_TRUE(ok(f.send(id)));
        EXPECT_TRUE(f.run_until_closed(f.server.accepted()));
        EXPECT_EQ(f.seen(id), 1);
    }
    EXPECT_EQ(f.server.accepted(), 4);
    EXPECT_TRUE(f.renews());
}

TEST(body_length, case_049_the_connection_is_back_before_the_caller_resumes) {
    client_fixture f;
    f.config.pool.max_connections = 2; // a second connection would be opened if the first were still busy
    f.server.next_response({send("HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n")});
    error_code first;
    bool done = false;
    f.client().list_message_edit_record({"a", 1, 1}, [&](error_code ec, const edit_record_page& /*page*/) {
        first = ec;
        f.client().list_message_edit_record({"b", 1, 1}, [&](error_code second, const edit_record_page& /*page*/) {
            EXPECT_FALSE(second);
            done = true;
        });
    });
    ASSERT_TRUE(f.run_until([&] { return done; }));
    EXPECT_EQ(first, errc::empty_response);
    EXPECT_EQ(f.connection_of("b"), 1);
    EXPECT_TRUE(f.reuses());
    EXPECT_EQ(f.server.accepted(), 1);
}

/// A response in chunks.
std::string chunks(const std::string& body) {
    return std::string(ok_status_line) + "Transfer-Encoding: chunked\r\n\r\n" + body;
}

void small_limits(client_config& config) {
    config.limits.header_bytes = 256;
    config.limits.body_bytes = 64;
    config.limits.chunk_overhead = 64;
}

class body_chunks : public ::testing::TestWithParam<response_case> {};

TEST_P(body_chunks, in_every_delivery) {
    run_case(GetParam());
}

const std::string one = "$C\r\n$B\r\n"; // NOLINT(cert-err58-cpp)

INSTANTIATE_TEST_SUITE_P(
    group_c, body_chunks,
    ::testing::Values(
        response_case{"case_051_one_chunk", chunks(one + "0\r\n\r\n"), {}, reuse},
        response_case{"case_052_length_then_chunked", fields("Content-Length: 5\r\nTransfer-Encoding: chunked\r\n"),
                      errc::malformed_response},
        response_case{"case_052_chunked_then_length", fields("Transfer-Encoding: chunked\r\nContent-Length: 5\r\n"),
                      errc::malformed_response},
        response_case{"case_054_chunked_in_two_fields",
                      fields("Transfer-Encoding: chunked\r\nTransfer-Encoding: chunked\r\n"), errc::malformed_response},
        response_case{"case_056_chunked_then_identity",
                      fields("Transfer-Encoding: chunked, identity\r\nContent-Length: 2\r\n"),
                      errc::malformed_response},
        response_case{"case_057_gzip_in_chunks",
                      std::string(ok_status_line) + "Transfer-Encoding: gzip, chunked\r\n\r\n" + one + "0\r\n\r\n",
                      errc::malformed_response},
        response_case{"case_059_in_http_1_0",
                      "HTTP/1.0 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n" + one + "0\r\n\r\n",
                      errc::malformed_response},
        response_case{"case_061_no_last_chunk", chunks(one), errc::incomplete_response, renew, fin_only},
        response_case{"case_061_no_last_chunk_and_clean", chunks(one), errc::incomplete_response, renew, closed},
        response_case{"case_062_half_a_last_chunk", chunks(one + "0\r\n"), errc::incomplete_response, renew, fin_only},
        response_case{"case_062_half_a_last_chunk_and_clean", chunks(one + "0\r\n"), errc::incomplete_response, renew,
                      closed},
        response_case{"case_064_17_digits", chunks("12345678123456789\r\nok\r\n0\r\n\r\n"), errc::malformed_response},
        response_case{"case_064_17_digits_with_an_f", chunks("f0000000000000003\r\nok\r\n0\r\n\r\n"),
                      errc::malformed_response},
        response_case{"case_064_16_digits", chunks("fffffffffffffffe\r\nok\r\n0\r\n\r\n"), errc::body_limit},
        response_case{"case_066_last_chunk_without_its_zero", chunks("1\r\nZ\r\n\r\n\r\n"), errc::malformed_response},
        response_case{"case_067_extensions", chunks("$C;a=b;c=\"d\"\r\n$B\r\n0;x\r\n\r\n"), {}, reuse},
        response_case{"case_069_extensions_over_a_small_limit",
                      chunks("1;" + std::string(40, 'x') + "\r\na\r\n1;" + std::string(60, 'x') + "\r\nb\r\n0\r\n\r\n"),
                      errc::body_limit, renew, nothing, &small_limits},
        response_case{"case_071_token_in_a_trailer", chunks(one + "0\r\ntoken: x\r\n\r\n"), {}, reuse},
        response_case{"case_071_type_in_a_trailer", chunks(one + "0\r\nContent-Type: text/html\r\n\r\n"), {}, reuse},
        response_case{"case_071_length_in_a_trailer", chunks(one + "0\r\nContent-Length: 5\r\n\r\n"),
                      errc::malformed_response},
        response_case{"case_071_encoding_in_a_trailer", chunks(one + "0\r\nTransfer-Encoding: chunked\r\n\r\n"),
                      errc::malformed_response},
        response_case{"case_071_connection_in_a_trailer", chunks(one + "0\r\nConnection: close\r\n\r\n"), {}, reuse},
        response_case{"case_071_keep_alive_in_a_trailer", chunks(one + "0\r\nKeep-Alive: max=1\r\n\r\n"), {}, reuse},
        response_case{"case_072_trailers_over_a_small_limit",
                      chunks(one + "0\r\nA: " + std::string(260, 'x') + "\r\n\r\n"), errc::header_limit, renew, nothing,
                      &small_limits},
        response_case{"case_074_over_a_small_limit",
                      chunks("20\r\n" + std::string(32, 'x') + "\r\n21\r\n" + std::string(33, 'x') + "\r\n0\r\n\r\n"),
                      errc::body_limit, renew, nothing, &small_limits}),
    &name_of);

TEST(body_chunks, case_051_complete_only_with_the_last_chunk) {
    client_fixture f;
    f.server.next_response({send(fill(chunks(one), read_response("a"))), gate("the rest"), send("0\r\n\r\n")});
    const pending_call call = f.start_read("a");
    ASSERT_TRUE(f.run_until_gate("the rest"));
    f.run_ready();
    EXPECT_FALSE(call.done());
    f.server.open_gate("the rest");
    EXPECT_TRUE(ok(f.wait(call)));
    EXPECT_EQ(f.seen("a"), 1);
    EXPECT_TRUE(f.reuses());
}

TEST(body_chunks, case_061_end_after_every_prefix) {
    client_fixture f;
    const std::string whole = fill(chunks("1;x\r\n \r\n" + one + "0\r\nA: b\r\n\r\n"), read_response("a"));
    for (std::size_t size = 1; size < whole.size(); ++size) {
        for (const step& ending : {fin(), close()}) {
            SCOPED_TRACE(size);
            f.server.next_response({send(whole.substr(0, size)), ending});
            const std::size_t before = f.server.request_count();
            ASSERT_TRUE(failed(f.read("a"), errc::incomplete_response, delivery::answered));
            EXPECT_EQ(f.server.request_count() - before, 1);
            ASSERT_TRUE(f.renews());
        }
    }
    f.server.next_response({send(whole)});
    EXPECT_TRUE(ok(f.read("a")));
}

TEST(body_chunks, case_069_1_mib_of_chunks_that_are_mostly_extension) {
    client_fixture f;
    f.server.next_response({send(chunks("")), flood("1;" + std::string(100, 'x') + "\r\na\r\n", 1024 * 1024)});
    EXPECT_TRUE(failed(f.read("a"), errc::body_limit, delivery::answered, phase::body));
    EXPECT_EQ(f.seen("a"), 1);
    EXPECT_TRUE(f.renews());
}

TEST(body_chunks, case_072_trailers_without_end) {
    for (const std::string& bytes : {std::string("A: b\r\n"), std::string(1000, 'x')}) {
        client_fixture f;
        const memory_meter meter;
        f.server.next_response({send(fill(chunks(one + "0\r\n"), read_response("a"))), flood(bytes)});
        EXPECT_TRUE(failed(f.read("a"), errc::header_limit, delivery::answered, phase::body));
        EXPECT_LE(meter.peak(), 1024 * 1024);
        EXPECT_EQ(f.seen("a"), 1);
        EXPECT_TRUE(f.renews());
    }
}

TEST(body_chunks, case_072_100_kb_of_trailers) {
    client_fixture f;
    const std::string trailers = "A: " + std::string(100'000, 'x') + "\r\n\r\n";
    f.server.next_response({send(fill(chunks(one + "0\r\n"), read_response("a")) + trailers)});
    EXPECT_TRUE(failed(f.read("a"), errc::header_limit, delivery::answered, phase::body));
    EXPECT_EQ(f.seen("a"), 1);
    EXPECT_TRUE(f.renews());
}

TEST(body_chunks, case_074_chunks_without_end) {
    client_fixture f;
    f.config.limits.body_bytes = 1024 * 1024;
    const memory_meter meter;
    f.server.next_response({send(chunks("")), flood("1000\r\n" + std::string(4096, 'x') + "\r\n")});
    EXPECT_TRUE(failed(f.read("a"), errc::body_limit, delivery::answered, phase::body));
    // A growing string is in memory twice while it is moved.
    EXPECT_LE(meter.peak(), 3 * f.config.limits.body_bytes + 1024 * 1024);
    EXPECT_EQ(f.seen("a"), 1);
    EXPECT_TRUE(f.renews());
}

} // namespace
} // namespace yunhu::test
