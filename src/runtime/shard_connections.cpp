// Copyright (c) 2026 The yunhu authors
// SPDX-License-Identifier: BSL-1.0

#include "runtime/shard.hpp"

#include <utility>

// The reports of a shard's connections.
YUNHU_NAMESPACE_BEGIN
namespace detail {

void shard::on_connected(transport::connection& c) {
    events_.on_connected(c.id(), settings_->peer().tls != nullptr);
}

void shard::on_open(transport::connection& c) {
    timers_.clear(*slots_[c.id()].dial_timer);
    slots_[c.id()].dial_timer.reset();
    ++numbers_.handshakes;
    if (c.resumed()) {
        ++numbers_.resumed;
    }
    events_.on_open(c);
    transact(nullptr, [&] { retry_on_bad_alloc([&] { pool_.dialed(c.id(), now()); }); });
}

void shard::on_open_failed(transport::connection& c, const transport::transport_error& why) {
    ++numbers_.connects_failed;
    events_.on_open_failed(c.id(), why);
    retry_on_bad_alloc([&] { last_dial_ = why; });
    transact(nullptr, [&] { retry_on_bad_alloc([&] { pool_.dial_failed(c.id(), why.code, now()); }); });
}

void shard::on_first_byte(transport::connection& c) {
    call* const busy_with = slots_[c.id()].busy_with;
    busy_with->life.first_byte();
    events_.on_first_byte(*busy_with);
}

void shard::on_response(transport::connection& c, http::response a, bool reusable) {
    const bool reused = c.exchanges() > 1;
    call* const active_call = detach_call(c);
    const engine::clock_reading at = now();
    if (!c.first_byte()) { // the whole response was read at once, just now
        active_call->info.times.first_byte = at.steady - active_call->sent_at;
    }
    const bool last = a.hints.max && *a.hints.max <= 1;
    retry_on_bad_alloc([&] { pool_.released(c.id(), reusable && !last, a.hints.timeout, at); });
    transact(active_call, [&] {
        handle_response(*active_call, a, reused, at);
        end_drain();
    });
    c.reuse(std::move(a.body));
}

void shard::handle_response(call& c, http::response& a, bool reused, engine::clock_reading at) {
    constexpr int request_timeout = 408;
    if (a.status == request_timeout && reused && !a.keep_alive) {
        // The server closed the idle connection while the request was in flight.
        transport::transport_error closed;
        closed.code = errc::connection_lost;
        closed.how = delivery::maybe_sent;
        closed.phase = phase::first_byte;
        closed.status = a.status;
        attempt_failed(c, closed, reused, at);
    } else {
        response_received(c, a, reused, at);
    }
}

void shard::on_exchange_failed(transport::connection& c, const transport::transport_error& why) {
    const bool reused = c.exchanges() > 1;
    call* const active_call = detach_call(c);
    const engine::clock_reading at = now();
    retry_on_bad_alloc([&] {
        if (reused && why.how != delivery::answered) {
            pool_.on_stale(c.id(), at);
        } else {
            pool_.released(c.id(), false, std::nullopt, at);
        }
    });
    transact(active_call, [&] {
        attempt_failed(*active_call, why, reused, at);
        end_drain();
    });
}

void shard::on_idle_ended(transport::connection& c) {
    ++numbers_.evicted;
    events_.on_evicted(c.id());
    transact(nullptr, [&] { retry_on_bad_alloc([&] { pool_.on_idle_closed(c.id(), now()); }); });
}

} // namespace detail
YUNHU_NAMESPACE_END
