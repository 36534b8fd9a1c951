// Copyright (c) 2026 The yunhu authors
// SPDX-License-Identifier: BSL-1.0

#include "engine/answer_plan.hpp"

YUNHU_NAMESPACE_BEGIN
namespace engine {

answer_plan::action answer_plan::first_endpoint(const friend_request& request) noexcept {
    constexpr auto group = static_cast<std::int64_t>(chat_type::group);
    constexpr auto bot = static_cast<std::int64_t>(chat_type::bot);
    const auto has = [&](std::int64_t type) { return request.source_type == type || request.target_type == type; };
    const bool concerns_group_or_bot =
        has(group) || has(bot) || !request.group_name.empty() || !request.bot_name.empty();
    return !request.inviter_id.empty() && concerns_group_or_bot ? action::ask_agree_invite : action::ask_agree_apply;
}

answer_plan::action answer_plan::on_answer(bool accepted) noexcept {
    accepted_ = accepted;
    if (accepted || asked_both_) {
        return action::read_list;
    }
    asked_both_ = true;
    return first_ == action::ask_agree_apply ? action::ask_agree_invite : action::ask_agree_apply;
}

answer_plan::action answer_plan::on_list(std::optional<std::int64_t> result) const noexcept {
    if (result && *result != 0) {
        return action::succeed;
    }
    if (!accepted_) {
        return action::fail_refused;
    }
    return result ? action::fail_open : action::fail_unknown;
}

} // namespace engine
YUNHU_NAMESPACE_END
