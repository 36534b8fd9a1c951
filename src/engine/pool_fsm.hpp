// Copyright (c) 2026 The yunhu authors
// SPDX-License-Identifier: BSL-1.0
#pragma once

#include "engine/time.hpp"

#include <yunhu/config.hpp>
#include <yunhu/error.hpp>
#include <yunhu/pool_config.hpp>

#include <boost/intrusive/list.hpp>

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <optional>
#include <vector>

YUNHU_NAMESPACE_BEGIN
namespace engine {

/// Id of a connection, unique while it exists.
using connection_id = std::uint32_t;

/// A queue entry that waits for a connection; base of a call. Unlinks itself.
class waiter : public boost::intrusive::list_base_hook<boost::intrusive::link_mode<boost::intrusive::auto_unlink>> {
public:
    bool new_connection_only = false; ///< requires one without earlier requests: for a retry after a stale one
};

/// An action for the shard.
struct action {
    enum class kind : std::uint8_t {
        assign,          ///< hand the connection to the waiter
        dial,            ///< open a connection under this id
        close,           ///< close the connection
        release_buffers, ///< the connection has been idle for `idle_grace`
        reject,          ///< the waiter fails with `why`
    };

    kind what{};
    connection_id connection = 0;
    engine::waiter* waiter = nullptr;
    error_code why;
};

struct pool_counts {
    std::size_t connections = 0;
    std::size_t idle = 0;
    std::size_t dials = 0;
    std::size_t queued = 0;
};

/// The pool's waiters and connections: hand-off, reuse, connecting, eviction. Pure: each input has the time and appends
/// actions; no I/O is done, and no clock or randomness is read. An input that throws `std::bad_alloc` has changed
/// nothing and may be repeated.
class pool_fsm {
public:
    /// `jitter` gives numbers in [0, 1). A connection that is idle for `idle_grace` releases its buffers.
    pool_fsm(const pool_config& config, std::function<double()> jitter,
             std::chrono::nanoseconds idle_grace = std::chrono::nanoseconds::max());

    /// Requests a connection: the waiter is assigned one, queued, or rejected. `requeue`: it was admitted before, so
    /// the queue's bound does not apply.
    void acquire(waiter& w, clock_reading now, bool requeue = false);
    /// Removes a waiter. A dial that was started for it continues.
    void cancel(waiter& w);
    void dialed(connection_id id, clock_reading now);
    /// Rejects the first waiter with `why`; others wait for the next dial.
    void dial_failed(connection_id id, error_code why, clock_reading now);
    /// An exchange has ended. `idle_limit`: the server's keep-alive timeout, if it sent one.
    void released(connection_id id, bool reusable, std::optional<std::chrono::nanoseconds> idle_limit,
                  clock_reading now);
    /// An idle connection ended.
    void on_idle_closed(connection_id id, clock_reading now);
    /// An assigned connection is dead: connections that have been idle as long are closed too.
    void on_stale(connection_id id, clock_reading now);
    /// Closes expired connections.
    void tick(clock_reading now);
    /// Time of the next `tick`.
    [[nodiscard]] std::optional<time_point> next_tick() const;
    /// Opens connections in advance, up to that number in all. A failed dial ends it.
    void warm_up(std::size_t connections, clock_reading now);
    /// A warm-up is running.
    [[nodiscard]] bool warming() const noexcept { return prewarm_target_ > 0; }
    /// Closes all connections, in any state. No waiter may be queued or have one.
    void close_all();
    /// Closes the idle connections; connections that are released later are closed too.
    void drain(clock_reading now);

    /// The actions, in order. The caller clears them.
    [[nodiscard]] std::vector<action>& actions() noexcept { return actions_; }
    [[nodiscard]] pool_counts counts() const;

private:
    using waiters = boost::intrusive::list<waiter, boost::intrusive::constant_time_size<false>>;
    enum class state : std::uint8_t { free, dialing, idle, busy };

    struct slot {
        pool_fsm::state state = state::free;
        std::uint64_t uses = 0;
        time_point expires;
        clock_reading idle_since;
        time_point idle_until;
        time_point release_at;
    };

    [[nodiscard]] bool may_dial(clock_reading now) const;
    [[nodiscard]] bool expired(const slot& s, clock_reading now) const;
    void schedule_tick(const slot& s);
    void make_room(std::size_t actions);
    void pump(clock_reading now) noexcept;
    void open_connections(clock_reading now);
    void hand_off(connection_id id, clock_reading now);
    void assign(connection_id id, waiters& from);
    void reject_all(error_code why);
    void remove(connection_id id);
    [[nodiscard]] std::size_t queued() const noexcept;
    void enqueue(waiter& w);
    void dequeue(waiter& w);

    pool_config config_;
    std::function<double()> jitter_;
    std::chrono::nanoseconds idle_grace_;
    std::vector<slot> slots_;
    std::vector<connection_id> free_;
    std::vector<connection_id> idle_; ///< the one used last at the back: it is used next
    waiters waiting_;
    waiters waiting_for_new_; ///< queued for a new connection; served before `waiting_`
    std::size_t waiting_count_ = 0;
    std::size_t dials_ = 0;
    std::size_t open_ = 0;           ///< slots in use
    std::size_t prewarm_target_ = 0; ///< connections, by a warm-up
    unsigned failures_ = 0;          ///< dials in a row
    bool circuit_open_ = false;
    time_point probe_at_;
    std::optional<time_point> next_tick_;
    bool draining_ = false;
    bool starved_ = false; ///< memory was short for a connection that is wanted: the next tick opens it
    std::vector<action> actions_;
};

} // namespace engine
YUNHU_NAMESPACE_END
