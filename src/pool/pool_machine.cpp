#include "pool/pool_machine.hpp"

#include <algorithm>
#include <utility>

namespace yunhu::inline v0_1::pool {
namespace {

// The server's clock for an idle connection started before ours.
constexpr auto idle_margin = std::chrono::seconds(2);

} // namespace

pool_machine::pool_machine(const pool_config& config, std::function<double()> jitter,
                           std::chrono::nanoseconds rest_after)
    : config_(config), jitter_(std::move(jitter)), rest_after_(rest_after) {}

void pool_machine::acquire(waiter& w, moment now, bool again) {
    while (!w.fresh_only && !idle_.empty()) {
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
    // Who waits for a dial of its own does not count as queued.
    if (!again && !may_dial(now) && queued() >= dials_ && queued() - dials_ >= config_.max_queued) {
        actions_.push_back({action::kind::reject, 0, &w, errc::overloaded});
        return;
    }
    enqueue(w);
    pump(now);
}

void pool_machine::cancel(waiter& w) {
    if (w.is_linked()) {
        dequeue(w);
    }
}

void pool_machine::dialed(connection_id id, moment now) {
    if (slots_[id].state != state::dialing) {
        return;
    }
    --dials_;
    failures_ = 0;
    circuit_open_ = false;
    slots_[id].state = state::busy;
    slots_[id].idle_since = now;
    const double spread = 0.9 + 0.2 * jitter_();
    const std::chrono::duration<double, std::nano> lifetime = config_.lifetime * spread;
    slots_[id].expires = lifetime >= std::chrono::nanoseconds::max()
                             ? time_point::max()
                             : later(now.steady, std::chrono::duration_cast<std::chrono::nanoseconds>(lifetime));
    serve(id, now);
    pump(now);
}

void pool_machine::dial_failed(connection_id id, error_code why, moment now) {
    if (slots_[id].state != state::dialing) {
        return;
    }
    --dials_;
    wanted_ = 0;
    remove(id);
    ++failures_;
    waiters& from = waiting_fresh_.empty() ? waiting_ : waiting_fresh_;
    if (!from.empty()) {
        waiter& w = from.front();
        dequeue(w);
        actions_.push_back({action::kind::reject, 0, &w, why});
    }
    if (config_.circuit_failures != 0 && failures_ >= config_.circuit_failures) {
        circuit_open_ = true;
        probe_at_ = later(now.steady, config_.circuit_pause);
        if (dials_ == 0) { // a dial that is still on its way may close the circuit again
            reject_all(errc::circuit_open);
        }
    }
    pump(now);
}

void pool_machine::released(connection_id id, bool reusable, std::optional<std::chrono::nanoseconds> idle_limit,
                            moment now) {
    slot& s = slots_[id];
    if (s.state != state::busy) { // given back twice it would have two owners
        return;
    }
    s.idle_since = now;
    s.idle_until = later(now.steady, config_.idle_timeout);
    if (idle_limit) {
        s.idle_until = std::min(s.idle_until, later(now.steady, *idle_limit - idle_margin));
    }
    if (!reusable || now.steady >= s.expires) {
        remove(id);
    } else {
        serve(id, now);
    }
    pump(now);
}

void pool_machine::lost_idle(connection_id id, moment now) {
    if (slots_[id].state != state::idle) {
        return;
    }
    idle_.erase(std::find(idle_.begin(), idle_.end(), id));
    remove(id);
    pump(now);
}

void pool_machine::found_stale(connection_id id, moment now) {
    if (slots_[id].state != state::busy) {
        return;
    }
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

void pool_machine::tick(moment now) {
    next_tick_.reset();
    for (std::size_t i = 0; i < idle_.size();) {
        const connection_id id = idle_[i];
        if (expired(slots_[id], now)) {
            idle_.erase(idle_.begin() + static_cast<std::ptrdiff_t>(i));
            remove(id);
            continue;
        }
        if (now.steady >= slots_[id].rests_at) {
            slots_[id].rests_at = time_point::max();
            actions_.push_back({action::kind::rest, id, nullptr, {}});
        }
        look_again(slots_[id]);
        ++i;
    }
    pump(now);
}

std::optional<time_point> pool_machine::next_tick() const {
    return idle_.empty() ? std::nullopt : next_tick_;
}

void pool_machine::warm_up(std::size_t connections, moment now) {
    if (!draining_) {
        wanted_ = std::max(wanted_, std::min(connections, config_.max_connections));
        pump(now);
    }
}

void pool_machine::drain(moment now) {
    draining_ = true;
    wanted_ = 0;
    while (!idle_.empty()) {
        const connection_id id = idle_.back();
        idle_.pop_back();
        remove(id);
    }
    pump(now);
}

pool_counts pool_machine::counts() const {
    return {open_ - dials_, idle_.size(), dials_, queued()};
}

bool pool_machine::may_dial(moment now) const {
    const bool allowed = circuit_open_ ? dials_ == 0 && now.steady >= probe_at_ : dials_ < config_.max_dials;
    return allowed && (open_ < config_.max_connections || !idle_.empty());
}

// A wall clock that ran on while the steady one stood still: the machine slept, the server did not.
bool pool_machine::expired(const slot& s, moment now) const {
    const time_point end = std::min(s.idle_until, s.expires);
    const auto passed = now.wall - s.idle_since.wall;
    return now.steady >= end || passed - idle_margin >= end - s.idle_since.steady;
}

void pool_machine::pump(moment now) {
    while ((queued() > dials_ || open_ < wanted_) && may_dial(now)) {
        if (open_ >= config_.max_connections) { // beside an idle connection waits only who wants a fresh one
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
    if (dials_ == 0) { // there are enough, or no more may be opened
        wanted_ = 0;
    }
}

// An open connection that nobody has: to who waits, else it idles.
void pool_machine::serve(connection_id id, moment now) {
    slot& s = slots_[id];
    if (s.uses == 0 && !waiting_fresh_.empty()) {
        assign(id, waiting_fresh_);
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
    s.rests_at = later(now.steady, rest_after_);
    look_again(s);
}

// The next tick comes no later than this idle connection needs it.
void pool_machine::look_again(const slot& s) {
    const time_point due = std::min({s.idle_until, s.expires, s.rests_at});
    next_tick_ = next_tick_ ? std::min(*next_tick_, due) : due;
}

void pool_machine::assign(connection_id id, waiters& from) {
    waiter& w = from.front();
    dequeue(w);
    slots_[id].state = state::busy;
    ++slots_[id].uses;
    actions_.push_back({action::kind::assign, id, &w, {}});
}

void pool_machine::reject_all(error_code why) {
    for (waiters* list : {&waiting_fresh_, &waiting_}) {
        while (!list->empty()) {
            waiter& w = list->front();
            dequeue(w);
            actions_.push_back({action::kind::reject, 0, &w, why});
        }
    }
}

void pool_machine::remove(connection_id id) {
    slots_[id].state = state::free;
    free_.push_back(id);
    --open_;
    actions_.push_back({action::kind::close, id, nullptr, {}});
}

std::size_t pool_machine::queued() const noexcept {
    return waiting_count_;
}

void pool_machine::enqueue(waiter& w) {
    (w.fresh_only ? waiting_fresh_ : waiting_).push_back(w);
    ++waiting_count_;
}

void pool_machine::dequeue(waiter& w) {
    w.unlink();
    --waiting_count_;
}

} // namespace yunhu::inline v0_1::pool
