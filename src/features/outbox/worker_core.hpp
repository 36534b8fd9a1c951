// Copyright (c) 2026 The yunhu authors
// SPDX-License-Identifier: BSL-1.0
#pragma once

#include "engine/send_verdict.hpp"
#include "runtime/guarded_handler.hpp"

#include <yunhu/client.hpp>
#include <yunhu/config.hpp>
#include <yunhu/endpoint.hpp>
#include <yunhu/outbox_store.hpp>
#include <yunhu/outbox_worker.hpp>

#include <boost/asio/any_io_executor.hpp>
#include <boost/asio/awaitable.hpp>
#include <boost/asio/steady_timer.hpp>

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <map>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <vector>

YUNHU_NAMESPACE_BEGIN
namespace detail {

/// Acts for an outbox's worker: claims, marks, sends, looks up, settles. Everything but `stop`, `stats` and `begin`
/// runs on its strand.
class outbox_worker_core : public std::enable_shared_from_this<outbox_worker_core> {
public:
    outbox_worker_core(client through, std::shared_ptr<outbox_store> store, outbox_worker_options options);

    void begin(outbox_handler done);
    void stop();
    [[nodiscard]] outbox_worker_stats stats() const;

private:
    using boot_time = std::chrono::nanoseconds; ///< CLOCK_BOOTTIME, which also runs while the machine sleeps
    using steady = std::chrono::steady_clock;
    using milliseconds = std::chrono::milliseconds;
    using body_endpoint = endpoint<std::string, bool>;

    static boot_time boot_now() noexcept;

    asio::awaitable<void> work();
    asio::awaitable<void> claim_and_send();
    asio::awaitable<void> keep_house();
    asio::awaitable<void> deliver(outbox_claim message, boot_time asked);
    asio::awaitable<void> look_up(outbox_claim message, outbox_outcome so_far);
    asio::awaitable<void> settle_all();
    asio::awaitable<void> pause_lane(std::string account, failure why);
    asio::awaitable<void> wait(asio::steady_timer& timer, steady::time_point until);

    void start(asio::awaitable<void> task);
    [[nodiscard]] claim_request request_of(std::size_t max) const;
    [[nodiscard]] const client* sender_of(const std::string& account) const;
    void finish(const outbox_ticket& of, outbox_outcome outcome, milliseconds delay = {});
    void on_failed_send(const outbox_claim& of, const failure& f, engine::send_verdict::next next);
    void on_trouble(const failure& f);
    void report_pause(const failure& f, milliseconds length);
    void end(failure why);
    void complete();
    void count(std::uint64_t outbox_worker_stats::*what, std::uint64_t by = 1);

    client through_;
    std::shared_ptr<outbox_store> store_;
    outbox_worker_options options_;
    std::string name_; ///< fresh for each worker: a restarted one is another
    std::map<std::string, client> senders_;
    body_endpoint send_;
    asio::any_io_executor strand_;
    asio::steady_timer wake_;   ///< of the loop that claims
    asio::steady_timer settle_; ///< of the loop that settles
    std::optional<guarded_handler<error_code, outbox_summary>> done_;

    bool stopping_ = false;
    bool closing_ = false; ///< nothing is in flight any more
    std::optional<failure> why_;
    std::map<std::uint64_t, outbox_ticket> in_flight_; ///< by row, until the outcome is stored
    std::vector<settlement> outcomes_;                 ///< to be stored
    std::size_t tasks_ = 0;
    unsigned troubles_ = 0;                     ///< in a row
    std::map<std::string, unsigned> throttled_; ///< in a row, by account
    steady::time_point paused_until_ = steady::time_point::min();
    steady::time_point house_due_ = steady::time_point::min();
    steady::time_point prune_due_ = steady::time_point::min();

    mutable std::mutex mutex_;
    outbox_worker_stats stats_;
};

} // namespace detail
YUNHU_NAMESPACE_END
