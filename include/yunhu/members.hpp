// Copyright (c) 2026 The yunhu authors
// SPDX-License-Identifier: BSL-1.0
#pragma once

#include <yunhu/call_options.hpp>
#include <yunhu/client.hpp>
#include <yunhu/config.hpp>
#include <yunhu/detail/coroutine_operation.hpp>
#include <yunhu/profiles.hpp>
#include <yunhu/results.hpp>

#include <boost/asio/any_io_executor.hpp>
#include <boost/asio/use_awaitable.hpp>

#include <cstdint>
#include <memory>
#include <string>
#include <utility>

/// The members of a group, one after the other.
YUNHU_NAMESPACE_BEGIN

namespace detail {
struct member_state;
} // namespace detail

/// Options of `members` and `tag_members`.
struct member_options {
    member_options() = default;

    std::string keywords;         ///< only members whose names have it; of `members`
    std::uint32_t page_size = 50; ///< members per request, must be at least 1; more than 50 was never seen [C]
    call_options call;            ///< of each request
};

/// An asynchronous generator of the members of a group, in the server's order, each once:
///
///     yunhu::members everyone(client, "big");
///     while (auto m = co_await everyone.next()) {
///         use(m->user.name);
///     }
///
/// A short or an empty page ends the iteration, unless the server counts more members than were listed: then it goes on
/// to an empty page, and ends with `errc::incomplete_list` once. Members who leave during the iteration move others to
/// earlier pages, which can hide them; no member is delivered twice.
///
/// Memory: a page of members, and the id of each delivered one.
///
/// \par Thread safety
/// One call at a time; from any thread.
///
/// \par Lifetime
/// Holds a copy of the client. May be destroyed while `next` is outstanding; the call then runs to its end.
class YUNHU_EXPORT members {
public:
    /// Creates an iteration; performs no I/O.
    ///
    /// \par Parameters
    /// `from`: the client. `group_id`: the group. `options`: words to search for, page size (members), call options.
    ///
    /// \par Errors
    /// None: an invalid argument is reported by the first `next`, as `errc::invalid_request` (`not_sent`).
    ///
    /// \par Thread safety
    /// May be called from any thread.
    ///
    /// \par Lifetime
    /// The arguments are copied or moved; the client is kept alive by the iteration.
    members(client from, std::string group_id, member_options options = member_options());

    /// Returns the next member, or none at the end.
    ///
    /// \par Parameters
    /// `token`: a completion token.
    ///
    /// \par Completion signature
    /// `void(error_code, optional_result<group_member>)`: none at the end. Awaited by default, which throws
    /// `yunhu::error`.
    ///
    /// \par Errors
    /// Those of a call, with their delivery class: the requests are safe, so they are repeated after every transient
    /// failure. `errc::incomplete_list` (`answered`) in place of the end, once, when members can't be read or fewer
    /// were listed than the server counts, and when the server's pages do not end. The position is kept after an error.
    ///
    /// \par Cancellation
    /// Terminal, and partial and total where the coroutine permits them; completes with
    /// `boost::asio::error::operation_aborted`. No member is lost.
    ///
    /// \par Thread safety
    /// One call at a time; from any thread.
    ///
    /// \par Lifetime
    /// The iteration may be destroyed before completion; the call then runs to its end.
    ///
    /// \par Source
    /// `POST /v1/group/list-member`; of `tag_members` `POST /v1/group-tag/members`.
    template <detail::call_token<optional_result<group_member>> Token = boost::asio::use_awaitable_t<>>
    auto next(Token&& token = Token()) {
        return detail::initiate_coroutine(&next_item, get_executor(), std::forward<Token>(token), state_);
    }

    /// The client's executor, the default executor of handlers. Thread safety: any thread.
    [[nodiscard]] boost::asio::any_io_executor get_executor() const;

protected:
    explicit members(std::shared_ptr<detail::member_state> state) noexcept : state_(std::move(state)) {}

private:
    static detail::coroutine<optional_result<group_member>> next_item(std::shared_ptr<detail::member_state> state);

    std::shared_ptr<detail::member_state> state_;
};

/// The same for the members of a group that have a tag.
class YUNHU_EXPORT tag_members : public members {
public:
    /// Creates an iteration; performs no I/O.
    ///
    /// \par Parameters
    /// `from`: the client. `group_id`: the group. `tag_id`: the tag, must be > 0. `options`: page size, call options.
    ///
    /// \par Errors
    /// None: an invalid argument is reported by the first `next`, as `errc::invalid_request` (`not_sent`).
    ///
    /// \par Thread safety
    /// May be called from any thread.
    ///
    /// \par Lifetime
    /// The arguments are copied or moved; the client is kept alive by the iteration.
    tag_members(client from, std::string group_id, std::int64_t tag_id, member_options options = member_options());
};

// GCC 12 destroys aggregates twice in a co_await expression: none may become a parameter of an awaited call.
static_assert(client::awaitable_parameter<member_options>);

YUNHU_NAMESPACE_END
