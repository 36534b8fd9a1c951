// Copyright (c) 2026 The yunhu authors
// SPDX-License-Identifier: BSL-1.0

#include "drive.hpp"

#include "child.hpp"
#include "peers/request.hpp"

#include <yunhu/client.hpp>

#include <boost/asio/awaitable.hpp>
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/thread_pool.hpp>

#include <atomic>
#include <chrono>
#include <exception>
#include <mutex>
#include <optional>
#include <stdexcept>
#include <string>
#include <utility>

namespace yunhu::bench {
namespace {

namespace asio = boost::asio;

// State shared by the callers.
class session {
public:
    session(asio::any_io_executor executor, const client_config& config, const load& what)
        : client_(std::in_place, std::move(executor), config), what_(what),
          left_(
              static_cast<std::ptrdiff_t>(what.warm_up + what.calls + (what.calls > what.callers ? what.callers : 0))),
          running_(what.callers) {}

    void start(const asio::any_io_executor& where) {
        for (std::size_t i = 0; i < what_.callers; ++i) {
            asio::co_spawn(where, caller(*this), [this](const std::exception_ptr& e) { ended(e); });
        }
    }

    [[nodiscard]] cost result() const {
        if (failed_) {
            std::rethrow_exception(failed_);
        }
        if (static_cast<std::size_t>(completed_.load()) < what_.warm_up + what_.calls) {
            throw std::runtime_error("not all calls have succeeded");
        }
        const auto calls = static_cast<double>(what_.calls);
        return {(cpu_after_ - cpu_before_) * 1e6 / calls, calls / (wall_after_ - wall_before_), stats_};
    }

private:
    static asio::awaitable<void> caller(session& on) {
        while (on.left_.fetch_sub(1) > 0) {
            co_await on.client_->send_message({group(std::string(chat_id)), yunhu::text(std::string(bench::text))});
            on.completed();
        }
    }

    void completed() {
        const std::ptrdiff_t before = completed_.fetch_add(1);
        const auto warm = static_cast<std::ptrdiff_t>(what_.warm_up);
        const auto calls = static_cast<std::ptrdiff_t>(what_.calls);
        if (before == warm) {
            cpu_before_ = cpu_seconds();
            wall_before_ = wall_seconds();
            if (what_.at_begin) {
                what_.at_begin();
            }
        }
        if (before + 1 == warm + calls) {
            if (what_.at_end) {
                what_.at_end();
            }
            cpu_after_ = cpu_seconds();
            wall_after_ = wall_seconds();
        }
    }

    void ended(const std::exception_ptr& e) {
        if (e) {
            const std::lock_guard lock(mutex_);
            failed_ = e;
        }
        if (--running_ == 0) {
            stats_ = client_->stats();
            client_.reset(); // the last handle: run() returns
        }
    }

    std::optional<client> client_;
    const load& what_;
    std::atomic<std::ptrdiff_t> left_;
    std::atomic<std::size_t> running_;
    std::atomic<std::ptrdiff_t> completed_ = 0;
    std::mutex mutex_;
    std::exception_ptr failed_;
    client_stats stats_;
    double cpu_before_ = 0;
    double cpu_after_ = 0;
    double wall_before_ = 0;
    double wall_after_ = 0;
};

} // namespace

client_config config_for(std::uint16_t port, const std::string& ca_file) {
    client_config config{secret(std::string(token))};
    config.base_url = "https://" + host(port);
    config.tls.ca_file = ca_file;
    return config;
}

cost drive(const client_config& config, const load& what) {
    client_config mine = config;
    mine.shards = what.threads;
    mine.pool.max_connections = what.connections / what.threads;
    mine.pool.max_queued = what.callers;
    mine.timeout = std::chrono::minutes(10); // per call, waiting included
    if (what.threads > 1) {
        asio::thread_pool threads(what.threads);
        session all(threads.get_executor(), mine, what);
        all.start(threads.get_executor());
        threads.join();
        return all.result();
    }
    asio::io_context io(1);
    session all(io.get_executor(), mine, what);
    all.start(io.get_executor());
    io.run();
    return all.result();
}

} // namespace yunhu::bench
