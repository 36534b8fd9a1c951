// Copyright (c) 2026 The yunhu authors
// SPDX-License-Identifier: BSL-1.0
#pragma once

#include "engine/pool_fsm.hpp"
#include "engine/retry_policy.hpp"
#include "engine/timer_queue.hpp"
#include "model/exceptions.hpp"
#include "runtime/call.hpp"
#include "runtime/client_settings.hpp"
#include "runtime/context_service.hpp"
#include "runtime/counters.hpp"
#include "runtime/observer_dispatch.hpp"
#include "transport/asio_types.hpp"
#include "transport/connection.hpp"
#include "transport/inline_strand.hpp"

#include <yunhu/config.hpp>
#include <yunhu/error.hpp>

#include <boost/intrusive/list.hpp>

#include <chrono>
#include <cstddef>
#include <functional>
#include <memory>
#include <optional>
#include <random>
#include <string>
#include <thread>
#include <utility>
#include <vector>

YUNHU_NAMESPACE_BEGIN
namespace detail {

/// A connection pool and its calls: applies the actions of their machines. Everything runs on its `inline_strand`.
class shard final : public transport::connection_owner,
                    public context_member,
                    public std::enable_shared_from_this<shard> {
public:
    shard(const asio::any_io_executor& inner, std::shared_ptr<const client_settings> with, std::size_t index);
    shard(const shard&) = delete;
    shard& operator=(const shard&) = delete;
    ~shard() override = default;

    /// The strand on which every other function, except `numbers`, must be called.
    [[nodiscard]] transport::inline_strand& strand() const noexcept override { return *strand_; }
    [[nodiscard]] const counters& numbers() const noexcept { return numbers_; }

    // On the strand:
    void start(const std::shared_ptr<call>& c);
    /// Also before the start, if that is deferred.
    void cancel(call& c);
    /// The rate limiter has granted the call's permit.
    void on_permit(call& c);
    /// The call's permit may be due at that time: polls the rate limiter then.
    void on_permit_expected(call& c, engine::time_point at);
    /// Refuses new calls. Invokes `drained` with the number of aborted calls once all have ended, at `deadline` at the
    /// latest.
    void drain(engine::time_point deadline, std::function<void(std::size_t)> drained);
    /// Opens connections. Invokes `ended` with the number of open ones.
    void warm_up(std::size_t connections, std::function<void(std::size_t)> ended);
    /// Completes the waiting warm-ups.
    void notify_warm();
    /// Aborts the running calls.
    void abort_calls();
    /// Aborts everything now.
    void close();
    void leave_connections_to_parent() override;

    void abandon() override;

private:
    struct dial_timer : engine::timed {
        explicit dial_timer(engine::connection_id dialed) : timed(kind::dial), id(dialed) {}
        engine::connection_id id;
    };
    struct slot {
        std::shared_ptr<transport::connection> connection;
        call* busy_with = nullptr;
        std::unique_ptr<shard::dial_timer> dial_timer;
    };
    using running_hook = boost::intrusive::member_hook<call, boost::intrusive::list_member_hook<>, &call::running>;
    using calls = boost::intrusive::list<call, running_hook>;

    // transport::connection_owner
    void on_connected(transport::connection& c) override;
    void on_open(transport::connection& c) override;
    void on_open_failed(transport::connection& c, const transport::transport_error& why) override;
    void on_first_byte(transport::connection& c) override;
    void on_response(transport::connection& c, http::response a, bool reusable) override;
    void on_exchange_failed(transport::connection& c, const transport::transport_error& why) override;
    void on_no_response(transport::connection& c) override;
    void on_idle_ended(transport::connection& c) override;

    // actions of the pool's machine
    void run_actions() noexcept;
    void assign(engine::connection_id id, call& c);
    void dial(engine::connection_id id);
    void close_connection(engine::connection_id id);
    void reject(call& c, const error_code& why, engine::clock_reading at);

    // a call's life
    using call_end = engine::call_fsm::action (engine::call_fsm::*)(delivery reached);
    void act(call& c, const engine::call_fsm::action& next, engine::clock_reading at);
    void request_permit(call& c, bool requeue, engine::clock_reading at);
    void connection_stale(call& c);
    void end_call(call& c, call_end input, const error_code& why) noexcept;
    [[nodiscard]] delivery leave_pool(call& c) noexcept;
    void handle_response(call& c, http::response& a, bool reused, engine::clock_reading at);
    void response_received(call& c, http::response& a, bool reused, engine::clock_reading at);
    void attempt_failed(call& c, const transport::transport_error& why, bool reused, engine::clock_reading at);
    void fail(call& c, const error_code& why) noexcept;
    [[nodiscard]] call* detach_call(transport::connection& c);
    [[nodiscard]] phase dial_phase() const;
    void end(call& c);
    [[nodiscard]] bool renew(call& c) noexcept;
    static void complete(transport::inline_strand::pending_completion& ended, transport::inline_strand::origin from);

    /// Defers `work` until the observer's hook that started it has returned.
    template <class Work> void after_hook(Work work) {
        retry_on_bad_alloc([&] { strand_->post(work); });
    }

    // exceptions
    template <class Step> void transact(call* c, Step step) noexcept;
    void fail_after_exception(call& c, const error_code& thrown) noexcept;
    void fail_action(const engine::action& a, const error_code& thrown) noexcept;
    void run_action(const engine::action& a);

    // time
    [[nodiscard]] static engine::clock_reading now();
    void arm_timer();
    void timer_fired();
    void expire(engine::timed& what, engine::clock_reading at);
    void expire_call(call& c, engine::clock_reading at);
    void expire_dial(const dial_timer& what);
    void expire_drain();
    void end_drain();
    void abort_waiting_calls();
    void abort_call(call& c);
    void notify_drained();
    [[nodiscard]] bool stop_dials();

    std::shared_ptr<transport::inline_strand> strand_;
    std::shared_ptr<const client_settings> settings_;
    std::mt19937_64 random_;
    std::function<double()> uniform_;
    engine::pool_fsm pool_;
    engine::retry_budget budget_;
    engine::timer_queue timers_;
    std::optional<transport::timer> timer_;
    std::optional<engine::time_point> armed_for_;
    std::uint64_t timer_generation_ = 0;
    std::vector<slot> slots_;
    std::vector<char> scratch_; ///< read buffer, used by one connection at a time
    calls calls_;
    transport::transport_error last_dial_;
    bool running_actions_ = false;
    bool closing_ = false;
    bool forked_ = false;        ///< in a hook; the inherited calls are ended when it has returned
    bool drain_expired_ = false; ///< the last responses are being polled
    engine::timed drain_timer_{engine::timed::kind::drain};
    std::size_t aborted_ = 0;
    std::vector<std::function<void(std::size_t)>> drained_;
    std::vector<std::function<void(std::size_t)>> warm_;
    counters numbers_;
    observer_dispatch events_;
};

template <class Step> void shard::transact(call* c, Step step) noexcept {
    try {
        step();
    } catch (...) {
        const error_code thrown = current_exception_code();
        if (c != nullptr && c->self && !c->life.done()) {
            fail_after_exception(*c, thrown);
        }
    }
    run_actions();
}

} // namespace detail
YUNHU_NAMESPACE_END
