// Copyright (c) 2026 The yunhu authors
// SPDX-License-Identifier: BSL-1.0

#include "features/history/page_plan.hpp"

#include <algorithm>
#include <iterator>
#include <utility>

YUNHU_NAMESPACE_BEGIN
namespace detail {
namespace {

// Other messages may have the cursor's number.
std::uint64_t below(const history_cursor& cursor) {
    return cursor.msg_seq - (cursor.empty() || cursor.msg_id.empty() ? 0 : 1);
}

std::uint64_t lower_limit_of(const history_options& options) {
    return options.order == history_order::newest_first ? options.since
                                                        : std::max(options.since, below(options.cursor));
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
      scan_(cursor_of(options), lower_limit_of(options), page_size_), delivered_up_to_(lower_limit_of(options)),
      start_(options.cursor) {
    ended_ = scan_.done();
    last_ = start_;
}

void page_plan::rescan() {
    if (ended_ && order_ == history_order::oldest_first) {
        ended_ = false;
        begin_index_pass();
    }
}

scan_status page_plan::on_page(std::vector<message> page, std::vector<message>& out, std::size_t unreadable) {
    const bool counts = order_ == history_order::newest_first || indexing_; // else each page was counted already
    left_out odd = take_out_odd(page);
    odd.unreadable = unreadable;
    std::vector<message> found;
    const scan_status next = scan_.on_page(std::move(page), odd.records + unreadable, found);
    if (counts) {
        note_skipped(odd);
    }
    if (order_ == history_order::newest_first) {
        std::move(found.begin(), found.end(), std::back_inserter(out));
        ended_ = scan_.done();
        return next;
    }
    return next == scan_status::no_progress ? next : on_found(std::move(found), out);
}

// Oldest first: the new messages of a page.
scan_status page_plan::on_found(std::vector<message> found, std::vector<message>& out) {
    seqs_repeat_ = seqs_repeat_ || scan_.has_repeated_seqs();
    std::erase_if(found, [this](const message& m) { return was_delivered(m); });
    if (indexing_) {
        index_page(std::move(found));
    } else {
        std::move(found.begin(), found.end(), std::back_inserter(buffered_));
    }
    if (!scan_.done()) {
        return scan_status::in_progress;
    }
    if (indexing_ && page_boundaries_.empty() && scan_.has_seen_newer()) {
        begin_index_pass();
        return scan_status::in_progress;
    }
    if (indexing_ && page_boundaries_.empty()) {
        ended_ = true;
        return scan_status::complete;
    }
    if (indexing_ && page_boundaries_.size() == 1) { // all unread messages are buffered
        deliver_buffered(out);
        delivered_up_to_ = below(last_);
        begin_index_pass();
        return scan_status::in_progress;
    }
    if (indexing_) {
        indexing_ = false;
    } else {
        deliver_buffered(out);
    }
    next_segment();
    return scan_status::in_progress;
}

// Of the messages with the number of the options' cursor, those that are listed behind it were delivered earlier.
bool page_plan::was_delivered(const message& m) {
    if (m.msg_seq == start_.msg_seq) {
        passed_start_ = passed_start_ || m.msg_id == start_.msg_id;
    }
    return (m.msg_seq == start_.msg_seq && passed_start_) ||
           (m.msg_seq == last_.msg_seq && last_ids_.contains(m.msg_id));
}

void page_plan::deliver_buffered(std::vector<message>& out) {
    for (auto m = buffered_.rbegin(); m != buffered_.rend(); ++m) {
        if (m->msg_seq != last_.msg_seq) {
            last_ids_.clear();
        }
        last_ = history_cursor(m->msg_seq, m->msg_id);
        last_ids_.insert(m->msg_id);
    }
    move_reversed(buffered_, out);
}

// Removes messages without a position, or with an id that is too long to be stored for each page.
page_plan::left_out page_plan::take_out_odd(std::vector<message>& page) {
    constexpr std::size_t most_named = 64;
    constexpr std::size_t longest_id = 1024;
    left_out odd;
    std::erase_if(page, [&](const message& m) {
        if (m.msg_seq != 0 && m.msg_id.size() <= longest_id) {
            return false;
        }
        ++odd.records;
        std::vector<std::string>& ids = skipped_.msg_ids;
        if (std::find(ids.begin(), ids.end(), m.msg_id) != ids.end()) {
            return true;
        }
        if (ids.size() < most_named && m.msg_id.size() <= longest_id && !m.msg_id.empty()) {
            ids.push_back(m.msg_id);
            ++skipped_.without_seq;
            skipped_news_ = true;
        } else {
            ++odd.unnamed;
        }
        return true;
    });
    return odd;
}

// Requests that overlap, and later passes, list the same records again, which can't be distinguished: the pages with
// new messages count, or a single other one that has more of them.
void page_plan::note_skipped(const left_out& odd) {
    if (scan_.has_progressed()) {
        in_pass_.unnamed += odd.unnamed;
        in_pass_.unreadable += odd.unreadable;
    }
    const std::uint64_t unnamed = std::max(in_pass_.unnamed, odd.unnamed);
    const std::uint64_t without_seq = std::max(skipped_.without_seq, skipped_.msg_ids.size() + unnamed);
    const std::uint64_t unreadable = std::max({skipped_.unreadable, in_pass_.unreadable, odd.unreadable});
    skipped_news_ = skipped_news_ || without_seq > skipped_.without_seq || unreadable > skipped_.unreadable;
    skipped_.without_seq = without_seq;
    skipped_.unreadable = unreadable;
}

void page_plan::index_page(std::vector<message> page) {
    if (page.empty()) {
        return;
    }
    const bool goes_on = !page_boundaries_.empty() && page_boundaries_.back().msg_seq == page.front().msg_seq;
    history_cursor lowest(page.back().msg_seq, page.back().msg_id);
    if (goes_on) { // a boundary must not part messages of the same number
        seqs_repeat_ = true;
        page_boundaries_.back() = std::move(lowest);
    } else {
        page_boundaries_.push_back(std::move(lowest));
    }
    if (page_boundaries_.size() > 1) {
        buffered_ = {};
    } else {
        std::move(page.begin(), page.end(), std::back_inserter(buffered_));
    }
    bound_boundaries();
}

// Half of the segments, twice as long, when a chat has very many pages or does not end.
void page_plan::bound_boundaries() {
    constexpr std::size_t most = 65'536;
    if (page_boundaries_.size() < most) {
        return;
    }
    std::vector<history_cursor> kept;
    kept.reserve(most);
    for (std::size_t i = 0; i + 1 < page_boundaries_.size(); i += 2) {
        kept.push_back(std::move(page_boundaries_[i]));
    }
    kept.push_back(std::move(page_boundaries_.back()));
    page_boundaries_ = std::move(kept);
}

// The segment between the last two page boundaries, without the upper one: the next segment begins with it.
void page_plan::next_segment() {
    if (page_boundaries_.size() < 2) {
        begin_index_pass();
        return;
    }
    page_boundaries_.pop_back();
    passed_start_ = false;
    scan_ = backward_scan(page_boundaries_.back(), delivered_up_to_, page_size_,
                          seqs_repeat_ ? backward_scan::seq_use::repeated : backward_scan::seq_use::unique);
    delivered_up_to_ = page_boundaries_.back().msg_seq - 1;
}

void page_plan::begin_index_pass() {
    indexing_ = true;
    in_pass_ = {};
    passed_start_ = false;
    buffered_.clear();
    page_boundaries_.clear();
    scan_ = backward_scan(history_cursor(), delivered_up_to_, page_size_);
}

} // namespace detail
YUNHU_NAMESPACE_END
