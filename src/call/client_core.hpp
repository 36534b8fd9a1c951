#pragma once

#include "call/call.hpp"
#include "call/limited_endpoint.hpp"
#include "call/settings.hpp"
#include "call/shard.hpp"

#include <yunhu/client_config.hpp>
#include <yunhu/stats.hpp>

#include <boost/asio/any_completion_handler.hpp>
#include <boost/asio/any_io_executor.hpp>

#include <atomic>
#include <chrono>
#include <cstddef>
#include <memory>
#include <string_view>
#include <vector>

namespace yunhu::inline v0_1::detail {

/// What all handles of a client share: its settings and its shards. Thread-safe.
class client_core : public std::enable_shared_from_this<client_core> {
public:
    client_core(asio::any_io_executor executor, client_config config);
    client_core(const client_core&) = delete;
    client_core& operator=(const client_core&) = delete;
    ~client_core() = default;

    [[nodiscard]] const asio::any_io_executor& executor() const noexcept { return executor_; }
    [[nodiscard]] const client_config& config() const noexcept { return settings_->config(); }
    [[nodiscard]] client_stats stats() const;
    [[nodiscard]] account make_account(const secret& token) const { return settings_->make_account(token); }
    /// Null: that endpoint has none.
    [[nodiscard]] limited_endpoint* limit_of(const endpoint_info& where) const noexcept {
        return limits_.empty() ? nullptr : find_limit(where.name());
    }

    void start(std::shared_ptr<call> c, completion done, handler_executor where);
    void shutdown(std::chrono::nanoseconds deadline, asio::any_completion_handler<void(std::size_t)> done);
    void warm_up(std::size_t connections, asio::any_completion_handler<void(std::size_t)> done);
    /// The last handle is gone.
    void close() noexcept;

private:
    [[nodiscard]] limited_endpoint* find_limit(std::string_view endpoint) const noexcept;

    struct gathering;
    [[nodiscard]] std::shared_ptr<gathering> gather(asio::any_completion_handler<void(std::size_t)> done,
                                                    void (shard::*stop)());

    asio::any_io_executor executor_;
    std::shared_ptr<const settings> settings_;
    std::vector<std::unique_ptr<limited_endpoint>> limits_;
    std::vector<std::shared_ptr<shard>> shards_;
    std::atomic<std::size_t> next_shard_{0};
};

} // namespace yunhu::inline v0_1::detail
