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
#include <functional>
#include <map>
#include <memory>
#include <mutex>
#include <string>
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
    [[nodiscard]] const std::shared_ptr<const client_settings>& settings() const noexcept { return settings_; }
    [[nodiscard]] const transport::peer& peer() const noexcept { return settings_->peer(); }
    [[nodiscard]] client_stats stats();
    [[nodiscard]] credentials make_credentials(const secret& token) const { return settings_->make_credentials(token); }
    /// The account of a provider's tokens. Throws as `make_credentials` does.
    [[nodiscard]] std::shared_ptr<const credentials> make_renewed(std::shared_ptr<token_provider> tokens) const;
    /// Null: that endpoint has none.
    [[nodiscard]] rate_limiter* limit_of(const endpoint_info& where) const noexcept {
        return limits_.empty() ? nullptr : find_limit(where.path);
    }

    [[nodiscard]] bool is_api(std::string_view origin) const { return settings_->is_api(origin); }
    /// The core of the same client at another server, made on demand; null after `shutdown` or `close`. Throws
    /// `yunhu::error` (`errc::invalid_request`) if the origin is not valid.
    [[nodiscard]] std::shared_ptr<client_core> at(std::string_view origin);
    /// State that a feature keeps with the client; made by the first caller.
    template <class State> [[nodiscard]] std::shared_ptr<State> feature_state() {
        const std::lock_guard lock(hosts_mutex_);
        std::shared_ptr<void>& kept = feature_state_[&feature_key<State>];
        if (!kept) {
            kept = std::make_shared<State>();
        }
        return std::static_pointer_cast<State>(kept);
    }

    void start(std::shared_ptr<call> c, completion done, handler_executor where);
    /// `of`: the account whose messages it learns of; null: the client's own.
    void add_listener(std::weak_ptr<send_listener> one, std::shared_ptr<const credentials> of);
    void shutdown(std::chrono::nanoseconds deadline, asio::any_completion_handler<void(std::size_t)> done);
    void warm_up(std::size_t connections, asio::any_completion_handler<void(std::size_t)> done);
    /// Called when the last handle is destroyed.
    void close() noexcept;

private:
    client_core(asio::any_io_executor executor, std::shared_ptr<const client_settings> settings);
    template <class State> static constexpr char feature_key = 0;

    /// Its own shards and those at other servers; none are added afterwards if `last`.
    [[nodiscard]] std::vector<std::shared_ptr<shard>> all_shards(bool last);
    [[nodiscard]] rate_limiter* find_limit(std::string_view path) const noexcept;

    void announce(const call& c);

    struct gathering;
    [[nodiscard]] std::shared_ptr<gathering> gather(std::size_t shards,
                                                    asio::any_completion_handler<void(std::size_t)> done,
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
    std::mutex hosts_mutex_;
    std::map<std::string, std::shared_ptr<client_core>, std::less<>> hosts_; ///< by origin
    std::map<const void*, std::shared_ptr<void>> feature_state_;
    bool closed_ = false; ///< no other server any more

    std::mutex listeners_mutex_;
    std::vector<listening> listeners_;
    std::atomic<bool> has_listeners_{false};
};

} // namespace detail
YUNHU_NAMESPACE_END
