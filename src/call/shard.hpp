#pragma once

#include "call/call.hpp"
#include "call/counters.hpp"
#include "call/deadlines.hpp"
#include "call/retry.hpp"
#include "call/settings.hpp"
#include "call/watch.hpp"
#include "net/connection.hpp"
#include "net/executor.hpp"
#include "net/serial.hpp"
#include "pool/pool_machine.hpp"

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

namespace yunhu::inline v0_1::detail {

/// A pool with the calls on it: asks the machines what is to be done, and does it. Everything runs inside its `serial`.
class shard final : public net::connection_owner, public std::enable_shared_from_this<shard> {
public:
    shard(const asio::any_io_executor& inner, std::shared_ptr<const settings> with, std::size_t index);
    shard(const shard&) = delete;
    shard& operator=(const shard&) = delete;
    ~shard() = default;

    /// Where everything else here, but `numbers`, must be called.
    [[nodiscard]] net::serial& inside() const noexcept { return *serial_; }
    [[nodiscard]] const counters& numbers() const noexcept { return numbers_; }

    // Inside:
    void start(const std::shared_ptr<call>& c);
    void cancel(call& c);
    /// The call, which waits for that, may go under its rate limit.
    void turn_came(call& c);
    /// Its turn may come at that time: then its limit is to be asked.
    void await_turn(call& c, pool::time_point at);
    /// No more calls; `drained` is told how many were cut off, when those that run have ended or at `deadline`.
    void drain(pool::time_point deadline, std::function<void(std::size_t)> drained);
    /// Opens connections; `ended` is told how many are open then.
    void warm_up(std::size_t connections, std::function<void(std::size_t)> ended);
    /// Tells who waits for it.
    void tell_warm();
    /// Ends the calls that run.
    void cut_off();
    /// Ends everything now.
    void close();

    /// Drops everything without a word: the execution context is being destroyed.
    void abandon();

private:
    struct dial_timer : timed {
        explicit dial_timer(pool::connection_id dialed) : timed(kind::dial), id(dialed) {}
        pool::connection_id id;
    };
    struct slot {
        std::shared_ptr<net::connection> connection;
        call* busy_with = nullptr;
        std::unique_ptr<shard::dial_timer> dial_timer;
    };
    using running_hook = boost::intrusive::member_hook<call, boost::intrusive::list_member_hook<>, &call::running>;
    using calls = boost::intrusive::list<call, running_hook>;

    // net::connection_owner
    void on_connected(net::connection& c) override;
    void on_open(net::connection& c) override;
    void on_open_failed(net::connection& c, const net::loss& why) override;
    void on_first_byte(net::connection& c) override;
    void on_answer(net::connection& c, net::answer a, bool reusable) override;
    void on_exchange_failed(net::connection& c, const net::loss& why) override;
    void on_idle_ended(net::connection& c) override;

    // what the pool's machine wants done
    void run_actions();
    void assign(pool::connection_id id, call& c);
    void read_soon(pool::connection_id id);
    void start_reads();
    void dial(pool::connection_id id);
    void close_connection(pool::connection_id id);
    void reject(call& c, const error_code& why, pool::moment at);

    // a call's life
    void acquire(call& c, bool again, pool::moment at);
    [[nodiscard]] bool take_turn(call& c, bool again, pool::moment at);
    void answered(call& c, net::answer& a, bool reused, pool::moment at);
    void attempt_failed(call& c, const net::loss& why, bool reused, pool::moment at);
    static void reached(call& c, delivery how);
    void proceed(call& c, const verdict& v, pool::moment at);
    void give_up(call& c, const error_code& why);
    [[nodiscard]] call* take_off(net::connection& c);
    [[nodiscard]] phase dial_phase() const;
    void end(call& c);
    static void deliver(net::serial::deferred& ended, net::serial::by who);

    /// A hook of the observer's has called: what it wants is done once it has returned.
    template <class Work> void after_hook(Work work) { serial_->post(std::move(work)); }

    // time
    [[nodiscard]] static pool::moment now();
    void arm_timer();
    void timer_fired();
    void expire(timed& what, pool::moment at);
    void expire_call(call& c, pool::moment at);
    void expire_dial(const dial_timer& what);
    void tell_drained();
    [[nodiscard]] bool stop_dials();

    std::shared_ptr<net::serial> serial_;
    std::shared_ptr<const settings> settings_;
    std::mt19937_64 random_;
    std::function<double()> uniform_;
    pool::pool_machine pool_;
    retry_budget budget_;
    deadlines deadlines_;
    std::optional<net::timer> timer_;
    std::optional<pool::time_point> armed_for_;
    std::uint64_t timer_generation_ = 0;
    std::vector<slot> slots_;
    std::vector<char> scratch_;               ///< bytes are read to here, one connection at a time
    std::vector<pool::connection_id> unread_; ///< their requests are sent, their reads are still to start
    std::thread::id gathered_by_;             ///< who put the first one there
    unsigned reads_at_once_ = 0;              ///< so many more are not gathered
    calls calls_;
    net::loss last_dial_;
    bool running_actions_ = false;
    bool closing_ = false;
    timed drain_timer_{timed::kind::drain};
    std::size_t cut_off_ = 0;
    std::vector<std::function<void(std::size_t)>> drained_;
    std::vector<std::function<void(std::size_t)>> warm_;
    counters numbers_;
    watch watch_;
};

} // namespace yunhu::inline v0_1::detail
