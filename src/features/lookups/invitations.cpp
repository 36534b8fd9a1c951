// Copyright (c) 2026 The yunhu authors
// SPDX-License-Identifier: BSL-1.0

#include <yunhu/invitations.hpp>

#include "engine/answer_plan.hpp"
#include "runtime/spawn_coroutine.hpp"

#include <yunhu/lookups.hpp>

#include <algorithm>
#include <cstdint>
#include <optional>
#include <utility>

YUNHU_NAMESPACE_BEGIN
namespace detail {

template class coroutine_operation<answered_request>;

coroutine<answered_request> answer_request(client from, friend_request to, request_answer with, call_options options) {
    using action = engine::answer_plan::action;
    engine::answer_plan plan(to);
    failure last; // of the endpoint that was asked last
    answered_request listed;
    for (action next = plan.start();;) {
        switch (next) {
        case action::ask_agree_apply:
        case action::ask_agree_invite: {
            result<acknowledged> said = failure();
            if (next == action::ask_agree_apply) {
                const agree_apply_request request(to.request_id, with);
                said = co_await from.call(endpoints::agree_apply, request, options, as_result);
            } else {
                const agree_invite_request request(to.request_id, with);
                said = co_await from.call(endpoints::agree_invite, request, options, as_result);
            }
            if (!said && said.error().code != errc::refused) {
                co_return std::move(said).error();
            }
            if (!said) {
                last = said.error();
            }
            next = plan.on_answer(said.has_value());
            break;
        }
        case action::read_list: {
            const request_list_request request;
            result<friend_request_page> page = co_await from.call(endpoints::request_list, request, options, as_result);
            if (!page) {
                co_return std::move(page).error();
            }
            const auto found = std::ranges::find(page->requests, to.request_id, &friend_request::request_id);
            std::optional<std::int64_t> now;
            if (found != page->requests.end()) {
                now = found->result;
                listed.request = std::move(*found);
            }
            static_cast<call_info&>(listed) = std::move(*page);
            next = plan.on_list(now);
            break;
        }
        case action::succeed:
            co_return listed;
        case action::fail_refused:
            co_return last;
        case action::fail_open:
        case action::fail_unknown:
            listed.detail = next == action::fail_open ? "the answer was accepted, but the request is still open"
                                                      : "the answer was accepted, but the request is not listed";
            co_return failure(make_error_code(errc::refused), std::move(listed));
        }
    }
}

} // namespace detail
YUNHU_NAMESPACE_END
