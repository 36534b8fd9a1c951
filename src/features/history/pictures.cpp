// Copyright (c) 2026 The yunhu authors
// SPDX-License-Identifier: BSL-1.0

#include <yunhu/history.hpp>

#include <algorithm>
#include <deque>
#include <iterator>
#include <utility>
#include <vector>

YUNHU_NAMESPACE_BEGIN

namespace asio = boost::asio;

namespace detail {

struct picture_state {
    picture_state(client c, chat in, picture_options o)
        : from(std::move(c)), where(std::move(in)), options(std::move(o)), lowest(options.cursor),
          delivered(options.cursor), lost(lowest.empty()) {}

    client from;
    chat where;
    picture_options options;

    std::deque<message> at_hand;
    history_cursor lowest;    // of the pictures found
    history_cursor delivered; // the last one
    bool lost;                // the next picture is to be found by walking
    bool ended = false;
    std::optional<history> walking; // while it is

    void found(message picture);
    void take(std::vector<message> page);
    void walked_to(std::optional<message> next);
    [[nodiscard]] history& walk();
};

void picture_state::found(message picture) {
    lowest = history_cursor(picture.msg_seq, picture.msg_id);
    at_hand.push_back(std::move(picture));
}

void picture_state::take(std::vector<message> page) {
    // Without the picture that was asked for nobody knows whether those that came are next to it.
    lost = std::none_of(page.begin(), page.end(), [this](const message& m) { return m.msg_seq == lowest.msg_seq; });
    if (lost) {
        return;
    }
    std::erase_if(page, [this](const message& m) { return m.msg_seq >= lowest.msg_seq || m.msg_seq == 0; });
    std::sort(page.begin(), page.end(), [](const message& a, const message& b) { return a.msg_seq > b.msg_seq; });
    page.erase(std::unique(page.begin(), page.end(),
                           [](const message& a, const message& b) { return a.msg_seq == b.msg_seq; }),
               page.end());
    ended = page.empty();
    for (message& each : page) {
        found(std::move(each));
    }
}

void picture_state::walked_to(std::optional<message> next) {
    if (!next) {
        ended = true;
    } else if (next->content_type == content_type::image && next->msg_delete_time == 0) {
        found(std::move(*next));
        lost = false;
    } else {
        return;
    }
    walking.reset();
}

history& picture_state::walk() {
    if (!walking) {
        history_options how;
        how.cursor = lowest;
        how.call = options.call;
        walking.emplace(from, where, how);
    }
    return *walking;
}

} // namespace detail

namespace {

asio::awaitable<result<std::optional<message>>> next_of(std::shared_ptr<detail::picture_state> state) {
    while (state->at_hand.empty()) {
        if (state->ended) {
            co_return std::optional<message>();
        }
        if (state->lost) {
            result<std::optional<message>> next = co_await state->walk().next(as_result);
            if (!next) {
                co_return std::move(next).error();
            }
            state->walked_to(std::move(*next));
            continue;
        }
        const std::uint64_t count = state->options.page_size;
        const pic_list_message_by_mid_seq_request request(state->where, state->lowest.msg_seq, count, count);
        result<message_page> page =
            co_await state->from.pic_list_message_by_mid_seq(request, state->options.call, as_result);
        if (page) {
            state->take(std::move(page->messages));
        } else if (page.error().code == errc::refused || page.error().code == errc::bad_request) {
            state->lost = true; // perhaps it does not know the picture any more; else the walk is refused too
        } else {
            co_return std::move(page).error();
        }
    }
    std::optional<message> next(std::move(state->at_hand.front()));
    state->at_hand.pop_front();
    state->delivered = history_cursor(next->msg_seq, next->msg_id);
    co_return next;
}

asio::awaitable<std::optional<message>> value_of(std::shared_ptr<detail::picture_state> state) {
    result<std::optional<message>> got = co_await next_of(std::move(state));
    co_return std::move(got).value();
}

} // namespace

pictures::pictures(client from, chat in, picture_options options)
    : state_(std::make_shared<detail::picture_state>(std::move(from), std::move(in), std::move(options))) {}

asio::awaitable<std::optional<message>> pictures::next() {
    return value_of(state_);
}

asio::awaitable<result<std::optional<message>>> pictures::next(as_result_t<asio::use_awaitable_t<>> /*token*/) {
    return next_of(state_);
}

history_cursor pictures::cursor() const {
    return state_->delivered;
}

YUNHU_NAMESPACE_END
