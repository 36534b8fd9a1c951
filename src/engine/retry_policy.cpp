// Copyright (c) 2026 The yunhu authors
// SPDX-License-Identifier: BSL-1.0

#include "engine/retry_policy.hpp"

#include <algorithm>

YUNHU_NAMESPACE_BEGIN
namespace engine {
namespace {

// Maximum of a budget: ten seconds of its rate, and at least one retry unless it has none.
constexpr double seconds_saved = 10;

double saved_at_most(double per_success, double per_second) {
    const bool any = per_success > 0 || per_second > 0;
    return std::max({per_second * seconds_saved, per_success > 0 ? seconds_saved : 0.0, any ? 1.0 : 0.0});
}

} // namespace

void retry_budget::succeeded() noexcept {
    if (tokens_) {
        tokens_ = std::min(*tokens_ + per_success_, saved_at_most(per_success_, per_second_));
    }
}

bool retry_budget::withdraw(time_point now) noexcept {
    const double most = saved_at_most(per_success_, per_second_);
    if (!tokens_) {
        tokens_ = most;
    } else {
        const std::chrono::duration<double> passed = now - refilled_;
        tokens_ = std::min(*tokens_ + std::max(passed.count(), 0.0) * per_second_, most);
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

retry_policy::worth retry_policy::judge(const attempt_outcome& end) const noexcept {
    const attempt_facts facts = facts_of(end);
    const bool repeatable = class_ == retry_class::safe || (class_ == retry_class::idempotent && retry_maybe_sent_) ||
                            execution_of(facts) == execution::certainly_not_executed;
    if (!repeatable || !is_transient(facts)) {
        return worth::no;
    }
    if (end.status != 0) {
        return end.status == 429 ? worth::throttled : worth::backoff;
    }
    switch (end.how) {
    case delivery::not_sent:
        // A connect that timed out is not repeated: the next one would take as long.
        if (end.code == errc::connect_failed || end.code == errc::resolve_failed || end.code == errc::proxy_failed ||
            end.code == errc::tls_failed) {
            return worth::backoff;
        }
        if (end.code == errc::connection_lost) {
            return free_used_ ? worth::backoff : worth::free_fresh;
        }
        return worth::no;
    case delivery::maybe_sent:
        if (end.code == errc::timed_out) {
            return worth::backoff;
        }
        // A server that reads a request on a new connection and hangs up would do it again.
        return end.reused && !fresh_used_ ? worth::fresh : worth::no;
    case delivery::answered: // in part: the rest of the response would fail the same way
        break;
    }
    return worth::no;
}

retry_decision retry_policy::decide(const attempt_outcome& end, time_point now, time_point deadline,
                                    retry_budget& budget, const std::function<double()>& uniform) {
    const worth w = judge(end);
    if (end.status != 0 && end.status < 400) {
        budget.succeeded();
    }
    if (w == worth::free_fresh) {
        free_used_ = true;
        return {retry_decision::what::again_fresh, {}};
    }
    ++tries_;
    if (w == worth::no || tries_ >= max_tries_) {
        return {};
    }
    std::chrono::nanoseconds pause{};
    if (w == worth::fresh) {
        fresh_used_ = true;
    } else {
        const auto base = w == worth::throttled ? config_->throttled_base : config_->base;
        const double grown = static_cast<double>(base.count()) * static_cast<double>(1ULL << std::min(tries_ - 1, 30U));
        const double most = std::min(grown, static_cast<double>(config_->cap.count()));
        pause = std::chrono::nanoseconds(static_cast<std::int64_t>(uniform() * most));
        if (end.retry_after) {
            pause = std::max(pause, *end.retry_after);
        }
    }
    if (later(now, pause) >= deadline || !budget.withdraw(now)) {
        return {};
    }
    maybe_executed_ = maybe_executed_ || execution_of(facts_of(end)) != execution::certainly_not_executed;
    return {w == worth::fresh ? retry_decision::what::again_fresh : retry_decision::what::again_later, pause};
}

} // namespace engine
YUNHU_NAMESPACE_END
