// Copyright (c) 2026 The yunhu authors
// SPDX-License-Identifier: BSL-1.0

#include "engine/outcome.hpp"

#include <boost/asio/error.hpp>

#include <array>
#include <cstddef>
#include <string>

YUNHU_NAMESPACE_BEGIN
namespace {

namespace http_status {
constexpr int ok = 200;
constexpr int request_timeout = 408;
constexpr int too_many_requests = 429;
} // namespace http_status

constexpr std::int64_t api_success = 1;

bool is_server_error(int status) noexcept {
    return status >= 500 && status < 600;
}

bool is_client_error(int status) noexcept {
    return status >= 400 && status < 500;
}

bool is_ours(const error_code& code) noexcept {
    return code.category() == category();
}

// A row per code: the conditions that the code alone implies, as bits by the value of `condition`.
constexpr unsigned bit(condition c) noexcept {
    return 1U << static_cast<unsigned>(c);
}

constexpr unsigned transient = bit(condition::transient);
constexpr unsigned not_executed = bit(condition::certainly_not_executed);
constexpr unsigned unavailable = bit(condition::unavailable);
constexpr unsigned invalid_response = bit(condition::invalid_response);
constexpr unsigned rejected = bit(condition::rejected);

constexpr unsigned conditions_of(errc code) noexcept {
    switch (code) {
    case errc::invalid_request:
    case errc::certificate_rejected:
    case errc::proxy_unauthorized:
        return not_executed;
    case errc::overloaded:
        return not_executed | transient | bit(condition::overloaded);
    case errc::circuit_open:
    case errc::resolve_failed:
    case errc::connect_failed:
    case errc::proxy_failed:
    case errc::tls_failed:
        return not_executed | transient | unavailable;
    case errc::client_closed:
        return 0;
    case errc::timed_out:
        return transient | bit(condition::timeout);
    case errc::connection_lost:
    case errc::server_error:
        return transient | unavailable;
    case errc::outcome_unknown:
        return transient;
    case errc::incomplete_response:
        return transient | invalid_response;
    case errc::malformed_response:
    case errc::header_limit:
    case errc::body_limit:
    case errc::empty_response:
    case errc::bad_response:
    case errc::incomplete_list: // a repetition lists the same
        return invalid_response;
    case errc::not_authenticated: // also of a gateway's 5xx, which does not prove that nothing was executed
        return bit(condition::authentication);
    case errc::bad_request:
    case errc::refused:
        return not_executed | rejected;
    case errc::throttled:
        return not_executed | transient | bit(condition::throttled);
    case errc::unexpected_status:
        return 0;
    }
    return 0;
}

struct condition_text {
    const char* name;
    const char* message;
};

// By the value of the enumerator.
constexpr std::array<condition_text, static_cast<std::size_t>(condition::invalid_response) + 1> condition_texts{{
    {"none", "success"},
    {"transient", "the same call may succeed later"},
    {"certainly_not_executed", "the server has not executed the request"},
    {"cancelled", "cancelled by the caller"},
    {"timeout", "timed out"},
    {"authentication", "the server does not accept the token"},
    {"throttled", "the server asks for fewer requests"},
    {"overloaded", "the client's queue is full"},
    {"unavailable", "the server can't be reached or can't serve the request"},
    {"rejected", "the service refuses the request itself"},
    {"invalid_response", "the response can't be used"},
}};

const condition_text* text_of(int value) noexcept {
    const auto at = static_cast<std::size_t>(value);
    return at < condition_texts.size() ? &condition_texts[at] : nullptr;
}

class condition_category_type final : public boost::system::error_category {
public:
    [[nodiscard]] const char* name() const noexcept override { return "yunhu.condition"; }
    [[nodiscard]] std::string message(int value) const override {
        const condition_text* const text = text_of(value);
        return text != nullptr ? text->message : "unknown condition";
    }
    [[nodiscard]] bool equivalent(const error_code& code, int value) const noexcept override {
        if (value <= 0 || text_of(value) == nullptr) {
            return false;
        }
        const auto asked = static_cast<condition>(value);
        if (asked == condition::cancelled) {
            return code == boost::asio::error::operation_aborted;
        }
        return is_ours(code) && (conditions_of(static_cast<errc>(code.value())) & bit(asked)) != 0;
    }
};

engine::attempt_facts facts_of(const failure& f) {
    return {f.delivery, f.http_status, f.api_code, f.code};
}

} // namespace

namespace engine {

execution execution_of(const attempt_facts& attempt) noexcept {
    switch (attempt.delivery) {
    case delivery::not_sent:
        return execution::certainly_not_executed;
    case delivery::maybe_sent: // a status is an earlier attempt's
        return execution::maybe_executed;
    case delivery::answered:
        break;
    }
    const bool framed = attempt.code != errc::malformed_response && attempt.code != errc::header_limit;
    const bool succeeded = attempt.api_code == api_success;
    if (attempt.status == http_status::ok) {
        if (succeeded) {
            return execution::executed;
        }
        // A damaged body proves nothing, even if a code could be parsed from it.
        const bool api_refused =
            attempt.api_code && (attempt.code == condition::rejected || attempt.code == condition::authentication);
        return api_refused ? execution::certainly_not_executed : execution::maybe_executed;
    }
    // 408 may be meant for an earlier use of the connection. A status of 500 and above may be a gateway's, which does
    // not know the state of the server behind it; a redirect may follow the work.
    const bool refused = is_client_error(attempt.status) && attempt.status != http_status::request_timeout;
    return refused && framed && !succeeded ? execution::certainly_not_executed : execution::maybe_executed;
}

bool is_transient(const attempt_facts& attempt) noexcept {
    if (attempt.code == condition::cancelled || attempt.code == errc::client_closed ||
        attempt.code == condition::invalid_response) {
        return attempt.code == condition::transient;
    }
    // Not 408 and 425: a request leaves in one write and never as early data, so the next one would fare the same.
    if (attempt.delivery == delivery::answered && attempt.status != 0 && attempt.status != http_status::ok) {
        return attempt.status == http_status::too_many_requests || is_server_error(attempt.status);
    }
    return attempt.code == condition::transient;
}

} // namespace engine

execution execution_of(const failure& f) noexcept {
    const execution last = engine::execution_of(facts_of(f));
    return last == execution::certainly_not_executed && f.maybe_executed_earlier ? execution::maybe_executed : last;
}

bool is_transient(const failure& f) noexcept {
    if (f.code == errc::outcome_unknown && f.cause && (is_ours(f.cause) || f.cause == condition::cancelled)) {
        return f.cause == condition::transient;
    }
    return engine::is_transient(facts_of(f));
}

bool is_cancelled(const failure& f) noexcept {
    return f.code == condition::cancelled || f.cause == condition::cancelled;
}

const boost::system::error_category& condition_category() noexcept {
    static const condition_category_type instance;
    return instance;
}

boost::system::error_condition make_error_condition(condition c) noexcept {
    return {static_cast<int>(c), condition_category()};
}

std::string_view to_string(execution e) noexcept {
    switch (e) {
    case execution::certainly_not_executed:
        return "certainly_not_executed";
    case execution::maybe_executed:
        return "maybe_executed";
    case execution::executed:
        return "executed";
    }
    return "unknown";
}

YUNHU_NAMESPACE_END
