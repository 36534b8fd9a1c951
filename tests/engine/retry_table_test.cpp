// Copyright (c) 2026 The yunhu authors
// SPDX-License-Identifier: BSL-1.0

#include "engine/retry_policy.hpp"

#include <gtest/gtest.h>

#include <boost/asio/error.hpp>

#include <array>
#include <chrono>
#include <cstddef>
#include <ostream>
#include <string>
#include <vector>

// The complete table of retries: each failure with each class of calls.

using namespace std::chrono_literals;
using namespace yunhu;
using engine::attempt_outcome;
using engine::retry_budget;
using engine::retry_decision;
using engine::retry_policy;

namespace {

enum class next { end, new_connection, later };

std::ostream& operator<<(std::ostream& out, next n) {
    return out << (n == next::end ? "end" : n == next::new_connection ? "new connection" : "later");
}

struct call_class {
    const char* name;
    retry_class how;
    bool retry_maybe_sent;
};

// The columns of the table. Non-idempotent calls ignore the option.
constexpr std::array<call_class, 6> columns{{{"safe", retry_class::safe, false},
                                             {"safe, option", retry_class::safe, true},
                                             {"idempotent", retry_class::idempotent, false},
                                             {"idempotent, option", retry_class::idempotent, true},
                                             {"non-idempotent", retry_class::non_idempotent, false},
                                             {"non-idempotent, option", retry_class::non_idempotent, true}}};
using row = std::array<next, columns.size()>;

constexpr row none{next::end, next::end, next::end, next::end, next::end, next::end};
constexpr row all_later{next::later, next::later, next::later, next::later, next::later, next::later};
constexpr row all_new_connection{next::new_connection, next::new_connection, next::new_connection,
                                 next::new_connection, next::new_connection, next::new_connection};
constexpr row safe_later{next::later, next::later, next::end, next::later, next::end, next::end};
constexpr row safe_new_connection{
    next::new_connection, next::new_connection, next::end, next::new_connection, next::end, next::end};

constexpr engine::time_point now{1h};

void expect(const attempt_outcome& end, const row& expected, const std::string& failure) {
    for (std::size_t i = 0; i < columns.size(); ++i) {
        const retry_config config;
        retry_budget budget(0.2, 10);
        retry_policy policy(columns[i].how, 3, columns[i].retry_maybe_sent, config);
        const retry_decision v = policy.decide(end, now, now + 30s, budget, [] { return 0.5; });
        const next got = v.next == retry_decision::what::stop                      ? next::end
                         : v.next == retry_decision::what::retry_on_new_connection ? next::new_connection
                                                                                   : next::later;
        EXPECT_EQ(got, expected[i]) << failure << ", " << columns[i].name;
    }
}

void expect_status(int status, const row& expected) {
    for (const bool reused : {false, true}) {
        attempt_outcome end;
        end.status = status;
        end.how = delivery::answered;
        end.reused = reused;
        expect(end, expected, std::to_string(status) + (reused ? " reused" : ""));
    }
}

void expect_failure(delivery how, const error_code& code, bool reused, const row& expected) {
    attempt_outcome end;
    end.code = code;
    end.how = how;
    end.reused = reused;
    expect(end, expected, std::string(to_string(how)) + ' ' + code.message() + (reused ? " reused" : ""));
}

} // namespace

TEST(retry_table, case_211_definite_responses_are_final) {
    for (const int status : {200, 201, 204, 205, 304, 400, 401, 403, 404, 408, 409, 413, 425, 428, 430, 499}) {
        expect_status(status, none);
    }
}

TEST(retry_table, case_216_redirects_are_final) {
    for (const int status : {300, 301, 302, 303, 307, 308}) {
        expect_status(status, none);
    }
}

TEST(retry_table, case_202_throttled_requests_were_not_executed) {
    expect_status(429, all_later);
}

TEST(retry_table, case_201_server_errors_only_for_safe_calls) {
    for (const int status : {500, 501, 502, 503, 504, 529, 599}) {
        expect_status(status, safe_later);
    }
}

TEST(retry_table, case_012_unknown_statuses_are_final) {
    for (const int status : {600, 700, 999}) {
        expect_status(status, none);
    }
}

TEST(retry_table, case_204_failed_connects_for_all) {
    for (const errc code : {errc::connect_failed, errc::resolve_failed, errc::tls_failed, errc::proxy_failed}) {
        expect_failure(delivery::not_sent, code, false, all_later);
    }
}

TEST(retry_table, case_126_127_a_connect_timeout_is_not_retried) {
    expect_failure(delivery::not_sent, errc::timed_out, false, none);
}

TEST(retry_table, case_109_not_sent_is_retried_on_a_new_connection_for_all) {
    expect_failure(delivery::not_sent, errc::connection_lost, true, all_new_connection);
    expect_failure(delivery::not_sent, errc::connection_lost, false, all_new_connection);
}

TEST(retry_table, case_181_191_a_rejected_certificate_is_not_retried) {
    expect_failure(delivery::not_sent, errc::certificate_rejected, false, none);
}

TEST(retry_table, case_239_credentials_that_a_proxy_does_not_accept_are_not_retried) {
    expect_failure(delivery::not_sent, errc::proxy_unauthorized, false, none);
}

TEST(retry_table, refused_by_the_library_itself) {
    for (const errc code : {errc::overloaded, errc::circuit_open, errc::client_closed, errc::invalid_request}) {
        expect_failure(delivery::not_sent, code, false, none);
    }
}

TEST(retry_table, cancelled_before_the_request_was_sent) {
    expect_failure(delivery::not_sent, boost::asio::error::operation_aborted, false, none);
    expect_failure(delivery::not_sent, boost::asio::error::operation_aborted, true, none);
}

TEST(retry_table, case_109_maybe_sent_on_a_reused_connection_only_for_safe_calls) {
    expect_failure(delivery::maybe_sent, errc::connection_lost, true, safe_new_connection);
}

TEST(retry_table, case_002_111_maybe_sent_on_a_new_connection_never) {
    expect_failure(delivery::maybe_sent, errc::connection_lost, false, none);
}

TEST(retry_table, maybe_sent_and_no_response_in_time) {
    expect_failure(delivery::maybe_sent, errc::timed_out, true, safe_later);
    expect_failure(delivery::maybe_sent, errc::timed_out, false, safe_later);
}

TEST(retry_table, case_114_failed_inside_a_response) {
    for (const errc code : {errc::incomplete_response, errc::malformed_response, errc::header_limit, errc::body_limit,
                            errc::timed_out, errc::connection_lost}) {
        expect_failure(delivery::answered, code, true, none);
        expect_failure(delivery::answered, code, false, none);
    }
}
