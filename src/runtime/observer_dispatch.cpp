// Copyright (c) 2026 The yunhu authors
// SPDX-License-Identifier: BSL-1.0

#include "runtime/observer_dispatch.hpp"

#include "engine/call_fsm.hpp"
#include "runtime/call.hpp"
#include "transport/connection.hpp"

#include <boost/asio/error.hpp>

#include <algorithm>
#include <utility>

YUNHU_NAMESPACE_BEGIN

observer::~observer() = default;

namespace detail {
namespace {

engine::time_point now() {
    return engine::clock::now();
}

// What an event says of its call.
template <class Event> Event about(const call& c, engine::time_point at) {
    Event e;
    e.at = at;
    e.shard = c.watched.shard;
    e.call = c.watched.number;
    e.endpoint = c.where.name();
    e.traceparent = c.trace.text();
    return e;
}

template <class Event> Event about_attempt(const call& c, engine::time_point at) {
    auto e = about<Event>(c, at);
    e.connection = c.watched.connection;
    e.attempt = c.info.attempts;
    e.reused = c.watched.reused;
    return e;
}

void tell_call_ended(call& c, const error_code& code, const call_info& info, bool delivered) {
    auto e = about<call_end_event>(c, now());
    e.code = code;
    e.delivery = info.delivery;
    e.phase = info.phase;
    e.attempts = info.attempts;
    e.http_status = info.http_status;
    e.api_code = info.api_code;
    e.times = info.times;
    e.elapsed = e.at - c.begun;
    e.delivered = delivered;
    std::exchange(c.watched.by, nullptr)->on_call_end(e);
}

// Why the call is tried again, as a code.
error_code reason(const call& c) {
    constexpr int too_many = 429;
    if (c.code || c.info.http_status == 0) {
        return c.code;
    }
    return c.info.http_status == too_many ? errc::throttled : errc::server_error;
}

} // namespace

void tell_begun(call& c, observer& by, std::uint64_t number, std::size_t shard) {
    c.watched.by = &by;
    c.watched.number = number;
    c.watched.shard = shard;
    by.on_call_start(about<call_event>(c, c.begun));
}

void tell_ended(call& c, const error_code& code, const call_info& info) {
    tell_call_ended(c, code, info, true);
}

void tell_dropped(call& c) {
    tell_call_ended(c, asio::error::operation_aborted, c.info, false);
}

template <class Event> Event watch::of(const watched_connection& c, engine::time_point at) const {
    Event e;
    e.at = at;
    e.shard = shard_;
    e.connection = c.number;
    return e;
}

template <class Event> void watch::tell(void (observer::*hook)(const Event&) noexcept, const Event& e) {
    in_hook_ = true;
    (to_->*hook)(e);
    in_hook_ = false;
}

void watch::tell_acquired(call& c) {
    if (!static_cast<const engine::waiter&>(c).is_linked()) {
        return; // it has got a connection, or none
    }
    c.watched.queued = true;
    c.watched.queued_at = now();
    tell(&observer::on_queue_start, about<call_event>(c, c.watched.queued_at));
}

void watch::tell_left_queue(call& c) {
    if (std::exchange(c.watched.queued, false)) {
        auto e = about<queue_end_event>(c, now());
        e.waited = e.at - c.watched.queued_at;
        tell(&observer::on_queue_end, e);
    }
}

void watch::tell_attempt_begun(call& c) {
    watched_connection& on = connections_[c.connection->id()];
    c.watched.connection = on.number;
    c.watched.reused = on.exchanges++ > 0;
    c.watched.attempting = true;
    c.watched.answering = false;
    tell(&observer::on_attempt_start, about_attempt<attempt_event>(c, c.handed_over));
}

void watch::tell_first_byte(call& c) {
    if (!std::exchange(c.watched.answering, true)) {
        const auto& known = c.info.times.first_byte;
        auto e = about_attempt<first_byte_event>(c, known.count() > 0 ? c.handed_over + known : now());
        e.elapsed = e.at - c.handed_over;
        tell(&observer::on_first_byte, e);
    }
}

void watch::tell_attempt_ended(call& c, const error_code& code, delivery how, phase in, int status) {
    if (!c.watched.attempting) {
        return; // it never came to one
    }
    if (how == delivery::answered) {
        tell_first_byte(c);
    }
    c.watched.attempting = false;
    auto e = about_attempt<attempt_end_event>(c, now());
    e.code = code;
    e.delivery = how;
    e.phase = in;
    e.http_status = status;
    e.elapsed = e.at - c.handed_over;
    tell(&observer::on_attempt_end, e);
}

void watch::tell_decided(call& c, const engine::call_fsm::action& next) {
    auto e = about<retry_event>(c, now());
    e.why = reason(c);
    e.http_status = c.info.http_status;
    e.delivery = c.info.delivery;
    e.attempts = c.info.attempts;
    e.pause = next.pause;
    e.new_connection = next.what != engine::call_fsm::action::kind::back_off;
    tell(&observer::on_retry, e);
}

void watch::tell_abandoned(call& c) {
    tell_left_queue(c);
    if (c.connection != nullptr) {
        const delivery how = c.connection->delivered();
        c.info.delivery = std::max(c.info.delivery, how); // there is nobody else left to be told
        c.info.phase = c.connection->phase();
        tell_attempt_ended(c, asio::error::operation_aborted, how, c.info.phase, 0);
    }
}

void watch::tell_dial_begun(std::uint32_t id) {
    if (connections_.size() <= id) {
        connections_.resize(id + 1);
    }
    watched_connection& c = connections_[id];
    c = watched_connection();
    c.number = ++connections_begun_;
    c.at = watched_connection::stage::dialing;
    c.since = now();
    tell(&observer::on_connect_start, of<connection_event>(c, c.since));
}

void watch::tell_connected(std::uint32_t id, bool tls) {
    end_opening(id, {}, phase::connect, false);
    if (tls) {
        watched_connection& c = connections_[id];
        c.at = watched_connection::stage::handshaking;
        c.since = now();
        tell(&observer::on_tls_start, of<connection_event>(c, c.since));
    }
}

void watch::tell_opened(const transport::connection& c) {
    end_opening(c.id(), {}, phase::tls, c.resumed());
    watched_connection& w = connections_[c.id()];
    w.at = watched_connection::stage::open;
    w.since = now();
    tell(&observer::on_connection_open, of<connection_event>(w, w.since));
}

void watch::tell_open_failed(std::uint32_t id, const transport::transport_error& why) {
    end_opening(id, why.code, why.phase, false);
}

void watch::tell_closed(std::uint32_t id) {
    if (id >= connections_.size()) {
        return;
    }
    end_opening(id, asio::error::operation_aborted, phase::connect, false);
    watched_connection& c = connections_[id];
    if (c.at == watched_connection::stage::open) {
        c.at = watched_connection::stage::none;
        auto e = of<connection_end_event>(c, now());
        e.exchanges = c.exchanges;
        e.evicted = c.evicted;
        tell(&observer::on_connection_close, e);
    }
}

void watch::abandoned_connections() {
    for (std::size_t id = 0; id < connections_.size(); ++id) {
        tell_closed(static_cast<std::uint32_t>(id));
    }
}

// Ends the dial or the handshake, whichever runs.
void watch::end_opening(std::uint32_t id, const error_code& code, phase in, bool resumed) {
    watched_connection& c = connections_[id];
    const engine::time_point at = now();
    if (c.at == watched_connection::stage::dialing) {
        c.at = watched_connection::stage::none;
        auto e = of<connect_end_event>(c, at);
        e.code = code;
        e.phase = in;
        e.elapsed = at - c.since;
        tell(&observer::on_connect_end, e);
    } else if (c.at == watched_connection::stage::handshaking) {
        c.at = watched_connection::stage::none;
        auto e = of<tls_end_event>(c, at);
        e.code = code;
        e.resumed = resumed;
        e.elapsed = at - c.since;
        tell(&observer::on_tls_end, e);
    }
}

} // namespace detail
YUNHU_NAMESPACE_END
