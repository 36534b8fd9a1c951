// Copyright (c) 2026 The yunhu authors
// SPDX-License-Identifier: BSL-1.0

#include "features/history/page_plan.hpp"

#include <algorithm>
#include <iterator>
#include <utility>

YUNHU_NAMESPACE_BEGIN
namespace detail {
namespace {

std::uint64_t lower_limit_of(const history_options& options) {
    return options.order == history_order::newest_first ? options.since
                                                        : std::max(options.since, options.cursor.msg_seq);
}

history_cursor cursor_of(const history_options& options) {
    return options.order == history_order::newest_first ? options.cursor : history_cursor();
}

void move_reversed(std::vector<message>& from, std::vector<message>& to) {
    to.insert(to.end(), std::make_move_iterator(from.rbegin()), std::make_move_iterator(from.rend()));
    from.clear();
}

} // namespace

page_plan::page_plan(const history_options& options)
    : order_(options.order), page_size_(options.page_size),
      scan_(cursor_of(options), lower_limit_of(options), page_size_), delivered_up_to_(lower_limit_of(options)) {
    ended_ = scan_.done();
}

void page_plan::rescan() {
    if (ended_ && order_ == history_order::oldest_first) {
        ended_ = false;
        begin_index_pass();
    }
}

scan_status page_plan::on_page(std::vector<message> page, std::vector<message>& out) {
    if (order_ == history_order::newest_first) {
        const scan_status next = scan_.on_page(std::move(page), out);
        ended_ = scan_.done();
        return next;
    }
    std::vector<message> found;
    if (const scan_status next = scan_.on_page(std::move(page), found); next == scan_status::no_progress) {
        return next;
    }
    if (indexing_) {
        index_page(std::move(found));
    } else {
        std::move(found.begin(), found.end(), std::back_inserter(buffered_));
    }
    if (!scan_.done()) {
        return scan_status::in_progress;
    }
    if (indexing_ && page_boundaries_.empty()) {
        ended_ = true;
        return scan_status::complete;
    }
    if (indexing_ && page_boundaries_.size() == 1) { // all unread messages are buffered
        delivered_up_to_ = buffered_.front().msg_seq;
        move_reversed(buffered_, out);
        begin_index_pass();
        return scan_status::in_progress;
    }
    if (indexing_) {
        indexing_ = false;
    } else {
        move_reversed(buffered_, out);
    }
    next_segment();
    return scan_status::in_progress;
}

void page_plan::index_page(std::vector<message> page) {
    if (page.empty()) {
        return;
    }
    page_boundaries_.emplace_back(page.back().msg_seq, page.back().msg_id);
    if (page_boundaries_.size() == 1) {
        buffered_ = std::move(page);
    } else {
        buffered_ = {};
    }
}

// The segment between the last two page boundaries, without the upper one: the next segment begins with it.
void page_plan::next_segment() {
    if (page_boundaries_.size() < 2) {
        begin_index_pass();
        return;
    }
    page_boundaries_.pop_back();
    scan_ = backward_scan(page_boundaries_.back(), delivered_up_to_, page_size_);
    delivered_up_to_ = page_boundaries_.back().msg_seq - 1;
}

void page_plan::begin_index_pass() {
    indexing_ = true;
    page_boundaries_.clear();
    scan_ = backward_scan(history_cursor(), delivered_up_to_, page_size_);
}

} // namespace detail
YUNHU_NAMESPACE_END
