// Copyright (c) 2026 The yunhu authors
// SPDX-License-Identifier: BSL-1.0
#pragma once

#include <yunhu/as_result.hpp>
#include <yunhu/call_options.hpp>
#include <yunhu/client.hpp>
#include <yunhu/config.hpp>
#include <yunhu/error.hpp>
#include <yunhu/types.hpp>

#include <boost/asio/awaitable.hpp>

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <utility>

YUNHU_NAMESPACE_BEGIN

namespace detail {
class walk_state;
struct picture_state;
struct edit_record_state;
} // namespace detail

/// Where a walk stands: the last message that it delivered. Small, and kept as text (`to_string`, `from_string`), so
/// that a program can store it and go on another day.
struct history_cursor {
    history_cursor() = default;
    history_cursor(std::uint64_t seq, std::string id) : msg_seq(seq), msg_id(std::move(id)) {}
    bool operator==(const history_cursor&) const = default;

    /// Nothing was delivered yet.
    [[nodiscard]] bool empty() const noexcept { return msg_seq == 0; }
    /// What `to_string` made; absent when the text is anything else.
    [[nodiscard]] static std::optional<history_cursor> from_string(std::string_view text);

    std::uint64_t msg_seq = 0;
    std::string msg_id; ///< may be empty: then the place is found by `msg_seq`
};

/// `msg_seq:msg_id`, e.g. `4711:94ddddddda`; of an empty cursor the empty text.
[[nodiscard]] std::string to_string(const history_cursor& cursor);

/// In which direction a walk goes.
enum class history_order : std::uint8_t {
    newest_first, ///< one request a page
    oldest_first, ///< what a bot that catches up wants; two requests a page, since the API pages backwards only
};

/// How to walk.
struct history_options {
    history_options() = default;

    history_order order = history_order::newest_first;
    std::uint64_t since = 0;      ///< only messages with a `msg_seq` above this
    history_cursor cursor;        ///< goes on after the message that another walk of this order delivered last
    std::uint64_t page_size = 50; ///< messages a request; at least 1; the server may give fewer
    bool prefetch = true;         ///< fetches the next page while the caller works on this one
    call_options call;            ///< of each request
};

/// A walk over the messages of a chat, a generator:
///
///     yunhu::history walk(client, yunhu::group("big"));
///     while (auto m = co_await walk.next()) {
///         use(*m);
///     }
///
/// Every message that is in the chat from the walk's beginning to its end is delivered once, in the order of `msg_seq`,
/// which is taken to be unique in a chat. Recalled messages are delivered as the server lists them (`msg_delete_time`
/// above 0). One that is recalled, edited or deleted meanwhile comes as it was when its page was fetched, or not at all
/// when the server had removed it. Newest first, messages that arrive during the walk are not part of it. Oldest first
/// they are, and the walk ends when nothing newer is left; call `next` again later to see what has come since.
///
/// Pages are fetched by `list_message`. What it replies is sorted here, and repeated messages are dropped. A page with
/// fewer messages than asked is not taken for the end; an empty one is, once the message before which nothing was
/// found proves to be still there. When that message has gone, the place is found again by another message of the last
/// page, else by `list_message_by_mid_seq` with its `msg_seq`, else from the newest message on: never past a gap.
///
/// Memory: newest first, two pages of messages at most. Oldest first the unread messages are surveyed backwards first
/// and then fetched again page by page from the oldest: two pages, and the id of one message for every page.
///
/// Errors: as `client::list_message`; `errc::bad_response` when the server lists messages without a `msg_seq`, or pages
/// that lead nowhere. After an error the walk stands where it stood: `next` asks again.
///
/// Thread safety: one call at a time; from any thread.
///
/// Lifetime: holds a copy of the client. May be destroyed at any time, also while `next` runs: the request that is on
/// its way is cancelled. It may keep the client a moment longer, until that has ended.
class history {
public:
    /// Does no I/O. Parameters: `in` is the chat; a wrong one is refused by the first `next`.
    history(client from, chat in, history_options options = history_options());
    history(history&&) noexcept;
    history& operator=(history&&) noexcept;
    history(const history&) = delete;
    history& operator=(const history&) = delete;
    ~history();

    /// The next message; none: there is no further one.
    ///
    /// Completion: the message, or throws `yunhu::error`; with `as_result` a `result` that does not throw.
    /// Cancellation: terminal, and partial and total where the coroutine lets them through; ends with
    /// `operation_aborted`. No message is lost: the page goes on being fetched, and the next `next` delivers it.
    /// Thread safety, lifetime, errors: as above. Source: `POST /v1/msg/list-message`.
    [[nodiscard]] boost::asio::awaitable<std::optional<message>> next();
    [[nodiscard]] boost::asio::awaitable<result<std::optional<message>>>
    next(as_result_t<boost::asio::use_awaitable_t<>> token);

    /// The last message delivered, or the cursor of the options. A walk of the same order that is given it goes on
    /// exactly after it; give it the same `since`.
    [[nodiscard]] history_cursor cursor() const;

private:
    std::shared_ptr<detail::walk_state> state_;
};

/// Looks a message up by its id.
///
/// Parameters: the chat that it is in, and its id; options of the request.
/// Completion: the message; none: the server does not know it there (never sent, deleted, or perhaps removed).
/// Errors: read: repeated after every passing failure. Throws `yunhu::error`; with `as_result` a `result`.
/// Cancellation: as the client's calls; nothing remains. Thread safety: any thread. Lifetime: the arguments are copied.
/// Source: `POST /v1/msg/list-message-by-mid-seq`.
[[nodiscard]] boost::asio::awaitable<std::optional<message>> find_message(client from, chat in, std::string msg_id,
                                                                          call_options options = call_options());
[[nodiscard]] boost::asio::awaitable<result<std::optional<message>>>
find_message(client from, chat in, std::string msg_id, as_result_t<boost::asio::use_awaitable_t<>> token,
             call_options options = call_options());

/// How to walk over pictures.
struct picture_options {
    picture_options() = default;

    history_cursor cursor;        ///< goes on before that picture; empty: from the newest one on
    std::uint64_t page_size = 20; ///< pictures a request; at least 1
    call_options call;            ///< of each request
};

/// A walk over the picture messages of a chat, newest to oldest, each once; recalled ones are not listed. Use as
/// `history`.
///
/// The first picture is found by walking the chat's messages from the newest on, or given by its cursor. From there
/// `pic_list_message_by_mid_seq` gives the earlier ones. The API does not say which of its two counts means "earlier":
/// both are asked for, and what is later is dropped. When the picture from which to go on has gone, the next one is
/// found by walking the messages.
///
/// Memory: two pages of pictures, and while messages are walked, what a `history` holds. Errors, thread safety: as
/// `history`. Lifetime: may be destroyed while `next` runs, which goes on to its end or until it is cancelled.
class pictures {
public:
    pictures(client from, chat in, picture_options options = picture_options());

    /// The next picture message; none: there is no earlier one.
    ///
    /// Completion: the message, or throws `yunhu::error`; with `as_result` a `result`. Cancellation: as the client's
    /// calls; no picture is lost. Thread safety, lifetime, errors: as above.
    /// Source: `POST /v1/msg/pic-list-message-by-mid-seq`.
    [[nodiscard]] boost::asio::awaitable<std::optional<message>> next();
    [[nodiscard]] boost::asio::awaitable<result<std::optional<message>>>
    next(as_result_t<boost::asio::use_awaitable_t<>> token);

    /// The last picture delivered, or the cursor of the options.
    [[nodiscard]] history_cursor cursor() const;

private:
    std::shared_ptr<detail::picture_state> state_;
};

/// A walk over the earlier versions of an edited message, in the server's order, each once. Use as `history`.
///
/// Records that come in meanwhile move the others to later pages: what was delivered is not delivered again.
///
/// Memory: a page of records, and 8 bytes for every record delivered. Errors, thread safety: as `history`.
/// Lifetime: may be destroyed while `next` runs, which goes on to its end or until it is cancelled.
class edit_records {
public:
    /// Parameters: the message; `page_size` records a request, at least 1; options of each request.
    edit_records(client from, std::string msg_id, std::uint64_t page_size = 20, call_options options = call_options());

    /// The next record; none: there is no further one.
    ///
    /// Completion: the record, or throws `yunhu::error`; with `as_result` a `result`. Cancellation: as the client's
    /// calls; no record is lost. Thread safety, lifetime, errors: as above.
    /// Source: `POST /v1/msg/list-message-edit-record`.
    [[nodiscard]] boost::asio::awaitable<std::optional<edit_record>> next();
    [[nodiscard]] boost::asio::awaitable<result<std::optional<edit_record>>>
    next(as_result_t<boost::asio::use_awaitable_t<>> token);

private:
    std::shared_ptr<detail::edit_record_state> state_;
};

// GCC 12 destroys aggregates twice in a co_await expression: none may become a parameter of an awaited call.
static_assert(client::awaitable_parameter<history_cursor>);
static_assert(client::awaitable_parameter<history_options>);
static_assert(client::awaitable_parameter<picture_options>);

YUNHU_NAMESPACE_END
