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

/// The number of rounds of a race: the environment variable YUNHU_RACE_ROUNDS, or a small default.
[[nodiscard]] std::size_t race_rounds();

/// The timeout of all waits: it turns a lost wake-up into a failure, and nothing else depends on it.
inline constexpr std::chrono::seconds race_timeout{60};

/// A call in a race. Its members may be called from any thread, after `start` has returned.
class racer : public std::enable_shared_from_this<racer> {
public:
    racer(boost::asio::any_io_executor executor, std::string id);

    /// Starts the call. Its handler runs on the racer's strand.
    void start(client& bot, const call_options& options = {});
    /// Cancels the call, on its strand.
    void cancel();
    /// Cancels the call inline: the caller must be on its strand.
    void cancel_here();

    [[nodiscard]] unsigned ends() const noexcept { return ends_.load(); }
    [[nodiscard]] bool ended() const noexcept { return ends() > 0; }
    // The result of the ended call:
    [[nodiscard]] const error_code& code() const noexcept { return code_; }
    [[nodiscard]] delivery how() const noexcept { return how_; }
    /// Whether it succeeded, with its own response.
    [[nodiscard]] bool ok() const noexcept { return ends() == 1 && !code_ && own_response_; }
    /// Whether it ended once: as `ok`, or with that code.
    [[nodiscard]] bool ok_or(const error_code& code) const noexcept { return ok() || (ends() == 1 && code_ == code); }

    /// Called in the call's handler.
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

/// The environment of a race: a server on plain HTTP that echoes the calls' ids.
class arena {
public:
    explicit arena(std::size_t connections = 1);

    fault_server server;
    client_config config;

    /// The number of responses sent.
    [[nodiscard]] std::size_t responses() const noexcept { return responses_.load(); }
    /// Makes a new call; it is not started.
    [[nodiscard]] std::shared_ptr<racer> make_call(const boost::asio::any_io_executor& executor);
    /// Whether the server could parse every request.
    [[nodiscard]] bool no_bad_requests() const;

private:
    std::atomic<std::size_t> responses_ = 0;
    std::atomic<std::size_t> calls_ = 0;
};

/// Runs the context until the condition is true; false: not within `race_timeout`.
[[nodiscard]] bool run_until(boost::asio::io_context& context, const std::function<bool()>& condition);
/// Waits for a long race until `done`. `wait` runs the context, or waits for other threads, until a condition is true.
/// False: no progress within `race_timeout`.
[[nodiscard]] bool run_to_end(const std::function<bool(const std::function<bool()>&)>& wait,
                              const std::function<bool()>& done, const std::function<std::size_t()>& progress);
/// Waits for other threads until the condition is true; false: not within `race_timeout`.
[[nodiscard]] bool wait_until(const std::function<bool()>& condition);

} // namespace yunhu::test
