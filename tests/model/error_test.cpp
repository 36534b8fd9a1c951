// Copyright (c) 2026 The yunhu authors
// SPDX-License-Identifier: BSL-1.0

#include <yunhu/error.hpp>

#include <boost/asio/error.hpp>

#include <gtest/gtest.h>

#include <set>
#include <sstream>
#include <string>
#include <string_view>

namespace yunhu::test {
namespace {

constexpr int last_code = static_cast<int>(errc::incomplete_list);

failure sample() {
    failure f;
    f.code = errc::outcome_unknown;
    f.endpoint = "send-message";
    f.delivery = delivery::maybe_sent;
    f.phase = phase::first_byte;
    f.attempts = 3;
    f.http_status = 503;
    f.api_code = -9;
    f.api_msg = "text of the server";
    f.msg_id = "abc123";
    f.cause = boost::asio::error::connection_reset;
    f.detail = "the library's detail";
    return f;
}

TEST(error_codes, have_a_category) {
    const error_code ec = errc::timed_out;
    EXPECT_STREQ(ec.category().name(), "yunhu");
    EXPECT_EQ(&ec.category(), &category());
    EXPECT_TRUE(ec.failed());
    EXPECT_EQ(ec, errc::timed_out);
    EXPECT_NE(ec, errc::refused);
}

TEST(error_codes, have_distinct_names_and_messages) {
    std::set<std::string_view> names;
    std::set<std::string> messages;
    for (int value = 1; value <= last_code; ++value) {
        const error_code ec(value, category());
        EXPECT_TRUE(names.insert(yunhu::name(ec)).second) << value;
        EXPECT_TRUE(messages.insert(ec.message()).second) << value;
        EXPECT_FALSE(ec.message().empty());
        EXPECT_NE(yunhu::name(ec), "other");
    }
}

TEST(error_codes, are_named_as_in_the_enumeration) {
    EXPECT_EQ(yunhu::name(errc::invalid_request), "invalid_request");
    EXPECT_EQ(yunhu::name(errc::overloaded), "overloaded");
    EXPECT_EQ(yunhu::name(errc::circuit_open), "circuit_open");
    EXPECT_EQ(yunhu::name(errc::client_closed), "client_closed");
    EXPECT_EQ(yunhu::name(errc::timed_out), "timed_out");
    EXPECT_EQ(yunhu::name(errc::resolve_failed), "resolve_failed");
    EXPECT_EQ(yunhu::name(errc::connect_failed), "connect_failed");
    EXPECT_EQ(yunhu::name(errc::proxy_failed), "proxy_failed");
    EXPECT_EQ(yunhu::name(errc::proxy_unauthorized), "proxy_unauthorized");
    EXPECT_EQ(yunhu::name(errc::tls_failed), "tls_failed");
    EXPECT_EQ(yunhu::name(errc::certificate_rejected), "certificate_rejected");
    EXPECT_EQ(yunhu::name(errc::connection_lost), "connection_lost");
    EXPECT_EQ(yunhu::name(errc::incomplete_response), "incomplete_response");
    EXPECT_EQ(yunhu::name(errc::malformed_response), "malformed_response");
    EXPECT_EQ(yunhu::name(errc::header_limit), "header_limit");
    EXPECT_EQ(yunhu::name(errc::body_limit), "body_limit");
    EXPECT_EQ(yunhu::name(errc::outcome_unknown), "outcome_unknown");
    EXPECT_EQ(yunhu::name(errc::not_authenticated), "not_authenticated");
    EXPECT_EQ(yunhu::name(errc::bad_request), "bad_request");
    EXPECT_EQ(yunhu::name(errc::throttled), "throttled");
    EXPECT_EQ(yunhu::name(errc::server_error), "server_error");
    EXPECT_EQ(yunhu::name(errc::unexpected_status), "unexpected_status");
    EXPECT_EQ(yunhu::name(errc::refused), "refused");
    EXPECT_EQ(yunhu::name(errc::empty_response), "empty_response");
    EXPECT_EQ(yunhu::name(errc::bad_response), "bad_response");
}

TEST(error_codes, of_other_categories_are_distinguished) {
    EXPECT_EQ(yunhu::name(boost::asio::error::operation_aborted), "cancelled");
    EXPECT_EQ(yunhu::name(boost::asio::error::connection_reset), "other");
    EXPECT_EQ(yunhu::name(error_code(last_code + 1, category())), "other");
    EXPECT_EQ(yunhu::name(error_code(-1, category())), "other");
    EXPECT_EQ(yunhu::name(error_code()), "success");
    EXPECT_FALSE(error_code(last_code + 1, category()).message().empty());
}

TEST(delivery_and_phase, have_names) {
    std::ostringstream out;
    out << delivery::not_sent << ' ' << delivery::maybe_sent << ' ' << delivery::answered;
    EXPECT_EQ(out.str(), "not_sent maybe_sent answered");
    out.str("");
    for (const phase p : {phase::check, phase::queue, phase::resolve, phase::connect, phase::tls, phase::write,
                          phase::first_byte, phase::body, phase::backoff, phase::decode}) {
        out << p << ' ';
    }
    EXPECT_EQ(out.str(), "check queue resolve connect tls write first_byte body backoff decode ");
}

TEST(describe, has_all_known_details) {
    const std::string line = describe(sample());
    for (const std::string_view part : {"send-message", "outcome_unknown", "maybe_sent", "first_byte", "attempts 3",
                                        "HTTP 503", "API code -9", "msg_id abc123", "the library's detail"}) {
        EXPECT_NE(line.find(part), std::string::npos) << part << " is not in: " << line;
    }
    EXPECT_NE(line.find(sample().cause.message()), std::string::npos) << line;
    EXPECT_NE(line.find(sample().code.message()), std::string::npos) << line;
}

TEST(describe, omits_unknown_details) {
    failure f;
    f.code = errc::overloaded;
    EXPECT_EQ(describe(f), "overloaded (too many calls wait for a connection); not_sent in phase check, attempts 0");
}

TEST(describe, says_a_cause_once) {
    failure f;
    f.code = errc::connect_failed;
    f.cause = boost::asio::error::connection_refused;
    const std::string start = "connect_failed (no address accepted a connection)";
    const std::string end = "; not_sent in phase check, attempts 0";
    EXPECT_EQ(describe(f), start + end + ", cause Connection refused");
    f.detail = "127.0.0.1: Connection refused";
    EXPECT_EQ(describe(f), start + ": 127.0.0.1: Connection refused" + end);
    f.cause = errc::timed_out;
    EXPECT_EQ(describe(f), start + ": 127.0.0.1: Connection refused" + end + ", cause timed_out (timed out)");
}

TEST(describe, has_no_text_of_the_server) {
    EXPECT_EQ(describe(sample()).find("text of the server"), std::string::npos);
    EXPECT_EQ(std::string(error(sample()).what()).find("text of the server"), std::string::npos);
}

TEST(describe, is_one_line_of_bounded_length) {
    failure f = sample();
    f.msg_id = "a\nb\r\x01" + std::string(10'000, 'x');
    f.detail = "c\nd\x7f";
    const std::string line = describe(f);
    EXPECT_EQ(line.find_first_of("\n\r\x01\x7f"), std::string::npos);
    EXPECT_LT(line.size(), 1000U);
}

TEST(describe, steers_no_terminal) {
    failure f = sample();
    f.msg_id = "a\u009Bb\u202Ec\u200Bd\xFF"
               "e 你好";
    EXPECT_NE(describe(f).find("msg_id a?b?c?d?e 你好"), std::string::npos) << describe(f);
}
TEST(describe, equals_the_output_of_a_failure) {
    std::ostringstream out;
    out << sample();
    EXPECT_EQ(out.str(), describe(sample()));
}

TEST(error, carries_the_failure) {
    const error thrown(sample());
    EXPECT_EQ(thrown.code(), errc::outcome_unknown);
    EXPECT_EQ(thrown.delivery(), delivery::maybe_sent);
    EXPECT_EQ(thrown.info().api_msg, "text of the server");
    EXPECT_TRUE(std::string_view(thrown.what()).starts_with(describe(sample()))) << thrown.what();
}

TEST(result, throws_the_error) {
    const result<int> failed(sample());
    try {
        static_cast<void>(failed.value());
        FAIL() << "no exception was thrown";
    } catch (const error& thrown) {
        EXPECT_EQ(thrown.info().msg_id, "abc123");
        EXPECT_EQ(thrown.code(), errc::outcome_unknown);
    }
    EXPECT_EQ(result<int>(5).value(), 5);
}

} // namespace
} // namespace yunhu::test
