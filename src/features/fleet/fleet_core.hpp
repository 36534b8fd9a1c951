// Copyright (c) 2026 The yunhu authors
// SPDX-License-Identifier: BSL-1.0
#pragma once

#include "engine/account_share.hpp"
#include "features/fleet/held_account.hpp"
#include "runtime/guarded_handler.hpp"

#include <yunhu/config.hpp>
#include <yunhu/fleet.hpp>
#include <yunhu/lease_store.hpp>

#include <boost/asio/any_io_executor.hpp>
#include <boost/asio/awaitable.hpp>
#include <boost/asio/steady_timer.hpp>

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <exception>
#include <map>
#include <memory>
#include <optional>
#include <set>
#include <string>
#include <vector>

YUNHU_NAMESPACE_BEGIN
namespace detail {

/// Acts for a fleet's worker: looks at the leases, applies what `account_share` decides, renews, and runs a handler for
/// each account that it holds. Everything but `begin`, `stop` and `stats` runs on its strand, the handlers on their
/// own.
class fleet_core : public std::enable_shared_from_this<fleet_core> {
public:
    fleet_core(asio::any_io_executor executor, std::shared_ptr<lease_store> store, fleet_options options);

    void begin(fleet_completion done);
    void stop();
    [[nodiscard]] fleet_stats stats() const { return counters_->stats(); }

private:
    using boot_time = std::chrono::nanoseconds;
    using milliseconds = std::chrono::milliseconds;

    asio::awaitable<void> work();
    asio::awaitable<void> turn(milliseconds& pause);
    enum class ending : std::uint8_t {
        not_started, ///< the store has failed
        repeats,     ///< something may be delivered again
        clean,       ///< what was delivered is acknowledged and saved
    };
    asio::awaitable<ending> hear(std::shared_ptr<held_account> held);
    asio::awaitable<void> wait(milliseconds length);

    [[nodiscard]] engine::account_share::own_state own_state() const;
    [[nodiscard]] std::vector<lease_change> changes_of(const engine::account_share::decision& made) const;
    void drop_what_is_over();
    void apply(const lease_view& seen, const std::vector<lease_change>& asked, const std::vector<lease_ticket>& done,
               boot_time until);
    void acquire(const lease_ticket& ticket, bool taken_over, boot_time until);
    void start(const std::shared_ptr<held_account>& held);
    void on_ended(const std::shared_ptr<held_account>& held, const std::exception_ptr& thrown, ending how);
    void report(const std::string& account, fleet_change what);
    void on_trouble(const failure& f);
    void post_trouble(const failure& f); ///< from an account's strand
    void end(failure why);
    void end_task();
    void poke();

    asio::any_io_executor executor_;
    std::shared_ptr<lease_store> store_;
    fleet_options options_;
    std::string name_; ///< fresh for each worker: a restarted one is another
    std::map<std::string, const fleet_account*> accounts_;
    std::vector<std::string> names_;
    std::shared_ptr<fleet_counters> counters_ = std::make_shared<fleet_counters>();
    asio::any_io_executor strand_;
    asio::steady_timer wake_;
    std::optional<guarded_handler<error_code, fleet_summary>> done_;

    std::map<std::string, std::shared_ptr<held_account>> held_; ///< until the handler has ended
    struct released {
        lease_ticket ticket;
        boot_time until{};
    };
    std::map<std::string, released> releasing_; ///< the handler has ended, and the lease is still this worker's
    std::set<std::string> resigned_;            ///< the handler has ended by itself
    bool stopping_ = false;
    bool poked_ = false;
    std::size_t tasks_ = 0;
    std::optional<failure> why_;
};

} // namespace detail
YUNHU_NAMESPACE_END
