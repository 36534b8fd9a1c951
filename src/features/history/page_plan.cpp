// Copyright (c) 2026 The yunhu authors
// SPDX-License-Identifier: BSL-1.0

#include "features/history/page_plan.hpp"

#include <algorithm>
#include <iterator>
#include <utility>

YUNHU_NAMESPACE_BEGIN
namespace detail {
namespace {

std::uint64_t start_of(const history_options& options) {
    return options.order == history_order::newest_first ? options.since
                                                        : std::max(options.since, options.cursor.msg_seq);
}

history_cursor from_of(const history_options& options) {
    return options.order == history_order::newest_first ? options.cursor : history_cursor();
}

void move_reversed(std::vector<message>& from, std::vector<message>& to) {
    to.insert(to.end(), std::make_move_iterator(from.rbegin()), std::make_move_iterator(from.rend()));
    from.clear();
}

} // namespace

route::route(const history_options& options)
    : order_(options.order), page_size_(options.page_size), way_(from_of(options), start_of(options), page_size_),
      read_(start_of(options)) {
    ended_ = way_.done();
}

void route::look_again() {
    if (ended_ && order_ == history_order::oldest_first) {
        ended_ = false;
        begin_survey();
    }
}

step route::take(std::vector<message> page, std::vector<message>& out) {
    if (order_ == history_order::newest_first) {
        const step next = way_.take(std::move(page), out);
        ended_ = way_.done();
        return next;
    }
    std::vector<message> found;
    if (const step next = way_.take(std::move(page), found); next == step::stuck) {
        return next;
    }
    if (surveying_) {
        survey(std::move(found));
    } else {
        std::move(found.begin(), found.end(), std::back_inserter(held_));
    }
    if (!way_.done()) {
        return step::on;
    }
    if (surveying_ && stops_.empty()) {
        ended_ = true;
        return step::ended;
    }
    if (surveying_ && stops_.size() == 1) { // all that is unread is at hand
        read_ = held_.front().msg_seq;
        move_reversed(held_, out);
        begin_survey();
        return step::on;
    }
    if (surveying_) {
        surveying_ = false;
    } else {
        move_reversed(held_, out);
    }
    next_stretch();
    return step::on;
}

void route::survey(std::vector<message> page) {
    if (page.empty()) {
        return;
    }
    stops_.emplace_back(page.back().msg_seq, page.back().msg_id);
    if (stops_.size() == 1) {
        held_ = std::move(page);
    } else {
        held_ = {};
    }
}

// What lies between the last stop and the one before it, which is excluded: it opens the next stretch.
void route::next_stretch() {
    if (stops_.size() < 2) {
        begin_survey();
        return;
    }
    stops_.pop_back();
    way_ = descent(stops_.back(), read_, page_size_);
    read_ = stops_.back().msg_seq - 1;
}

void route::begin_survey() {
    surveying_ = true;
    stops_.clear();
    way_ = descent(history_cursor(), read_, page_size_);
}

} // namespace detail
YUNHU_NAMESPACE_END
