// Copyright (c) 2026 The yunhu authors
// SPDX-License-Identifier: BSL-1.0

#include "features/bot/bot_core.hpp"

#include <yunhu/bot.hpp>

#include <boost/asio/as_tuple.hpp>
#include <boost/asio/async_result.hpp>
#include <boost/asio/error.hpp>
#include <boost/asio/this_coro.hpp>
#include <boost/asio/use_awaitable.hpp>

#include <utility>
#include <variant>

YUNHU_NAMESPACE_BEGIN
namespace detail {

struct message_of_event {
    const message* operator()(const message_event& e) const { return &e.message; }
    const message* operator()(const edit_event& e) const { return &e.message; }
    const message* operator()(const recall_event& e) const { return &e.message; }
    template <class Other> const message* operator()(const Other& /*other*/) const { return nullptr; }
};

struct start_message_wait {
    template <class Handler> void operator()(Handler&& handler, const std::shared_ptr<bot_core>& core,
                                             const std::shared_ptr<bot_turn>& turn) const {
        core->wait_for_message(*turn, std::forward<Handler>(handler));
    }
};

static asio::awaitable<void> wait_for_bot_message(std::shared_ptr<bot_core> core, std::shared_ptr<bot_turn> turn) {
    constexpr auto token = asio::as_tuple(asio::use_awaitable);
    co_await asio::async_initiate<decltype(token), void(error_code)>(start_message_wait(), token, std::move(core),
                                                                     std::move(turn));
}

[[noreturn]] static void throw_bot_error(error_code ec, const char* detail) {
    call_info details;
    details.detail = detail;
    throw error(failure(ec, std::move(details)));
}

} // namespace detail

bot_message::bot_message(std::shared_ptr<detail::bot_turn> turn, std::shared_ptr<const detail::bot_item> item)
    : turn_(std::move(turn)), item_(std::move(item)) {}

const yunhu::event& bot_message::event() const noexcept {
    return item_->event;
}

const yunhu::message& bot_message::message() const noexcept {
    static const yunhu::message none;
    const yunhu::message* const found = std::visit(detail::message_of_event(), item_->event);
    return found != nullptr ? *found : none;
}

const yunhu::chat& bot_message::chat() const noexcept {
    static const yunhu::chat none;
    const yunhu::chat* const found = chat_of(item_->event);
    return found != nullptr ? *found : none;
}

std::string_view bot_message::arguments() const noexcept {
    const std::string_view whole = text();
    const auto& [from, size] = item_->found.arguments;
    return item_->found.command ? whole.substr(from, size) : whole;
}

const std::vector<std::string>& bot_message::captures() const noexcept {
    return item_->found.captures;
}

client bot_message::client() const {
    return *turn_->through;
}

// The handler goes on only in its turn, also when it is cancelled: another one of its chat may be running.
boost::asio::awaitable<std::optional<bot_message>> bot_message::next(std::chrono::nanoseconds limit) const {
    namespace this_coro = detail::asio::this_coro;
    using detail::asio::cancellation_type;
    const std::shared_ptr<detail::bot_turn> turn = turn_;
    const std::string user = item_->user;
    const auto core = turn->core.lock();
    if (!core) {
        detail::throw_bot_error(detail::asio::error::operation_aborted, "the bot was destroyed");
    }
    const auto before = (co_await this_coro::cancellation_state).cancelled();
    if (const error_code refused = core->begin_wait(*turn, user, limit)) {
        detail::throw_bot_error(refused, "the handler must not wait for a message");
    }
    const bool throws = co_await this_coro::throw_if_cancelled();
    co_await this_coro::throw_if_cancelled(false);
    std::shared_ptr<const detail::bot_item> received;
    auto phase = core->poll_wait(*turn, received);
    bool cancelled = false;
    while (phase == detail::bot_turn::phase::waiting) {
        co_await detail::wait_for_bot_message(core, turn);
        const auto now = (co_await this_coro::cancellation_state).cancelled();
        if (!cancelled && (now & ~before) != cancellation_type::none) {
            cancelled = true;
            core->stop_waiting(*turn);
        }
        phase = core->poll_wait(*turn, received);
    }
    co_await this_coro::throw_if_cancelled(throws);
    if (received) {
        co_return detail::bot_access::make(turn, std::move(received));
    }
    if (cancelled || phase == detail::bot_turn::phase::aborted) {
        detail::throw_bot_error(detail::asio::error::operation_aborted, "the wait for a message was cancelled");
    }
    co_return std::nullopt;
}

YUNHU_NAMESPACE_END
