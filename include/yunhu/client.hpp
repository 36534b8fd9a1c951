// Copyright (c) 2026 The yunhu authors
// SPDX-License-Identifier: BSL-1.0
#pragma once

#include <yunhu/as_result.hpp>
#include <yunhu/buttons.hpp>
#include <yunhu/call_options.hpp>
#include <yunhu/client_config.hpp>
#include <yunhu/config.hpp>
#include <yunhu/detail/awaitable_parameter.hpp>
#include <yunhu/detail/operation.hpp>
#include <yunhu/error.hpp>
#include <yunhu/requests.hpp>
#include <yunhu/stats.hpp>

#include <boost/asio/any_io_executor.hpp>
#include <boost/asio/use_awaitable.hpp>

#include <chrono>
#include <cstddef>
#include <memory>
#include <type_traits>
#include <utility>

YUNHU_NAMESPACE_BEGIN

/// A client of the Yunhu message API: a handle to a pool of connections, and one function for each endpoint.
///
/// Copies are cheap and share the pool. An endpoint's function takes its request, then optionally `call_options`, then
/// optionally a completion token (default: `use_awaitable`):
///
///     auto sent = co_await client.send_message(request);                      // throws yunhu::error
///     auto sent = co_await client.send_message(request, yunhu::as_result);    // yunhu::result<sent_message>
///     client.send_message(request, [](yunhu::error_code ec, yunhu::sent_message sent) {});
///     client.send_message(request, options, asio::use_future).get();          // throws yunhu::error
///
/// Completion signature: `void(error_code, T)`. `T` derives from `call_info`, which has the details of a failure too.
/// `use_awaitable` and `use_future`, also inside adapters, throw `yunhu::error` with all of them; `as_result` gives a
/// `result<T>`. A deferred call that is awaited as it is throws the code alone: `co_await std::move(call)(as_result)`.
/// The handler is called once, by its associated executor (default: the client's), never from inside the function.
///
/// A call starts when its token initiates it: a `deferred` call or an awaitable that is never started sends nothing,
/// and each start of a copied deferred call is a call of its own; after the last handle's end, with `client_closed`.
///
/// Cancellation: the call ends with `operation_aborted`. A call that was waiting is `not_sent`; a call in flight is
/// `maybe_sent`, and its connection is closed.
/// Thread safety: distinct handles, and const members of one handle, may be used from any thread.
/// Lifetime: when the last handle is destroyed, running calls end with `errc::client_closed`; the destructor does not
/// wait. Idle connections count as work: `io_context::run()` returns after the last handle is destroyed, or after
/// `async_shutdown`. After `fork` the child calls the context's `notify_fork(fork_child)`, as Asio requires: inherited
/// calls end there with `client_closed`, only the parent sends them, and the child opens connections of its own.
class YUNHU_EXPORT client {
public:
    using executor_type = boost::asio::any_io_executor;
    /// True of types that may be parameters of an awaited call.
    template <class T> static constexpr bool awaitable_parameter = detail::awaitable_parameter<T>;

    /// Creates a client; the first call opens a connection. Parameters: the executor of its I/O; the options.
    /// Errors: throws `yunhu::error` (`errc::invalid_request`) that names the field, as a base URL without `https://`.
    /// Thread safety: any thread. Lifetime: the options are copied; the executor's context must outlive all handles.
    client(executor_type executor, client_config config);
    template <class Context>
    requires requires(Context& context) { executor_type(context.get_executor()); }
    client(Context& context, client_config config) : client(executor_type(context.get_executor()), std::move(config)) {}

    /// The executor of the client's I/O, and the default executor of handlers. Thread safety: any thread.
    [[nodiscard]] executor_type get_executor() const noexcept;
    /// A handle that calls with another account's token, over the same connections, limits and counters.
    /// Parameters: the token. Errors: throws `yunhu::error` (`errc::invalid_request`) if it has control characters.
    /// Thread safety: any thread. Lifetime: as a copy, it keeps the client open.
    [[nodiscard]] client with_token(const secret& token) const;
    /// As `with_token`, with the provider's newest token. A call whose token is refused waits for another one and is
    /// made again, once: it was not executed. Errors: as `with_token`; in a call, `not_authenticated` if there is none.
    [[nodiscard]] client with_tokens(std::shared_ptr<token_provider> tokens) const;
    /// The current counters, summed over the shards. Errors: none. Thread safety: any thread. Lifetime: a copy.
    [[nodiscard]] client_stats stats() const;

    /// Sends a message.
    /// Parameters: the message; its `msg_id` identifies it before and after the call.
    /// Completion signature: `void(error_code, sent_message)`. Source: `POST /v1/msg/send-message`.
    /// Errors: `errc` and delivery class; non-idempotent: repeated only when it provably was not sent. `maybe_sent` is
    /// `outcome_unknown`: look it up with `list_message_by_mid_seq` before sending again.
    /// Cancellation: terminal, partial, total: `operation_aborted`; `maybe_sent`: it may still take effect.
    /// Thread safety: any thread. Lifetime: the request is copied or moved from.
    auto send_message(send_message_request request, detail::call_argument<sent_message> auto&&... args) const {
        return detail::initiate<sent_message>(source_, std::move(request), std::forward<decltype(args)>(args)...);
    }

    /// Replaces the content of a message. Quote fields must be given again or the quote is lost.
    /// Parameters: the message's `msg_id`; content of kind text, markdown or html.
    /// Completion signature: `void(error_code, acknowledged)`. Source: `POST /v1/msg/edit-message`.
    /// Errors: `errc` and delivery class; idempotent: repeated when not sent; when maybe sent, with `retry_maybe_sent`.
    /// Cancellation: terminal, partial, total: `operation_aborted`; `maybe_sent`: it may still take effect.
    /// Thread safety: any thread. Lifetime: the request is copied or moved from.
    auto edit_message(edit_message_request request, detail::call_argument<acknowledged> auto&&... args) const {
        return detail::initiate<acknowledged>(source_, std::move(request), std::forward<decltype(args)>(args)...);
    }

    /// Lists messages newer than a sequence number (exclusive), about 31 at most. Not for paging: with an old number
    /// only the newest messages are returned.
    /// Parameters: `msg_start`, 0 for the newest.
    /// Completion signature: `void(error_code, message_page)`. Source: `POST /v1/msg/list-message-by-seq`.
    /// Errors: `errc` and delivery class; safe: repeated after every transient failure.
    /// Cancellation: terminal, partial, total: `operation_aborted`; nothing remains.
    /// Thread safety: any thread. Lifetime: the request is copied or moved from.
    auto list_message_by_seq(list_message_by_seq_request request,
                             detail::call_argument<message_page> auto&&... args) const {
        return detail::initiate<message_page>(source_, std::move(request), std::forward<decltype(args)>(args)...);
    }

    /// Lists the messages before a message (exclusive), or the newest ones. This is the endpoint that pages.
    /// Parameters: `msg_count` messages, at least 1.
    /// Completion signature: `void(error_code, message_page)`. Source: `POST /v1/msg/list-message`.
    /// Errors: `errc` and delivery class; safe: repeated after every transient failure.
    /// Cancellation: terminal, partial, total: `operation_aborted`; nothing remains.
    /// Thread safety: any thread. Lifetime: the request is copied or moved from.
    auto list_message(list_message_request request, detail::call_argument<message_page> auto&&... args) const {
        return detail::initiate<message_page>(source_, std::move(request), std::forward<decltype(args)>(args)...);
    }

    /// Lists messages around one, inclusive; or looks one up by its id (`msg_seq` -1).
    /// Parameters: up to `msg_count` + 1 messages are returned; their order is not promised, use `find`.
    /// Completion signature: `void(error_code, message_page)`. Source: `POST /v1/msg/list-message-by-mid-seq`.
    /// Errors: `errc` and delivery class; safe: repeated after every transient failure. A missing message is no error.
    /// Cancellation: terminal, partial, total: `operation_aborted`; nothing remains.
    /// Thread safety: any thread. Lifetime: the request is copied or moved from.
    auto list_message_by_mid_seq(list_message_by_mid_seq_request request,
                                 detail::call_argument<message_page> auto&&... args) const {
        return detail::initiate<message_page>(source_, std::move(request), std::forward<decltype(args)>(args)...);
    }

    /// Lists the earlier versions of an edited message. Parameters: the message; page `page` (from 1), `size` records.
    /// Completion signature: `void(error_code, edit_record_page)`. Source: `POST /v1/msg/list-message-edit-record`.
    /// Errors: `errc` and delivery class; safe: repeated after every transient failure.
    /// Cancellation: terminal, partial, total: `operation_aborted`; nothing remains.
    /// Thread safety: any thread. Lifetime: the request is copied or moved from.
    auto list_message_edit_record(list_message_edit_record_request request,
                                  detail::call_argument<edit_record_page> auto&&... args) const {
        return detail::initiate<edit_record_page>(source_, std::move(request), std::forward<decltype(args)>(args)...);
    }

    /// Reports that a user pressed a button of a message. Parameters: the message, the user and the button's value.
    /// Completion signature: `void(error_code, acknowledged)`. Source: `POST /v1/msg/button-report`.
    /// Errors: `errc` and delivery class; non-idempotent: repeated only when it provably was not sent.
    /// Cancellation: terminal, partial, total: `operation_aborted`; `maybe_sent`: it may still take effect.
    /// Thread safety: any thread. Lifetime: the request is copied or moved from.
    auto button_report(button_report_request request, detail::call_argument<acknowledged> auto&&... args) const {
        return detail::initiate<acknowledged>(source_, std::move(request), std::forward<decltype(args)>(args)...);
    }

    /// Recalls a message for everyone. Parameters: the message.
    /// Completion signature: `void(error_code, acknowledged)`. Source: `POST /v1/msg/recall-msg`.
    /// Errors: `errc` and delivery class; idempotent: repeated when not sent; when maybe sent, with `retry_maybe_sent`.
    /// Cancellation: terminal, partial, total: `operation_aborted`; `maybe_sent`: it may still take effect.
    /// Thread safety: any thread. Lifetime: the request is copied or moved from.
    auto recall_msg(recall_msg_request request, detail::call_argument<acknowledged> auto&&... args) const {
        return detail::initiate<acknowledged>(source_, std::move(request), std::forward<decltype(args)>(args)...);
    }

    /// Recalls messages of one chat for everyone; the server gives one status for all.
    /// Parameters: at least one message.
    /// Completion signature: `void(error_code, acknowledged)`. Source: `POST /v1/msg/recall-msg-batch`.
    /// Errors: `errc` and delivery class; idempotent: repeated when not sent; when maybe sent, with `retry_maybe_sent`.
    /// Cancellation: terminal, partial, total: `operation_aborted`; `maybe_sent`: it may still take effect.
    /// Thread safety: any thread. Lifetime: the request is copied or moved from.
    auto recall_msg_batch(recall_msg_batch_request request, detail::call_argument<acknowledged> auto&&... args) const {
        return detail::initiate<acknowledged>(source_, std::move(request), std::forward<decltype(args)>(args)...);
    }

    /// Records that a file was downloaded. Parameters: the file's message and the path where it was saved.
    /// Completion signature: `void(error_code, acknowledged)`. Source: `POST /v1/msg/file-download-record`.
    /// Errors: `errc` and delivery class; non-idempotent: repeated only when it provably was not sent.
    /// Cancellation: terminal, partial, total: `operation_aborted`; `maybe_sent`: it may still take effect.
    /// Thread safety: any thread. Lifetime: the request is copied or moved from.
    auto file_download_record(file_download_record_request request,
                              detail::call_argument<acknowledged> auto&&... args) const {
        return detail::initiate<acknowledged>(source_, std::move(request), std::forward<decltype(args)>(args)...);
    }

    /// Forwards a message to chats. Parameters: the message, the kind of the chat it is in, at least one receiver.
    /// Completion signature: `void(error_code, acknowledged)`. Source: `POST /v1/msg/msg-forward`.
    /// Errors: `errc` and delivery class; non-idempotent: repeated only when it provably was not sent.
    /// Cancellation: terminal, partial, total: `operation_aborted`; `maybe_sent`: it may still take effect.
    /// Thread safety: any thread. Lifetime: the request is copied or moved from.
    auto msg_forward(msg_forward_request request, detail::call_argument<acknowledged> auto&&... args) const {
        return detail::initiate<acknowledged>(source_, std::move(request), std::forward<decltype(args)>(args)...);
    }

    /// Lists the picture messages around one. Parameters: `image_id` (its `msg_seq`); counts of earlier and later ones.
    /// Completion signature: `void(error_code, message_page)`. Source: `POST /v1/msg/pic-list-message-by-mid-seq`.
    /// Errors: `errc` and delivery class; safe: repeated after every transient failure.
    /// Cancellation: terminal, partial, total: `operation_aborted`; nothing remains.
    /// Thread safety: any thread. Lifetime: the request is copied or moved from.
    auto pic_list_message_by_mid_seq(pic_list_message_by_mid_seq_request request,
                                     detail::call_argument<message_page> auto&&... args) const {
        return detail::initiate<message_page>(source_, std::move(request), std::forward<decltype(args)>(args)...);
    }

    /// Removes a message from the caller's own view; others still see it. Parameters: the message.
    /// Completion signature: `void(error_code, acknowledged)`. Source: `POST /v1/msg/delete`.
    /// Errors: `errc` and delivery class; idempotent: repeated when not sent; when maybe sent, with `retry_maybe_sent`.
    /// Cancellation: terminal, partial, total: `operation_aborted`; `maybe_sent`: it may still take effect.
    /// Thread safety: any thread. Lifetime: the request is copied or moved from.
    auto delete_msg(delete_msg_request request, detail::call_argument<acknowledged> auto&&... args) const {
        return detail::initiate<acknowledged>(source_, std::move(request), std::forward<decltype(args)>(args)...);
    }

    /// Calls the endpoint of a row. Parameters: the row, e.g. `endpoints::recall_msg`; its request.
    /// Completion signature: `void(error_code, Result)`. Errors: `errc`, delivery class; repeated as the row permits.
    /// Cancellation: terminal, partial, total: `operation_aborted`; `maybe_sent`: it may still take effect.
    /// Thread safety: any thread. Lifetime: the request is copied or moved from. Source: `POST` to the row's path.
    template <class Request, class Result> auto call(const api_endpoint<Request, Result>& /*row*/, Request request,
                                                     detail::call_argument<Result> auto&&... args) const {
        return detail::initiate<Result>(source_, std::move(request), std::forward<decltype(args)>(args)...);
    }

    /// Calls a user's own endpoint through the same pool, timeout, retries and error layers.
    /// Parameters: the endpoint; its request. Completion signature: `void(error_code, reply<Reply>)`.
    /// Errors: `errc` and delivery class; the encoder throws: `invalid_request`; the decoder throws: `bad_response`;
    /// repeated as the endpoint's retry class permits. Cancellation: terminal, partial, total: `operation_aborted`.
    /// Thread safety: any thread. Lifetime: the endpoint and the request are copied. Source: `POST` to its path.
    template <class Request, class Reply> auto call(const endpoint<Request, Reply>& where,
                                                    std::type_identity_t<Request> request,
                                                    detail::call_argument<reply<Reply>> auto&&... args) const {
        static_assert(awaitable_parameter<Request>, "an aggregate must not be a parameter of an awaited call: GCC 12 "
                                                    "destroys it twice; declare a constructor");
        return detail::initiate<reply<Reply>>(source_,
                                              detail::custom_request<Request, Reply>(where, std::move(request)),
                                              std::forward<decltype(args)>(args)...);
    }

    /// Refuses new calls with `errc::client_closed`, waits for the running ones, then closes every connection.
    /// Parameters: the time to wait for running calls, which are then aborted.
    /// Completion signature: `void(std::size_t)`, the number of aborted calls. Errors: none.
    /// Cancellation: terminal, partial, total: aborts the running calls at once.
    /// Thread safety: any thread. Lifetime: the handle may be destroyed meanwhile.
    template <detail::count_token Token = boost::asio::use_awaitable_t<>>
    auto async_shutdown(std::chrono::nanoseconds timeout, Token&& token = Token()) const {
        return detail::initiate_shutdown(source_, timeout, std::forward<Token>(token));
    }

    /// Opens connections in advance. Resolution and TLS verification are the same as for a call.
    /// Parameters: the number of connections over all shards, at most `pool.max_connections` in each.
    /// Completion signature: `void(std::size_t)`, the number of open connections, once all are open or one has failed.
    /// Errors: none: an unreachable server is the next call's error. A connection may close again, by the server or by
    /// `pool.idle_timeout`. Cancellation: terminal, partial, total: stops waiting; connecting goes on.
    /// Thread safety: any thread. Lifetime: the handle may be destroyed meanwhile, which ends the operation.
    template <detail::count_token Token = boost::asio::use_awaitable_t<>>
    auto async_warm_up(std::size_t connections, Token&& token = Token()) const {
        return detail::initiate_warm_up(source_, connections, std::forward<Token>(token));
    }

private:
    friend struct detail::client_access;
    struct handle; // closes the client with the last copy
    detail::call_source source_;
    std::shared_ptr<handle> handle_;
};

YUNHU_NAMESPACE_END
