// Copyright (c) 2026 The yunhu authors
// SPDX-License-Identifier: BSL-1.0

#include "features/broadcast/pace.hpp"

#include <algorithm>

YUNHU_NAMESPACE_BEGIN
namespace detail {
namespace {

constexpr std::chrono::milliseconds first_pause(100);
constexpr std::chrono::seconds longest_pause(30);
constexpr unsigned most_doublings = 20;
constexpr unsigned own_troubles = 3;

std::chrono::nanoseconds pause_after(unsigned pauses) noexcept {
    return std::min<std::chrono::nanoseconds>(first_pause * (1U << std::min(pauses, most_doublings)), longest_pause);
}

} // namespace

meaning meaning_of(const failure& f) noexcept {
    if (f.code == condition::authentication || f.code == errc::client_closed) {
        return meaning::hopeless;
    }
    if (f.code == condition::timeout && f.delivery == delivery::not_sent && f.phase == phase::queue) {
        return meaning::waited;
    }
    if (is_transient(f)) {
        return meaning::trouble;
    }
    // No request was sent: the cause is the certificate, the options or this machine, for every target.
    return f.delivery == delivery::not_sent ? meaning::hopeless : meaning::of_target;
}

void pace::responded() noexcept {
    ++responses_;
    pauses_ = 0;
    window_ += window_ == std::numeric_limits<std::size_t>::max() ? 0 : 1;
    outage_since_.reset();
}

pace::action pace::trouble(std::optional<std::chrono::nanoseconds> retry_after, engine::time_point now) noexcept {
    const engine::time_point before = paused_until_;
    outage_since_ = outage_since_.value_or(now);
    window_ = 1;
    if (now >= paused_until_) {
        paused_until_ = engine::later(now, pause_after(pauses_++));
    }
    if (retry_after) {
        paused_until_ = std::max(paused_until_, engine::later(now, *retry_after));
    }
    if (paused_until_ - *outage_since_ > limits_.outage_timeout) {
        return action::stop;
    }
    // Other calls in flight get nearly the same Retry-After: they extend the pause, and begin no new one.
    return before <= now || paused_until_ - before > std::chrono::seconds(1) ? action::pause : action::go_on;
}

pace::action pace::target_done(bool sent) noexcept {
    failures_ = sent ? 0 : failures_ + 1;
    const bool too_many = limits_.max_consecutive_failures != 0 && failures_ >= limits_.max_consecutive_failures;
    return too_many ? action::stop : action::go_on;
}

bool target_trouble::record(const pace& all) noexcept {
    if (times_ == 0 || responses_ != all.responses()) {
        ++times_;
    }
    responses_ = all.responses();
    return times_ >= own_troubles;
}

} // namespace detail
YUNHU_NAMESPACE_END
