// Copyright (c) 2026 The yunhu authors
// SPDX-License-Identifier: BSL-1.0

#include "runtime/rate_limiter.hpp"
#include "runtime/shard.hpp"

#include <boost/asio/error.hpp>

#include <algorithm>
#include <utility>

// The shard's timer, and its shutdown.
YUNHU_NAMESPACE_BEGIN
namespace detail {

// Most deadlines are never reached, so the timer is set only for one that is earlier than its expiry.
void shard::arm_timer() {
    if (!timer_) {
        return;
    }
    std::optional<engine::time_point> next = timers_.next();
    if (const auto tick = pool_.next_tick(); tick && (!next || *tick < *next)) {
        next = tick;
    }
    if (next == engine::time_point::max()) {
        next.reset();
    }
    if (!next) {
        if (armed_for_) {
            armed_for_.reset();
            ++timer_generation_;
            timer_->cancel(); // an idle timer would count as outstanding work
        }
        return;
    }
    if (armed_for_ && *armed_for_ <= *next) {
        return;
    }
    retry_on_bad_alloc([&] {
        armed_for_.reset();
        timer_->expires_at(*next);
        timer_->async_wait(
            strand_->bind([self = shared_from_this(), generation = ++timer_generation_](const error_code& ec) {
                if (!ec && generation == self->timer_generation_) { // a handler already queued can't be cancelled
                    self->timer_fired();
                }
            }));
    });
    armed_for_ = next;
}

void shard::timer_fired() {
    armed_for_.reset();
    const engine::clock_reading at = now();
    while (engine::timed* const what = timers_.expired(at.steady)) {
        expire(*what, at);
    }
    transact(nullptr, [&] { retry_on_bad_alloc([&] { pool_.tick(at); }); });
}

void shard::expire(engine::timed& what, engine::clock_reading at) {
    switch (what.what()) {
    case engine::timed::kind::call:
        transact(&static_cast<call&>(what), [&] { expire_call(static_cast<call&>(what), at); });
        break;
    case engine::timed::kind::dial:
        expire_dial(static_cast<const dial_timer&>(what));
        break;
    case engine::timed::kind::drain:
        expire_drain();
        break;
    }
}

void shard::expire_call(call& c, engine::clock_reading at) {
    transport::connection* const on = c.connection;
    const delivery reached = on != nullptr ? on->delivered() : delivery::not_sent;
    const bool reused = on != nullptr && on->exchanges() > 1;
    const auto next = c.life.timer(reached, reused, at.steady, {budget_, uniform_});
    if (c.life.done() || (on != nullptr && c.life.now_in() != engine::call_fsm::state::in_flight)) {
        c.code = errc::timed_out;
        c.info.cause = {};
        if (!c.life.done()) { // of the attempt alone
            c.info.http_status = 0;
            c.info.detail.clear();
        }
        (void)leave_pool(c);
        c.info.delivery = c.life.delivered();
    }
    act(c, next, at);
}

void shard::on_no_response(transport::connection& c) {
    call& active_call = *slots_[c.id()].busy_with;
    if (drain_expired_) {
        abort_call(active_call);
        run_actions();
        return;
    }
    transact(&active_call, [&] { expire_call(active_call, now()); });
}

void shard::on_permit(call& c) {
    const engine::clock_reading at = now();
    transact(&c, [&] { act(c, c.life.permit(at.steady, true), at); });
}

void shard::on_permit_expected(call& c, engine::time_point at) {
    if (c.life.now_in() == engine::call_fsm::state::awaiting_permit) {
        c.life.permit_expected(at);
        timers_.set(c, *c.life.due());
        arm_timer();
    }
}

void shard::expire_dial(const dial_timer& what) {
    transport::connection& connection = *slots_[what.id].connection;
    transport::transport_error why;
    why.code = errc::timed_out;
    why.how = delivery::not_sent;
    why.phase = connection.phase();
    on_open_failed(connection, why);
}

void shard::drain(engine::time_point deadline, std::function<void(std::size_t)> drained) {
    if (events_.in_hook()) [[unlikely]] {
        after_hook([self = shared_from_this(), deadline, drained] { self->drain(deadline, drained); });
        return;
    }
    closing_ = true;
    retry_on_bad_alloc([&] { drained_.push_back(drained); });
    retry_on_bad_alloc([&] { pool_.drain(now()); });
    if (!drain_timer_.is_linked() || deadline < drain_timer_.due()) {
        timers_.set(drain_timer_, deadline);
    }
    run_actions();
}

void shard::warm_up(std::size_t connections, std::function<void(std::size_t)> ended) {
    if (events_.in_hook()) [[unlikely]] {
        after_hook([self = shared_from_this(), connections, ended] { self->warm_up(connections, ended); });
        return;
    }
    retry_on_bad_alloc([&] { warm_.push_back(ended); });
    pool_.warm_up(connections, now());
    run_actions();
}

void shard::notify_warm() {
    if (events_.in_hook()) [[unlikely]] {
        after_hook([self = shared_from_this()] { self->notify_warm(); });
        return;
    }
    const std::size_t open = pool_.counts().connections;
    for (auto& notify : std::exchange(warm_, {})) {
        notify(open);
    }
}

void shard::abort_calls() {
    if (events_.in_hook()) [[unlikely]] {
        after_hook([self = shared_from_this()] { self->abort_calls(); });
        return;
    }
    run_actions();         // no action may be pending for a call that ends here
    abort_waiting_calls(); // first, so that closing a connection does not make the pool connect for them
    while (!calls_.empty()) {
        abort_call(calls_.front());
    }
    run_actions();
}

void shard::abort_waiting_calls() {
    for (auto next = calls_.begin(); next != calls_.end();) {
        call& c = *next++;
        if (c.connection == nullptr) {
            abort_call(c);
        }
    }
}

void shard::abort_call(call& c) {
    ++aborted_;
    end_call(c, &engine::call_fsm::draining, errc::client_closed);
}

// The deadline of a shutdown has passed. As at a call's timeout, responses that have arrived count.
void shard::expire_drain() {
    run_actions();
    drain_expired_ = true;
    abort_waiting_calls();
    for (call& c : calls_) {
        retry_on_bad_alloc([&] { c.connection->poll_response(); });
    }
    run_actions();
}

// After the end of an attempt: it is the last one if the deadline of a shutdown has passed.
void shard::end_drain() {
    if (drain_expired_) {
        abort_waiting_calls();
    }
}

void shard::notify_drained() {
    timers_.clear(drain_timer_);
    const std::size_t cut = std::exchange(aborted_, 0);
    for (auto& notify : std::exchange(drained_, {})) {
        notify(cut);
    }
}

// Aborts the connection attempts, which no call needs. True: there was one.
bool shard::stop_dials() {
    bool any = false;
    for (std::size_t id = 0; id < slots_.size(); ++id) {
        if (slots_[id].dial_timer) {
            retry_on_bad_alloc(
                [&] { pool_.dial_failed(static_cast<engine::connection_id>(id), errc::client_closed, now()); });
            any = true;
        }
    }
    return any;
}

void shard::close() {
    closing_ = true;
    retry_on_bad_alloc([&] { pool_.drain(now()); });
    abort_calls();
}

void shard::leave_connections_to_parent() {
    forked_ = events_.in_hook(); // the shard may be about to send: `assign` refuses meanwhile
    for (slot& s : slots_) {
        if (s.connection) {
            s.connection->disown();
        }
    }
    if (forked_) [[unlikely]] {
        after_hook([self = shared_from_this()] { self->leave_connections_to_parent(); });
        return;
    }
    abort_calls(); // the parent sends them
    if (!closing_) {
        aborted_ = 0;
    }
    retry_on_bad_alloc([&] { pool_.close_all(); });
    run_actions();
}

void shard::abandon() {
    strand_->abandon([](transport::inline_strand::pending_completion& ended) {
        auto& c = static_cast<call&>(ended);
        const std::shared_ptr<call> self = std::move(c.self);
        c.work_guard.reset();
        c.handler.reset();
    });
    closing_ = true;
    timers_.clear(drain_timer_);
    drained_.clear();
    warm_.clear();
    while (!calls_.empty()) {
        call& c = calls_.front();
        calls_.pop_front();
        timers_.clear(c);
        pool_.cancel(c);
        events_.on_abandon(c);
        (void)c.life.failed(asio::error::operation_aborted, delivery::not_sent);
        const std::shared_ptr<call> self = std::move(c.self);
        if (c.limit != nullptr) {
            c.limit->abandon(c);
        }
        c.work_guard.reset();
        c.connection = nullptr;
        c.handler.reset(); // destroys a waiting coroutine and its objects
    }
    for (slot& s : slots_) {
        if (s.dial_timer) {
            timers_.clear(*s.dial_timer);
        }
        if (s.connection) {
            s.connection->close();
        }
    }
    slots_.clear();
    events_.on_abandon_connections();
    timer_.reset();
}

} // namespace detail
YUNHU_NAMESPACE_END
