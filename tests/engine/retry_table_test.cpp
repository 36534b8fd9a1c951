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

// What may be done again after which failure: the whole table.

using namespace std::chrono_literals;
using namespace yunhu;
using engine::attempt_outcome;
using engine::retry_budget;
using engine::retry_decision;
using engine::retry_policy;

namespace {

enum class next { end, fresh, later };

std::ostream& operator<<(std::ostream& out, next n) {
    return out << (n == next::end ? "end" : n == next::fresh ? "fresh" : "later");
}

struct kind_of_call {
    const char* name;
    retry_class how;
    bool retry_maybe_sent;
};

// The columns of the table. One-shot calls ignore the option.
constexpr std::array<kind_of_call, 6> columns{{{"safe", retry_class::safe, false},
                                               {"safe, option", retry_class::safe, true},
                                               {"idempotent", retry_class::idempotent, false},
                                               {"idempotent, option", retry_class::idempotent, true},
                                               {"non-idempotent", retry_class::non_idempotent, false},
                                               {"non-idempotent, option", retry_class::non_idempotent, true}}};
using row = std::array<next, columns.size()>;

constexpr row nobody{next::end, next::end, next::end, next::end, next::end, next::end};
constexpr row all_later{next::later, next::later, next::later, next::later, next::later, next::later};
constexpr row all_fresh{next::fresh, next::fresh, next::fresh, next::fresh, next::fresh, next::fresh};
constexpr row safe_later{next::later, next::later, next::end, next::later, next::end, next::end};
constexpr row safe_fresh{next::fresh, next::fresh, next::end, next::fresh, next::end, next::end};

constexpr engine::time_point now{1h};

void expect(const attempt_outcome& end, const row& expected, const std::string& what) {
    for (std::size_t i = 0; i < columns.size(); ++i) {
        const retry_config config;
        retry_budget budget(0.2, 10);
        retry_policy policy(columns[i].how, 3, columns[i].retry_maybe_sent, config);
        const retry_decision v = policy.decide(end, now, now + 30s, budget, [] { return 0.5; });
        const next got = v.next == retry_decision::what::complete      ? next::end
                         : v.next == retry_decision::what::again_fresh ? next::fresh
                                                                       : next::later;
        EXPECT_EQ(got, expected[i]) << what << ", " << columns[i].name;
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

TEST(retry_table, case_211_responses_that_say_something_are_final) {
    for (const int status : {200, 201, 204, 205, 304, 400, 401, 403, 404, 408, 409, 413, 425, 428, 430, 499}) {
        expect_status(status, nobody);
    }
}

TEST(retry_table, case_216_redirects_are_final) {
    for (const int status : {300, 301, 302, 303, 307, 308}) {
        expect_status(status, nobody);
    }
}

TEST(retry_table, case_202_throttled_was_not_acted_on) {
    expect_status(429, all_later);
}

TEST(retry_table, case_201_server_errors_only_where_repeating_is_safe) {
    for (const int status : {500, 501, 502, 503, 504, 529, 599}) {
        expect_status(status, safe_later);
    }
}

TEST(retry_table, case_012_unknown_statuses_are_final) {
    for (const int status : {600, 700, 999}) {
        expect_status(status, nobody);
    }
}

TEST(retry_table, case_204_failed_dials_for_all) {
    for (const errc code : {errc::connect_failed, errc::resolve_failed, errc::tls_failed}) {
        expect_failure(delivery::not_sent, code, false, all_later);
    }
}

TEST(retry_table, case_126_127_a_dial_that_took_too_long_is_not_tried_again) {
    expect_failure(delivery::not_sent, errc::timed_out, false, nobody);
}

TEST(retry_table, case_109_not_sent_for_sure_goes_to_a_fresh_connection_for_all) {
    expect_failure(delivery::not_sent, errc::connection_lost, true, all_fresh);
    expect_failure(delivery::not_sent, errc::connection_lost, false, all_fresh);
}

TEST(retry_table, case_181_191_an_impostor_is_not_asked_again) {
    expect_failure(delivery::not_sent, errc::certificate_rejected, false, nobody);
}

TEST(retry_table, refused_by_the_library_itself) {
    for (const errc code : {errc::overloaded, errc::circuit_open, errc::client_closed, errc::invalid_request}) {
        expect_failure(delivery::not_sent, code, false, nobody);
    }
}

TEST(retry_table, what_the_caller_stopped_while_nothing_was_sent) {
    expect_failure(delivery::not_sent, boost::asio::error::operation_aborted, false, nobody);
    expect_failure(delivery::not_sent, boost::asio::error::operation_aborted, true, nobody);
}

TEST(retry_table, case_109_maybe_sent_on_a_reused_connection_only_where_repeating_is_safe) {
    expect_failure(delivery::maybe_sent, errc::connection_lost, true, safe_fresh);
}

TEST(retry_table, case_002_111_maybe_sent_on_a_fresh_connection_never) {
    expect_failure(delivery::maybe_sent, errc::connection_lost, false, nobody);
}

TEST(retry_table, maybe_sent_and_no_response_in_time) {
    expect_failure(delivery::maybe_sent, errc::timed_out, true, safe_later);
    expect_failure(delivery::maybe_sent, errc::timed_out, false, safe_later);
}

TEST(retry_table, case_114_an_response_had_begun) {
    for (const errc code : {errc::incomplete_response, errc::malformed_response, errc::header_limit, errc::body_limit,
                            errc::timed_out, errc::connection_lost}) {
        expect_failure(delivery::answered, code, true, nobody);
        expect_failure(delivery::answered, code, false, nobody);
    }
}
