// Copyright (c) 2026 The yunhu authors
// SPDX-License-Identifier: BSL-1.0
#pragma once

#include "engine/call_fsm.hpp"
#include "engine/time.hpp"

#include <yunhu/config.hpp>
#include <yunhu/error.hpp>
#include <yunhu/observer.hpp>

#include <cstddef>
#include <cstdint>
#include <memory>
#include <vector>

// Calls the observer's hooks. A call's events are the transitions of its machine, a connection's those of its stage: an
// event that ends something is emitted when the state is left that emitted the beginning on entry. Without an observer
// each costs the test of a pointer.
YUNHU_NAMESPACE_BEGIN
namespace transport {
class connection;
struct transport_error;
} // namespace transport
YUNHU_NAMESPACE_END

YUNHU_NAMESPACE_BEGIN
namespace detail {

class call;

/// The state of a call as its observer knows it.
struct call_trace {
    observer* to = nullptr; ///< null: not observed, or its end was emitted
    std::uint64_t number = 0;
    std::size_t shard = 0;
    std::uint32_t transitions = 0; ///< of the machine, at the last event
    engine::call_fsm::state state = engine::call_fsm::state::created;
    engine::time_point queued_at;
    std::uint64_t connection = 0;
    bool queued = false; ///< waited in the pool's queue, so that its end is an event
    bool reused = false;
    bool first_byte = false; ///< of the attempt, was emitted
};

/// Details of an attempt's end event, besides the call's code.
struct attempt_report {
    yunhu::delivery delivery{};
    yunhu::phase phase{};
    int http_status = 0;
};

void emit_start(call& c, observer& to, std::uint64_t number, std::size_t shard);
/// The call completes with this code and `info`.
void emit_end(call& c, const error_code& code, const call_info& info);
/// The call was destroyed without completion.
void emit_dropped(call& c);

/// The observer's events of one shard.
class observer_dispatch {
public:
    observer_dispatch(observer* to, std::size_t shard) : to_(to), shard_(shard) {}

    /// A hook is running. Work that it starts on the shard is deferred until it has returned.
    [[nodiscard]] bool in_hook() const noexcept { return in_hook_; }

    /// The machine has left its state: ends the queueing or the attempt, and reports the retry that follows.
    void on_leave(call& c, const engine::call_fsm::action& next) {
        if (to_ != nullptr) [[unlikely]] {
            emit_leave(c, next);
        }
    }
    /// The new state's action was performed: begins the queueing or the attempt.
    void on_enter(call& c) {
        if (to_ != nullptr) [[unlikely]] {
            emit_enter(c);
        }
    }
    void on_first_byte(call& c) {
        if (to_ != nullptr) [[unlikely]] {
            emit_first_byte(c);
        }
    }
    /// The shard drops the call, in any state.
    void on_abandon(call& c) {
        if (to_ != nullptr) [[unlikely]] {
            emit_abandoned(c);
        }
    }

    // connections, by the pool's id
    void on_connect_start(std::uint32_t id) {
        if (to_ != nullptr) [[unlikely]] {
            emit_connect_start(id);
        }
    }
    void on_connected(std::uint32_t id, bool tls) {
        if (to_ != nullptr) [[unlikely]] {
            emit_connected(id, tls);
        }
    }
    void on_open(const transport::connection& c) {
        if (to_ != nullptr) [[unlikely]] {
            emit_open(c);
        }
    }
    void on_open_failed(std::uint32_t id, const transport::transport_error& why) {
        if (to_ != nullptr) [[unlikely]] {
            emit_open_failed(id, why);
        }
    }
    void on_evicted(std::uint32_t id) {
        if (to_ != nullptr) [[unlikely]] {
            connections_[id].evicted = true;
        }
    }
    void on_close(std::uint32_t id) {
        if (to_ != nullptr) [[unlikely]] {
            emit_close(id);
        }
    }
    void on_abandon_connections();

private:
    struct connection_trace {
        enum class stage : std::uint8_t { closed, connecting, handshaking, open };

        connection_trace::stage at = stage::closed;
        bool evicted = false;
        std::uint64_t number = 0;
        std::uint64_t exchanges = 0;
        engine::time_point since; ///< start of the stage
    };

    void emit_leave(call& c, const engine::call_fsm::action& next);
    void emit_enter(call& c);
    void emit_first_byte(call& c);
    void emit_abandoned(call& c);
    void emit_queue_end(call& c);
    void emit_attempt_end(call& c, const attempt_report& how);
    void emit_retry(call& c, const engine::call_fsm::action& next);
    void emit_connect_start(std::uint32_t id);
    void emit_connected(std::uint32_t id, bool tls);
    void emit_open(const transport::connection& c);
    void emit_open_failed(std::uint32_t id, const transport::transport_error& why);
    void emit_close(std::uint32_t id);
    void end_opening(std::uint32_t id, const error_code& code, phase in, bool resumed);

    template <class Event> [[nodiscard]] Event of(const connection_trace& c, engine::time_point at) const;
    template <class Event> void emit(void (observer::*hook)(const Event&) noexcept, const Event& e);

    observer* to_;
    std::size_t shard_;
    bool in_hook_ = false;
    std::uint64_t connections_started_ = 0;
    std::vector<connection_trace> connections_;
};

} // namespace detail
YUNHU_NAMESPACE_END
