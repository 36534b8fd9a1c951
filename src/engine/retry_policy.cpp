// Copyright (c) 2026 The yunhu authors
// SPDX-License-Identifier: BSL-1.0

#include "engine/retry_policy.hpp"

#include <algorithm>

YUNHU_NAMESPACE_BEGIN
namespace engine {
namespace {

// Capacity of a budget: ten seconds of its rate, and at least one retry unless both rates are 0.
constexpr double capacity_seconds = 10;

double capacity(double per_success, double per_second) {
    const bool any = per_success > 0 || per_second > 0;
    return std::max({per_second * capacity_seconds, per_success > 0 ? capacity_seconds : 0.0, any ? 1.0 : 0.0});
}

} // namespace

void retry_budget::succeeded() noexcept {
    if (tokens_) {
        tokens_ = std::min(*tokens_ + per_success_, capacity(per_success_, per_second_));
    }
}

bool retry_budget::withdraw(time_point now) noexcept {
    const double maximum = capacity(per_success_, per_second_);
    if (!tokens_) {
        tokens_ = maximum;
    } else {
        const std::chrono::duration<double> passed = now - refilled_;
        tokens_ = std::min(*tokens_ + std::max(passed.count(), 0.0) * per_second_, maximum);
    }
    refilled_ = now;
    if (*tokens_ < 1) {
        return false;
    }
    *tokens_ -= 1;
    return true;
}

attempt_facts retry_policy::facts_of(const attempt_outcome& end) noexcept {
    return {end.status != 0 ? delivery::answered : end.how, end.status, std::nullopt, end.code};
}

retry_policy::retry_kind retry_policy::classify(const attempt_outcome& end) const noexcept {
    const attempt_facts facts = facts_of(end);
    const bool repeatable = class_ == retry_class::safe || (class_ == retry_class::idempotent && retry_maybe_sent_) ||
                            execution_of(facts) == execution::certainly_not_executed;
    if (!repeatable || !is_transient(facts)) {
        return retry_kind::none;
    }
    if (end.status != 0) {
        return end.status == 429 ? retry_kind::throttled : retry_kind::backoff;
    }
    switch (end.how) {
    case delivery::not_sent:
        // A connect that timed out is not repeated: the next one would take as long.
        if (end.code == errc::connect_failed || end.code == errc::resolve_failed || end.code == errc::proxy_failed ||
            end.code == errc::tls_failed) {
            return retry_kind::backoff;
        }
        if (end.code == errc::connection_lost) {
            return uncounted_used_ ? retry_kind::backoff : retry_kind::not_counted;
        }
        return retry_kind::none;
    case delivery::maybe_sent:
        if (end.code == errc::timed_out) {
            return retry_kind::backoff;
        }
        // A server that reads a request on a new connection and hangs up would do it again.
        return end.reused && !new_connection_used_ ? retry_kind::new_connection : retry_kind::none;
    case delivery::answered: // in part: the rest of the response would fail the same way
        break;
    }
    return retry_kind::none;
}

retry_decision retry_policy::decide(const attempt_outcome& end, time_point now, time_point deadline,
                                    retry_budget& budget, const std::function<double()>& uniform) {
    const retry_kind retry = classify(end);
    if (end.status != 0 && end.status < 400) {
        budget.succeeded();
    }
    if (retry == retry_kind::not_counted) {
        uncounted_used_ = true;
        return {retry_decision::what::retry_on_new_connection, {}};
    }
    ++attempts_;
    if (retry == retry_kind::none || attempts_ >= max_attempts_) {
        return {};
    }
    std::chrono::nanoseconds pause{};
    if (retry == retry_kind::new_connection) {
        new_connection_used_ = true;
    } else {
        const auto base = retry == retry_kind::throttled ? config_->throttled_base : config_->base;
        const double grown =
            static_cast<double>(base.count()) * static_cast<double>(1ULL << std::min(attempts_ - 1, 30U));
        const double bound = std::min(grown, static_cast<double>(config_->cap.count()));
        pause = std::chrono::nanoseconds(static_cast<std::int64_t>(uniform() * bound));
        if (end.retry_after) {
            pause = std::max(pause, *end.retry_after);
        }
    }
    if (later(now, pause) >= deadline || !budget.withdraw(now)) {
        return {};
    }
    maybe_executed_ = maybe_executed_ || execution_of(facts_of(end)) != execution::certainly_not_executed;
    return {retry == retry_kind::new_connection ? retry_decision::what::retry_on_new_connection
                                                : retry_decision::what::retry_after,
            pause};
}

} // namespace engine
YUNHU_NAMESPACE_END
