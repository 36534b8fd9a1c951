// Copyright (c) 2026 The yunhu authors
// SPDX-License-Identifier: BSL-1.0

#include "engine/call_fsm.hpp"

#include <boost/asio/error.hpp>

#include <algorithm>

YUNHU_NAMESPACE_BEGIN
namespace engine {

using action_kind = call_fsm::action::kind;

call_fsm::action call_fsm::started(time_point now) {
    if (state_ != state::created) {
        return {};
    }
    if (now >= deadline_) {
        return complete(errc::timed_out);
    }
    return try_again(false);
}

void call_fsm::enter(state next) noexcept {
    state_ = next;
    ++transitions_;
}

call_fsm::action call_fsm::try_again(bool requeue) {
    action next;
    next.requeue = requeue;
    due_ = time_point::max();
    if (limited_) {
        enter(state::awaiting_permit);
        next.what = action_kind::request_permit;
    } else {
        enter(state::awaiting_connection);
        next.what = action_kind::acquire_connection;
    }
    return next;
}

call_fsm::action call_fsm::permit(time_point now, bool requeue) {
    if (state_ != state::awaiting_permit) {
        return {};
    }
    if (now >= deadline_) {
        return complete(errc::timed_out);
    }
    enter(state::awaiting_connection);
    due_ = time_point::max();
    action next;
    next.what = action_kind::acquire_connection;
    next.requeue = requeue;
    return next;
}

void call_fsm::permit_expected(time_point at) noexcept {
    if (state_ == state::awaiting_permit) {
        due_ = at;
    }
}

call_fsm::action call_fsm::assigned(time_point now) {
    if (state_ != state::awaiting_connection) {
        return {};
    }
    enter(state::in_flight);
    ++attempts_;
    polled_ = false;
    due_ = later(now, response_timeout_);
    action next;
    next.what = action_kind::send;
    return next;
}

call_fsm::action call_fsm::stale(time_point /*now*/) {
    if (state_ != state::in_flight) {
        return {};
    }
    --attempts_;
    return try_again(true);
}

void call_fsm::first_byte() noexcept {
    if (state_ == state::in_flight) {
        delivery_ = delivery::answered;
    }
}

call_fsm::action call_fsm::response(int status, std::optional<std::chrono::nanoseconds> retry_after, bool reused,
                                    time_point now, surroundings with) {
    if (state_ != state::in_flight) {
        return {};
    }
    delivery_ = delivery::answered;
    code_ = {};
    attempt_outcome how;
    how.status = status;
    how.how = delivery::answered;
    how.retry_after = retry_after;
    how.reused = reused;
    return follow(policy_.decide(how, now, deadline_, with.budget, with.uniform), now);
}

call_fsm::action call_fsm::transport_error(const error_code& code, delivery reached, bool reused, time_point now,
                                           surroundings with) {
    if (state_ == state::created || state_ == state::backing_off || state_ == state::done) {
        return {};
    }
    record_delivery(reached);
    code_ = code;
    attempt_outcome how;
    how.code = code;
    how.how = reached;
    how.reused = reused;
    return follow(policy_.decide(how, now, deadline_, with.budget, with.uniform), now);
}

call_fsm::action call_fsm::timer(delivery reached, bool reused, time_point now, surroundings with) {
    if (done()) {
        return {};
    }
    if (now < deadline_ && now < due_) {
        return {};
    }
    if (state_ == state::in_flight && !polled_) {
        polled_ = true;
        action next;
        next.what = action_kind::poll_response;
        return next;
    }
    if (now >= deadline_) {
        return failed(errc::timed_out, reached);
    }
    switch (state_) {
    case state::awaiting_permit: {
        due_ = time_point::max();
        action next;
        next.what = action_kind::poll_permit;
        return next;
    }
    case state::in_flight: // the attempt took too long; the call may have time for another one
        return transport_error(errc::timed_out, reached, reused, now, with);
    case state::backing_off:
        return try_again(true);
    default:
        return {};
    }
}

call_fsm::action call_fsm::cancelled(delivery reached) {
    return failed(boost::asio::error::operation_aborted, reached);
}

call_fsm::action call_fsm::draining(delivery reached) {
    return failed(errc::client_closed, reached);
}

call_fsm::action call_fsm::failed(const error_code& code, delivery reached) {
    if (done()) {
        return {};
    }
    if (state_ == state::in_flight) {
        record_delivery(reached);
    }
    return complete(code);
}

std::optional<time_point> call_fsm::due() const noexcept {
    if (done()) {
        return std::nullopt;
    }
    return std::min(due_, deadline_);
}

call_fsm::action call_fsm::follow(const retry_decision& decision, time_point now) {
    action next;
    switch (decision.next) {
    case retry_decision::what::stop:
        return complete(code_);
    case retry_decision::what::retry_on_new_connection:
        new_connection_ = true;
        next = try_again(true);
        break;
    case retry_decision::what::retry_after:
        new_connection_ = false;
        enter(state::backing_off);
        due_ = later(now, decision.pause);
        next.what = action_kind::back_off;
        next.pause = decision.pause;
        break;
    }
    next.retry = true;
    return next;
}

call_fsm::action call_fsm::complete(const error_code& code) {
    enter(state::done);
    code_ = code;
    outcome_unknown_ = code_ && code_ != boost::asio::error::operation_aborted && delivery_ == delivery::maybe_sent &&
                       kind() == retry_class::non_idempotent;
    action next;
    next.what = action_kind::complete;
    return next;
}

// A non-idempotent call is repeated only after attempts without effect, so the last attempt decides.
void call_fsm::record_delivery(delivery reached) noexcept {
    const bool last_counts = reached == delivery::maybe_sent && kind() == retry_class::non_idempotent;
    delivery_ = last_counts ? reached : std::max(delivery_, reached);
}

} // namespace engine
YUNHU_NAMESPACE_END
