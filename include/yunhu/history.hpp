// Copyright (c) 2026 The yunhu authors
// SPDX-License-Identifier: BSL-1.0
#pragma once

#include <yunhu/call_options.hpp>
#include <yunhu/client.hpp>
#include <yunhu/config.hpp>
#include <yunhu/detail/coroutine_operation.hpp>
#include <yunhu/detail/operation.hpp>
#include <yunhu/error.hpp>
#include <yunhu/results.hpp>
#include <yunhu/types.hpp>

#include <boost/asio/any_io_executor.hpp>
#include <boost/asio/use_awaitable.hpp>

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

YUNHU_NAMESPACE_BEGIN

namespace detail {
class iteration_state;
struct picture_state;
struct edit_record_state;

extern template class YUNHU_EXPORT coroutine_operation<optional_result<message>>;
extern template class YUNHU_EXPORT coroutine_operation<optional_result<edit_record>>;

[[nodiscard]] YUNHU_EXPORT coroutine<optional_result<message>>
find_message_result(client from, chat in, std::string msg_id, call_options options);
} // namespace detail

/// Position of an iteration: the last message it delivered. Stored as text (`to_string`, `from_string`), it lets a
/// program resume later.
struct YUNHU_EXPORT history_cursor {
    history_cursor() = default;
    history_cursor(std::uint64_t seq, std::string id) : msg_seq(seq), msg_id(std::move(id)) {}
    bool operator==(const history_cursor&) const = default;

    /// True before the first message is delivered.
    [[nodiscard]] bool empty() const noexcept { return msg_seq == 0; }
    /// Parses the text of `to_string`. Parameters: that text. Errors: absent if the text has another form. Thread
    /// safety: any thread. Lifetime: the text is copied.
    [[nodiscard]] static std::optional<history_cursor> from_string(std::string_view text);

    std::uint64_t msg_seq = 0;
    std::string msg_id; ///< may be empty: the position is then found by `msg_seq`
};

/// `msg_seq:msg_id`, e.g. `4711:94ddddddda`; empty for an empty cursor. Parameters: the cursor. Errors: none. Thread
/// safety: any thread. Lifetime: a copy.
[[nodiscard]] YUNHU_EXPORT std::string to_string(const history_cursor& cursor);

/// Records of a chat that an iteration can't deliver.
struct skipped_records {
    skipped_records() = default;

    std::uint64_t without_seq = 0; ///< messages without `msg_seq` (they have no place), or with a `msg_id` above 1 KB
    std::uint64_t unreadable = 0;  ///< records that can't be decoded
    std::vector<std::string> msg_ids; ///< of those without `msg_seq`; at most 64
};

/// Direction of an iteration.
enum class history_order : std::uint8_t {
    newest_first, ///< one request per page
    oldest_first, ///< for a bot that catches up; two requests per page, since the API pages backwards only
};

/// Options of `history`.
struct history_options {
    history_options() = default;

    history_order order = history_order::newest_first;
    std::uint64_t since = 0;      ///< delivers only messages with a greater `msg_seq`
    history_cursor cursor;        ///< resumes after the last message of another iteration in the same order
    std::uint64_t page_size = 50; ///< messages per request; must be at least 1; the server may return fewer
    bool prefetch = true;         ///< requests the next page while the caller processes the current one
    call_options call;            ///< of each request
};

/// An asynchronous generator of a chat's messages:
///
///     yunhu::history messages(client, yunhu::group("big"));
///     while (auto m = co_await messages.next()) {
///         use(*m);
///     }
///
/// Every message that is in the chat for the whole iteration is delivered exactly once, in the order of `msg_seq`.
/// Messages with the same `msg_seq` are delivered in the server's order. A record that can't be read, or a message
/// without `msg_seq`, is left out (`skipped`). Recalled messages are delivered as the server lists them
/// (`msg_delete_time` > 0). A message that is edited, recalled or removed during the iteration is delivered as it was
/// when its page was requested, or not at all. Newest first, messages that arrive during the iteration are not
/// delivered. Oldest first they are, and the iteration ends when there is no newer message; call `next` again later for
/// those that arrived since.
///
/// Pages are requested by `list_message`, sorted, and cleared of duplicates. A page that is shorter than requested does
/// not end the iteration; an empty one does, once its anchor (the message before which nothing was listed) proves to
/// exist still. When the pages don't prove the end, or records were left out, the iteration delivers everything else
/// and then ends with `errc::incomplete_list` instead of none. When the anchor was removed, the position is recovered
/// from another message of the last page, else by `list_message_by_mid_seq` with its `msg_seq`, else from the newest
/// message on. No message is skipped.
///
/// Memory: newest first at most two pages of messages. Oldest first, an index pass scans the unread messages backwards,
/// then every page is requested again, the oldest first: two pages, and one id per page.
///
/// \par Thread safety
/// One call at a time; from any thread.
///
/// \par Lifetime
/// Holds a copy of the client. May be destroyed at any time, also while `next` is outstanding: that cancels the
/// request. The client is released when the request has ended.
class YUNHU_EXPORT history {
public:
    /// Creates an iteration; performs no I/O.
    ///
    /// \par Parameters
    /// `from`: the client. `in`: the chat. `options`: order, limits and page size (messages).
    ///
    /// \par Errors
    /// None: an invalid chat or option is reported by the first `next`, as `errc::invalid_request` (`not_sent`).
    ///
    /// \par Thread safety
    /// May be called from any thread.
    ///
    /// \par Lifetime
    /// The arguments are copied or moved; the client is kept alive by the iteration.
    history(client from, chat in, history_options options = history_options());
    history(history&&) noexcept;
    history& operator=(history&&) noexcept;
    history(const history&) = delete;
    history& operator=(const history&) = delete;
    ~history();

    /// Returns the next message, or none at the end.
    ///
    /// \par Parameters
    /// `token`: a completion token.
    ///
    /// \par Completion signature
    /// `void(error_code, optional_result<message>)`: none at the end. Awaited by default, which throws `yunhu::error`.
    ///
    /// \par Errors
    /// Those of `client::list_message`, with their delivery class (the request is safe: it is retried after every
    /// transient failure). `errc::incomplete_list` (`answered`) in place of the end: once, when records were left out
    /// (see `skipped`); at each call, when the server's pages don't lead on, as when it repeats one. The position is
    /// kept after an error: the next call repeats the request.
    ///
    /// \par Cancellation
    /// Terminal, and partial and total where the coroutine permits them; completes with
    /// `boost::asio::error::operation_aborted`. No message is lost: the request continues, and the next call delivers
    /// its page.
    ///
    /// \par Thread safety
    /// One call at a time; from any thread.
    ///
    /// \par Lifetime
    /// The iteration may be destroyed before completion: the call then completes with
    /// `boost::asio::error::operation_aborted`.
    ///
    /// \par Source
    /// `POST /v1/msg/list-message`, `POST /v1/msg/list-message-by-mid-seq`.
    template <detail::call_token<optional_result<message>> Token = boost::asio::use_awaitable_t<>>
    auto next(Token&& token = Token()) {
        return detail::initiate_coroutine(&next_item, get_executor(), std::forward<Token>(token), state_);
    }

    /// The client's executor, the default executor of handlers. Thread safety: any thread.
    [[nodiscard]] boost::asio::any_io_executor get_executor() const;

    /// The last message delivered; before the first one the cursor of the options. An iteration with this cursor and
    /// the same order and `since` continues exactly after it. Errors: none. Thread safety: not while `next` is
    /// outstanding. Lifetime: a copy.
    [[nodiscard]] history_cursor cursor() const;

    /// The records that were left out so far; with `prefetch`, also those of the page after the current one. Errors:
    /// none. Thread safety: not while `next` is outstanding. Lifetime: a copy.
    [[nodiscard]] skipped_records skipped() const;

private:
    static detail::coroutine<optional_result<message>> next_item(std::shared_ptr<detail::iteration_state> state);

    std::shared_ptr<detail::iteration_state> state_;
};

/// Looks a message up by its id.
///
/// \par Parameters
/// `from`: the client. `in`: the chat. `msg_id`: the message's id. `options`: of the request.
///
/// \par Completion signature
/// `void(error_code, optional_result<message>)`; awaited by default, which throws `yunhu::error`. None: the server does
/// not list the id in this chat (never sent, removed, or perhaps recalled).
///
/// \par Errors
/// Those of `client::list_message_by_mid_seq`, with their delivery class. The request is safe: it is retried after
/// every transient failure. `errc::incomplete_list` (`answered`) when the message is not listed, but records that can't
/// be read are.
///
/// \par Cancellation
/// Terminal, and partial and total where the coroutine permits them; completes with
/// `boost::asio::error::operation_aborted`.
///
/// \par Thread safety
/// May be called from any thread.
///
/// \par Lifetime
/// The arguments are copied or moved; the client is kept alive until completion.
///
/// \par Source
/// `POST /v1/msg/list-message-by-mid-seq`.
template <detail::call_token<optional_result<message>> Token = boost::asio::use_awaitable_t<>>
auto find_message(client from, chat in, std::string msg_id, call_options options, Token&& token = Token()) {
    const client::executor_type executor = from.get_executor();
    return detail::initiate_coroutine(&detail::find_message_result, executor, std::forward<Token>(token),
                                      std::move(from), std::move(in), std::move(msg_id), options);
}
template <detail::call_token<optional_result<message>> Token = boost::asio::use_awaitable_t<>>
auto find_message(client from, chat in, std::string msg_id, Token&& token = Token()) {
    return find_message(std::move(from), std::move(in), std::move(msg_id), call_options(), std::forward<Token>(token));
}

/// Options of `pictures`.
struct picture_options {
    picture_options() = default;

    history_cursor cursor;        ///< resumes before this picture; empty: starts at the newest one
    std::uint64_t page_size = 20; ///< pictures per request; must be at least 1
    call_options call;            ///< of each request
};

/// An asynchronous generator of a chat's picture messages, newest first, each once; recalled ones are not listed. Used
/// like `history`.
///
/// The first picture is found by scanning the chat's messages from the newest on, or given by the cursor. From there
/// `pic_list_message_by_mid_seq` lists the earlier ones. The API does not document which of its two counts means
/// "earlier": both are requested, and later pictures are dropped. When the last picture was removed, the next one is
/// found by scanning the messages.
///
/// Memory: two pages of pictures, and during a scan that of a `history`.
///
/// \par Thread safety
/// One call at a time; from any thread.
///
/// \par Lifetime
/// Holds a copy of the client. May be destroyed while `next` is outstanding; the call then runs to its end.
class YUNHU_EXPORT pictures {
public:
    /// Creates an iteration; performs no I/O.
    ///
    /// \par Parameters
    /// `from`: the client. `in`: the chat. `options`: cursor and page size (pictures).
    ///
    /// \par Errors
    /// None: an invalid chat or option is reported by the first `next`, as `errc::invalid_request` (`not_sent`).
    ///
    /// \par Thread safety
    /// May be called from any thread.
    ///
    /// \par Lifetime
    /// The arguments are copied or moved; the client is kept alive by the iteration.
    pictures(client from, chat in, picture_options options = picture_options());

    /// Returns the next picture message, or none at the end.
    ///
    /// \par Parameters
    /// `token`: a completion token.
    ///
    /// \par Completion signature
    /// `void(error_code, optional_result<message>)`: none at the end. Awaited by default, which throws `yunhu::error`.
    ///
    /// \par Errors
    /// Those of `client::pic_list_message_by_mid_seq` and `history::next`, with their delivery class.
    /// `errc::incomplete_list` (`answered`) in place of the end, once, when records were left out: they can't be read,
    /// or have no `msg_seq`. The position is kept after an error.
    ///
    /// \par Cancellation
    /// Terminal, and partial and total where the coroutine permits them; completes with
    /// `boost::asio::error::operation_aborted`. No picture is lost.
    ///
    /// \par Thread safety
    /// One call at a time; from any thread.
    ///
    /// \par Lifetime
    /// The iteration may be destroyed before completion; the call then runs to its end.
    ///
    /// \par Source
    /// `POST /v1/msg/pic-list-message-by-mid-seq`, `POST /v1/msg/list-message`.
    template <detail::call_token<optional_result<message>> Token = boost::asio::use_awaitable_t<>>
    auto next(Token&& token = Token()) {
        return detail::initiate_coroutine(&next_item, get_executor(), std::forward<Token>(token), state_);
    }

    /// The client's executor, the default executor of handlers. Thread safety: any thread.
    [[nodiscard]] boost::asio::any_io_executor get_executor() const;

    /// The last picture delivered; before the first one the cursor of the options. Errors: none. Thread safety: not
    /// while `next` is outstanding. Lifetime: a copy.
    [[nodiscard]] history_cursor cursor() const;

private:
    static detail::coroutine<optional_result<message>> next_item(std::shared_ptr<detail::picture_state> state);

    std::shared_ptr<detail::picture_state> state_;
};

/// An asynchronous generator of the earlier versions of an edited message, in the server's order, each once. Used like
/// `history`.
///
/// Records that are added during the iteration move the others to later pages; no record is delivered twice.
///
/// Memory: a page of records, and 8 bytes per delivered record.
///
/// \par Thread safety
/// One call at a time; from any thread.
///
/// \par Lifetime
/// Holds a copy of the client. May be destroyed while `next` is outstanding; the call then runs to its end.
class YUNHU_EXPORT edit_records {
public:
    /// Creates an iteration; performs no I/O.
    ///
    /// \par Parameters
    /// `from`: the client. `msg_id`: the message. `page_size`: records per request, must be at least 1. `options`: of
    /// each request.
    ///
    /// \par Errors
    /// None: an invalid argument is reported by the first `next`, as `errc::invalid_request` (`not_sent`).
    ///
    /// \par Thread safety
    /// May be called from any thread.
    ///
    /// \par Lifetime
    /// The arguments are copied or moved; the client is kept alive by the iteration.
    edit_records(client from, std::string msg_id, std::uint64_t page_size = 20, call_options options = call_options());

    /// Returns the next record, or none at the end.
    ///
    /// \par Parameters
    /// `token`: a completion token.
    ///
    /// \par Completion signature
    /// `void(error_code, optional_result<edit_record>)`: none at the end. Awaited by default, which throws
    /// `yunhu::error`.
    ///
    /// \par Errors
    /// Those of `client::list_message_edit_record`, with their delivery class. `errc::incomplete_list` (`answered`) in
    /// place of the end, once, when records can't be read or fewer are listed than the server counts, and when the
    /// server's pages do not end. The position is kept after an error.
    ///
    /// \par Cancellation
    /// Terminal, and partial and total where the coroutine permits them; completes with
    /// `boost::asio::error::operation_aborted`. No record is lost.
    ///
    /// \par Thread safety
    /// One call at a time; from any thread.
    ///
    /// \par Lifetime
    /// The iteration may be destroyed before completion; the call then runs to its end.
    ///
    /// \par Source
    /// `POST /v1/msg/list-message-edit-record`.
    template <detail::call_token<optional_result<edit_record>> Token = boost::asio::use_awaitable_t<>>
    auto next(Token&& token = Token()) {
        return detail::initiate_coroutine(&next_item, get_executor(), std::forward<Token>(token), state_);
    }

    /// The client's executor, the default executor of handlers. Thread safety: any thread.
    [[nodiscard]] boost::asio::any_io_executor get_executor() const;

private:
    static detail::coroutine<optional_result<edit_record>> next_item(std::shared_ptr<detail::edit_record_state> state);

    std::shared_ptr<detail::edit_record_state> state_;
};

// GCC 12 destroys aggregates twice in a co_await expression: none may become a parameter of an awaited call.
static_assert(client::awaitable_parameter<history_cursor>);
static_assert(client::awaitable_parameter<history_options>);
static_assert(client::awaitable_parameter<picture_options>);

YUNHU_NAMESPACE_END
