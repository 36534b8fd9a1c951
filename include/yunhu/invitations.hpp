// Copyright (c) 2026 The yunhu authors
// SPDX-License-Identifier: BSL-1.0
#pragma once

#include <yunhu/actions.hpp>
#include <yunhu/call_options.hpp>
#include <yunhu/client.hpp>
#include <yunhu/config.hpp>
#include <yunhu/detail/coroutine_operation.hpp>
#include <yunhu/profiles.hpp>

#include <boost/asio/use_awaitable.hpp>

#include <utility>

/// Answers to friend requests, applications and invitations.
YUNHU_NAMESPACE_BEGIN

/// Result of `answer`: the request as the service lists it now.
struct YUNHU_EXPORT answered_request : call_info {
    answered_request() = default;

    friend_request request; ///< `result` is not 0
};

namespace detail {
[[nodiscard]] YUNHU_EXPORT coroutine<answered_request> answer_request(client from, friend_request to,
                                                                      request_answer with, call_options options);
} // namespace detail

/// Answers a request of friend/request-list.
///
/// Which of two endpoints takes a group invitation is disputed among clients of the service [C]: the likely one is
/// called, and if it refuses, the other one, once. Then the list is read again: the operation succeeds only if the
/// request is not open any more.
///
/// \par Parameters
/// `from`: the client. `to`: the request, as it was listed. `with`: the answer. `options`: of each call.
///
/// \par Completion signature
/// `void(error_code, answered_request)`; awaited by default, which throws `yunhu::error`.
///
/// \par Errors
/// Those of a call, with their delivery class; the answer is idempotent. `errc::refused` (`answered`) with the
/// service's code and text when both endpoints refuse and the request is still open or not listed; without a text of
/// the service when an endpoint accepted the answer, and the list has the request as an open one or not at all.
///
/// \par Cancellation
/// Terminal, and partial and total where the coroutine permits them; completes with
/// `boost::asio::error::operation_aborted`. The answer may have taken effect.
///
/// \par Thread safety
/// May be called from any thread.
///
/// \par Lifetime
/// The arguments are copied or moved; the client is kept alive until completion.
///
/// \par Source
/// `POST /v1/friend/agree-apply`, `POST /v1/group/agree-invite`, `POST /v1/friend/request-list`.
template <detail::call_token<answered_request> Token = boost::asio::use_awaitable_t<>>
auto answer(client from, friend_request to, request_answer with, call_options options, Token&& token = Token()) {
    const client::executor_type executor = from.get_executor();
    return detail::initiate_coroutine(&detail::answer_request, executor, std::forward<Token>(token), std::move(from),
                                      std::move(to), with, options);
}
template <detail::call_token<answered_request> Token = boost::asio::use_awaitable_t<>>
auto answer(client from, friend_request to, request_answer with, Token&& token = Token()) {
    return answer(std::move(from), std::move(to), with, call_options(), std::forward<Token>(token));
}

/// `answer` with `request_answer::accept`.
template <detail::call_token<answered_request> Token = boost::asio::use_awaitable_t<>>
auto accept(client from, friend_request to, Token&& token = Token()) {
    return answer(std::move(from), std::move(to), request_answer::accept, std::forward<Token>(token));
}

/// `answer` with `request_answer::refuse`.
template <detail::call_token<answered_request> Token = boost::asio::use_awaitable_t<>>
auto refuse(client from, friend_request to, Token&& token = Token()) {
    return answer(std::move(from), std::move(to), request_answer::refuse, std::forward<Token>(token));
}

// GCC 12 destroys aggregates twice in a co_await expression: none may become a parameter of an awaited call.
static_assert(client::awaitable_parameter<friend_request>);

YUNHU_NAMESPACE_END
