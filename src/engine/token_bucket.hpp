// Copyright (c) 2026 The yunhu authors
// SPDX-License-Identifier: BSL-1.0
#pragma once

#include "engine/time.hpp"

#include <yunhu/config.hpp>

#include <boost/intrusive/list.hpp>

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <optional>

// Which call may go at an endpoint with a rate limit, and when the next one may. Pure: the time is an argument.
YUNHU_NAMESPACE_BEGIN
namespace engine {

/// A call's permit at the limit of its endpoint.
class permit : public boost::intrusive::list_base_hook<boost::intrusive::link_mode<boost::intrusive::safe_link>> {
public:
    enum class state : std::uint8_t {
        none,
        waiting,
        granted, ///< has a token, which is consumed when the request is handed to a connection
    };

    [[nodiscard]] state now() const noexcept { return state_; }

private:
    friend class token_bucket;
    state state_ = state::none;
};

/// A token bucket with a FIFO queue. A token is reserved when a permit is granted, and consumed when the request is
/// sent: calls that wait for a connection in between can't be sent later in one burst. In any span of time t at most
/// burst + t * per_second tokens are consumed; a permit that is released unused returns its token.
class token_bucket {
public:
    token_bucket(double per_second, unsigned burst);

    void enqueue(permit& t);
    /// Leaves the queue, or returns the token. No effect in state `none`.
    void release(permit& t) noexcept;
    /// The request is sent now.
    void consume(permit& t, time_point now) noexcept;
    /// Grants the first permit of the queue, if a token is available. Null: none is.
    [[nodiscard]] permit* grant_next(time_point now) noexcept;
    /// When `grant_next` will have a token. None: the queue is empty, or all tokens are reserved.
    [[nodiscard]] std::optional<time_point> due() const noexcept;
    /// The first of the queue, or null.
    [[nodiscard]] permit* first() noexcept { return queue_.empty() ? nullptr : &queue_.front(); }
    [[nodiscard]] std::size_t waiting() const noexcept { return queue_.size(); }

private:
    /// When there will be `tokens` in the bucket, if none is consumed before.
    [[nodiscard]] time_point when(std::uint64_t tokens) const noexcept;

    std::chrono::nanoseconds interval_; ///< between two tokens
    std::uint64_t burst_;
    std::uint64_t reserved_ = 0;
    time_point full_at_; ///< if nothing is consumed before
    boost::intrusive::list<permit> queue_;
};

} // namespace engine
YUNHU_NAMESPACE_END
