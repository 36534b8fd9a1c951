// Copyright (c) 2026 The yunhu authors
// SPDX-License-Identifier: BSL-1.0
#pragma once

#include "fault_server.hpp"

#include <yunhu/client.hpp>

#include <boost/asio/any_io_executor.hpp>
#include <boost/asio/cancellation_signal.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/strand.hpp>

#include <atomic>
#include <chrono>
#include <cstddef>
#include <functional>
#include <memory>
#include <string>

namespace yunhu::test {

/// How often a race is run: the variable YUNHU_RACE_ROUNDS; without it a number that suits every test run.
[[nodiscard]] std::size_t race_rounds();

/// How long anything may take: it turns a lost wake-up into a failure, and nothing else depends on it.
inline constexpr std::chrono::seconds race_wait_limit{60};

/// A call in a race. Its members may be called from any thread, after `start` has returned.
class racer : public std::enable_shared_from_this<racer> {
public:
    racer(boost::asio::any_io_executor executor, std::string id);

    /// Starts a call on the executor that the racer was given, or that must be the calling thread's.
    void start(client& bot, const call_options& options = {});
    /// Cancels it there.
    void cancel();
    /// Cancels it here: the caller is on the executor already.
    void cancel_here();

    [[nodiscard]] unsigned ends() const noexcept { return ends_.load(); }
    [[nodiscard]] bool ended() const noexcept { return ends() > 0; }
    // How it ended:
    [[nodiscard]] const error_code& code() const noexcept { return code_; }
    [[nodiscard]] delivery how() const noexcept { return how_; }
    /// It went well, with its own answer.
    [[nodiscard]] bool ok() const noexcept { return ends() == 1 && !code_ && own_response_; }
    /// Ended once: well, with its own answer, or with that code.
    [[nodiscard]] bool ok_or(const error_code& code) const noexcept { return ok() || (ends() == 1 && code_ == code); }

    /// Called at its end, where it ends.
    std::function<void()> on_end;

private:
    boost::asio::strand<boost::asio::any_io_executor> strand_;
    std::string id_;
    boost::asio::cancellation_signal signal_;
    std::atomic<unsigned> ends_ = 0;
    error_code code_;
    delivery how_{};
    bool own_response_ = false;
};

/// Where races are run: a server on plain HTTP that echoes the calls' ids.
class arena {
public:
    explicit arena(std::size_t connections = 1);

    fault_server server;
    client_config config;

    /// Answers that have left.
    [[nodiscard]] std::size_t responses() const noexcept { return responses_.load(); }
    /// A new call.
    [[nodiscard]] std::shared_ptr<racer> enter(const boost::asio::any_io_executor& executor);
    /// No request was unreadable.
    [[nodiscard]] bool untroubled() const;

private:
    std::atomic<std::size_t> responses_ = 0;
    std::atomic<std::size_t> calls_ = 0;
};

/// Runs the context until then; false: it did not happen in time.
[[nodiscard]] bool run_until(boost::asio::io_context& context, const std::function<bool()>& happened);
/// Waits for a long race on other threads, or runs it: `turn` does either, until what it is given has happened. False:
/// for `race_wait_limit` there was no progress.
[[nodiscard]] bool run_to_end(const std::function<bool(const std::function<bool()>&)>& turn,
                              const std::function<bool()>& done, const std::function<std::size_t()>& progress);
/// Waits for what other threads do; false: it did not happen in time.
[[nodiscard]] bool wait_until(const std::function<bool()>& happened);

} // namespace yunhu::test
