// Copyright (c) 2026 The yunhu authors
// SPDX-License-Identifier: BSL-1.0

#include <yunhu/history.hpp>

#include "runtime/spawn_coroutine.hpp"

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

    std::deque<edit_record> buffered;
    std::unordered_set<std::uint64_t> seen; // ids
    std::uint64_t page = 1;
    std::int64_t total = 0; // as the server reports it
    unsigned pages_without_news = 0; // consecutive
    bool ended = false;

    /// False: the pages do not end.
    [[nodiscard]] bool on_page(edit_record_page got);
};

bool edit_record_state::on_page(edit_record_page got) {
    constexpr unsigned max_pages_without_news = 1000;
    const bool empty = got.records.empty();
    for (edit_record& each : got.records) {
        if (seen.insert(each.id).second) {
            buffered.push_back(std::move(each));
        }
    }
    pages_without_news = buffered.empty() ? pages_without_news + 1 : 0;
    if (got.total < std::exchange(total, got.total)) { // records were removed: others have moved to earlier pages
        page = 1;
    } else if (empty || (total > 0 && std::cmp_greater_equal(seen.size(), total))) {
        ended = true;
    } else {
        ++page;
    }
    return ended || pages_without_news < max_pages_without_news;
}

template class coroutine_operation<optional_result<edit_record>>;

} // namespace detail

edit_records::edit_records(client from, std::string msg_id, std::uint64_t page_size, call_options options)
    : state_(std::make_shared<detail::edit_record_state>(std::move(from), std::move(msg_id), page_size, options)) {}

detail::coroutine<optional_result<edit_record>>
edit_records::next_item(std::shared_ptr<detail::edit_record_state> state) {
    call_info info;
    while (state->buffered.empty()) {
        if (state->ended) {
            co_return optional_result<edit_record>(std::move(info), std::nullopt);
        }
        const list_message_edit_record_request request(state->msg_id, state->size, state->page);
        result<edit_record_page> got = co_await state->from.list_message_edit_record(request, state->call, as_result);
        if (!got) {
            co_return std::move(got).error();
        }
        info = *got;
        if (!state->on_page(std::move(*got))) {
            info.detail = "the pages of edit records do not end";
            co_return failure(errc::bad_response, std::move(info));
        }
    }
    std::optional<edit_record> next(std::move(state->buffered.front()));
    state->buffered.pop_front();
    co_return optional_result<edit_record>(std::move(info), std::move(next));
}

asio::any_io_executor edit_records::get_executor() const {
    return state_->from.get_executor();
}

YUNHU_NAMESPACE_END
