// Copyright (c) 2026 The yunhu authors
// SPDX-License-Identifier: BSL-1.0
#pragma once

#include "features/history/backward_scan.hpp"

#include <yunhu/config.hpp>
#include <yunhu/history.hpp>
#include <yunhu/types.hpp>

#include <cstdint>
#include <vector>

YUNHU_NAMESPACE_BEGIN
namespace detail {

/// The way of a whole walk, in either order: what to ask, and what to deliver. No I/O.
///
/// Oldest first: a descent surveys what is unread and keeps one message for every page, the lowest. Then every stretch
/// between two of them is fetched, the oldest first. The newest page is read by the next survey, together with what has
/// arrived meanwhile. A survey of one page needs no second fetch.
class route {
public:
    explicit route(const history_options& options);

    [[nodiscard]] bool ended() const noexcept { return ended_; }
    /// Oldest first: looks again for what is newer than all that was delivered.
    void look_again();
    [[nodiscard]] page_request ask() const { return way_.ask(); }
    /// Takes a reply; appends what is to be delivered to `out`, in the order of the walk.
    [[nodiscard]] step take(std::vector<message> page, std::vector<message>& out);
    [[nodiscard]] step refused() { return way_.refused(); }

private:
    void survey(std::vector<message> page);
    void next_stretch();
    void begin_survey();

    history_order order_;
    std::uint64_t page_size_;
    bool ended_ = false;
    descent way_;

    // oldest first
    std::uint64_t read_ = 0; // up to it all is delivered
    bool surveying_ = true;
    std::vector<history_cursor> stops_; // the lowest message of every page surveyed, the newest page first
    std::vector<message> held_;         // the only page surveyed, or the part of a stretch; newest first
};

} // namespace detail
YUNHU_NAMESPACE_END
