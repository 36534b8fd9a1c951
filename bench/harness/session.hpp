// Copyright (c) 2026 The yunhu authors
// SPDX-License-Identifier: BSL-1.0
#pragma once

#include "client_target.hpp"
#include "driver.hpp"
#include "emulator_process.hpp"
#include "options.hpp"
#include "run_result.hpp"
#include "view.hpp"

#include <yunhu/client.hpp>

#include <boost/asio/executor_work_guard.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/signal_set.hpp>

#include <memory>
#include <optional>
#include <string>
#include <thread>
#include <vector>

namespace bench {

/// A client on its own threads, and successive measurements with it. Interrupts end them: the
/// first one drains the calls in flight, the second one aborts them.
class session {
public:
    /// `server` is null if `options` names one. Sends the message fixtures. Throws `yunhu::error`.
    session(const options& with, const emulator_process* server, view& shown_on);
    session(const session&) = delete;
    session& operator=(const session&) = delete;
    ~session();

    [[nodiscard]] run_result measure(const load_settings& load, const std::string& title);
    [[nodiscard]] bool interrupted() const noexcept { return interrupts_ > 0; }

private:
    struct numbers { ///< a snapshot
        yunhu::client_stats stats;
        double client_cpu = 0;
        std::optional<double> server_cpu;
    };

    [[nodiscard]] yunhu::client_config config() const;
    [[nodiscard]] numbers numbers_now() const;
    void fill_stock();
    void start_threads();
    void stop_threads();
    void wait_for_interrupt();
    void on_interrupt();
    void watch(driver& d, const std::string& title, const bool& finished, numbers& at_start);
    [[nodiscard]] run_result result_of(const driver& d, const load_settings& load, const numbers& before) const;

    const options& options_;
    const emulator_process* server_;
    view& view_;
    boost::asio::io_context ui_; ///< of the thread that measures
    boost::asio::signal_set signals_{ui_};
    boost::asio::io_context io_; ///< of the client
    std::optional<boost::asio::executor_work_guard<boost::asio::io_context::executor_type>> work_;
    std::vector<std::thread> threads_;
    std::optional<yunhu::client> client_;
    std::unique_ptr<client_target> target_;
    std::shared_ptr<driver> running_;
    unsigned interrupts_ = 0;
};

} // namespace bench
