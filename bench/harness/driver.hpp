// Copyright (c) 2026 The yunhu authors
// SPDX-License-Identifier: BSL-1.0
#pragma once

#include "load.hpp"
#include "recorder.hpp"
#include "target.hpp"

#include <boost/asio/io_context.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/asio/strand.hpp>

#include <functional>
#include <map>
#include <memory>
#include <mutex>
#include <string>

namespace bench {

/// Runs one load against a target, on an `io_context` that any number of threads may run. Lives until the last of its
/// handlers has run; the target must outlive it.
class driver : public std::enable_shared_from_this<driver> {
public:
    /// `done` is called once, on a thread of the `io_context`, when the last call has ended.
    driver(boost::asio::io_context& io, target& to, const load_settings& settings, nanoseconds interval,
           std::function<void()> done);
    driver(const driver&) = delete;
    driver& operator=(const driver&) = delete;
    ~driver() = default;

    void start();
    /// Starts no more calls; those in flight finish. Thread-safe.
    void stop();

    /// The current state.
    struct snapshot {
        double progress = 0;
        bool warming_up = false;
        std::uint64_t in_flight = 0;
        interval recent; ///< since the previous snapshot
        std::map<std::string, std::uint64_t, std::less<>> errors;
        histogram latency; ///< of the calls measured so far
    };
    /// Thread-safe.
    [[nodiscard]] snapshot take_snapshot();

    [[nodiscard]] time_point measured_from() const { return load_.measured_from(); }
    /// Valid after completion.
    [[nodiscard]] const recorder& recorded() const { return recorder_; }

private:
    void pump();
    void begin(const planned_call& call);
    void ended(const planned_call& call, time_point started, const outcome& what);
    void arm();
    void tell_if_finished(std::unique_lock<std::mutex> lock);

    boost::asio::strand<boost::asio::io_context::executor_type> strand_; ///< of the timer
    boost::asio::steady_timer timer_;
    target& target_;
    std::function<void()> done_;
    bool open_loop_;
    std::mutex mutex_; ///< guards the members below
    load load_;
    recorder recorder_;
    bool told_ = false;
};

} // namespace bench
