// Copyright (c) 2026 The yunhu authors
// SPDX-License-Identifier: BSL-1.0
#pragma once

#include <yunhu/bot_stats.hpp>
#include <yunhu/client.hpp>
#include <yunhu/config.hpp>
#include <yunhu/detail/coroutine_operation.hpp>
#include <yunhu/detail/operation.hpp>
#include <yunhu/draft.hpp>
#include <yunhu/error.hpp>
#include <yunhu/event.hpp>
#include <yunhu/inbox.hpp>
#include <yunhu/requests.hpp>
#include <yunhu/results.hpp>
#include <yunhu/types.hpp>

#include <boost/asio/any_io_executor.hpp>
#include <boost/asio/awaitable.hpp>
#include <boost/asio/use_awaitable.hpp>

#include <chrono>
#include <concepts>
#include <cstddef>
#include <cstdint>
#include <exception>
#include <functional>
#include <memory>
#include <optional>
#include <regex>
#include <string>
#include <string_view>
#include <utility>
#include <variant>
#include <vector>

YUNHU_NAMESPACE_BEGIN

namespace detail {
class bot_core;
struct bot_item;
struct bot_turn;
struct bot_access;
} // namespace detail

/// Options of a bot.
struct bot_options {
    bot_options() = default;

    std::size_t max_handlers = 256;   ///< handlers that run at a time; those that wait for a message don't count
    std::size_t max_per_chat = 100;   ///< events that wait in a chat; more in one: the inbox is not read
    std::size_t max_total = 10'000;   ///< the same in all chats together
    std::size_t max_waiting = 10'000; ///< handlers that wait for a message; more: `bot_message::next` fails
    /// A handler that runs longer is cancelled; the time in `bot_message::next` does not count, and begins anew after
    /// it.
    std::chrono::nanoseconds handler_timeout = std::chrono::seconds(60);
    /// Time that running handlers get when the bot stops, and then the client's calls.
    std::chrono::nanoseconds stop_timeout = std::chrono::seconds(10);
    /// Gives a message that another bot writes bit by bit to its handler once, with the whole text, after this silence.
    /// It delays every message of other bots. 0: as it begins. Requires `other_bots`.
    std::chrono::nanoseconds assemble_streams = std::chrono::nanoseconds(0);
    bool own_messages = false; ///< handlers get what this account itself sends
    bool other_bots = false;   ///< handlers get what bots send; beware of two that answer each other for ever
    /// `async_run` fails with the reason if the first session can't be established; else it is tried again and again.
    bool require_first_session = false;
    bool shutdown_client = true; ///< when the bot stops; false if other bots use the client
    /// Called when a handler ended with an exception, or was cancelled after `handler_timeout` (`errc::timed_out`),
    /// with the event. From any thread of the client's executor; must not block; exceptions are ignored.
    std::function<void(std::exception_ptr, const event&)> on_error;
};

/// A message, as a handler gets it. Copies are cheap and name the same message.
///
/// \par Thread safety
/// Distinct objects, and const members of one object, may be used from any thread.
///
/// \par Lifetime
/// May outlive the handler and the bot; `next` then fails.
class YUNHU_EXPORT bot_message {
public:
    /// The event; not always a message in a handler of `bot::on_event`.
    [[nodiscard]] const yunhu::event& event() const noexcept;
    /// The message; of an event without one an empty message.
    [[nodiscard]] const yunhu::message& message() const noexcept;
    [[nodiscard]] const yunhu::sender& sender() const noexcept { return message().sender; }
    /// The chat to answer in; of an event without one an empty chat.
    [[nodiscard]] const yunhu::chat& chat() const noexcept;
    /// The text of a text, Markdown or HTML message.
    [[nodiscard]] const std::string& text() const noexcept { return message().content->text; }
    /// What follows the command, without spaces around it; without a command the whole text.
    [[nodiscard]] std::string_view arguments() const noexcept;
    /// The groups of the pattern, from 1; those that took no part are empty.
    [[nodiscard]] const std::vector<std::string>& captures() const noexcept;
    /// A handle of the bot's client that carries the account's token.
    [[nodiscard]] yunhu::client client() const;

    /// Sends a message to the chat.
    ///
    /// \par Parameters
    /// `what`: the message. Then, as for `client::send_message`, optionally `call_options` and a completion token.
    ///
    /// \par Completion signature
    /// `void(error_code, sent_message)`; awaited by default, which throws `yunhu::error`.
    ///
    /// \par Errors
    /// Non-idempotent: repeated only when it provably was not sent. A failure that is `maybe_sent` ends as
    /// `errc::outcome_unknown`.
    ///
    /// \par Cancellation
    /// Terminal, partial and total: `boost::asio::error::operation_aborted`; `maybe_sent`: it may still take effect.
    ///
    /// \par Thread safety
    /// Any thread.
    ///
    /// \par Lifetime
    /// `what` is moved from.
    ///
    /// \par Source
    /// `POST /v1/msg/send-message`.
    auto reply(draft what, detail::call_argument<sent_message> auto&&... args) const {
        return client().send_message(send_message_request(chat(), std::move(what)),
                                     std::forward<decltype(args)>(args)...);
    }

    /// Sends a message to the chat that quotes this one.
    ///
    /// \par Parameters
    /// `what`: the message; its quote is replaced. Then, as for `client::send_message`, optionally `call_options` and a
    /// completion token.
    ///
    /// \par Completion signature
    /// `void(error_code, sent_message)`; awaited by default, which throws `yunhu::error`.
    ///
    /// \par Errors
    /// Non-idempotent: repeated only when it provably was not sent. A failure that is `maybe_sent` ends as
    /// `errc::outcome_unknown`.
    ///
    /// \par Cancellation
    /// Terminal, partial and total: `boost::asio::error::operation_aborted`; `maybe_sent`: it may still take effect.
    ///
    /// \par Thread safety
    /// Any thread.
    ///
    /// \par Lifetime
    /// `what` is moved from.
    ///
    /// \par Source
    /// `POST /v1/msg/send-message`.
    auto quote(draft what, detail::call_argument<sent_message> auto&&... args) const {
        what.quote(message());
        return client().send_message(send_message_request(chat(), std::move(what)),
                                     std::forward<decltype(args)>(args)...);
    }

    /// Waits for the next message of this message's sender in this chat: the earliest that no handler got yet, or the
    /// next that arrives. It goes to this handler only, whatever it is, also a command.
    ///
    ///     auto answer = co_await m.next(std::chrono::seconds(30));
    ///
    /// Meanwhile the chat's other events go to their handlers, in their order. This handler goes on when its message's
    /// turn comes, so that still one handler of a chat runs at a time. The events of both messages, and of all after
    /// them in the chat, stay unacknowledged until this handler ends.
    ///
    /// \par Parameters
    /// `limit`: the time to wait; 0 or less: only for a message that has arrived.
    ///
    /// \par Completion signature
    /// An awaitable of the message, or none after `limit`; throws `yunhu::error`.
    ///
    /// \par Errors
    /// `boost::asio::error::operation_aborted`: the bot is stopped or destroyed, or the handler has exceeded its time.
    /// `errc::overloaded`: `bot_options::max_waiting` handlers wait. `errc::invalid_request`: the event is no message,
    /// or another `next` of this handler waits.
    ///
    /// \par Cancellation
    /// Terminal, partial and total: `boost::asio::error::operation_aborted`, when the chat is the handler's own again.
    /// A message that was assigned to the handler before is returned.
    ///
    /// \par Thread safety
    /// Only from the handler: one at a time.
    ///
    /// \par Lifetime
    /// The bot may be destroyed before completion.
    ///
    /// \par Source
    /// The push gateway.
    [[nodiscard]] boost::asio::awaitable<std::optional<bot_message>> next(std::chrono::nanoseconds limit) const;

private:
    friend struct detail::bot_access;
    bot_message(std::shared_ptr<detail::bot_turn> turn, std::shared_ptr<const detail::bot_item> item);

    std::shared_ptr<detail::bot_turn> turn_;
    std::shared_ptr<const detail::bot_item> item_;
};

/// Answers the messages of one account: handlers are coroutines, and get the events of an `inbox`.
///
///     boost::asio::awaitable<void> greet(yunhu::bot_message m) { co_await m.reply(yunhu::text("hello")); }
///
///     yunhu::bot bot(client, yunhu::inbox_options(user_id, token));
///     bot.on_command("/greet", greet);
///     co_await bot.async_run_until_signal();
///
/// Which handler gets an event: those of `on_command` are asked first, then all others, in the order in which they were
/// registered. The first that matches gets it, and no other. Handlers must be registered before `async_run`.
///
/// Own messages and those of bots are ignored, unless the options say otherwise, so that two bots don't answer each
/// other for ever. The same holds for edits.
///
/// One handler of a chat runs at a time, in the order of the events; those of different chats run at the same time, up
/// to `max_handlers`. Events without a chat count as one chat. When the queues are full the inbox is not read, and then
/// the gateway: nothing is lost.
///
/// An event is acknowledged when its handler has ended, however it ended, and those before it in its chat are. A bot
/// that was killed sees the others again, if `inbox_options::cursors` is set: at least once across restarts.
///
/// A handler that ends with an exception is reported (`bot_options::on_error`). One that exceeds `handler_timeout` is
/// cancelled and reported; if it does not end within the same time again its chat goes on without it.
///
/// \par Thread safety
/// `stop` and `stats` at any time, from any thread. Handlers run on strands of the client's executor, one for each.
///
/// \par Lifetime
/// Holds a copy of the client. Its destructor cancels the handlers and ends an outstanding `async_run` with
/// `operation_aborted`; it does not wait.
class YUNHU_EXPORT bot {
public:
    using executor_type = boost::asio::any_io_executor;
    /// Must not be empty. Kept until its last call has ended, so a lambda that is a coroutine may capture.
    using handler = std::function<boost::asio::awaitable<void>(bot_message)>;
    using event_handler = std::function<boost::asio::awaitable<void>(event)>;
    using predicate = std::function<bool(const message_event&)>;

    /// The longest text that a pattern is tried on, in bytes; longer ones don't match. `std::regex` needs stack for
    /// each character, and others choose the text.
    static constexpr std::size_t max_pattern_text = 2'048;

    /// Makes a bot. No I/O is done before `async_run`.
    ///
    /// \par Parameters
    /// `through`: sends the answers and makes the inbox's requests. `account`: options of the inbox; `acknowledge` is
    /// set to `acknowledgement::by_request`. `options`: limits and hooks.
    ///
    /// \par Errors
    /// Throws `yunhu::error` (`errc::invalid_request`) that names the field.
    ///
    /// \par Thread safety
    /// Any thread.
    ///
    /// \par Lifetime
    /// All are copied or moved from.
    bot(client through, inbox_options account, bot_options options = bot_options());
    bot(bot&&) noexcept;
    bot& operator=(bot&&) noexcept;
    bot(const bot&) = delete;
    bot& operator=(const bot&) = delete;
    ~bot();

    /// Handles a command: messages whose first word is `/` and the name, or which carry the bot command of that name.
    ///
    /// \par Parameters
    /// `name`: the command, with or without the `/`; no spaces. `h`: the handler.
    ///
    /// \par Errors
    /// Throws `yunhu::error` (`errc::invalid_request`): the name is empty or has a space, the handler is empty, or
    /// `async_run` was called.
    ///
    /// \par Thread safety
    /// Before `async_run`, one at a time. This holds for every function that registers a handler.
    ///
    /// \par Lifetime
    /// Both are moved from.
    bot& on_command(std::string name, handler h);
    /// Handles messages of a kind of content. Parameters, errors, thread safety: those of `on_command`.
    bot& on_content(content_type kind, handler h);
    /// Handles messages that mention this account by its id. Errors, thread safety: those of `on_command`.
    bot& on_mention(handler h);
    /// Handles messages whose text contains the pattern. Errors, thread safety: those of `on_command`.
    bot& on_pattern(std::regex pattern, handler h);
    /// Handles messages for which the function returns true. It must not block; an exception counts as one of the
    /// handler. Errors, thread safety: those of `on_command`.
    bot& on_match(predicate matches, handler h);
    /// Handles messages with buttons, which `client::button_report` presses; the gateway does not report who presses.
    /// Errors, thread safety: those of `on_command`.
    bot& on_buttons(handler h);
    /// Handles every message. Errors, thread safety: those of `on_command`.
    bot& on_message(handler h);
    /// Handles every event of whatever kind, also messages: gaps, sessions, edits, recalls and so on. Errors, thread
    /// safety: those of `on_command`.
    bot& on_event(event_handler h);
    /// Handles events of one kind, e.g. `on<recall_event>(h)`. Errors, thread safety: those of `on_command`.
    template <class Event> bot& on(std::function<boost::asio::awaitable<void>(Event)> h) {
        if (!h) {
            return on_kind(kind_of<Event>, event_handler());
        }
        return on_kind(kind_of<Event>, [h = std::move(h)](event e) { return h(std::get<Event>(std::move(e))); });
    }

    /// Connects, and handles events until the bot is stopped. Then no event is taken any more; running handlers end
    /// within `stop_timeout` or are cancelled; those in `bot_message::next` are cancelled at once; the cursors are
    /// saved; and the client is shut down (`bot_options::shutdown_client`). Once per bot.
    ///
    /// \par Completion signature
    /// `void(error_code, acknowledged)`; awaited by default, which throws `yunhu::error`.
    ///
    /// \par Errors
    /// Those of `inbox::next` and `inbox::async_stop`. `errc::not_authenticated`: the gateway does not accept the
    /// token, and there is no provider of another. With `require_first_session`, why there is none.
    /// `errc::invalid_request`: it was called before.
    ///
    /// \par Cancellation
    /// Terminal, and partial and total where the coroutine permits them: stops the bot and cancels the handlers, and
    /// completes at once with `boost::asio::error::operation_aborted`; the rest of the stop goes on.
    ///
    /// \par Thread safety
    /// Any thread.
    ///
    /// \par Lifetime
    /// The bot may be destroyed before completion.
    ///
    /// \par Source
    /// The push gateway; the endpoints of `inbox::next`.
    template <detail::call_token<acknowledged> Token = boost::asio::use_awaitable_t<>>
    auto async_run(Token&& token = Token()) {
        return detail::initiate_coroutine(&run_item, get_executor(), std::forward<Token>(token), core_, false);
    }

    /// As `async_run`, and SIGINT and SIGTERM stop the bot; a second one cancels the running handlers.
    ///
    /// \par Completion signature
    /// `void(error_code, acknowledged)`; awaited by default, which throws `yunhu::error`.
    ///
    /// \par Errors
    /// Those of `async_run`, and the system's when it can't handle signals.
    ///
    /// \par Cancellation
    /// Terminal, and partial and total where the coroutine permits them: stops the bot and cancels the handlers, and
    /// completes at once with `boost::asio::error::operation_aborted`; the rest of the stop goes on.
    ///
    /// \par Thread safety
    /// Any thread.
    ///
    /// \par Lifetime
    /// The bot may be destroyed before completion.
    ///
    /// \par Source
    /// The push gateway; the endpoints of `inbox::next`.
    template <detail::call_token<acknowledged> Token = boost::asio::use_awaitable_t<>>
    auto async_run_until_signal(Token&& token = Token()) {
        return detail::initiate_coroutine(&run_item, get_executor(), std::forward<Token>(token), core_, true);
    }

    /// Stops the bot, as described at `async_run`, which then completes. Does nothing the second time.
    ///
    /// \par Errors
    /// None.
    ///
    /// \par Thread safety
    /// Any thread; also from a handler.
    void stop();

    /// Current counters. Thread safety: any thread.
    [[nodiscard]] bot_stats stats() const;
    /// Counters of the inbox. Thread safety: any thread.
    [[nodiscard]] yunhu::inbox_stats inbox_stats() const;
    /// The client's executor.
    [[nodiscard]] executor_type get_executor() const noexcept;

private:
    template <class Event, std::size_t I = 0> static constexpr std::size_t index_of() {
        if constexpr (std::same_as<std::variant_alternative_t<I, event>, Event>) {
            return I;
        } else {
            return index_of<Event, I + 1>();
        }
    }
    template <class Event> static constexpr std::size_t kind_of = index_of<Event>();
    bot& on_kind(std::size_t kind, event_handler h);
    static detail::coroutine<acknowledged> run_item(std::shared_ptr<detail::bot_core> core, bool until_signal);

    std::shared_ptr<detail::bot_core> core_;
};

// GCC 12 destroys aggregates twice in a co_await expression: none may become a parameter of an awaited call.
static_assert(client::awaitable_parameter<bot_options>);

YUNHU_NAMESPACE_END
