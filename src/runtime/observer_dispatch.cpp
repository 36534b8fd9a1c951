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

// An event with its call.
template <class Event> Event about(const call& c, engine::time_point at) {
    Event e;
    e.at = at;
    e.shard = c.trace_state.shard;
    e.call = c.trace_state.number;
    e.endpoint = c.where.name();
    e.traceparent = c.traceparent();
    return e;
}

template <class Event> Event about_attempt(const call& c, engine::time_point at) {
    auto e = about<Event>(c, at);
    e.connection = c.trace_state.connection;
    e.attempt = c.info.attempts;
    e.reused = c.trace_state.reused;
    return e;
}

void emit_call_end(call& c, const error_code& code, const call_info& info, bool delivered) {
    auto e = about<call_end_event>(c, now());
    e.code = code;
    e.delivery = info.delivery;
    e.phase = info.phase;
    e.attempts = info.attempts;
    e.http_status = info.http_status;
    e.api_code = info.api_code;
    e.times = info.times;
    e.elapsed = e.at - c.started_at;
    e.delivered = delivered;
    std::exchange(c.trace_state.to, nullptr)->on_call_end(e);
}

// Why the call is repeated, as a code.
error_code reason(const call& c) {
    constexpr int too_many = 429;
    if (c.code || c.info.http_status == 0) {
        return c.code;
    }
    return c.info.http_status == too_many ? errc::throttled : errc::server_error;
}

} // namespace

void emit_start(call& c, observer& to, std::uint64_t number, std::size_t shard) {
    c.trace_state.to = &to;
    c.trace_state.number = number;
    c.trace_state.shard = shard;
    to.on_call_start(about<call_event>(c, c.started_at));
}

void emit_end(call& c, const error_code& code, const call_info& info) {
    emit_call_end(c, code, info, true);
}

void emit_dropped(call& c) {
    emit_call_end(c, asio::error::operation_aborted, c.info, false);
}

template <class Event> Event observer_dispatch::of(const connection_trace& c, engine::time_point at) const {
    Event e;
    e.at = at;
    e.shard = shard_;
    e.connection = c.number;
    return e;
}

template <class Event> void observer_dispatch::emit(void (observer::*hook)(const Event&) noexcept, const Event& e) {
    in_hook_ = true;
    (to_->*hook)(e);
    in_hook_ = false;
}

void observer_dispatch::emit_leave(call& c, const engine::call_fsm::action& next) {
    if (c.trace_state.transitions == c.life.transitions()) {
        return;
    }
    c.trace_state.transitions = c.life.transitions();
    emit_queue_end(c);
    if (std::exchange(c.trace_state.state, c.life.now_in()) == engine::call_fsm::state::in_flight) {
        emit_attempt_end(c, c.last_attempt);
    }
    if (next.retry) {
        emit_retry(c, next);
    }
}

void observer_dispatch::emit_enter(call& c) {
    using state = engine::call_fsm::state;
    if (c.trace_state.transitions != c.life.transitions()) {
        return;
    }
    if (c.trace_state.state == state::awaiting_connection && static_cast<const engine::waiter&>(c).is_linked()) {
        c.trace_state.queued = true;
        c.trace_state.queued_at = now();
        emit(&observer::on_queue_start, about<call_event>(c, c.trace_state.queued_at));
    } else if (c.trace_state.state == state::in_flight) {
        connection_trace& on = connections_[c.connection->id()];
        c.trace_state.connection = on.number;
        c.trace_state.reused = on.exchanges++ > 0;
        c.trace_state.first_byte = false;
        emit(&observer::on_attempt_start, about_attempt<attempt_event>(c, c.sent_at));
    }
}

void observer_dispatch::emit_queue_end(call& c) {
    if (std::exchange(c.trace_state.queued, false)) {
        auto e = about<queue_end_event>(c, now());
        e.waited = e.at - c.trace_state.queued_at;
        emit(&observer::on_queue_end, e);
    }
}

void observer_dispatch::emit_first_byte(call& c) {
    if (!std::exchange(c.trace_state.first_byte, true)) {
        const auto& known = c.info.times.first_byte;
        auto e = about_attempt<first_byte_event>(c, known.count() > 0 ? c.sent_at + known : now());
        e.elapsed = e.at - c.sent_at;
        emit(&observer::on_first_byte, e);
    }
}

void observer_dispatch::emit_attempt_end(call& c, const attempt_report& how) {
    if (how.delivery == delivery::answered) {
        emit_first_byte(c);
    }
    auto e = about_attempt<attempt_end_event>(c, now());
    e.code = c.code;
    e.delivery = how.delivery;
    e.phase = how.phase;
    e.http_status = how.http_status;
    e.elapsed = e.at - c.sent_at;
    emit(&observer::on_attempt_end, e);
}

void observer_dispatch::emit_retry(call& c, const engine::call_fsm::action& next) {
    auto e = about<retry_event>(c, now());
    e.why = reason(c);
    e.http_status = c.info.http_status;
    e.delivery = c.info.delivery;
    e.attempts = c.info.attempts;
    e.pause = next.pause;
    e.new_connection = next.what != engine::call_fsm::action::kind::back_off;
    emit(&observer::on_retry, e);
}

void observer_dispatch::emit_abandoned(call& c) {
    emit_queue_end(c);
    if (std::exchange(c.trace_state.state, engine::call_fsm::state::done) == engine::call_fsm::state::in_flight &&
        c.connection != nullptr) {
        attempt_report how;
        c.code = asio::error::operation_aborted;
        how.delivery = c.connection->delivered();
        how.phase = c.connection->phase();
        c.info.delivery = std::max(c.info.delivery, how.delivery); // for the event of the dropped call
        c.info.phase = how.phase;
        emit_attempt_end(c, how);
    }
}

void observer_dispatch::emit_connect_start(std::uint32_t id) {
    if (connections_.size() <= id) {
        connections_.resize(id + 1);
    }
    connection_trace& c = connections_[id];
    c = connection_trace();
    c.number = ++connections_started_;
    c.at = connection_trace::stage::connecting;
    c.since = now();
    emit(&observer::on_connect_start, of<connection_event>(c, c.since));
}

void observer_dispatch::emit_connected(std::uint32_t id, bool tls) {
    end_opening(id, {}, phase::connect, false);
    if (tls) {
        connection_trace& c = connections_[id];
        c.at = connection_trace::stage::handshaking;
        c.since = now();
        emit(&observer::on_tls_start, of<connection_event>(c, c.since));
    }
}

void observer_dispatch::emit_open(const transport::connection& c) {
    end_opening(c.id(), {}, phase::tls, c.resumed());
    connection_trace& w = connections_[c.id()];
    w.at = connection_trace::stage::open;
    w.since = now();
    emit(&observer::on_connection_open, of<connection_event>(w, w.since));
}

void observer_dispatch::emit_open_failed(std::uint32_t id, const transport::transport_error& why) {
    end_opening(id, why.code, why.phase, false);
}

void observer_dispatch::emit_close(std::uint32_t id) {
    if (id >= connections_.size()) {
        return;
    }
    end_opening(id, asio::error::operation_aborted, phase::connect, false);
    connection_trace& c = connections_[id];
    if (c.at == connection_trace::stage::open) {
        c.at = connection_trace::stage::closed;
        auto e = of<connection_end_event>(c, now());
        e.exchanges = c.exchanges;
        e.evicted = c.evicted;
        emit(&observer::on_connection_close, e);
    }
}

void observer_dispatch::on_abandon_connections() {
    for (std::size_t id = 0; id < connections_.size(); ++id) {
        emit_close(static_cast<std::uint32_t>(id));
    }
}

// Ends the connect or the handshake, whichever is running.
void observer_dispatch::end_opening(std::uint32_t id, const error_code& code, phase in, bool resumed) {
    connection_trace& c = connections_[id];
    const engine::time_point at = now();
    if (c.at == connection_trace::stage::connecting) {
        c.at = connection_trace::stage::closed;
        auto e = of<connect_end_event>(c, at);
        e.code = code;
        e.phase = in;
        e.elapsed = at - c.since;
        emit(&observer::on_connect_end, e);
    } else if (c.at == connection_trace::stage::handshaking) {
        c.at = connection_trace::stage::closed;
        auto e = of<tls_end_event>(c, at);
        e.code = code;
        e.resumed = resumed;
        e.elapsed = at - c.since;
        emit(&observer::on_tls_end, e);
    }
}

} // namespace detail
YUNHU_NAMESPACE_END
