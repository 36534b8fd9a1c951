// Copyright (c) 2026 The yunhu authors
// SPDX-License-Identifier: BSL-1.0

#include "features/history/backward_scan.hpp"

#include <algorithm>
#include <utility>

YUNHU_NAMESPACE_BEGIN
namespace detail {
namespace {

constexpr std::size_t max_fallback_anchors = 3;
constexpr unsigned max_restarts = 3;
constexpr unsigned max_recoveries = 32;

} // namespace

backward_scan::backward_scan(const history_cursor& from, std::uint64_t since, std::uint64_t page_size)
    : since_(since), page_size_(page_size) {
    if (from.empty()) {
        return;
    }
    lowest_delivered_ = from.msg_seq;
    done_ = lowest_delivered_ - 1 <= since_;
    if (from.msg_id.empty()) {
        probing_ = probed_ = true;
    } else {
        anchor_ = from;
    }
}

page_request backward_scan::next_request() const {
    page_request next;
    // Failed anchors are listed again: the page must reach beyond them.
    next.count = page_size_ == 0 ? 0 : page_size_ + failed_anchors_.size();
    if (probing_) {
        next.type = page_request::kind::around;
        next.seq = lowest_delivered_;
    } else {
        next.id = anchor_.msg_id;
    }
    return next;
}

scan_status backward_scan::on_page(std::vector<message> page, std::vector<message>& out) {
    std::sort(page.begin(), page.end(), [](const message& a, const message& b) { return a.msg_seq > b.msg_seq; });
    page.erase(std::unique(page.begin(), page.end(),
                           [](const message& a, const message& b) { return a.msg_seq == b.msg_seq; }),
               page.end());
    if (probing_) {
        return on_page_around(page);
    }
    const bool page_was_short = page.size() < next_request().count;
    if (!anchor_.empty()) {
        std::erase_if(page, [this](const message& each) { return each.msg_id == anchor_.msg_id; });
        if (!page.empty() && page.front().msg_seq >= anchor_.msg_seq) { // not the requested page: there may be a gap
            return recover();
        }
    }
    const std::uint64_t previous_bound = lowest_delivered_;
    const scan_status next = on_page_before(page, page_was_short);
    for (message& each : page) {
        if (each.msg_seq < previous_bound && each.msg_seq > since_) {
            out.push_back(std::move(each));
        }
    }
    return next;
}

scan_status backward_scan::on_page_before(const std::vector<message>& page, bool page_was_short) {
    if (page.empty() && anchor_.empty()) { // the chat is empty
        done_ = true;
        return scan_status::complete;
    }
    if (page.empty()) { // the anchor is the oldest message, or was removed: check by another one
        return recover();
    }
    std::size_t lowest = page.size() - 1;
    if (page.back().msg_seq < lowest_delivered_) {
        lowest_delivered_ = page.back().msg_seq;
        failed_anchors_.clear();
        probed_ = false;
        restarts_ = recoveries_ = 0;
        if (lowest_delivered_ - 1 <= since_) {
            done_ = true;
            return scan_status::complete;
        }
    } else {
        while (has_failed(page[lowest].msg_id)) {
            if (lowest-- > 0) {
                continue;
            }
            if (page_was_short) { // the server knows them, and lists nothing before them in a page with room
                done_ = true;
                return scan_status::complete;
            }
            return recover();
        }
    }
    set_anchor(page, lowest);
    return scan_status::in_progress;
}

scan_status backward_scan::on_page_around(const std::vector<message>& page) {
    // Messages below the lowest delivered one are not used: they need not be adjacent to it.
    for (std::size_t i = page.size(); i > 0; --i) {
        if (page[i - 1].msg_seq >= lowest_delivered_ && !has_failed(page[i - 1].msg_id)) {
            probing_ = false;
            set_anchor(page, i - 1);
            return scan_status::in_progress;
        }
    }
    return recover();
}

scan_status backward_scan::on_rejected() {
    return recover();
}

scan_status backward_scan::recover() {
    const bool at_newest = !probing_ && anchor_.empty();
    if (!probing_ && !at_newest && !has_failed(anchor_.msg_id)) {
        failed_anchors_.push_back(anchor_.msg_id);
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
    if (!std::exchange(probed_, true) && lowest_delivered_ <= highest) {
        probing_ = true;
        return scan_status::in_progress;
    }
    if (++restarts_ > max_restarts) {
        return scan_status::no_progress;
    }
    anchor_ = {};
    return scan_status::in_progress;
}

bool backward_scan::has_failed(const std::string& id) const {
    return std::find(failed_anchors_.begin(), failed_anchors_.end(), id) != failed_anchors_.end();
}

// Messages above the new anchor become its fallbacks.
void backward_scan::set_anchor(const std::vector<message>& page, std::size_t index) {
    std::vector<history_cursor> fallbacks;
    const auto keep = [&](std::uint64_t seq, const std::string& id) {
        if (fallbacks.size() < max_fallback_anchors && !id.empty() && !has_failed(id)) {
            fallbacks.emplace_back(seq, id);
        }
    };
    for (std::size_t i = index; i > 0; --i) {
        keep(page[i - 1].msg_seq, page[i - 1].msg_id);
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
    anchor_ = history_cursor(page[index].msg_seq, page[index].msg_id);
}

} // namespace detail
YUNHU_NAMESPACE_END
