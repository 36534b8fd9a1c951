// Copyright (c) 2026 The yunhu authors
// SPDX-License-Identifier: BSL-1.0

#include "engine/outcome.hpp"
#include "engine/retry_policy.hpp"

#include <boost/asio/error.hpp>
#include <boost/system/errc.hpp>

#include <gtest/gtest.h>

#include <algorithm>
#include <array>
#include <chrono>
#include <cstdint>
#include <functional>
#include <optional>
#include <set>
#include <string>
#include <vector>

// The outcome of every failure: each delivery class with each status, API code and error code.
namespace yunhu::test {
namespace {

using api_code = std::optional<std::int64_t>;

const std::vector<int> statuses{0,   100, 101, 200, 201, 204, 206, 301, 302, 303, 304, 307, 308,
                                400, 401, 403, 404, 405, 408, 409, 410, 413, 425, 429, 451, 499,
                                500, 501, 502, 503, 504, 505, 520, 529, 599, 600, 999};
const std::vector<api_code> api_codes{std::nullopt, 1, 0, -1, -9, -101, 1100, 4402, 7100};

std::vector<error_code> error_codes() {
    std::vector<error_code> all{boost::asio::error::operation_aborted,
                                make_error_code(boost::system::errc::not_enough_memory)};
    for (int value = 1; value <= static_cast<int>(errc::incomplete_list); ++value) {
        all.emplace_back(value, category());
    }
    return all;
}

bool one_of(const error_code& code, std::initializer_list<errc> list) {
    return std::any_of(list.begin(), list.end(), [&](errc each) { return code == each; });
}

bool refused_4xx(const failure& f) {
    return f.delivery == delivery::answered && f.http_status >= 400 && f.http_status < 500 && f.http_status != 408;
}

struct row {
    const char* description;
    std::function<bool(const failure&)> matches;
    execution expected;
};

// Every failure matches exactly one row.
const std::vector<row> table{
    {"not sent", [](const failure& f) { return f.delivery == delivery::not_sent; }, execution::certainly_not_executed},
    {"maybe sent", [](const failure& f) { return f.delivery == delivery::maybe_sent; }, execution::maybe_executed},
    {"200 with an API success",
     [](const failure& f) { return f.delivery == delivery::answered && f.http_status == 200 && f.api_code == 1; },
     execution::executed},
    {"200 with an API refusal",
     [](const failure& f) {
         return f.delivery == delivery::answered && f.http_status == 200 && f.api_code && f.api_code != 1 &&
                one_of(f.code, {errc::refused, errc::bad_request, errc::not_authenticated});
     },
     execution::certainly_not_executed},
    {"200 with an API code in a malformed body",
     [](const failure& f) {
         return f.delivery == delivery::answered && f.http_status == 200 && f.api_code && f.api_code != 1 &&
                !one_of(f.code, {errc::refused, errc::bad_request, errc::not_authenticated});
     },
     execution::maybe_executed},
    {"200 without an API code",
     [](const failure& f) { return f.delivery == delivery::answered && f.http_status == 200 && !f.api_code; },
     execution::maybe_executed},
    {"4xx",
     [](const failure& f) {
         return refused_4xx(f) && f.api_code != 1 && !one_of(f.code, {errc::malformed_response, errc::header_limit});
     },
     execution::certainly_not_executed},
    {"4xx in a response that is not HTTP",
     [](const failure& f) {
         return refused_4xx(f) && f.api_code != 1 && one_of(f.code, {errc::malformed_response, errc::header_limit});
     },
     execution::maybe_executed},
    {"4xx that contradicts its body", [](const failure& f) { return refused_4xx(f) && f.api_code == 1; },
     execution::maybe_executed},
    {"408, 5xx, redirects and all other statuses",
     [](const failure& f) { return f.delivery == delivery::answered && f.http_status != 200 && !refused_4xx(f); },
     execution::maybe_executed},
};

std::string describe_row(const failure& f) {
    return std::string(to_string(f.delivery)) + " HTTP " + std::to_string(f.http_status) + " API " +
           (f.api_code ? std::to_string(*f.api_code) : "-") + ' ' + std::string(yunhu::name(f.code));
}

template <class Check> void for_each_failure(const Check& check) {
    for (const delivery how : {delivery::not_sent, delivery::maybe_sent, delivery::answered}) {
        for (const int status : statuses) {
            for (const api_code& api : api_codes) {
                for (const error_code& code : error_codes()) {
                    failure f;
                    f.delivery = how;
                    f.http_status = status;
                    f.api_code = api;
                    f.code = code;
                    check(f);
                }
            }
        }
    }
}

TEST(outcome, every_failure_has_one_row_and_its_outcome) {
    std::vector<std::size_t> used(table.size());
    for_each_failure([&](const failure& f) {
        unsigned matching = 0;
        for (std::size_t i = 0; i < table.size(); ++i) {
            if (table[i].matches(f)) {
                ++matching;
                ++used[i];
                EXPECT_EQ(execution_of(f), table[i].expected) << table[i].description << ": " << describe_row(f);
            }
        }
        EXPECT_EQ(matching, 1U) << describe_row(f);
    });
    for (std::size_t i = 0; i < table.size(); ++i) {
        EXPECT_GT(used[i], 0U) << table[i].description;
    }
}

TEST(outcome, an_earlier_attempt_leaves_certainty_only_to_success) {
    for_each_failure([](failure f) {
        const execution last = execution_of(f);
        f.maybe_executed_earlier = true;
        EXPECT_EQ(execution_of(f), last == execution::executed ? last : execution::maybe_executed) << describe_row(f);
    });
}

failure answered(int status, api_code api, errc code) {
    failure f;
    f.delivery = delivery::answered;
    f.http_status = status;
    f.api_code = api;
    f.code = code;
    return f;
}

// Two cases that the library's parts once classified differently.
TEST(outcome, a_404_is_a_refusal_and_a_gateways_body_proves_nothing) {
    EXPECT_EQ(execution_of(answered(404, std::nullopt, errc::unexpected_status)), execution::certainly_not_executed);
    EXPECT_EQ(execution_of(answered(502, -101, errc::not_authenticated)), execution::maybe_executed);
}

TEST(outcome, transient_by_status) {
    for (const int status : statuses) {
        if (status == 0 || status == 200) {
            continue;
        }
        const bool expected = status == 429 || (status >= 500 && status < 600);
        const errc code = status >= 500 ? errc::server_error : errc::unexpected_status;
        EXPECT_EQ(is_transient(answered(status, std::nullopt, code)), expected) << status;
    }
    EXPECT_TRUE(is_transient(answered(502, -101, errc::not_authenticated)));
    EXPECT_FALSE(is_transient(answered(401, std::nullopt, errc::not_authenticated)));
}

TEST(outcome, transient_by_code) {
    const std::set<errc> expected{errc::overloaded,      errc::circuit_open, errc::timed_out,
                                  errc::resolve_failed,  errc::tls_failed,   errc::connect_failed,
                                  errc::connection_lost, errc::server_error, errc::incomplete_response,
                                  errc::outcome_unknown, errc::throttled,    errc::proxy_failed};
    for (const error_code& code : error_codes()) {
        failure f;
        f.code = code;
        const bool is_expected = code.category() == category() && expected.contains(static_cast<errc>(code.value()));
        EXPECT_EQ(is_transient(f), is_expected) << yunhu::name(code);
        EXPECT_EQ(code == condition::transient, is_expected) << yunhu::name(code);
    }
}

TEST(outcome, an_unknown_outcome_is_as_transient_as_its_cause) {
    failure f;
    f.code = errc::outcome_unknown;
    f.delivery = delivery::maybe_sent;
    f.cause = boost::asio::error::connection_reset;
    EXPECT_TRUE(is_transient(f));
    f.cause = errc::timed_out;
    EXPECT_TRUE(is_transient(f));
    f.cause = errc::client_closed;
    EXPECT_FALSE(is_transient(f));
    f.cause = boost::asio::error::operation_aborted;
    EXPECT_FALSE(is_transient(f));
}

TEST(outcome, cancelled_by_code_or_cause) {
    failure f;
    f.code = boost::asio::error::operation_aborted;
    EXPECT_TRUE(is_cancelled(f));
    f.code = errc::outcome_unknown;
    EXPECT_FALSE(is_cancelled(f));
    f.cause = boost::asio::error::operation_aborted;
    EXPECT_TRUE(is_cancelled(f));
}

TEST(condition, certainly_not_executed_agrees_with_the_failure) {
    // A condition that a code alone proves must hold for the failures of attempts with that code.
    for (const errc code :
         {errc::invalid_request, errc::overloaded, errc::circuit_open, errc::resolve_failed, errc::connect_failed,
          errc::tls_failed, errc::certificate_rejected, errc::proxy_failed, errc::proxy_unauthorized}) {
        failure f;
        f.code = code;
        EXPECT_EQ(f.code, condition::certainly_not_executed) << yunhu::name(code);
        EXPECT_EQ(execution_of(f), execution::certainly_not_executed) << yunhu::name(code);
    }
    for (const failure& f :
         {answered(429, std::nullopt, errc::throttled), answered(400, std::nullopt, errc::bad_request),
          answered(200, 1100, errc::bad_request), answered(200, -1, errc::refused)}) {
        EXPECT_EQ(f.code, condition::certainly_not_executed) << describe_row(f);
        EXPECT_EQ(execution_of(f), execution::certainly_not_executed) << describe_row(f);
    }
    for (const errc code : {errc::client_closed, errc::timed_out, errc::connection_lost, errc::incomplete_response,
                            errc::malformed_response, errc::header_limit, errc::body_limit, errc::outcome_unknown,
                            errc::not_authenticated, errc::server_error, errc::unexpected_status, errc::empty_response,
                            errc::bad_response}) {
        EXPECT_NE(error_code(code), condition::certainly_not_executed) << yunhu::name(code);
    }
}

TEST(condition, groups_the_codes) {
    const auto meets = [](condition c) {
        std::set<std::string> names;
        for (const error_code& code : error_codes()) {
            if (code == c) {
                names.emplace(yunhu::name(code));
            }
        }
        return names;
    };
    using names = std::set<std::string>;
    EXPECT_EQ(meets(condition::cancelled), names{"cancelled"});
    EXPECT_EQ(meets(condition::timeout), names{"timed_out"});
    EXPECT_EQ(meets(condition::authentication), names{"not_authenticated"});
    EXPECT_EQ(meets(condition::throttled), names{"throttled"});
    EXPECT_EQ(meets(condition::overloaded), names{"overloaded"});
    EXPECT_EQ(meets(condition::unavailable), (names{"circuit_open", "resolve_failed", "connect_failed", "tls_failed",
                                                    "proxy_failed", "connection_lost", "server_error"}));
    EXPECT_EQ(meets(condition::rejected), (names{"bad_request", "refused"}));
    EXPECT_EQ(meets(condition::invalid_response),
              (names{"incomplete_response", "malformed_response", "header_limit", "body_limit", "empty_response",
                     "bad_response", "incomplete_list"}));
}

TEST(condition, is_met_by_no_success_and_no_foreign_code) {
    for (int value = 0; value <= static_cast<int>(condition::invalid_response) + 1; ++value) {
        const boost::system::error_condition c(value, condition_category());
        EXPECT_NE(error_code(), c) << value;
        EXPECT_NE(make_error_code(boost::system::errc::not_enough_memory), c) << value;
    }
    const boost::system::error_condition c = condition::transient;
    EXPECT_STREQ(c.category().name(), "yunhu.condition");
    EXPECT_EQ(c.message(), "the same call may succeed later");
}

TEST(retry, only_transient_and_repeatable_failures_are_retried) {
    using namespace std::chrono_literals;
    for_each_failure([](const failure& f) {
        if (f.api_code || (f.http_status != 0 && f.delivery != delivery::answered)) {
            return; // an attempt has no API code, and a status only with a response
        }
        retry_config config;
        engine::retry_budget budget(0.2, 10);
        engine::retry_policy policy(retry_class::non_idempotent, 3, true, config);
        engine::attempt_outcome end;
        end.status = f.http_status;
        end.how = f.delivery;
        end.code = f.code;
        const auto decision =
            policy.decide(end, engine::time_point(1h), engine::time_point(2h), budget, [] { return 0.; });
        if (decision.next != engine::retry_decision::what::stop) {
            EXPECT_TRUE(is_transient(f)) << describe_row(f);
            EXPECT_EQ(execution_of(f), execution::certainly_not_executed) << describe_row(f);
        }
        EXPECT_FALSE(policy.maybe_executed_earlier()) << describe_row(f);
    });
}

TEST(retry, remembers_an_attempt_that_may_have_been_executed) {
    using namespace std::chrono_literals;
    const retry_config config;
    engine::retry_budget budget(0.2, 10);
    engine::retry_policy policy(retry_class::idempotent, 3, true, config);
    engine::attempt_outcome end;
    end.status = 429;
    const auto decide = [&] {
        return policy.decide(end, engine::time_point(1h), engine::time_point(2h), budget, [] { return 0.; }).next;
    };
    EXPECT_EQ(decide(), engine::retry_decision::what::retry_after);
    EXPECT_FALSE(policy.maybe_executed_earlier());
    end.status = 503;
    EXPECT_EQ(decide(), engine::retry_decision::what::retry_after);
    EXPECT_TRUE(policy.maybe_executed_earlier());
}

} // namespace
} // namespace yunhu::test
