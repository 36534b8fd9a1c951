// Copyright (c) 2026 The yunhu authors
// SPDX-License-Identifier: BSL-1.0
#pragma once

#include <yunhu/as_result.hpp>
#include <yunhu/buttons.hpp>
#include <yunhu/call_options.hpp>
#include <yunhu/client_config.hpp>
#include <yunhu/config.hpp>
#include <yunhu/detail/operation.hpp>
#include <yunhu/draft.hpp>
#include <yunhu/endpoint.hpp>
#include <yunhu/error.hpp>
#include <yunhu/requests.hpp>
#include <yunhu/results.hpp>
#include <yunhu/stats.hpp>

#include <boost/asio/any_completion_handler.hpp>
#include <boost/asio/any_io_executor.hpp>
#include <boost/asio/async_result.hpp>
#include <boost/asio/awaitable.hpp>
#include <boost/asio/use_awaitable.hpp>

#include <chrono>
#include <concepts>
#include <cstddef>
#include <exception>
#include <memory>
#include <string>
#include <string_view>
#include <type_traits>
#include <utility>

YUNHU_NAMESPACE_BEGIN

namespace detail {

class client_core;
struct credentials;

extern template boost::asio::awaitable<sent_message> await_value(operation op);
extern template boost::asio::awaitable<acknowledged> await_value(operation op);
extern template boost::asio::awaitable<message_page> await_value(operation op);
extern template boost::asio::awaitable<edit_record_page> await_value(operation op);
extern template boost::asio::awaitable<result<sent_message>> await_result(operation op);
extern template boost::asio::awaitable<result<acknowledged>> await_result(operation op);
extern template boost::asio::awaitable<result<message_page>> await_result(operation op);
extern template boost::asio::awaitable<result<edit_record_page>> await_result(operation op);

} // namespace detail

/// A client of the Yunhu message API: a handle to a pool of connections, and one function an endpoint.
///
/// Copies are cheap and share the pool. Every function takes the request, optionally `call_options`, optionally a
/// completion token:
///
///     auto sent = co_await client.send_message(request);                      // throws yunhu::error
///     auto sent = co_await client.send_message(request, yunhu::as_result);    // yunhu::result<sent_message>
///     client.send_message(request, [](yunhu::error_code ec, yunhu::sent_message sent) {});
///     client.send_message(request, options, asio::use_future).get();          // throws yunhu::error
///
/// Completion signature, of every call with the result `T`: `void(error_code, T)`, where `T` tells the call's
/// `call_info` also when it failed; for `use_awaitable` (the default) and `use_future`:
/// `void(std::exception_ptr, T)` with a `yunhu::error`; for `as_result` and `as_result(token)`: `void(result<T>)`. The
/// handler is called once, by its associated executor (default: the client's), never from inside the function.
///
/// Errors, of every call: `errc`. The delivery class says whether it may be sent again.
///
/// Cancellation, of every call: terminal, partial and total. The call ends with `operation_aborted`; one that still
/// waited is `not_sent`, one that was on its way `maybe_sent`: it may still act. Its connection is closed then.
///
/// Thread safety: every member of distinct handles, and every const member and endpoint function of one handle, may be
/// called from any thread.
///
/// Lifetime: the request is copied or moved from before the function returns. When the last handle is destroyed, calls
/// that have not ended end with `errc::client_closed`; the destructor does not wait. While connections are idle, the
/// executor has work: `io_context::run()` returns after the last handle is gone, or after `async_shutdown`.
class client {
public:
    using executor_type = boost::asio::any_io_executor;

    /// Makes a client. No connection is opened before the first call.
    ///
    /// Parameters: where the client does its I/O, and all that it needs to know.
    /// Errors: throws `yunhu::error` (`errc::invalid_request`) when the configuration can't work, and names the field:
    /// a base URL that is not `https://`, a token with control characters, a CA file that can't be read.
    client(executor_type executor, client_config config);
    template <class Context>
    requires requires(Context& context) { executor_type(context.get_executor()); }
    client(Context& context, client_config config) : client(executor_type(context.get_executor()), std::move(config)) {}

    [[nodiscard]] executor_type get_executor() const noexcept;
    /// A handle whose calls carry another account's token, over the same connections, limits and numbers. It counts as
    /// a handle of this client.
    ///
    /// Parameters: that account's token.
    /// Errors: throws `yunhu::error` (`errc::invalid_request`) when no header can carry the token; it is not repeated.
    /// Thread safety: any thread. Lifetime: as a copy of this handle.
    [[nodiscard]] client with_token(const secret& token) const;
    /// The numbers of this moment. Thread safety: any thread.
    [[nodiscard]] client_stats stats() const;

    /// Sends a message.
    ///
    /// Parameters: the message; its `msg_id` names it from now on; options for this call alone.
    /// Completion: `T` is `sent_message`.
    /// Errors: one-shot: repeated only when it provably was not sent. A failure that is `maybe_sent` ends as
    /// `outcome_unknown`: ask with `list_message_by_mid_seq` before sending again. Cancellation: as above; one that was
    /// on its way may still arrive. Thread safety, lifetime: as above. Source: `POST /v1/msg/send-message`.
    template <class Token = boost::asio::use_awaitable_t<>>
    auto send_message(send_message_request request, Token&& token = Token()) {
        return detail::initiate<sent_message>(prepare(std::move(request), call_options()), std::forward<Token>(token));
    }
    template <class Token = boost::asio::use_awaitable_t<>>
    auto send_message(send_message_request request, call_options options, Token&& token = Token()) {
        return detail::initiate<sent_message>(prepare(std::move(request), options), std::forward<Token>(token));
    }

    /// Replaces the content of a message. Quote fields must be given again or the quote is lost.
    ///
    /// Parameters: `msg_id` names the message; kinds text, markdown and html; options for this call alone.
    /// Completion: `T` is `acknowledged`.
    /// Errors: convergent: repeated when not sent; when maybe sent, with `retry_maybe_sent`.
    /// Cancellation: as above; one that was on its way may still act.
    /// Thread safety, lifetime: as above.
    /// Source: `POST /v1/msg/edit-message`.
    template <class Token = boost::asio::use_awaitable_t<>>
    auto edit_message(edit_message_request request, Token&& token = Token()) {
        return detail::initiate<acknowledged>(prepare(std::move(request), call_options()), std::forward<Token>(token));
    }
    template <class Token = boost::asio::use_awaitable_t<>>
    auto edit_message(edit_message_request request, call_options options, Token&& token = Token()) {
        return detail::initiate<acknowledged>(prepare(std::move(request), options), std::forward<Token>(token));
    }

    /// Lists what is new since a sequence number (excluded), about 31 messages at most. Not for paging: when the number
    /// lies further back, only the newest come.
    ///
    /// Parameters: `msg_start`: 0 for the newest; options for this call alone.
    /// Completion: `T` is `message_page`.
    /// Errors: read: repeated after every passing failure.
    /// Cancellation: as above; nothing remains.
    /// Thread safety, lifetime: as above.
    /// Source: `POST /v1/msg/list-message-by-seq`.
    template <class Token = boost::asio::use_awaitable_t<>>
    auto list_message_by_seq(list_message_by_seq_request request, Token&& token = Token()) {
        return detail::initiate<message_page>(prepare(std::move(request), call_options()), std::forward<Token>(token));
    }
    template <class Token = boost::asio::use_awaitable_t<>>
    auto list_message_by_seq(list_message_by_seq_request request, call_options options, Token&& token = Token()) {
        return detail::initiate<message_page>(prepare(std::move(request), options), std::forward<Token>(token));
    }

    /// Lists the messages before a message (excluded), or the newest. This one pages.
    ///
    /// Parameters: `msg_count` messages, at least 1; options for this call alone.
    /// Completion: `T` is `message_page`.
    /// Errors: read: repeated after every passing failure.
    /// Cancellation: as above; nothing remains.
    /// Thread safety, lifetime: as above.
    /// Source: `POST /v1/msg/list-message`.
    template <class Token = boost::asio::use_awaitable_t<>>
    auto list_message(list_message_request request, Token&& token = Token()) {
        return detail::initiate<message_page>(prepare(std::move(request), call_options()), std::forward<Token>(token));
    }
    template <class Token = boost::asio::use_awaitable_t<>>
    auto list_message(list_message_request request, call_options options, Token&& token = Token()) {
        return detail::initiate<message_page>(prepare(std::move(request), options), std::forward<Token>(token));
    }

    /// Lists messages around one, that one included; or looks one up by its id (`msg_seq` -1).
    ///
    /// Parameters: returns `msg_count` + 1; find the message by its id, its position is not promised; options for this
    /// call alone. Completion: `T` is `message_page`. Errors: read: repeated after every passing failure. A message
    /// that is not there is no error: `find` gives null. Cancellation: as above; nothing remains. Thread safety,
    /// lifetime: as above. Source: `POST /v1/msg/list-message-by-mid-seq`.
    template <class Token = boost::asio::use_awaitable_t<>>
    auto list_message_by_mid_seq(list_message_by_mid_seq_request request, Token&& token = Token()) {
        return detail::initiate<message_page>(prepare(std::move(request), call_options()), std::forward<Token>(token));
    }
    template <class Token = boost::asio::use_awaitable_t<>> auto
    list_message_by_mid_seq(list_message_by_mid_seq_request request, call_options options, Token&& token = Token()) {
        return detail::initiate<message_page>(prepare(std::move(request), options), std::forward<Token>(token));
    }

    /// Lists the earlier versions of an edited message.
    ///
    /// Parameters: page `page` (from 1) of `size` records; options for this call alone.
    /// Completion: `T` is `edit_record_page`.
    /// Errors: read: repeated after every passing failure.
    /// Cancellation: as above; nothing remains.
    /// Thread safety, lifetime: as above.
    /// Source: `POST /v1/msg/list-message-edit-record`.
    template <class Token = boost::asio::use_awaitable_t<>>
    auto list_message_edit_record(list_message_edit_record_request request, Token&& token = Token()) {
        return detail::initiate<edit_record_page>(prepare(std::move(request), call_options()),
                                                  std::forward<Token>(token));
    }
    template <class Token = boost::asio::use_awaitable_t<>> auto
    list_message_edit_record(list_message_edit_record_request request, call_options options, Token&& token = Token()) {
        return detail::initiate<edit_record_page>(prepare(std::move(request), options), std::forward<Token>(token));
    }

    /// Reports that a user pressed a button of a message.
    ///
    /// Parameters: the message, the user and the button's value; options for this call alone.
    /// Completion: `T` is `acknowledged`.
    /// Errors: one-shot: repeated only when it provably was not sent.
    /// Cancellation: as above; one that was on its way may still act.
    /// Thread safety, lifetime: as above.
    /// Source: `POST /v1/msg/button-report`.
    template <class Token = boost::asio::use_awaitable_t<>>
    auto button_report(button_report_request request, Token&& token = Token()) {
        return detail::initiate<acknowledged>(prepare(std::move(request), call_options()), std::forward<Token>(token));
    }
    template <class Token = boost::asio::use_awaitable_t<>>
    auto button_report(button_report_request request, call_options options, Token&& token = Token()) {
        return detail::initiate<acknowledged>(prepare(std::move(request), options), std::forward<Token>(token));
    }

    /// Recalls a message for everybody.
    ///
    /// Parameters: the message; options for this call alone.
    /// Completion: `T` is `acknowledged`.
    /// Errors: convergent: repeated when not sent; when maybe sent, with `retry_maybe_sent`.
    /// Cancellation: as above; one that was on its way may still act.
    /// Thread safety, lifetime: as above.
    /// Source: `POST /v1/msg/recall-msg`.
    template <class Token = boost::asio::use_awaitable_t<>>
    auto recall_msg(recall_msg_request request, Token&& token = Token()) {
        return detail::initiate<acknowledged>(prepare(std::move(request), call_options()), std::forward<Token>(token));
    }
    template <class Token = boost::asio::use_awaitable_t<>>
    auto recall_msg(recall_msg_request request, call_options options, Token&& token = Token()) {
        return detail::initiate<acknowledged>(prepare(std::move(request), options), std::forward<Token>(token));
    }

    /// Recalls messages of one chat for everybody; one status for all.
    ///
    /// Parameters: at least one message; options for this call alone.
    /// Completion: `T` is `acknowledged`.
    /// Errors: convergent: repeated when not sent; when maybe sent, with `retry_maybe_sent`.
    /// Cancellation: as above; one that was on its way may still act.
    /// Thread safety, lifetime: as above.
    /// Source: `POST /v1/msg/recall-msg-batch`.
    template <class Token = boost::asio::use_awaitable_t<>>
    auto recall_msg_batch(recall_msg_batch_request request, Token&& token = Token()) {
        return detail::initiate<acknowledged>(prepare(std::move(request), call_options()), std::forward<Token>(token));
    }
    template <class Token = boost::asio::use_awaitable_t<>>
    auto recall_msg_batch(recall_msg_batch_request request, call_options options, Token&& token = Token()) {
        return detail::initiate<acknowledged>(prepare(std::move(request), options), std::forward<Token>(token));
    }

    /// Records that a file was downloaded.
    ///
    /// Parameters: the file's message and where it was saved; options for this call alone.
    /// Completion: `T` is `acknowledged`.
    /// Errors: one-shot: repeated only when it provably was not sent.
    /// Cancellation: as above; one that was on its way may still act.
    /// Thread safety, lifetime: as above.
    /// Source: `POST /v1/msg/file-download-record`.
    template <class Token = boost::asio::use_awaitable_t<>>
    auto file_download_record(file_download_record_request request, Token&& token = Token()) {
        return detail::initiate<acknowledged>(prepare(std::move(request), call_options()), std::forward<Token>(token));
    }
    template <class Token = boost::asio::use_awaitable_t<>>
    auto file_download_record(file_download_record_request request, call_options options, Token&& token = Token()) {
        return detail::initiate<acknowledged>(prepare(std::move(request), options), std::forward<Token>(token));
    }

    /// Forwards a message to chats.
    ///
    /// Parameters: the message, the kind of the chat it is in, at least one receiver; options for this call alone.
    /// Completion: `T` is `acknowledged`.
    /// Errors: one-shot: repeated only when it provably was not sent.
    /// Cancellation: as above; one that was on its way may still act.
    /// Thread safety, lifetime: as above.
    /// Source: `POST /v1/msg/msg-forward`.
    template <class Token = boost::asio::use_awaitable_t<>>
    auto msg_forward(msg_forward_request request, Token&& token = Token()) {
        return detail::initiate<acknowledged>(prepare(std::move(request), call_options()), std::forward<Token>(token));
    }
    template <class Token = boost::asio::use_awaitable_t<>>
    auto msg_forward(msg_forward_request request, call_options options, Token&& token = Token()) {
        return detail::initiate<acknowledged>(prepare(std::move(request), options), std::forward<Token>(token));
    }

    /// Lists the picture messages around one.
    ///
    /// Parameters: `image_id` is the `msg_seq` of that one; counts of earlier and later ones; options for this call
    /// alone. Completion: `T` is `message_page`. Errors: read: repeated after every passing failure. Cancellation: as
    /// above; nothing remains. Thread safety, lifetime: as above. Source: `POST /v1/msg/pic-list-message-by-mid-seq`.
    template <class Token = boost::asio::use_awaitable_t<>>
    auto pic_list_message_by_mid_seq(pic_list_message_by_mid_seq_request request, Token&& token = Token()) {
        return detail::initiate<message_page>(prepare(std::move(request), call_options()), std::forward<Token>(token));
    }
    template <class Token = boost::asio::use_awaitable_t<>>
    auto pic_list_message_by_mid_seq(pic_list_message_by_mid_seq_request request, call_options options,
                                     Token&& token = Token()) {
        return detail::initiate<message_page>(prepare(std::move(request), options), std::forward<Token>(token));
    }

    /// Removes a message from the caller's own view; others still see it.
    ///
    /// Parameters: the message; options for this call alone.
    /// Completion: `T` is `acknowledged`.
    /// Errors: convergent: repeated when not sent; when maybe sent, with `retry_maybe_sent`.
    /// Cancellation: as above; one that was on its way may still act.
    /// Thread safety, lifetime: as above.
    /// Source: `POST /v1/msg/delete`.
    template <class Token = boost::asio::use_awaitable_t<>>
    auto delete_msg(delete_msg_request request, Token&& token = Token()) {
        return detail::initiate<acknowledged>(prepare(std::move(request), call_options()), std::forward<Token>(token));
    }
    template <class Token = boost::asio::use_awaitable_t<>>
    auto delete_msg(delete_msg_request request, call_options options, Token&& token = Token()) {
        return detail::initiate<acknowledged>(prepare(std::move(request), options), std::forward<Token>(token));
    }

    /// Calls an endpoint of one's own through the same pool, deadline, retries and error layers.
    ///
    /// Parameters: the endpoint and its request; options for this call alone.
    /// Completion: `T` is `reply<Reply>`.
    /// Errors: what the encoder throws: `errc::invalid_request`; what the decoder throws: `errc::bad_response`; retries
    /// as the endpoint's retry class says. Cancellation, thread safety: as above. Lifetime: the endpoint may be
    /// destroyed when the function has returned.
    template <class Request, class Reply, class Token = boost::asio::use_awaitable_t<>>
    auto call(const endpoint<Request, Reply>& where, std::type_identity_t<Request> request, Token&& token = Token()) {
        return call(where, std::move(request), call_options(), std::forward<Token>(token));
    }
    template <class Request, class Reply, class Token = boost::asio::use_awaitable_t<>>
    auto call(const endpoint<Request, Reply>& where, std::type_identity_t<Request> request, call_options options,
              Token&& token = Token()) {
        static_assert(awaitable_parameter<Request>,
                      "an aggregate must not be a parameter of an awaited call: GCC 12 destroys it twice; "
                      "declare a constructor");
        std::string body;
        std::string refused;
        try {
            body = where.encode(request);
        } catch (const std::exception& e) {
            refused = std::string("the encoder refused: ") + e.what();
        }
        return detail::initiate<reply<Reply>>(prepare_custom(where.info(), std::move(body), std::move(refused),
                                                             where.decode(), &decode_custom<Request, Reply>, options),
                                              std::forward<Token>(token));
    }

    /// Stops taking calls (they end with `errc::client_closed`), waits for those that run, then closes every
    /// connection.
    ///
    /// Parameters: how long to wait for running calls; those that have not ended by then are cut off.
    /// Completion: `void(std::size_t)`: how many calls were cut off.
    /// Errors: none. A second call waits likewise.
    /// Cancellation: terminal, partial and total: stops waiting and cuts off at once.
    /// Thread safety: any thread. Lifetime: the handle may be destroyed meanwhile.
    template <class Token = boost::asio::use_awaitable_t<>>
    auto async_shutdown(std::chrono::nanoseconds deadline, Token&& token = Token()) {
        return boost::asio::async_initiate<Token, void(std::size_t)>(start_shutdown(), token, core_, deadline);
    }

    /// Opens connections before the first call needs them. Servers are told apart and TLS is done as for a call.
    ///
    /// Parameters: how many connections there shall be in all, shared out to the shards; never more than
    /// `pool.max_connections` in each.
    /// Completion: `void(std::size_t)`: how many are open, when they are there or opening one has failed.
    /// Errors: none: a server that can't be reached is the first call's error. What is open may be closed again, by the
    /// server or by `pool.idle_timeout`.
    /// Cancellation: terminal, partial and total: stops waiting; what is being opened goes on.
    /// Thread safety: any thread. Lifetime: the handle may be destroyed meanwhile, which ends it.
    template <class Token = boost::asio::use_awaitable_t<>>
    auto async_warm_up(std::size_t connections, Token&& token = Token()) {
        return boost::asio::async_initiate<Token, void(std::size_t)>(start_warm_up(), token, core_, connections);
    }

    /// True of types that may be parameters of an awaited call.
    template <class T> static constexpr bool awaitable_parameter = !std::is_aggregate_v<T>;

private:
    using custom_decoder = void (*)(const void* decoder, std::string_view body, void* value);

    struct start_shutdown {
        template <class Handler> void operator()(Handler&& handler, const std::shared_ptr<detail::client_core>& core,
                                                 std::chrono::nanoseconds deadline) const {
            shutdown(core, deadline,
                     boost::asio::any_completion_handler<void(std::size_t)>(std::forward<Handler>(handler)));
        }
    };

    struct start_warm_up {
        template <class Handler> void operator()(Handler&& handler, const std::shared_ptr<detail::client_core>& core,
                                                 std::size_t connections) const {
            warm_up(core, connections,
                    boost::asio::any_completion_handler<void(std::size_t)>(std::forward<Handler>(handler)));
        }
    };

    template <class Request, class Reply>
    static void decode_custom(const void* decoder, std::string_view body, void* value) {
        using decoder_type = typename endpoint<Request, Reply>::decoder;
        static_cast<reply<Reply>*>(value)->value = (*static_cast<const decoder_type*>(decoder))(body);
    }

    [[nodiscard]] detail::operation prepare(send_message_request&& request, const call_options& options) const;
    [[nodiscard]] detail::operation prepare(edit_message_request&& request, const call_options& options) const;
    [[nodiscard]] detail::operation prepare(list_message_by_seq_request&& request, const call_options& options) const;
    [[nodiscard]] detail::operation prepare(list_message_request&& request, const call_options& options) const;
    [[nodiscard]] detail::operation prepare(list_message_by_mid_seq_request&& request,
                                            const call_options& options) const;
    [[nodiscard]] detail::operation prepare(list_message_edit_record_request&& request,
                                            const call_options& options) const;
    [[nodiscard]] detail::operation prepare(button_report_request&& request, const call_options& options) const;
    [[nodiscard]] detail::operation prepare(recall_msg_request&& request, const call_options& options) const;
    [[nodiscard]] detail::operation prepare(recall_msg_batch_request&& request, const call_options& options) const;
    [[nodiscard]] detail::operation prepare(file_download_record_request&& request, const call_options& options) const;
    [[nodiscard]] detail::operation prepare(msg_forward_request&& request, const call_options& options) const;
    [[nodiscard]] detail::operation prepare(pic_list_message_by_mid_seq_request&& request,
                                            const call_options& options) const;
    [[nodiscard]] detail::operation prepare(delete_msg_request&& request, const call_options& options) const;
    [[nodiscard]] detail::operation prepare_custom(const endpoint_info& info, std::string body, std::string refused,
                                                   std::shared_ptr<const void> decoder, custom_decoder decode,
                                                   const call_options& options) const;
    static void warm_up(const std::shared_ptr<detail::client_core>& core, std::size_t connections,
                        boost::asio::any_completion_handler<void(std::size_t)> done);
    static void shutdown(const std::shared_ptr<detail::client_core>& core, std::chrono::nanoseconds deadline,
                         boost::asio::any_completion_handler<void(std::size_t)> done);

    struct handle; // closes the client with the last copy
    std::shared_ptr<handle> handle_;
    std::shared_ptr<detail::client_core> core_;
    std::shared_ptr<const detail::credentials> credentials_; // null: the client's own
};

// GCC 12 destroys aggregates twice in a co_await expression: none may become a parameter of an awaited call.
static_assert(client::awaitable_parameter<send_message_request>);
static_assert(client::awaitable_parameter<edit_message_request>);
static_assert(client::awaitable_parameter<list_message_by_seq_request>);
static_assert(client::awaitable_parameter<list_message_request>);
static_assert(client::awaitable_parameter<list_message_by_mid_seq_request>);
static_assert(client::awaitable_parameter<list_message_edit_record_request>);
static_assert(client::awaitable_parameter<button_report_request>);
static_assert(client::awaitable_parameter<recall_msg_request>);
static_assert(client::awaitable_parameter<recall_msg_batch_request>);
static_assert(client::awaitable_parameter<file_download_record_request>);
static_assert(client::awaitable_parameter<msg_forward_request>);
static_assert(client::awaitable_parameter<pic_list_message_by_mid_seq_request>);
static_assert(client::awaitable_parameter<delete_msg_request>);
static_assert(client::awaitable_parameter<call_options>);
static_assert(client::awaitable_parameter<client_config>);
static_assert(client::awaitable_parameter<chat>);
static_assert(client::awaitable_parameter<draft>);
static_assert(client::awaitable_parameter<button>);
static_assert(client::awaitable_parameter<button_row>);
static_assert(client::awaitable_parameter<content>);
static_assert(client::awaitable_parameter<media>);

YUNHU_NAMESPACE_END
