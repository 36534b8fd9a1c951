// Copyright (c) 2026 The yunhu authors
// SPDX-License-Identifier: BSL-1.0

#include "hook_balance_checker.hpp"

namespace yunhu::test {

std::size_t hook_balance_checker::open() const {
    const std::lock_guard lock(mutex_);
    return calls_.size() + connections_.size(); // a queue, an attempt or a handshake is open only inside them
}

std::size_t hook_balance_checker::violations() const {
    const std::lock_guard lock(mutex_);
    return violations_;
}

std::string hook_balance_checker::report() const {
    const std::lock_guard lock(mutex_);
    std::string text = first_violations_;
    if (!calls_.empty()) {
        text += std::to_string(calls_.size()) + " calls have not ended\n";
    }
    if (!connections_.empty()) {
        text += std::to_string(connections_.size()) + " connections have not ended\n";
    }
    return text;
}

hook_balance_checker::counts hook_balance_checker::seen() const {
    const std::lock_guard lock(mutex_);
    return seen_;
}

void hook_balance_checker::require(bool holds, std::string_view hook, std::uint64_t number) {
    constexpr std::size_t max_reported = 20;
    if (!holds && ++violations_ <= max_reported) {
        first_violations_.append(hook).append(" of ").append(std::to_string(number)).append("\n");
    }
}

hook_balance_checker::call_state& hook_balance_checker::call_of(const call_event& e, std::string_view hook) {
    ++seen_[std::string(hook)];
    const auto found = calls_.find(e.call);
    require(found != calls_.end() && found->second.endpoint == e.endpoint, hook, e.call);
    return found == calls_.end() ? no_call_ = call_state() : found->second;
}

hook_balance_checker::connection_state& hook_balance_checker::connection_of(const connection_event& e,
                                                                            std::string_view hook) {
    ++seen_[std::string(hook)];
    const auto found = connections_.find({e.shard, e.connection});
    require(found != connections_.end(), hook, e.connection);
    return found == connections_.end() ? no_connection_ = connection_state() : found->second;
}

// --- calls -----------------------------------------------------------------------------------------------------------

void hook_balance_checker::on_call_start(const call_event& e) noexcept {
    const std::lock_guard lock(mutex_);
    ++seen_["on_call_start"];
    const auto [at, is_new] = calls_.try_emplace(e.call);
    at->second.endpoint = e.endpoint;
    require(is_new && e.call != 0, "on_call_start", e.call);
}

void hook_balance_checker::on_call_end(const call_end_event& e) noexcept {
    const std::lock_guard lock(mutex_);
    const call_state& c = call_of(e, "on_call_end");
    require(!c.queued && !c.attempting && c.attempts == e.attempts, "on_call_end", e.call);
    require(e.code || (e.delivery == delivery::answered && e.attempts > 0), "on_call_end", e.call);
    calls_.erase(e.call);
}

void hook_balance_checker::on_queue_start(const call_event& e) noexcept {
    const std::lock_guard lock(mutex_);
    call_state& c = call_of(e, "on_queue_start");
    require(!c.queued && !c.attempting, "on_queue_start", e.call);
    c.queued = true;
}

void hook_balance_checker::on_queue_end(const queue_end_event& e) noexcept {
    const std::lock_guard lock(mutex_);
    call_state& c = call_of(e, "on_queue_end");
    require(c.queued && e.waited.count() >= 0, "on_queue_end", e.call);
    c.queued = false;
}

void hook_balance_checker::on_attempt_start(const attempt_event& e) noexcept {
    const std::lock_guard lock(mutex_);
    call_state& c = call_of(e, "on_attempt_start");
    require(!c.queued && !c.attempting && e.attempt == ++c.attempts, "on_attempt_start", e.call);
    c.attempting = true;
    c.responding = false;
    c.connection = e.connection;
    const auto on = connections_.find({e.shard, e.connection});
    if (on == connections_.end()) {
        require(false, "on_attempt_start", e.call);
        return;
    }
    require(on->second.open && !on->second.busy, "on_attempt_start", e.call);
    on->second.busy = true;
    require(e.reused == (on->second.exchanges++ > 0), "on_attempt_start", e.call);
}

void hook_balance_checker::on_first_byte(const first_byte_event& e) noexcept {
    const std::lock_guard lock(mutex_);
    call_state& c = call_of(e, "on_first_byte");
    require(c.attempting && !c.responding && e.elapsed.count() >= 0, "on_first_byte", e.call);
    c.responding = true;
}

void hook_balance_checker::on_attempt_end(const attempt_end_event& e) noexcept {
    const std::lock_guard lock(mutex_);
    call_state& c = call_of(e, "on_attempt_end");
    require(c.attempting && e.attempt == c.attempts && e.connection == c.connection, "on_attempt_end", e.call);
    require(c.responding || e.delivery != delivery::answered, "on_attempt_end", e.call);
    c.attempting = false;
    const auto on = connections_.find({e.shard, e.connection});
    require(on != connections_.end() && on->second.busy, "on_attempt_end", e.call);
    if (on != connections_.end()) {
        on->second.busy = false;
    }
}

void hook_balance_checker::on_retry(const retry_event& e) noexcept {
    const std::lock_guard lock(mutex_);
    const call_state& c = call_of(e, "on_retry");
    require(!c.queued && !c.attempting && e.why && e.pause.count() >= 0, "on_retry", e.call);
}

// --- connections -----------------------------------------------------------------------------------------------------

void hook_balance_checker::on_connect_start(const connection_event& e) noexcept {
    const std::lock_guard lock(mutex_);
    ++seen_["on_connect_start"];
    const auto [at, is_new] = connections_.try_emplace({e.shard, e.connection});
    at->second.connecting = true;
    require(is_new, "on_connect_start", e.connection);
}

void hook_balance_checker::on_connect_end(const connect_end_event& e) noexcept {
    const std::lock_guard lock(mutex_);
    connection_state& c = connection_of(e, "on_connect_end");
    require(c.connecting, "on_connect_end", e.connection);
    c.connecting = false;
    if (e.code) {
        connections_.erase({e.shard, e.connection});
    }
}

void hook_balance_checker::on_tls_start(const connection_event& e) noexcept {
    const std::lock_guard lock(mutex_);
    connection_state& c = connection_of(e, "on_tls_start");
    require(!c.connecting && !c.handshaking && !c.open, "on_tls_start", e.connection);
    c.handshaking = true;
}

void hook_balance_checker::on_tls_end(const tls_end_event& e) noexcept {
    const std::lock_guard lock(mutex_);
    connection_state& c = connection_of(e, "on_tls_end");
    require(c.handshaking, "on_tls_end", e.connection);
    c.handshaking = false;
    if (e.code) {
        connections_.erase({e.shard, e.connection});
    }
}

void hook_balance_checker::on_connection_open(const connection_event& e) noexcept {
    const std::lock_guard lock(mutex_);
    connection_state& c = connection_of(e, "on_connection_open");
    require(!c.connecting && !c.handshaking && !c.open, "on_connection_open", e.connection);
    c.open = true;
}

void hook_balance_checker::on_connection_close(const connection_end_event& e) noexcept {
    const std::lock_guard lock(mutex_);
    const connection_state& c = connection_of(e, "on_connection_close");
    require(c.open && !c.busy && c.exchanges == e.exchanges, "on_connection_close", e.connection);
    connections_.erase({e.shard, e.connection});
}

} // namespace yunhu::test
