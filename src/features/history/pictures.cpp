// Copyright (c) 2026 The yunhu authors
// SPDX-License-Identifier: BSL-1.0

#include <yunhu/history.hpp>

#include "features/history/incomplete_list.hpp"
#include "features/history/newest_first.hpp"

#include <algorithm>
#include <cstdint>
#include <deque>
#include <string>
#include <utility>
#include <vector>

YUNHU_NAMESPACE_BEGIN

namespace asio = boost::asio;

namespace detail {

struct picture_state {
    picture_state(client c, chat in, picture_options o)
        : from(std::move(c)), in_chat(std::move(in)), options(std::move(o)),
          lowest(options.cursor), lowest_ids{lowest.msg_id}, delivered(options.cursor), scanning(lowest.empty()) {}

    client from;
    chat in_chat;
    picture_options options;

    std::deque<message> buffered;
    history_cursor lowest;               // of the pictures listed
    std::vector<std::string> lowest_ids; // of the pictures with its number
    history_cursor delivered;            // the last one
    bool scanning;                       // the next picture is found by scanning the messages
    bool ended = false;
    const char* incomplete = nullptr; // why pictures may be missing
    skipped_records skipped;
    std::optional<history> scan; // while `scanning`

    void add(message picture);
    void on_page(message_page listed);
    [[nodiscard]] bool is_new(const message& m) const;
    void on_scanned(std::optional<message> next);
    [[nodiscard]] history& messages();
};

void picture_state::add(message picture) {
    if (picture.msg_seq != lowest.msg_seq) {
        lowest_ids.clear();
    }
    lowest_ids.push_back(picture.msg_id);
    lowest = history_cursor(picture.msg_seq, picture.msg_id);
    buffered.push_back(std::move(picture));
}

bool picture_state::is_new(const message& m) const {
    if (m.msg_seq != lowest.msg_seq || lowest.msg_id.empty()) {
        return m.msg_seq < lowest.msg_seq && m.msg_seq > 0;
    }
    return std::find(lowest_ids.begin(), lowest_ids.end(), m.msg_id) == lowest_ids.end();
}

void picture_state::on_page(message_page listed) {
    std::vector<message>& page = listed.messages;
    // Without the requested picture the page need not be adjacent to it.
    scanning = std::none_of(page.begin(), page.end(), [this](const message& m) { return m.msg_seq == lowest.msg_seq; });
    if (scanning) {
        return;
    }
    skipped.unreadable += listed.unreadable;
    skipped.without_seq += static_cast<std::uint64_t>(
        std::count_if(page.begin(), page.end(), [](const message& m) { return m.msg_seq == 0; }));
    // A page with more later pictures than requested is another request's: a repetition, which proves no end.
    const bool repeated = std::cmp_greater(
        std::count_if(page.begin(), page.end(), [this](const message& m) { return m.msg_seq > lowest.msg_seq; }),
        options.page_size);
    std::erase_if(page, [this](const message& m) { return !is_new(m); });
    detail::put_newest_first(page);
    page.erase(
        std::unique(page.begin(), page.end(),
                    [](const message& a, const message& b) { return a.msg_seq == b.msg_seq && a.msg_id == b.msg_id; }),
        page.end());
    ended = page.empty();
    if (ended && repeated) {
        incomplete = "the pages don't lead to the first picture of the chat";
    } else if (ended && skipped.without_seq + skipped.unreadable > 0) {
        incomplete = "records were left out";
    }
    for (message& each : page) {
        add(std::move(each));
    }
}

void picture_state::on_scanned(std::optional<message> next) {
    if (!next) {
        ended = true;
    } else if (next->content_type == content_type::image && next->msg_delete_time == 0) {
        add(std::move(*next));
        scanning = false;
    } else {
        return;
    }
    scan.reset();
}

history& picture_state::messages() {
    if (!scan) {
        history_options how;
        how.cursor = lowest;
        how.call = options.call;
        scan.emplace(from, in_chat, how);
    }
    return *scan;
}

} // namespace detail

pictures::pictures(client from, chat in, picture_options options)
    : state_(std::make_shared<detail::picture_state>(std::move(from), std::move(in), std::move(options))) {}

detail::coroutine<optional_result<message>> pictures::next_item(std::shared_ptr<detail::picture_state> state) {
    call_info info;
    while (state->buffered.empty()) {
        if (state->incomplete != nullptr) { // once
            co_return detail::incomplete_list(std::move(info), std::exchange(state->incomplete, nullptr),
                                              state->skipped);
        }
        if (state->ended) {
            co_return optional_result<message>(std::move(info), std::nullopt);
        }
        if (state->scanning) {
            result<optional_result<message>> next = co_await state->messages().next(as_result);
            if (!next) {
                co_return std::move(next).error();
            }
            state->on_scanned(std::move(*next));
            continue;
        }
        const std::uint64_t count = state->options.page_size;
        const pic_list_message_by_mid_seq_request request(state->in_chat, state->lowest.msg_seq, count, count);
        result<message_page> page =
            co_await state->from.pic_list_message_by_mid_seq(request, state->options.call, as_result);
        if (page) {
            info = *page;
            state->on_page(std::move(*page));
        } else if (page.error().code == condition::rejected) {
            state->scanning = true; // the server may have forgotten the picture; if not, the scan is rejected too
        } else {
            co_return std::move(page).error();
        }
    }
    std::optional<message> next(std::move(state->buffered.front()));
    state->buffered.pop_front();
    state->delivered = history_cursor(next->msg_seq, next->msg_id);
    co_return optional_result<message>(std::move(info), std::move(next));
}

asio::any_io_executor pictures::get_executor() const {
    return state_->from.get_executor();
}

history_cursor pictures::cursor() const {
    return state_->delivered;
}

YUNHU_NAMESPACE_END
