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

/// What to ask the server.
struct page_request {
    enum class how : std::uint8_t {
        before, ///< list-message: before `id`; empty: the newest
        around, ///< list-message-by-mid-seq: around `seq`
    };

    how way = how::before;
    std::string id;
    std::uint64_t seq = 0;
    std::uint64_t count = 0;
};

/// What came of a reply.
enum class step : std::uint8_t {
    on,    ///< there is more to ask
    ended, ///< nothing further is left
    stuck, ///< the server's pages lead nowhere
};

/// The way backwards through a chat, without a gap. No I/O.
///
/// Pages are asked for before an anchor, a message that was seen. Whatever the anchor is, as long as it lies at or
/// above the lowest message delivered and is still there, what is below is reached without a gap; so when an anchor
/// fails, any other one will do. Only what is below the lowest message delivered is delivered.
class descent {
public:
    /// Goes on below `from`, which was delivered already; from the newest on when it is empty. Down to `since`,
    /// excluded.
    descent(const history_cursor& from, std::uint64_t since, std::uint64_t page_size);

    [[nodiscard]] bool done() const noexcept { return done_; }
    [[nodiscard]] page_request ask() const;
    /// Takes a reply; appends what is new to `out`, newest first. Every message has a `msg_seq`.
    [[nodiscard]] step take(std::vector<message> page, std::vector<message>& out);
    /// The server refused what was asked.
    [[nodiscard]] step refused();

private:
    [[nodiscard]] step take_before(const std::vector<message>& page, bool had_room);
    [[nodiscard]] step take_around(const std::vector<message>& page);
    [[nodiscard]] step lost();
    [[nodiscard]] bool is_dead(const std::string& id) const;
    void anchor_at(const std::vector<message>& page, std::size_t index);

    std::uint64_t since_;
    std::uint64_t page_size_;
    std::uint64_t bound_ = std::numeric_limits<std::uint64_t>::max(); // below it nothing was delivered
    history_cursor anchor_;                                           // empty: the newest
    bool around_ = false;                                             // asks around `bound_` for an anchor
    bool done_ = false;
    std::vector<history_cursor> spares_; // other anchors, the nearest first

    // since something new came
    std::vector<std::string> dead_; // anchors that failed
    bool asked_around_ = false;
    unsigned restarts_ = 0;
    unsigned losses_ = 0;
};

} // namespace detail
YUNHU_NAMESPACE_END
