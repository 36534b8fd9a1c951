// Copyright (c) 2026 The yunhu authors
// SPDX-License-Identifier: BSL-1.0
#pragma once

#include "engine/time.hpp"
#include "engine/token_bucket.hpp"

#include <yunhu/client_config.hpp>
#include <yunhu/config.hpp>

#include <cstddef>
#include <cstdint>
#include <memory>
#include <mutex>
#include <string>
#include <string_view>
#include <vector>

YUNHU_NAMESPACE_BEGIN
namespace detail {

class call;
struct call_permit;

/// An endpoint's rate limit, shared by all shards of a client; notifies the shards of granted permits. Thread-safe.
///
/// It has no timer: the shard of the first waiting call polls it when the next permit may be due.
class rate_limiter {
public:
    rate_limiter(const rate_limit& limit, std::size_t max_waiting)
        : path_(limit.endpoint.path), max_waiting_(max_waiting), bucket_(limit.per_second, limit.burst) {}

    [[nodiscard]] std::string_view path() const noexcept { return path_; }
    [[nodiscard]] std::size_t waiting() const;

    enum class admission : std::uint8_t { granted, queued, overloaded };
    /// Requests a permit. `queued`: the call's shard is notified (`shard::on_permit`). `requeue`: the call was admitted
    /// before, so the queue's bound does not hold for it.
    [[nodiscard]] admission request(const std::shared_ptr<call>& c, bool requeue, engine::time_point now);
    /// The call is handed to a connection.
    void consume(call& c, engine::time_point now);
    /// The call does not need its permit, for now or for good.
    void release(call& c, engine::time_point now);
    /// The same without notifying others: the execution context is being destroyed.
    void abandon(call& c);
    /// A permit may be due.
    void poll(engine::time_point now);

private:
    struct wakeups;
    [[nodiscard]] wakeups grant(engine::time_point now);
    static void notify(const wakeups& what);

    const std::string_view path_; ///< of its endpoint
    const std::size_t max_waiting_;
    mutable std::mutex mutex_;
    engine::token_bucket bucket_;
    const engine::permit* timed_for_ = nullptr; ///< its shard polls at `timed_at_`
    engine::time_point timed_at_;
};

} // namespace detail
YUNHU_NAMESPACE_END
