// Copyright (c) 2026 The yunhu authors
// SPDX-License-Identifier: BSL-1.0

#include "features/history/backward_scan.hpp"

#include "features/history/newest_first.hpp"

#include <algorithm>
#include <iterator>
#include <string>
#include <unordered_set>
#include <utility>

YUNHU_NAMESPACE_BEGIN
namespace detail {
namespace {

constexpr std::size_t max_fallback_anchors = 3;
constexpr unsigned max_restarts = 10;
constexpr unsigned max_recoveries = 32;
constexpr std::size_t max_equal_seqs = 10'000; // as many ids are kept

bool have_equal_seqs(const message& a, const message& b) {
    return a.msg_seq == b.msg_seq;
}

void erase_repeated(std::vector<message>& page) {
    std::unordered_set<std::string> ids; // of the same number
    std::uint64_t seq = 0;
    std::vector<message> once;
    for (message& m : page) {
        if (std::exchange(seq, m.msg_seq) != m.msg_seq) {
            ids.clear();
        }
        if (ids.insert(m.msg_id).second) {
            once.push_back(std::move(m));
        }
    }
    page = std::move(once);
}

// Newest first, each message once. The server's order is kept among messages with the same number.
void put_in_order(std::vector<message>& page) {
    if (!page.empty() && page.front().msg_seq < page.back().msg_seq) {
        std::reverse(page.begin(), page.end());
    }
    detail::put_newest_first(page);
    if (std::adjacent_find(page.begin(), page.end(), have_equal_seqs) != page.end()) {
        erase_repeated(page);
    }
}

std::vector<history_cursor> positions_of(const std::vector<message>& page) {
    std::vector<history_cursor> positions;
    positions.reserve(page.size());
    for (const message& m : page) {
        positions.emplace_back(m.msg_seq, m.msg_id);
    }
    return positions;
}

} // namespace

backward_scan::backward_scan(const history_cursor& from, std::uint64_t since, std::uint64_t page_size, seq_use seqs)
    : since_(since), page_size_(page_size), seqs_(seqs) {
    if (from.empty()) {
        return;
    }
    lowest_ = from.msg_seq;
    done_ = is_end_reached();
    if (from.msg_id.empty()) {
        lowest_is_done_ = probing_ = probed_ = true;
    } else {
        lowest_ids_.push_back(from.msg_id);
        anchor_ = from;
    }
}

page_request backward_scan::next_request() const {
    page_request next;
    // Failed anchors and unusable records are listed again: the page must reach beyond them.
    next.count = page_size_ == 0 ? 0 : page_size_ + failed_anchors_.size() + unusable_;
    if (probing_) {
        next.type = page_request::kind::around;
        next.seq = lowest_;
    } else {
        next.id = anchor_.msg_id;
    }
    return next;
}

scan_status backward_scan::on_page(std::vector<message> page, std::size_t unusable, std::vector<message>& out) {
    progressed_ = false;
    put_in_order(page);
    if (std::adjacent_find(page.begin(), page.end(), have_equal_seqs) != page.end()) {
        seqs_ = seq_use::repeated;
    }
    listing listed = positions_of(page);
    const std::uint64_t newest = listed.empty() ? 0 : listed.front().msg_seq;
    seen_newer_ = seen_newer_ || (newest_ && newest > *newest_);
    newest_ = newest_.value_or(newest);
    if (probing_) {
        // Messages below the lowest delivered one are not used: they need not be adjacent to it.
        return proves_end(listed) ? complete() : go_on_at(listed, lowest_);
    }
    const std::size_t size = page.size() + unusable;
    largest_page_ = std::max(largest_page_, size);
    // A server may list fewer messages than requested, but not fewer than it has listed once.
    const bool has_room = size < next_request().count && size < largest_page_ && listed != wrong_page_;
    if (!anchor_.empty()) {
        const auto is_anchor = [this](const auto& each) { return each.msg_id == anchor_.msg_id; };
        std::erase_if(page, is_anchor);
        if (!page.empty() && page.front().msg_seq > anchor_.msg_seq) { // not the requested page: there may be a gap
            wrong_page_ = std::move(listed);
            return recover(false);
        }
        std::erase_if(listed, is_anchor);
    }
    if (listed.empty()) {
        return on_empty_page(unusable);
    }
    if (!deliver(std::move(page), out)) {
        // The server lists nothing before them in a page with room.
        const bool is_last = has_room && !is_usable_anchor(listed.back().msg_id);
        return is_last || proves_end(listed) ? complete() : go_on_at(listed, 0);
    }
    progressed_ = true;
    failed_anchors_.clear();
    wrong_page_.clear();
    unusable_ = 0;
    probed_ = false;
    restarts_ = recoveries_ = 0;
    if (is_end_reached()) {
        return complete();
    }
    return lowest_ids_.size() > max_equal_seqs ? scan_status::no_progress : go_on_at(listed, 0);
}

scan_status backward_scan::on_empty_page(std::size_t unusable) {
    if (unusable > 0) { // a larger page contains the messages before them
        return std::exchange(unusable_, unusable) < unusable ? scan_status::in_progress : recover(false);
    }
    // The chat is empty; or the anchor is the oldest message, or was removed: check by another one.
    return anchor_.empty() ? complete() : recover(true);
}

// False: no message of the page is new.
bool backward_scan::deliver(std::vector<message> page, std::vector<message>& out) {
    std::erase_if(page, [this](const message& m) { return !is_new(m); });
    if (page.empty()) {
        return false;
    }
    if (page.back().msg_seq < lowest_) {
        lowest_ids_.clear();
        lowest_is_done_ = false;
    } else {
        seqs_ = seq_use::repeated;
    }
    lowest_ = page.back().msg_seq;
    for (message& each : page) {
        if (each.msg_seq == lowest_) {
            lowest_ids_.push_back(each.msg_id);
        }
        if (each.msg_seq > since_) {
            out.push_back(std::move(each));
        }
    }
    return true;
}

bool backward_scan::is_new(const message& m) const {
    return m.msg_seq < lowest_ || (m.msg_seq == lowest_ && !lowest_is_done_ &&
                                   std::find(lowest_ids_.begin(), lowest_ids_.end(), m.msg_id) == lowest_ids_.end());
}

bool backward_scan::is_end_reached() const noexcept {
    if (lowest_ <= since_) {
        return true;
    }
    return lowest_ - 1 <= since_ && seqs_ == seq_use::unique;
}

// The lowest message is there, and a page before it was empty. When this is so of two messages, the second one's page
// should have had the first one: the server does not know how to list before a message.
bool backward_scan::proves_end(const listing& page) const {
    const auto listed_nothing = [this](const history_cursor& m) {
        const failed_anchor* const f = failed(m.msg_id);
        return f != nullptr && f->listed_nothing;
    };
    return !page.empty() && listed_nothing(page.back()) &&
           std::none_of(page.begin(), std::prev(page.end()), listed_nothing);
}

scan_status backward_scan::complete() noexcept {
    done_ = true;
    return scan_status::complete;
}

scan_status backward_scan::recover(bool listed_nothing) {
    const bool at_newest = !probing_ && anchor_.empty();
    if (!probing_ && !at_newest && is_usable_anchor(anchor_.msg_id)) {
        failed_anchors_.push_back({anchor_.msg_id, listed_nothing});
    }
    probing_ = false;
    if (at_newest || ++recoveries_ > max_recoveries) {
        return scan_status::no_progress;
    }
    if (!fallback_anchors_.empty()) {
        anchor_ = std::move(fallback_anchors_.front());
        fallback_anchors_.erase(fallback_anchors_.begin());
        return scan_status::in_progress;
    }
    constexpr auto highest = static_cast<std::uint64_t>(std::numeric_limits<std::int64_t>::max());
    if (!std::exchange(probed_, true) && lowest_ <= highest) {
        probing_ = true;
        return scan_status::in_progress;
    }
    if (++restarts_ > max_restarts) {
        return scan_status::no_progress;
    }
    anchor_ = {};
    return scan_status::in_progress;
}

const backward_scan::failed_anchor* backward_scan::failed(const std::string& id) const {
    const auto found = std::find_if(failed_anchors_.begin(), failed_anchors_.end(),
                                    [&id](const failed_anchor& each) { return each.id == id; });
    return found == failed_anchors_.end() ? nullptr : &*found;
}

// Goes on at the lowest usable message of the page; those above it become its fallbacks.
scan_status backward_scan::go_on_at(const listing& page, std::uint64_t not_below) {
    const auto at = std::find_if(page.rbegin(), page.rend(), [&](const history_cursor& m) {
        return m.msg_seq >= not_below && is_usable_anchor(m.msg_id);
    });
    if (at == page.rend()) {
        return recover(false);
    }
    probing_ = false;
    std::vector<history_cursor> fallbacks;
    const auto keep = [&](std::uint64_t seq, const std::string& id) {
        if (fallbacks.size() < max_fallback_anchors && is_usable_anchor(id)) {
            fallbacks.emplace_back(seq, id);
        }
    };
    for (auto above = std::next(at); above != page.rend(); ++above) {
        keep(above->msg_seq, above->msg_id);
    }
    if (!anchor_.empty() && anchor_.msg_seq > page.front().msg_seq) {
        keep(anchor_.msg_seq, anchor_.msg_id);
    }
    for (const history_cursor& each : fallback_anchors_) {
        if (each.msg_seq > page.front().msg_seq && each.msg_seq > anchor_.msg_seq) {
            keep(each.msg_seq, each.msg_id);
        }
    }
    fallback_anchors_ = std::move(fallbacks);
    anchor_ = history_cursor(at->msg_seq, at->msg_id);
    return scan_status::in_progress;
}

} // namespace detail
YUNHU_NAMESPACE_END
