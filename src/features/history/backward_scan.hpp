// Copyright (c) 2026 The yunhu authors
// SPDX-License-Identifier: BSL-1.0
#pragma once

#include <yunhu/config.hpp>
#include <yunhu/error.hpp>
#include <yunhu/history.hpp>
#include <yunhu/types.hpp>

#include <cstdint>
#include <limits>
#include <string>
#include <vector>

YUNHU_NAMESPACE_BEGIN
namespace detail {

/// The next request of a scan.
struct page_request {
    enum class kind : std::uint8_t {
        before, ///< list-message: before `id`; empty: the newest page
        around, ///< list-message-by-mid-seq: around `seq`
    };

    kind type = kind::before;
    std::string id;
    std::uint64_t seq = 0;
    std::uint64_t count = 0;
};

/// State of a scan after a response.
enum class scan_status : std::uint8_t {
    in_progress, ///< send the next request
    complete,    ///< nothing is left
    no_progress, ///< the server's pages don't lead on
};

/// Scans a chat backwards, page by page, without a gap. No I/O.
///
/// Pages are requested before an anchor, a message that was listed. Any anchor at or above the lowest delivered message
/// reaches everything below it, as long as the server still knows it; when an anchor fails, another one replaces it.
/// Only messages below the lowest delivered one are delivered.
class backward_scan {
public:
    /// Starts below `from`, which was delivered earlier; with an empty cursor at the newest message. Ends above
    /// `since`.
    backward_scan(const history_cursor& from, std::uint64_t since, std::uint64_t page_size);

    [[nodiscard]] bool done() const noexcept { return done_; }
    [[nodiscard]] page_request next_request() const;
    /// Processes a response; appends new messages to `out`, newest first. Every message must have a `msg_seq`.
    [[nodiscard]] scan_status on_page(std::vector<message> page, std::vector<message>& out);
    /// The server rejected the request.
    [[nodiscard]] scan_status on_rejected();

private:
    [[nodiscard]] scan_status on_page_before(const std::vector<message>& page, bool page_was_short);
    [[nodiscard]] scan_status on_page_around(const std::vector<message>& page);
    [[nodiscard]] scan_status recover();
    [[nodiscard]] bool has_failed(const std::string& id) const;
    void set_anchor(const std::vector<message>& page, std::size_t index);

    std::uint64_t since_;
    std::uint64_t page_size_;
    std::uint64_t lowest_delivered_ = std::numeric_limits<std::uint64_t>::max();
    history_cursor anchor_; ///< empty: the newest message
    bool probing_ = false;  ///< requests the page around the lowest delivered message to find an anchor
    bool done_ = false;
    std::vector<history_cursor> fallback_anchors_; ///< nearest first

    // Reset by progress.
    std::vector<std::string> failed_anchors_;
    bool probed_ = false;
    unsigned restarts_ = 0;
    unsigned recoveries_ = 0;
};

} // namespace detail
YUNHU_NAMESPACE_END
