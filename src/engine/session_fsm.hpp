// Copyright (c) 2026 The yunhu authors
// SPDX-License-Identifier: BSL-1.0
#pragma once

#include "engine/time.hpp"

#include <yunhu/config.hpp>
#include <yunhu/error.hpp>

#include <chrono>
#include <cstdint>
#include <optional>

YUNHU_NAMESPACE_BEGIN
namespace engine {

/// Durations of a session.
struct session_timing {
    std::chrono::nanoseconds connect_timeout = std::chrono::seconds(30); ///< dial, TLS and upgrade
    std::chrono::nanoseconds login_timeout = std::chrono::seconds(15);   ///< until the answer to the first heartbeat
    std::chrono::nanoseconds heartbeat = std::chrono::seconds(25);       ///< between two
    std::chrono::nanoseconds silence = std::chrono::seconds(60);         ///< without any frame: the connection is dead
    std::chrono::nanoseconds backoff_base = std::chrono::seconds(1);     ///< upper bound of the first pause; doubles
    std::chrono::nanoseconds backoff_max = std::chrono::seconds(30);
    std::chrono::nanoseconds healthy = std::chrono::seconds(60); ///< logged in for so long: the back-off starts anew
};

/// The session with the push gateway, from its start to its stop. Pure: each input has the time and gives one action;
/// no I/O is done here, and no clock or randomness is read.
///
///     created ─started─► connecting ─connected─► logging_in ─heartbeat_ack─► open
///                            ▲                       │                        │
///                            ├───── backing_off ◄────┴───── lost, timer ──────┤
///                            └─token─ refused ◄──────────── rejected ─────────┘
///
/// The gateway does not answer a login: the answer to a first heartbeat proves it. A rejected login is not repeated
/// with the same token. Inputs of a connection have its number; those of an earlier connection give no action, so that
/// a late timer or read can't end the new one. `stopped` is final.
///
/// `jitter` of an input is a number in [0, 1): the pause is that part of the back-off's bound (full jitter).
class session_fsm {
public:
    enum class state : std::uint8_t {
        created,
        connecting,
        logging_in,  ///< login and heartbeat were sent
        open,        ///< logged in
        backing_off, ///< the timer connects
        refused,     ///< a new token connects
        stopped,
    };

    using connection = std::uint64_t;

    struct action {
        enum class kind : std::uint8_t {
            none,           ///< wait for the next input
            connect,        ///< open a connection with the number `connection()`
            log_in,         ///< send the login with the newest token, then a heartbeat
            send_heartbeat, ///< send one
            announce,       ///< the session is logged in: report it, and catch up
            drop,           ///< close the connection, report `reason()`; the timer connects
            refuse,         ///< close the connection, report the refusal; a new token connects
            warn,           ///< report the gateway's error; the session goes on
            close,          ///< close the connection; the session has ended
        };

        kind what = kind::none;
    };

    explicit session_fsm(const session_timing& timing = session_timing()) : timing_(timing) {}

    [[nodiscard]] action started(time_point now);
    [[nodiscard]] action connected(connection of, time_point now);
    /// The connection failed or ended, for that reason: also a close frame of any code, and a failed write.
    [[nodiscard]] action lost(connection of, const error_code& why, time_point now, double jitter);
    /// A frame arrived, whatever it is: before the input for its content.
    void frame(connection of, time_point now) noexcept;
    [[nodiscard]] action heartbeat_ack(connection of, time_point now);
    /// The gateway reported an error. `authentication`: it does not accept the login.
    [[nodiscard]] action rejected(connection of, bool authentication, time_point now, double jitter);
    /// There is a new token, which differs from the one of the last login.
    [[nodiscard]] action token(time_point now, double jitter);
    /// `due()` has passed.
    [[nodiscard]] action timer(time_point now, double jitter);
    /// The user stops the session.
    [[nodiscard]] action stop();

    [[nodiscard]] state now_in() const noexcept { return state_; }
    /// The number of the current or last connection, from 1.
    [[nodiscard]] connection current() const noexcept { return connection_; }
    /// When `timer` is the next input.
    [[nodiscard]] std::optional<time_point> due() const noexcept;
    /// Why the last connection was dropped.
    [[nodiscard]] const error_code& reason() const noexcept { return reason_; }
    /// Failures in a row, of which the back-off is computed.
    [[nodiscard]] unsigned failures() const noexcept { return failures_; }

private:
    [[nodiscard]] bool has_connection() const noexcept;
    [[nodiscard]] bool is_current(connection of) const noexcept { return of == connection_ && has_connection(); }
    [[nodiscard]] action connect(time_point now);
    [[nodiscard]] action drop(const error_code& why, time_point now, double jitter);
    [[nodiscard]] action refuse();
    void enter(state next) noexcept;
    void back_off(time_point now, double jitter);

    session_timing timing_;
    state state_ = state::created;
    connection connection_ = 0;
    time_point deadline_ = time_point::max();  ///< of connecting, of logging in, of the pause
    time_point heartbeat_ = time_point::max(); ///< the next one
    time_point heard_;                         ///< the last frame, or the connection's start
    time_point opened_;
    unsigned failures_ = 0;
    unsigned refusals_ = 0;    ///< since the last login that succeeded
    bool newer_token_ = false; ///< than the one of the current login
    error_code reason_;
};

} // namespace engine
YUNHU_NAMESPACE_END
