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

/// Plans the requests of an iteration in either order, and orders the messages to deliver. No I/O.
///
/// Newest first is one backward scan. Oldest first takes two passes, since the API pages backwards only: an index pass
/// scans the unread messages and keeps the lowest message of each page; then each segment between two of these page
/// boundaries is fetched again, the oldest first. The newest page is left to the next index pass, which also finds the
/// messages that arrived meanwhile. An index pass of a single page is delivered from memory.
class page_plan {
public:
    explicit page_plan(const history_options& options);

    [[nodiscard]] bool ended() const noexcept { return ended_; }
    /// Oldest first: starts over for messages newer than the last delivered one.
    void rescan();
    [[nodiscard]] page_request next_request() const { return scan_.next_request(); }
    /// Processes a response; appends the messages to deliver to `out`, in the order of the iteration.
    [[nodiscard]] scan_status on_page(std::vector<message> page, std::vector<message>& out);
    [[nodiscard]] scan_status on_rejected() { return scan_.on_rejected(); }

private:
    void index_page(std::vector<message> page);
    void next_segment();
    void begin_index_pass();

    history_order order_;
    std::uint64_t page_size_;
    bool ended_ = false;
    backward_scan scan_;

    // Oldest first only.
    std::uint64_t delivered_up_to_ = 0; ///< `msg_seq` up to which everything is delivered
    bool indexing_ = true;
    std::vector<history_cursor> page_boundaries_; ///< the lowest message of each indexed page, newest first
    std::vector<message> buffered_;               ///< the only indexed page, or a part of a segment; newest first
};

} // namespace detail
YUNHU_NAMESPACE_END
