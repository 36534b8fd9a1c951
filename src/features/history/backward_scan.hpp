// Copyright (c) 2026 The yunhu authors
// SPDX-License-Identifier: BSL-1.0
#pragma once

#include <yunhu/config.hpp>
#include <yunhu/error.hpp>
#include <yunhu/history.hpp>
#include <yunhu/types.hpp>

#include <cstddef>
#include <cstdint>
#include <limits>
#include <optional>
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
    complete,    ///< nothing is left: the pages prove it
    no_progress, ///< the server's pages don't lead on, or don't prove the end
};

/// Scans a chat backwards, page by page, without a gap. No I/O.
///
/// Pages are requested before an anchor, a message that was listed. Any anchor at or above the lowest delivered message
/// reaches everything below it, as long as the server still knows it; when an anchor fails, another one replaces it.
/// Only messages that were not delivered are delivered: those below the lowest delivered one, and others with its
/// `msg_seq`, which need not be unique.
///
/// The end is proven by an empty page before a message that is listed later, and so was known; or by a page that has
/// room for more and differs from those that did not belong to their anchors. A server that ignores the anchor, or that
/// repeats a page, proves nothing.
class backward_scan {
public:
    /// Properties of the numbers of a chat's messages.
    enum class seq_use : std::uint8_t { unknown, unique, repeated };

    /// Starts below `from`, which was delivered earlier; with an empty cursor at the newest message. Ends above
    /// `since`.
    backward_scan(const history_cursor& from, std::uint64_t since, std::uint64_t page_size,
                  seq_use seqs = seq_use::unknown);

    [[nodiscard]] bool done() const noexcept { return done_; }
    /// The last page had a new message.
    [[nodiscard]] bool has_progressed() const noexcept { return progressed_; }
    /// A page listed messages that were not there when the scan began.
    [[nodiscard]] bool has_seen_newer() const noexcept { return seen_newer_; }
    /// Two messages with the same number were listed.
    [[nodiscard]] bool has_repeated_seqs() const noexcept { return seqs_ == seq_use::repeated; }
    [[nodiscard]] page_request next_request() const;
    /// Processes a response; appends new messages to `out`, newest first. Every message must have a `msg_seq`.
    /// `unusable`: number of further records on the page.
    [[nodiscard]] scan_status on_page(std::vector<message> page, std::size_t unusable, std::vector<message>& out);
    /// The server rejected the request.
    [[nodiscard]] scan_status on_rejected() { return recover(false); }

private:
    struct failed_anchor {
        std::string id;
        bool listed_nothing; ///< else it was rejected, or the page was not one before it
    };

    using listing = std::vector<history_cursor>; ///< the places of a page's messages, newest first

    [[nodiscard]] scan_status on_empty_page(std::size_t unusable);
    [[nodiscard]] scan_status recover(bool listed_nothing);
    [[nodiscard]] scan_status complete() noexcept;
    [[nodiscard]] bool is_new(const message& m) const;
    [[nodiscard]] bool deliver(std::vector<message> page, std::vector<message>& out);
    [[nodiscard]] bool is_end_reached() const noexcept;
    [[nodiscard]] bool proves_end(const listing& page) const;
    [[nodiscard]] const failed_anchor* failed(const std::string& id) const;
    [[nodiscard]] bool is_usable_anchor(const std::string& id) const { return !id.empty() && failed(id) == nullptr; }
    [[nodiscard]] scan_status go_on_at(const listing& page, std::uint64_t not_below);

    std::uint64_t since_;
    std::uint64_t page_size_;
    seq_use seqs_;
    std::uint64_t lowest_ = std::numeric_limits<std::uint64_t>::max(); ///< of the delivered messages
    std::vector<std::string> lowest_ids_;                              ///< delivered messages with that number
    bool lowest_is_done_ = false;                                      ///< all with that number are delivered
    history_cursor anchor_;                                            ///< empty: the newest message
    bool probing_ = false; ///< requests the page around the lowest delivered message to find an anchor
    bool done_ = false;
    bool progressed_ = false;
    bool seen_newer_ = false;
    std::optional<std::uint64_t> newest_;          ///< on the first page
    std::vector<history_cursor> fallback_anchors_; ///< nearest first
    std::size_t largest_page_ = 0;

    // Reset by progress.
    std::vector<failed_anchor> failed_anchors_;
    listing wrong_page_;       ///< the last page that was not one before its anchor
    std::size_t unusable_ = 0; ///< records of a page without a usable one
    bool probed_ = false;
    unsigned restarts_ = 0;
    unsigned recoveries_ = 0;
};

} // namespace detail
YUNHU_NAMESPACE_END
