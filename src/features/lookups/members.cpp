// Copyright (c) 2026 The yunhu authors
// SPDX-License-Identifier: BSL-1.0

#include <yunhu/members.hpp>

#include "engine/member_pages.hpp"
#include "features/history/incomplete_list.hpp"
#include "runtime/spawn_coroutine.hpp"

#include <yunhu/history.hpp>
#include <yunhu/lookups.hpp>

#include <cstdint>
#include <deque>
#include <optional>
#include <utility>

YUNHU_NAMESPACE_BEGIN

namespace asio = boost::asio;

namespace detail {

struct member_state {
    member_state(client c, std::string group, std::optional<std::int64_t> with_tag, member_options how)
        : from(std::move(c)), group_id(std::move(group)), tag_id(with_tag), options(std::move(how)),
          pages(options.page_size) {}

    client from;
    std::string group_id;
    std::optional<std::int64_t> tag_id;
    member_options options;

    engine::member_pages pages;
    std::deque<group_member> buffered;
    skipped_records skipped;
};

namespace {

coroutine<member_page> next_page(std::shared_ptr<member_state> state) {
    const paging which(state->pages.page(), state->options.page_size);
    if (state->tag_id) {
        const group_tag_members_request request(state->group_id, *state->tag_id, which);
        co_return co_await state->from.call(endpoints::group_tag_members, request, state->options.call, as_result);
    }
    const list_member_request request(state->group_id, which, state->options.keywords);
    co_return co_await state->from.call(endpoints::list_member, request, state->options.call, as_result);
}

} // namespace

template class coroutine_operation<optional_result<group_member>>;

} // namespace detail

members::members(client from, std::string group_id, member_options options)
    : state_(std::make_shared<detail::member_state>(std::move(from), std::move(group_id), std::nullopt,
                                                    std::move(options))) {}

tag_members::tag_members(client from, std::string group_id, std::int64_t tag_id, member_options options)
    : members(
          std::make_shared<detail::member_state>(std::move(from), std::move(group_id), tag_id, std::move(options))) {}

detail::coroutine<optional_result<group_member>> members::next_item(std::shared_ptr<detail::member_state> state) {
    call_info info;
    while (state->buffered.empty()) {
        if (const char* const why = state->pages.take_incomplete()) { // once
            co_return detail::incomplete_list(std::move(info), why, state->skipped);
        }
        if (state->pages.ended()) {
            co_return optional_result<group_member>(std::move(info), std::nullopt);
        }
        result<member_page> got = co_await detail::next_page(state);
        if (!got) {
            co_return std::move(got).error();
        }
        info = *got;
        state->skipped.unreadable += got->unreadable;
        for (group_member& each : state->pages.on_page(std::move(got->members), got->unreadable, got->total)) {
            state->buffered.push_back(std::move(each));
        }
    }
    std::optional<group_member> next(std::move(state->buffered.front()));
    state->buffered.pop_front();
    co_return optional_result<group_member>(std::move(info), std::move(next));
}

asio::any_io_executor members::get_executor() const {
    return state_->from.get_executor();
}

YUNHU_NAMESPACE_END
