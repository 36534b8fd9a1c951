// Copyright (c) 2026 The yunhu authors
// SPDX-License-Identifier: BSL-1.0
#pragma once

#include "runtime/call.hpp"
#include "runtime/client_settings.hpp"
#include "runtime/rate_limiter.hpp"
#include "runtime/shard.hpp"

#include <yunhu/client_config.hpp>
#include <yunhu/config.hpp>
#include <yunhu/stats.hpp>

#include <boost/asio/any_completion_handler.hpp>
#include <boost/asio/any_io_executor.hpp>

#include <atomic>
#include <chrono>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <mutex>
#include <string_view>
#include <vector>

YUNHU_NAMESPACE_BEGIN
namespace detail {

/// Learns of the messages that an account sends.
class send_listener {
public:
    send_listener() = default;
    send_listener(const send_listener&) = delete;
    send_listener& operator=(const send_listener&) = delete;
    virtual ~send_listener() = default;

    /// Before the request is written; on any thread.
    virtual void sending(std::string_view msg_id) = 0;
};

/// State shared by all handles of a client: settings and shards. Thread-safe.
class client_core : public std::enable_shared_from_this<client_core> {
public:
    client_core(asio::any_io_executor executor, client_config config);
    client_core(const client_core&) = delete;
    client_core& operator=(const client_core&) = delete;
    ~client_core() = default;

    [[nodiscard]] const asio::any_io_executor& executor() const noexcept { return executor_; }
    [[nodiscard]] const client_config& config() const noexcept { return settings_->config(); }
    [[nodiscard]] const transport::peer& peer() const noexcept { return settings_->peer(); }
    [[nodiscard]] client_stats stats() const;
    [[nodiscard]] credentials make_credentials(const secret& token) const { return settings_->make_credentials(token); }
    /// The account of a provider's tokens. Throws as `make_credentials` does.
    [[nodiscard]] std::shared_ptr<const credentials> make_renewed(std::shared_ptr<token_provider> tokens) const;
    /// Null: that endpoint has none.
    [[nodiscard]] rate_limiter* limit_of(const endpoint_info& where) const noexcept {
        return limits_.empty() ? nullptr : find_limit(where.path);
    }

    void start(std::shared_ptr<call> c, completion done, handler_executor where);
    /// `of`: the account whose messages it learns of; null: the client's own.
    void add_listener(std::weak_ptr<send_listener> one, std::shared_ptr<const credentials> of);
    void shutdown(std::chrono::nanoseconds deadline, asio::any_completion_handler<void(std::size_t)> done);
    void warm_up(std::size_t connections, asio::any_completion_handler<void(std::size_t)> done);
    /// Called when the last handle is destroyed.
    void close() noexcept;

private:
    [[nodiscard]] rate_limiter* find_limit(std::string_view path) const noexcept;

    void announce(const call& c);

    struct gathering;
    [[nodiscard]] std::shared_ptr<gathering> gather(asio::any_completion_handler<void(std::size_t)> done,
                                                    void (client_core::*on_cancel)(gathering& which));
    void abort_calls(gathering& which);
    void stop_waiting(gathering& which);

    asio::any_io_executor executor_;
    std::shared_ptr<const client_settings> settings_;
    std::vector<std::unique_ptr<rate_limiter>> limits_;
    std::vector<std::shared_ptr<shard>> shards_;
    std::atomic<std::size_t> next_shard_{0};
    std::atomic<std::uint64_t> observed_calls_{0};

    struct listening {
        std::weak_ptr<send_listener> who;
        std::shared_ptr<const credentials> account;
    };
    std::mutex listeners_mutex_;
    std::vector<listening> listeners_;
    std::atomic<bool> has_listeners_{false};
};

} // namespace detail
YUNHU_NAMESPACE_END
