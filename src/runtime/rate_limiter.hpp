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
struct call_turn;

/// An endpoint's rate limit, shared by all shards of a client: tells them whose turn has come. Thread-safe.
///
/// There is no timer here: who waits longest has its shard ask again when its turn may come.
class rate_limiter {
public:
    rate_limiter(const rate_limit& limit, std::size_t max_waiting)
        : path_(limit.endpoint.path), max_waiting_(max_waiting), bucket_(limit.per_second, limit.burst) {}

    [[nodiscard]] std::string_view path() const noexcept { return path_; }
    [[nodiscard]] std::size_t waiting() const;

    enum class entry : std::uint8_t { go, wait, full };
    /// Whether the call may go now. Else its shard is told (`shard::turn_came`), unless too many wait; who comes
    /// `again` was let in before.
    [[nodiscard]] entry enter(const std::shared_ptr<call>& c, bool again, engine::time_point now);
    /// It is handed to a connection.
    void spend(call& c, engine::time_point now);
    /// It goes no further, for now or for good.
    void leave(call& c, engine::time_point now);
    /// The same without a word to others: their context is being destroyed.
    void forget(call& c);
    /// Somebody's turn may have come.
    void look(engine::time_point now);

private:
    struct news;
    [[nodiscard]] news pump(engine::time_point now);
    static void tell(const news& what);

    const std::string_view path_; ///< of its endpoint
    const std::size_t max_waiting_;
    mutable std::mutex mutex_;
    engine::token_bucket bucket_;
    const engine::turn* watched_by_ = nullptr; ///< its shard knows `watched_for_`
    engine::time_point watched_for_;
};

} // namespace detail
YUNHU_NAMESPACE_END
