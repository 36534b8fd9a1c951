// Copyright (c) 2026 The yunhu authors
// SPDX-License-Identifier: BSL-1.0

#include <yunhu/history.hpp>

#include <deque>
#include <unordered_set>
#include <utility>

YUNHU_NAMESPACE_BEGIN

namespace asio = boost::asio;

namespace detail {

struct edit_record_state {
    edit_record_state(client c, std::string id, std::uint64_t page_size, call_options options)
        : from(std::move(c)), msg_id(std::move(id)), size(page_size), call(options) {}

    client from;
    std::string msg_id;
    std::uint64_t size;
    call_options call;

    std::deque<edit_record> at_hand;
    std::unordered_set<std::uint64_t> seen; // ids
    std::uint64_t page = 1;
    std::uint64_t total = 0;
    unsigned nothing_new = 0; // pages in a row
    bool ended = false;

    /// False: the server's pages lead nowhere.
    [[nodiscard]] bool take(edit_record_page got);
};

bool edit_record_state::take(edit_record_page got) {
    constexpr unsigned most_nothing_new = 1000;
    const bool empty = got.records.empty();
    for (edit_record& each : got.records) {
        if (seen.insert(each.id).second) {
            at_hand.push_back(std::move(each));
        }
    }
    nothing_new = at_hand.empty() ? nothing_new + 1 : 0;
    if (got.total < std::exchange(total, got.total)) { // some have gone, and others have moved to earlier pages
        page = 1;
    } else if (empty || (total > 0 && seen.size() >= total)) {
        ended = true;
    } else {
        ++page;
    }
    return ended || nothing_new < most_nothing_new;
}

} // namespace detail

namespace {

asio::awaitable<result<std::optional<edit_record>>> next_of(std::shared_ptr<detail::edit_record_state> walk) {
    while (walk->at_hand.empty()) {
        if (walk->ended) {
            co_return std::optional<edit_record>();
        }
        const list_message_edit_record_request request(walk->msg_id, walk->size, walk->page);
        result<edit_record_page> got = co_await walk->from.list_message_edit_record(request, walk->call, as_result);
        if (!got) {
            co_return std::move(got).error();
        }
        call_info info = *got;
        if (!walk->take(std::move(*got))) {
            info.detail = "the pages of edit records do not end";
            co_return failure(errc::bad_response, std::move(info));
        }
    }
    std::optional<edit_record> next(std::move(walk->at_hand.front()));
    walk->at_hand.pop_front();
    co_return next;
}

asio::awaitable<std::optional<edit_record>> value_of(std::shared_ptr<detail::edit_record_state> walk) {
    result<std::optional<edit_record>> got = co_await next_of(std::move(walk));
    co_return std::move(got).value();
}

} // namespace

edit_records::edit_records(client from, std::string msg_id, std::uint64_t page_size, call_options options)
    : state_(std::make_shared<detail::edit_record_state>(std::move(from), std::move(msg_id), page_size, options)) {}

asio::awaitable<std::optional<edit_record>> edit_records::next() {
    return value_of(state_);
}

asio::awaitable<result<std::optional<edit_record>>> edit_records::next(as_result_t<asio::use_awaitable_t<>> /*token*/) {
    return next_of(state_);
}

YUNHU_NAMESPACE_END
