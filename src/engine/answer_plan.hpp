// Copyright (c) 2026 The yunhu authors
// SPDX-License-Identifier: BSL-1.0
#pragma once

#include <yunhu/config.hpp>
#include <yunhu/profiles.hpp>

#include <cstdint>
#include <optional>

YUNHU_NAMESPACE_BEGIN
namespace engine {

/// Decides how a request is answered. Which of two endpoints takes a group invitation is disputed: the likely one is
/// asked, and if it refuses, the other one, once. Accepting twice has no other effect. Only the list of requests tells
/// whether the request is closed now.
class answer_plan {
public:
    enum class action : std::uint8_t {
        ask_agree_apply,  ///< friend/agree-apply
        ask_agree_invite, ///< group/agree-invite
        read_list,        ///< friend/request-list
        succeed,
        fail_refused, ///< with what the last endpoint said
        fail_open,    ///< answered, but the list still has the request as an open one
        fail_unknown, ///< the list does not have the request
    };

    explicit answer_plan(const friend_request& request) noexcept : first_(first_endpoint(request)) {}

    /// The endpoint that is asked first [C]: agree-invite for an invitation by a user that concerns a group or a bot.
    [[nodiscard]] static action first_endpoint(const friend_request& request) noexcept;

    [[nodiscard]] action start() const noexcept { return first_; }
    /// The endpoint accepted or refused the answer. Any other failure ends the operation.
    [[nodiscard]] action on_answer(bool accepted) noexcept;
    /// What the list says of the request's `result`; none: it is not listed.
    [[nodiscard]] action on_list(std::optional<std::int64_t> result) const noexcept;

private:
    action first_;
    bool asked_both_ = false;
    bool accepted_ = false;
};

} // namespace engine
YUNHU_NAMESPACE_END
