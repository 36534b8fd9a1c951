// Copyright (c) 2026 The yunhu authors
// SPDX-License-Identifier: BSL-1.0

#include "hook_balance_checker.hpp"

namespace yunhu::test {

std::size_t balance::open() const {
    const std::lock_guard lock(mutex_);
    return calls_.size() + connections_.size(); // what is begun inside them is open only while they are
}

std::size_t balance::troubles() const {
    const std::lock_guard lock(mutex_);
    return troubles_;
}

std::string balance::what_was_wrong() const {
    const std::lock_guard lock(mutex_);
    std::string text = first_troubles_;
    if (!calls_.empty()) {
        text += std::to_string(calls_.size()) + " calls have not ended\n";
    }
    if (!connections_.empty()) {
        text += std::to_string(connections_.size()) + " connections have not ended\n";
    }
    return text;
}

balance::counts balance::seen() const {
    const std::lock_guard lock(mutex_);
    return seen_;
}

void balance::require(bool holds, std::string_view hook, std::uint64_t number) {
    constexpr std::size_t told = 20;
    if (!holds && ++troubles_ <= told) {
        first_troubles_.append(hook).append(" of ").append(std::to_string(number)).append("\n");
    }
}

balance::call_state& balance::call_of(const call_event& e, std::string_view hook) {
    ++seen_[std::string(hook)];
    const auto found = calls_.find(e.call);
    require(found != calls_.end() && found->second.endpoint == e.endpoint, hook, e.call);
    return found == calls_.end() ? no_call_ = call_state() : found->second;
}

balance::connection_state& balance::connection_of(const connection_event& e, std::string_view hook) {
    ++seen_[std::string(hook)];
    const auto found = connections_.find({e.shard, e.connection});
    require(found != connections_.end(), hook, e.connection);
    return found == connections_.end() ? no_connection_ = connection_state() : found->second;
}

// --- calls -----------------------------------------------------------------------------------------------------------

void balance::on_call_start(const call_event& e) noexcept {
    const std::lock_guard lock(mutex_);
    ++seen_["call_begun"];
    const auto [at, is_new] = calls_.try_emplace(e.call);
    at->second.endpoint = e.endpoint;
    require(is_new && e.call != 0, "call_begun", e.call);
}

void balance::on_call_end(const call_end_event& e) noexcept {
    const std::lock_guard lock(mutex_);
    const call_state& c = call_of(e, "call_ended");
    require(!c.queued && !c.attempting && c.attempts == e.attempts, "call_ended", e.call);
    require(e.code || (e.delivery == delivery::answered && e.attempts > 0), "call_ended", e.call);
    calls_.erase(e.call);
}

void balance::on_queue_start(const call_event& e) noexcept {
    const std::lock_guard lock(mutex_);
    call_state& c = call_of(e, "queued");
    require(!c.queued && !c.attempting, "queued", e.call);
    c.queued = true;
}

void balance::on_queue_end(const queue_end_event& e) noexcept {
    const std::lock_guard lock(mutex_);
    call_state& c = call_of(e, "dequeued");
    require(c.queued && e.waited.count() >= 0, "dequeued", e.call);
    c.queued = false;
}

void balance::on_attempt_start(const attempt_event& e) noexcept {
    const std::lock_guard lock(mutex_);
    call_state& c = call_of(e, "attempt_begun");
    require(!c.queued && !c.attempting && e.attempt == ++c.attempts, "attempt_begun", e.call);
    c.attempting = true;
    c.answering = false;
    c.connection = e.connection;
    const auto on = connections_.find({e.shard, e.connection});
    if (on == connections_.end()) {
        require(false, "attempt_begun", e.call);
        return;
    }
    require(on->second.open && !on->second.busy, "attempt_begun", e.call);
    on->second.busy = true;
    require(e.reused == (on->second.exchanges++ > 0), "attempt_begun", e.call);
}

void balance::on_first_byte(const first_byte_event& e) noexcept {
    const std::lock_guard lock(mutex_);
    call_state& c = call_of(e, "first_byte");
    require(c.attempting && !c.answering && e.elapsed.count() >= 0, "first_byte", e.call);
    c.answering = true;
}

void balance::on_attempt_end(const attempt_end_event& e) noexcept {
    const std::lock_guard lock(mutex_);
    call_state& c = call_of(e, "attempt_ended");
    require(c.attempting && e.attempt == c.attempts && e.connection == c.connection, "attempt_ended", e.call);
    require(c.answering || e.delivery != delivery::answered, "attempt_ended", e.call);
    c.attempting = false;
    const auto on = connections_.find({e.shard, e.connection});
    require(on != connections_.end() && on->second.busy, "attempt_ended", e.call);
    if (on != connections_.end()) {
        on->second.busy = false;
    }
}

void balance::on_retry(const retry_event& e) noexcept {
    const std::lock_guard lock(mutex_);
    const call_state& c = call_of(e, "retrying");
    require(!c.queued && !c.attempting && e.why && e.pause.count() >= 0, "retrying", e.call);
}

// --- connections -----------------------------------------------------------------------------------------------------

void balance::on_connect_start(const connection_event& e) noexcept {
    const std::lock_guard lock(mutex_);
    ++seen_["dial_begun"];
    const auto [at, is_new] = connections_.try_emplace({e.shard, e.connection});
    at->second.dialing = true;
    require(is_new, "dial_begun", e.connection);
}

void balance::on_connect_end(const connect_end_event& e) noexcept {
    const std::lock_guard lock(mutex_);
    connection_state& c = connection_of(e, "dial_ended");
    require(c.dialing, "dial_ended", e.connection);
    c.dialing = false;
    if (e.code) {
        connections_.erase({e.shard, e.connection});
    }
}

void balance::on_tls_start(const connection_event& e) noexcept {
    const std::lock_guard lock(mutex_);
    connection_state& c = connection_of(e, "tls_begun");
    require(!c.dialing && !c.handshaking && !c.open, "tls_begun", e.connection);
    c.handshaking = true;
}

void balance::on_tls_end(const tls_end_event& e) noexcept {
    const std::lock_guard lock(mutex_);
    connection_state& c = connection_of(e, "tls_ended");
    require(c.handshaking, "tls_ended", e.connection);
    c.handshaking = false;
    if (e.code) {
        connections_.erase({e.shard, e.connection});
    }
}

void balance::on_connection_open(const connection_event& e) noexcept {
    const std::lock_guard lock(mutex_);
    connection_state& c = connection_of(e, "connection_opened");
    require(!c.dialing && !c.handshaking && !c.open, "connection_opened", e.connection);
    c.open = true;
}

void balance::on_connection_close(const connection_end_event& e) noexcept {
    const std::lock_guard lock(mutex_);
    const connection_state& c = connection_of(e, "connection_closed");
    require(c.open && !c.busy && c.exchanges == e.exchanges, "connection_closed", e.connection);
    connections_.erase({e.shard, e.connection});
}

} // namespace yunhu::test
