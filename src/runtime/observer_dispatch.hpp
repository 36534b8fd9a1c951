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

// From what happens to the observer's hooks. Who is not observed pays a test of a pointer.
YUNHU_NAMESPACE_BEGIN
namespace transport {
class connection;
struct transport_error;
} // namespace transport
YUNHU_NAMESPACE_END

YUNHU_NAMESPACE_BEGIN
namespace detail {

class call;

/// Of a call that is observed: who it is, and which begins still lack their end.
struct watched_call {
    observer* by = nullptr; ///< null: not observed, or its end has been told
    std::uint64_t number = 0;
    std::size_t shard = 0;
    engine::time_point queued_at;
    std::uint64_t connection = 0;
    bool queued = false;
    bool attempting = false;
    bool reused = false;
    bool answering = false; ///< the attempt's first byte has been told
};

// Of a call, wherever it is:
void tell_begun(call& c, observer& by, std::uint64_t number, std::size_t shard);
/// It has ended so for its caller, who gets this `info`.
void tell_ended(call& c, const error_code& code, const call_info& info);
/// It was destroyed without an end.
void tell_dropped(call& c);

/// Tells what happens on a shard. It keeps the balance: an end is told only for what has begun, and once.
class watch {
public:
    watch(observer* to, std::size_t shard) : to_(to), shard_(shard) {}

    /// A hook is being called. What it does to the shard has to wait until it has returned.
    [[nodiscard]] bool in_hook() const noexcept { return in_hook_; }

    /// The pool was asked for a connection.
    void acquired(call& c) {
        if (to_ != nullptr) [[unlikely]] {
            tell_acquired(c);
        }
    }
    /// The call does not wait any more, if it did.
    void left_queue(call& c) {
        if (to_ != nullptr) [[unlikely]] {
            tell_left_queue(c);
        }
    }
    void on_attempt_start(call& c) {
        if (to_ != nullptr) [[unlikely]] {
            tell_attempt_begun(c);
        }
    }
    void first_byte(call* c) {
        if (to_ != nullptr) [[unlikely]] {
            tell_first_byte(*c);
        }
    }
    /// The attempt is over, if there was one; `c.connection` may be gone already.
    void on_attempt_end(call& c, const error_code& code, delivery how, phase in, int status) {
        if (to_ != nullptr) [[unlikely]] {
            tell_attempt_ended(c, code, how, in, status);
        }
    }
    void decided(call& c, const engine::call_fsm::action& next) {
        if (to_ != nullptr) [[unlikely]] {
            tell_decided(c, next);
        }
    }
    /// The shard forgets the call, wherever it is.
    void abandoned(call& c) {
        if (to_ != nullptr) [[unlikely]] {
            tell_abandoned(c);
        }
    }

    // connections, by the pool's id
    void on_connect_start(std::uint32_t id) {
        if (to_ != nullptr) [[unlikely]] {
            tell_dial_begun(id);
        }
    }
    void connected(std::uint32_t id, bool tls) {
        if (to_ != nullptr) [[unlikely]] {
            tell_connected(id, tls);
        }
    }
    void opened(const transport::connection& c) {
        if (to_ != nullptr) [[unlikely]] {
            tell_opened(c);
        }
    }
    void open_failed(std::uint32_t id, const transport::transport_error& why) {
        if (to_ != nullptr) [[unlikely]] {
            tell_open_failed(id, why);
        }
    }
    void evicted(std::uint32_t id) {
        if (to_ != nullptr) [[unlikely]] {
            connections_[id].evicted = true;
        }
    }
    void closed(std::uint32_t id) {
        if (to_ != nullptr) [[unlikely]] {
            tell_closed(id);
        }
    }
    void abandoned_connections();

private:
    struct watched_connection {
        enum class stage : std::uint8_t { none, dialing, handshaking, open };

        watched_connection::stage at = stage::none;
        bool evicted = false;
        std::uint64_t number = 0;
        std::uint64_t exchanges = 0;
        engine::time_point since; ///< the stage's begin
    };

    void tell_acquired(call& c);
    void tell_left_queue(call& c);
    void tell_attempt_begun(call& c);
    void tell_first_byte(call& c);
    void tell_attempt_ended(call& c, const error_code& code, delivery how, phase in, int status);
    void tell_decided(call& c, const engine::call_fsm::action& next);
    void tell_abandoned(call& c);
    void tell_dial_begun(std::uint32_t id);
    void tell_connected(std::uint32_t id, bool tls);
    void tell_opened(const transport::connection& c);
    void tell_open_failed(std::uint32_t id, const transport::transport_error& why);
    void tell_closed(std::uint32_t id);
    void end_opening(std::uint32_t id, const error_code& code, phase in, bool resumed);

    template <class Event> [[nodiscard]] Event of(const watched_connection& c, engine::time_point at) const;
    template <class Event> void tell(void (observer::*hook)(const Event&) noexcept, const Event& e);

    observer* to_;
    std::size_t shard_;
    bool in_hook_ = false;
    std::uint64_t connections_begun_ = 0;
    std::vector<watched_connection> connections_;
};

} // namespace detail
YUNHU_NAMESPACE_END
