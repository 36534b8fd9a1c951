// Copyright (c) 2026 The yunhu authors
// SPDX-License-Identifier: BSL-1.0

#include "engine/pool_fsm.hpp"

#include <algorithm>
#include <new>
#include <utility>

YUNHU_NAMESPACE_BEGIN
namespace engine {
namespace {

// The server's clock for an idle connection started before ours.
constexpr auto idle_margin = std::chrono::seconds(2);

} // namespace

pool_fsm::pool_fsm(const pool_config& config, std::function<double()> jitter, std::chrono::nanoseconds idle_grace)
    : config_(config), jitter_(std::move(jitter)), idle_grace_(idle_grace) {}

void pool_fsm::acquire(waiter& w, clock_reading now, bool requeue) {
    make_room(idle_.size() + 1);
    while (!w.new_connection_only && !idle_.empty()) {
        const connection_id id = idle_.back();
        idle_.pop_back();
        if (expired(slots_[id], now)) {
            remove(id);
            continue;
        }
        slots_[id].state = state::busy;
        ++slots_[id].uses;
        actions_.push_back({action::kind::assign, id, &w, {}});
        return;
    }
    if (circuit_open_ && (dials_ > 0 || now.steady < probe_at_)) {
        actions_.push_back({action::kind::reject, 0, &w, errc::circuit_open});
        return;
    }
    // A waiter with a dial of its own does not count as queued.
    if (!requeue && !may_dial(now) && queued() >= dials_ && queued() - dials_ >= config_.max_queued) {
        actions_.push_back({action::kind::reject, 0, &w, errc::overloaded});
        return;
    }
    enqueue(w);
    pump(now);
}

void pool_fsm::cancel(waiter& w) {
    if (w.is_linked()) {
        dequeue(w);
    }
}

void pool_fsm::dialed(connection_id id, clock_reading now) {
    if (slots_[id].state != state::dialing) {
        return;
    }
    make_room(1);
    --dials_;
    failures_ = 0;
    circuit_open_ = false;
    slots_[id].state = state::busy;
    slots_[id].idle_since = now;
    const double spread = 0.9 + 0.2 * jitter_();
    const std::chrono::duration<double, std::nano> max_connection_age = config_.max_connection_age * spread;
    slots_[id].expires =
        max_connection_age >= std::chrono::nanoseconds::max()
            ? time_point::max()
            : later(now.steady, std::chrono::duration_cast<std::chrono::nanoseconds>(max_connection_age));
    hand_off(id, now);
    pump(now);
}

void pool_fsm::dial_failed(connection_id id, error_code why, clock_reading now) {
    if (slots_[id].state != state::dialing) {
        return;
    }
    make_room(2 + waiting_count_);
    --dials_;
    prewarm_target_ = 0;
    remove(id);
    ++failures_;
    waiters& from = waiting_for_new_.empty() ? waiting_ : waiting_for_new_;
    if (!from.empty()) {
        waiter& w = from.front();
        dequeue(w);
        actions_.push_back({action::kind::reject, 0, &w, why});
    }
    if (config_.circuit_failures != 0 && failures_ >= config_.circuit_failures) {
        circuit_open_ = true;
        probe_at_ = later(now.steady, config_.circuit_reset_timeout);
        if (dials_ == 0) { // a dial in progress may close the circuit
            reject_all(errc::circuit_open);
        }
    }
    pump(now);
}

void pool_fsm::released(connection_id id, bool reusable, std::optional<std::chrono::nanoseconds> idle_limit,
                        clock_reading now) {
    slot& s = slots_[id];
    if (s.state != state::busy) { // released twice, it would be assigned twice
        return;
    }
    make_room(1);
    s.idle_since = now;
    s.idle_until = later(now.steady, config_.idle_timeout);
    if (idle_limit) {
        s.idle_until = std::min(s.idle_until, later(now.steady, *idle_limit - idle_margin));
    }
    if (!reusable || now.steady >= s.expires) {
        remove(id);
    } else {
        hand_off(id, now);
    }
    pump(now);
}

void pool_fsm::on_idle_closed(connection_id id, clock_reading now) {
    if (slots_[id].state != state::idle) {
        return;
    }
    make_room(1);
    idle_.erase(std::find(idle_.begin(), idle_.end(), id));
    remove(id);
    pump(now);
}

void pool_fsm::on_stale(connection_id id, clock_reading now) {
    if (slots_[id].state != state::busy) {
        return;
    }
    make_room(1 + idle_.size());
    const time_point since = slots_[id].idle_since.steady;
    remove(id);
    for (std::size_t i = 0; i < idle_.size();) {
        const connection_id sibling = idle_[i];
        if (slots_[sibling].idle_since.steady <= since) {
            idle_.erase(idle_.begin() + static_cast<std::ptrdiff_t>(i));
            remove(sibling);
        } else {
            ++i;
        }
    }
    pump(now);
}

void pool_fsm::tick(clock_reading now) {
    make_room(2 * idle_.size());
    starved_ = false;
    next_tick_.reset();
    for (std::size_t i = 0; i < idle_.size();) {
        const connection_id id = idle_[i];
        if (expired(slots_[id], now)) {
            idle_.erase(idle_.begin() + static_cast<std::ptrdiff_t>(i));
            remove(id);
            continue;
        }
        if (now.steady >= slots_[id].release_at) {
            slots_[id].release_at = time_point::max();
            actions_.push_back({action::kind::release_buffers, id, nullptr, {}});
        }
        schedule_tick(slots_[id]);
        ++i;
    }
    pump(now);
}

std::optional<time_point> pool_fsm::next_tick() const {
    if (starved_) {
        return time_point();
    }
    return idle_.empty() ? std::nullopt : next_tick_;
}

void pool_fsm::warm_up(std::size_t connections, clock_reading now) {
    if (!draining_) {
        prewarm_target_ = std::max(prewarm_target_, std::min(connections, config_.max_connections));
        pump(now);
    }
}

void pool_fsm::close_all() {
    make_room(slots_.size());
    prewarm_target_ = 0;
    dials_ = 0;
    idle_.clear();
    for (connection_id id = 0; id < slots_.size(); ++id) {
        if (slots_[id].state != state::free) {
            remove(id);
        }
    }
}

void pool_fsm::drain(clock_reading now) {
    make_room(idle_.size());
    draining_ = true;
    prewarm_target_ = 0;
    while (!idle_.empty()) {
        const connection_id id = idle_.back();
        idle_.pop_back();
        remove(id);
    }
    pump(now);
}

pool_counts pool_fsm::counts() const {
    return {open_ - dials_, idle_.size(), dials_, queued()};
}

bool pool_fsm::may_dial(clock_reading now) const {
    const bool allowed = circuit_open_ ? dials_ == 0 && now.steady >= probe_at_ : dials_ < config_.max_connecting;
    return allowed && (open_ < config_.max_connections || !idle_.empty());
}

// The wall clock advances while a suspended machine's steady clock does not; the server's timeout ran meanwhile.
bool pool_fsm::expired(const slot& s, clock_reading now) const {
    const time_point end = std::min(s.idle_until, s.expires);
    const auto passed = now.wall - s.idle_since.wall;
    return now.steady >= end || passed - idle_margin >= end - s.idle_since.steady;
}

// Reserves memory first: afterwards the input can't fail halfway.
void pool_fsm::make_room(std::size_t actions) {
    const std::size_t needed = actions_.size() + actions;
    if (needed > actions_.capacity()) {
        actions_.reserve(std::max(needed, 2 * actions_.capacity()));
    }
}

void pool_fsm::pump(clock_reading now) noexcept {
    try {
        open_connections(now);
    } catch (const std::bad_alloc&) {
        starved_ = true;
    }
}

void pool_fsm::open_connections(clock_reading now) {
    while ((queued() > dials_ || open_ < prewarm_target_) && may_dial(now)) {
        make_room(2);
        if (free_.empty()) {
            const std::size_t slots = slots_.size() + 1;
            if (slots > slots_.capacity()) {
                slots_.reserve(2 * slots);
            }
            free_.reserve(slots_.capacity());
            idle_.reserve(slots_.capacity());
        }
        if (open_ >= config_.max_connections) { // only a waiter that requires a new connection waits beside an idle one
            remove(idle_.front());
            idle_.erase(idle_.begin());
        }
        connection_id id = 0;
        if (free_.empty()) {
            id = static_cast<connection_id>(slots_.size());
            slots_.emplace_back();
        } else {
            id = free_.back();
            free_.pop_back();
        }
        slots_[id] = slot();
        slots_[id].state = state::dialing;
        ++open_;
        ++dials_;
        actions_.push_back({action::kind::dial, id, nullptr, {}});
    }
    if (dials_ == 0) { // the target is reached, or no more may be opened
        prewarm_target_ = 0;
    }
}

// Assigns a free connection to the first waiter, or makes it idle.
void pool_fsm::hand_off(connection_id id, clock_reading now) {
    slot& s = slots_[id];
    if (s.uses == 0 && !waiting_for_new_.empty()) {
        assign(id, waiting_for_new_);
        return;
    }
    if (!waiting_.empty()) {
        assign(id, waiting_);
        return;
    }
    if (s.uses == 0) {
        s.idle_since = now;
        s.idle_until = later(now.steady, config_.idle_timeout);
    }
    if (draining_ || expired(s, now)) {
        remove(id);
        return;
    }
    s.state = state::idle;
    idle_.push_back(id);
    s.release_at = later(now.steady, idle_grace_);
    schedule_tick(s);
}

// The next tick is no later than this idle connection requires.
void pool_fsm::schedule_tick(const slot& s) {
    const time_point due = std::min({s.idle_until, s.expires, s.release_at});
    next_tick_ = next_tick_ ? std::min(*next_tick_, due) : due;
}

void pool_fsm::assign(connection_id id, waiters& from) {
    waiter& w = from.front();
    dequeue(w);
    slots_[id].state = state::busy;
    ++slots_[id].uses;
    actions_.push_back({action::kind::assign, id, &w, {}});
}

void pool_fsm::reject_all(error_code why) {
    for (waiters* list : {&waiting_for_new_, &waiting_}) {
        while (!list->empty()) {
            waiter& w = list->front();
            dequeue(w);
            actions_.push_back({action::kind::reject, 0, &w, why});
        }
    }
}

void pool_fsm::remove(connection_id id) {
    slots_[id].state = state::free;
    free_.push_back(id);
    --open_;
    actions_.push_back({action::kind::close, id, nullptr, {}});
}

std::size_t pool_fsm::queued() const noexcept {
    return waiting_count_;
}

void pool_fsm::enqueue(waiter& w) {
    (w.new_connection_only ? waiting_for_new_ : waiting_).push_back(w);
    ++waiting_count_;
}

void pool_fsm::dequeue(waiter& w) {
    w.unlink();
    --waiting_count_;
}

} // namespace engine
YUNHU_NAMESPACE_END
