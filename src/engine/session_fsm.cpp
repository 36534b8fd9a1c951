// Copyright (c) 2026 The yunhu authors
// SPDX-License-Identifier: BSL-1.0

#include "engine/session_fsm.hpp"

#include <algorithm>

YUNHU_NAMESPACE_BEGIN
namespace engine {

using action_kind = session_fsm::action::kind;

session_fsm::action session_fsm::started(time_point now) {
    if (state_ != state::created) {
        return {};
    }
    return connect(now);
}

session_fsm::action session_fsm::connected(connection of, time_point now) {
    if (!is_current(of) || state_ != state::connecting) {
        return {};
    }
    enter(state::logging_in);
    deadline_ = later(now, timing_.login_timeout);
    heard_ = now;
    newer_token_ = false;
    return {action_kind::log_in};
}

session_fsm::action session_fsm::lost(connection of, const error_code& why, time_point now, double jitter) {
    if (!is_current(of)) {
        return {};
    }
    return drop(why, now, jitter);
}

void session_fsm::frame(connection of, time_point now) noexcept {
    if (is_current(of)) {
        heard_ = now;
    }
}

session_fsm::action session_fsm::heartbeat_ack(connection of, time_point now) {
    if (!is_current(of) || state_ != state::logging_in) {
        return {};
    }
    enter(state::open);
    opened_ = now;
    heard_ = now;
    heartbeat_ = later(now, timing_.heartbeat);
    refusals_ = 0;
    return {action_kind::announce};
}

session_fsm::action session_fsm::rejected(connection of, bool authentication, time_point now, double jitter) {
    if (!is_current(of) || state_ == state::connecting) {
        return {};
    }
    if (authentication) {
        // With a newer token the next login may succeed: the rejection concerns the old one.
        return newer_token_ ? drop(errc::not_authenticated, now, jitter) : refuse();
    }
    if (state_ == state::logging_in) {
        return drop(errc::refused, now, jitter);
    }
    return {action_kind::warn};
}

session_fsm::action session_fsm::token(time_point now, double jitter) {
    if (state_ == state::logging_in || state_ == state::open) {
        newer_token_ = true;
    }
    if (state_ != state::refused) {
        return {};
    }
    // A source of tokens that the gateway rejects, one after the other, must not make it hammer.
    if (refusals_ > 1) {
        back_off(now, jitter);
        return {};
    }
    return connect(now);
}

session_fsm::action session_fsm::timer(time_point now, double jitter) {
    switch (state_) {
    case state::connecting:
    case state::logging_in:
        return now >= deadline_ ? drop(errc::timed_out, now, jitter) : action();
    case state::open:
        if (now >= later(heard_, timing_.silence)) {
            return drop(errc::timed_out, now, jitter);
        }
        if (now >= heartbeat_) {
            heartbeat_ = later(now, timing_.heartbeat);
            return {action_kind::send_heartbeat};
        }
        return {};
    case state::backing_off:
        return now >= deadline_ ? connect(now) : action();
    default:
        return {};
    }
}

session_fsm::action session_fsm::stop() {
    if (state_ == state::stopped) {
        return {};
    }
    enter(state::stopped);
    return {action_kind::close};
}

std::optional<time_point> session_fsm::due() const noexcept {
    switch (state_) {
    case state::connecting:
    case state::logging_in:
    case state::backing_off:
        return deadline_;
    case state::open:
        return std::min(heartbeat_, later(heard_, timing_.silence));
    default:
        return std::nullopt;
    }
}

bool session_fsm::has_connection() const noexcept {
    return state_ == state::connecting || state_ == state::logging_in || state_ == state::open;
}

void session_fsm::enter(state next) noexcept {
    state_ = next;
    deadline_ = time_point::max();
    heartbeat_ = time_point::max();
}

session_fsm::action session_fsm::connect(time_point now) {
    enter(state::connecting);
    ++connection_;
    deadline_ = later(now, timing_.connect_timeout);
    return {action_kind::connect};
}

session_fsm::action session_fsm::drop(const error_code& why, time_point now, double jitter) {
    if (state_ == state::open && now >= later(opened_, timing_.healthy)) {
        failures_ = 0;
    }
    reason_ = why;
    back_off(now, jitter);
    return {action_kind::drop};
}

session_fsm::action session_fsm::refuse() {
    enter(state::refused);
    reason_ = errc::not_authenticated;
    ++refusals_;
    return {action_kind::refuse};
}

void session_fsm::back_off(time_point now, double jitter) {
    std::chrono::nanoseconds bound = timing_.backoff_base;
    for (unsigned i = 0; i < failures_ && bound < timing_.backoff_max; ++i) {
        bound *= 2;
    }
    bound = std::min(bound, timing_.backoff_max);
    ++failures_;
    enter(state::backing_off);
    const auto pause = std::chrono::duration<double, std::nano>(bound) * std::clamp(jitter, 0.0, 1.0);
    deadline_ = later(now, std::chrono::duration_cast<std::chrono::nanoseconds>(pause));
}

} // namespace engine
YUNHU_NAMESPACE_END
