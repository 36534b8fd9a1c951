// Copyright (c) 2026 The yunhu authors
// SPDX-License-Identifier: BSL-1.0

#include "features/history/backward_scan.hpp"

#include <algorithm>
#include <utility>

YUNHU_NAMESPACE_BEGIN
namespace detail {
namespace {

constexpr std::size_t most_spares = 3;
constexpr unsigned most_restarts = 3;
constexpr unsigned most_losses = 32;

} // namespace

descent::descent(const history_cursor& from, std::uint64_t since, std::uint64_t page_size)
    : since_(since), page_size_(page_size) {
    if (from.empty()) {
        return;
    }
    bound_ = from.msg_seq;
    done_ = bound_ - 1 <= since_;
    if (from.msg_id.empty()) {
        around_ = asked_around_ = true;
    } else {
        anchor_ = from;
    }
}

page_request descent::ask() const {
    page_request next;
    // More than a page, so that it reaches beyond the anchors that failed, also when it is small.
    next.count = page_size_ == 0 ? 0 : page_size_ + dead_.size();
    if (around_) {
        next.way = page_request::how::around;
        next.seq = bound_;
    } else {
        next.id = anchor_.msg_id;
    }
    return next;
}

step descent::take(std::vector<message> page, std::vector<message>& out) {
    std::sort(page.begin(), page.end(), [](const message& a, const message& b) { return a.msg_seq > b.msg_seq; });
    page.erase(std::unique(page.begin(), page.end(),
                           [](const message& a, const message& b) { return a.msg_seq == b.msg_seq; }),
               page.end());
    if (around_) {
        return take_around(page);
    }
    const bool had_room = page.size() < ask().count;
    if (!anchor_.empty()) {
        std::erase_if(page, [this](const message& each) { return each.msg_id == anchor_.msg_id; });
        if (!page.empty() && page.front().msg_seq >= anchor_.msg_seq) { // not what was asked: there may be a gap
            return lost();
        }
    }
    const std::uint64_t below = bound_;
    const step next = take_before(page, had_room);
    for (message& each : page) {
        if (each.msg_seq < below && each.msg_seq > since_) {
            out.push_back(std::move(each));
        }
    }
    return next;
}

step descent::take_before(const std::vector<message>& page, bool had_room) {
    if (page.empty() && anchor_.empty()) { // there is nothing at all
        done_ = true;
        return step::ended;
    }
    if (page.empty()) { // the anchor is the oldest, or it has gone: another one will tell
        return lost();
    }
    std::size_t lowest = page.size() - 1;
    if (page.back().msg_seq < bound_) {
        bound_ = page.back().msg_seq;
        dead_.clear();
        asked_around_ = false;
        restarts_ = losses_ = 0;
        if (bound_ - 1 <= since_) {
            done_ = true;
            return step::ended;
        }
    } else {
        while (is_dead(page[lowest].msg_id)) {
            if (lowest-- > 0) {
                continue;
            }
            if (had_room) { // they are there, there was room for more, and nothing is before them
                done_ = true;
                return step::ended;
            }
            return lost();
        }
    }
    anchor_at(page, lowest);
    return step::on;
}

step descent::take_around(const std::vector<message>& page) {
    // What lies below the bound can't be used: nobody says that it is next to it.
    for (std::size_t i = page.size(); i > 0; --i) {
        if (page[i - 1].msg_seq >= bound_ && !is_dead(page[i - 1].msg_id)) {
            around_ = false;
            anchor_at(page, i - 1);
            return step::on;
        }
    }
    return lost();
}

step descent::refused() {
    return lost();
}

step descent::lost() {
    const bool was_newest = !around_ && anchor_.empty();
    if (!around_ && !was_newest && !is_dead(anchor_.msg_id)) {
        dead_.push_back(anchor_.msg_id);
    }
    around_ = false;
    if (was_newest || ++losses_ > most_losses) {
        return step::stuck;
    }
    if (!spares_.empty()) {
        anchor_ = std::move(spares_.front());
        spares_.erase(spares_.begin());
        return step::on;
    }
    constexpr auto highest = static_cast<std::uint64_t>(std::numeric_limits<std::int64_t>::max());
    if (!std::exchange(asked_around_, true) && bound_ <= highest) {
        around_ = true;
        return step::on;
    }
    if (++restarts_ > most_restarts) {
        return step::stuck;
    }
    anchor_ = {};
    return step::on;
}

bool descent::is_dead(const std::string& id) const {
    return std::find(dead_.begin(), dead_.end(), id) != dead_.end();
}

// The message becomes the anchor; what is known above it, the spares.
void descent::anchor_at(const std::vector<message>& page, std::size_t index) {
    std::vector<history_cursor> spares;
    const auto keep = [&](std::uint64_t seq, const std::string& id) {
        if (spares.size() < most_spares && !id.empty() && !is_dead(id)) {
            spares.emplace_back(seq, id);
        }
    };
    for (std::size_t i = index; i > 0; --i) {
        keep(page[i - 1].msg_seq, page[i - 1].msg_id);
    }
    if (!anchor_.empty() && anchor_.msg_seq > page.front().msg_seq) {
        keep(anchor_.msg_seq, anchor_.msg_id);
    }
    for (const history_cursor& each : spares_) {
        if (each.msg_seq > page.front().msg_seq && each.msg_seq > anchor_.msg_seq) {
            keep(each.msg_seq, each.msg_id);
        }
    }
    spares_ = std::move(spares);
    anchor_ = history_cursor(page[index].msg_seq, page[index].msg_id);
}

} // namespace detail
YUNHU_NAMESPACE_END
