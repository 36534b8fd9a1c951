// Copyright (c) 2026 The yunhu authors
// SPDX-License-Identifier: BSL-1.0
#pragma once

#include "features/history/backward_scan.hpp"

#include <yunhu/config.hpp>
#include <yunhu/history.hpp>
#include <yunhu/types.hpp>

#include <cstddef>
#include <cstdint>
#include <string>
#include <unordered_set>
#include <utility>
#include <vector>

YUNHU_NAMESPACE_BEGIN
namespace detail {

/// Plans the requests of an iteration in either order, and orders the messages to deliver. No I/O.
///
/// Newest first is one backward scan. Oldest first takes two passes, since the API pages backwards only: an index pass
/// scans the unread messages and keeps the lowest message of each page; then each segment between two of these page
/// boundaries is fetched again, the oldest first. The newest page is left to the next index pass, which also finds the
/// messages that arrived meanwhile. An index pass of a single page is delivered from memory.
///
/// Records that can't be delivered are left out and counted: without a `msg_seq` a message has no place in the order.
class page_plan {
public:
    explicit page_plan(const history_options& options);

    [[nodiscard]] bool ended() const noexcept { return ended_; }
    /// Oldest first: starts over for messages newer than the last delivered one.
    void rescan();
    [[nodiscard]] page_request next_request() const { return scan_.next_request(); }
    /// Processes a response; appends the messages to deliver to `out`, in the order of the iteration. `unreadable`:
    /// number of further records on the page.
    [[nodiscard]] scan_status on_page(std::vector<message> page, std::vector<message>& out, std::size_t unreadable = 0);
    [[nodiscard]] scan_status on_rejected() { return scan_.on_rejected(); }

    /// Number of pages' places in the index.
    [[nodiscard]] std::size_t indexed() const noexcept { return page_boundaries_.size(); }
    /// Records that were left out so far.
    [[nodiscard]] const skipped_records& skipped() const noexcept { return skipped_; }
    /// Whether there are any since the last call.
    [[nodiscard]] bool take_news_of_skipped() noexcept { return std::exchange(skipped_news_, false); }

private:
    struct left_out {
        std::size_t records = 0;   ///< that have no place, or an id that is too long
        std::uint64_t unnamed = 0; ///< of those
        std::uint64_t unreadable = 0;
    };

    [[nodiscard]] scan_status on_found(std::vector<message> found, std::vector<message>& out);
    [[nodiscard]] bool was_delivered(const message& m);
    void deliver_buffered(std::vector<message>& out);
    [[nodiscard]] left_out take_out_odd(std::vector<message>& page);
    void note_skipped(const left_out& odd);
    void bound_boundaries();
    void index_page(std::vector<message> page);
    void next_segment();
    void begin_index_pass();

    history_order order_;
    std::uint64_t page_size_;
    bool ended_ = false;
    backward_scan scan_;

    skipped_records skipped_;
    left_out in_pass_; ///< of the pass that runs
    bool skipped_news_ = false;

    // Oldest first only.
    std::uint64_t delivered_up_to_ = 0; ///< `msg_seq` up to which everything is delivered
    bool indexing_ = true;
    bool seqs_repeat_ = false;                    ///< messages of the same number were listed
    history_cursor start_;                        ///< of the options
    bool passed_start_ = false;                   ///< the scan has listed it
    history_cursor last_;                         ///< the last message delivered
    std::unordered_set<std::string> last_ids_;    ///< messages with its number, delivered by this plan
    std::vector<history_cursor> page_boundaries_; ///< the lowest message of each indexed page, newest first
    std::vector<message> buffered_;               ///< the only indexed page, or a part of a segment; newest first
};

} // namespace detail
YUNHU_NAMESPACE_END
