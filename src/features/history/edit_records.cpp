// Copyright (c) 2026 The yunhu authors
// SPDX-License-Identifier: BSL-1.0

#include <yunhu/history.hpp>

#include "features/history/incomplete_list.hpp"
#include "runtime/spawn_coroutine.hpp"

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <deque>
#include <optional>
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
    std::uint64_t total = 0;
    std::optional<std::uint64_t> least_total; // new records are on earlier pages
    skipped_records skipped;
    unsigned pages_without_news = 0; // consecutive
    bool ended = false;
    const char* incomplete = nullptr; // why the records may not be all

    void on_page(edit_record_page got);
    [[nodiscard]] bool deliver(edit_record_page& got);
};

// Whether a record of the page is new.
bool edit_record_state::deliver(edit_record_page& got) {
    for (edit_record& each : got.records) {
        if (seen.insert(each.id).second) {
            buffered.push_back(std::move(each));
        }
    }
    skipped.unreadable = page == 1 ? got.unreadable : skipped.unreadable + got.unreadable;
    return !buffered.empty();
}

void edit_record_state::on_page(edit_record_page got) {
    constexpr unsigned max_pages_without_news = 16;
    constexpr std::size_t max_records = 1'000'000; // a number is kept for each
    const bool empty = got.records.empty() && got.unreadable == 0;
    const auto now = static_cast<std::uint64_t>(std::max(got.total, std::int64_t{0}));
    least_total = std::min(least_total.value_or(now), now);
    pages_without_news = deliver(got) ? 0 : pages_without_news + 1;
    if (now < std::exchange(total, now)) { // records were removed: others have moved to earlier pages
        page = 1;
    } else if (empty || (total > 0 && seen.size() + skipped.unreadable >= total)) {
        ended = true;
    } else {
        ++page;
    }
    if (ended && skipped.unreadable > 0) {
        incomplete = "records were left out";
    } else if (ended && seen.size() < *least_total) {
        incomplete = "fewer records were listed than the server counts";
    } else if (!ended && (pages_without_news >= max_pages_without_news || seen.size() > max_records)) {
        incomplete = "the pages of edit records do not end";
    }
}

template class coroutine_operation<optional_result<edit_record>>;

} // namespace detail

edit_records::edit_records(client from, std::string msg_id, std::uint64_t page_size, call_options options)
    : state_(std::make_shared<detail::edit_record_state>(std::move(from), std::move(msg_id), page_size, options)) {}

detail::coroutine<optional_result<edit_record>>
edit_records::next_item(std::shared_ptr<detail::edit_record_state> state) {
    call_info info;
    while (state->buffered.empty()) {
        if (state->incomplete != nullptr) { // once
            co_return detail::incomplete_list(std::move(info), std::exchange(state->incomplete, nullptr),
                                              state->skipped);
        }
        if (state->ended) {
            co_return optional_result<edit_record>(std::move(info), std::nullopt);
        }
        const list_message_edit_record_request request(state->msg_id, state->size, state->page);
        result<edit_record_page> got = co_await state->from.list_message_edit_record(request, state->call, as_result);
        if (!got) {
            co_return std::move(got).error();
        }
        info = *got;
        state->on_page(std::move(*got));
    }
    std::optional<edit_record> next(std::move(state->buffered.front()));
    state->buffered.pop_front();
    co_return optional_result<edit_record>(std::move(info), std::move(next));
}

asio::any_io_executor edit_records::get_executor() const {
    return state_->from.get_executor();
}

YUNHU_NAMESPACE_END
