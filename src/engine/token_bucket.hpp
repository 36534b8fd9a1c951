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

// Whose turn it is at an endpoint with a rate limit, and when the next one's is. Pure: the clock is passed in.
YUNHU_NAMESPACE_BEGIN
namespace engine {

/// A call's place at the limit of its endpoint.
class turn : public boost::intrusive::list_base_hook<boost::intrusive::link_mode<boost::intrusive::safe_link>> {
public:
    enum class state : std::uint8_t {
        none,
        waits,
        has, ///< holds a token, which is spent when the request is handed to a connection
    };

    [[nodiscard]] state now() const noexcept { return state_; }

private:
    friend class token_bucket;
    state state_ = state::none;
};

/// A token bucket with a queue, first come, first served. A token is set aside when a turn comes, and spent when the
/// request goes: what waits for a connection in between can't leave later in one bunch. So in any span of time t no
/// more than burst + t * per_second are spent, and whoever ends without spending gives the token back.
class token_bucket {
public:
    token_bucket(double per_second, unsigned burst);

    void wait(turn& t);
    /// Out of the queue, or the token back. Nothing, when it does neither wait nor have one.
    void leave(turn& t) noexcept;
    /// The request goes now.
    void spend(turn& t, time_point now) noexcept;
    /// The next whose turn has come; it has its token now. Null: nobody's has.
    [[nodiscard]] turn* next(time_point now) noexcept;
    /// When `next` will have one. None: nobody waits, or first somebody has to spend or leave.
    [[nodiscard]] std::optional<time_point> due() const noexcept;
    /// Who waits longest; null: nobody waits.
    [[nodiscard]] turn* first() noexcept { return queue_.empty() ? nullptr : &queue_.front(); }
    [[nodiscard]] std::size_t waiting() const noexcept { return queue_.size(); }

private:
    /// When there are `tokens` in the bucket, as far as is known now.
    [[nodiscard]] time_point when(std::uint64_t tokens) const noexcept;

    std::chrono::nanoseconds interval_; ///< between two tokens
    std::uint64_t burst_;
    std::uint64_t set_aside_ = 0;
    time_point full_at_; ///< the bucket is, if nothing is spent meanwhile
    boost::intrusive::list<turn> queue_;
};

} // namespace engine
YUNHU_NAMESPACE_END
