// Copyright (c) 2026 The yunhu authors
// SPDX-License-Identifier: BSL-1.0

#include <yunhu/bot.hpp>

#include "features/bot/bot_core.hpp"
#include "features/bot/bot_settings.hpp"
#include "model/exceptions.hpp"
#include "runtime/spawn_coroutine.hpp"

#include <boost/asio/as_tuple.hpp>
#include <boost/asio/async_result.hpp>
#include <boost/asio/error.hpp>
#include <boost/asio/this_coro.hpp>

#include <utility>

YUNHU_NAMESPACE_BEGIN
namespace detail {

struct start_end_wait {
    template <class Handler> void operator()(Handler&& handler, const std::shared_ptr<bot_core>& core) const {
        core->wait_ended(std::forward<Handler>(handler));
    }
};

static asio::awaitable<void> wait_for_end_of_bot(std::shared_ptr<bot_core> core) {
    constexpr auto token = asio::as_tuple(asio::use_awaitable);
    co_await asio::async_initiate<decltype(token), void(error_code)>(start_end_wait(), token, std::move(core));
}

static bot_route route_of(bot_route::kind what) {
    return bot_route(what);
}

} // namespace detail

bot::bot(client through, inbox_options account, bot_options options)
    : core_(std::make_shared<detail::bot_core>(through, std::move(account), std::move(options))) {}

bot::bot(bot&&) noexcept = default;

bot& bot::operator=(bot&& other) noexcept {
    if (this != &other) {
        const bot old = std::move(*this); // its destructor stops it
        core_ = std::move(other.core_);
    }
    return *this;
}

bot::~bot() {
    if (core_) {
        core_->close();
    }
}

bot& bot::on_command(std::string name, handler h) {
    detail::bot_route route = detail::route_of(detail::bot_route::kind::command);
    route.name = detail::checked_command(std::move(name));
    core_->add(std::move(route), std::move(h));
    return *this;
}

bot& bot::on_content(content_type kind, handler h) {
    detail::bot_route route = detail::route_of(detail::bot_route::kind::content);
    route.content = kind;
    core_->add(std::move(route), std::move(h));
    return *this;
}

bot& bot::on_mention(handler h) {
    core_->add(detail::route_of(detail::bot_route::kind::mention), std::move(h));
    return *this;
}

bot& bot::on_pattern(std::regex pattern, handler h) {
    detail::bot_route route = detail::route_of(detail::bot_route::kind::pattern);
    route.pattern = std::move(pattern);
    core_->add(std::move(route), std::move(h));
    return *this;
}

bot& bot::on_match(predicate matches, handler h) {
    if (!matches) {
        detail::throw_invalid("the predicate must not be empty");
    }
    detail::bot_route route = detail::route_of(detail::bot_route::kind::match);
    route.matches = std::move(matches);
    core_->add(std::move(route), std::move(h));
    return *this;
}

bot& bot::on_buttons(handler h) {
    core_->add(detail::route_of(detail::bot_route::kind::buttons), std::move(h));
    return *this;
}

bot& bot::on_message(handler h) {
    core_->add(detail::route_of(detail::bot_route::kind::message), std::move(h));
    return *this;
}

bot& bot::on_event(event_handler h) {
    if (!h) {
        detail::throw_invalid("the handler must not be empty");
    }
    core_->add(detail::route_of(detail::bot_route::kind::any),
               [h = std::move(h)](bot_message m) { return h(m.event()); });
    return *this;
}

bot& bot::on_kind(std::size_t kind, event_handler h) {
    if (!h) {
        detail::throw_invalid("the handler must not be empty");
    }
    detail::bot_route route = detail::route_of(detail::bot_route::kind::event);
    route.event_kind = kind;
    core_->add(std::move(route), [h = std::move(h)](bot_message m) { return h(m.event()); });
    return *this;
}

detail::coroutine<acknowledged> bot::run_item(std::shared_ptr<detail::bot_core> core, bool until_signal) {
    using detail::asio::cancellation_type;
    const auto before = (co_await detail::asio::this_coro::cancellation_state).cancelled();
    const result<void> started = core->start(until_signal);
    if (!started) {
        co_return started.error();
    }
    for (;;) {
        if (const auto ended = core->ended()) {
            if (!*ended) {
                co_return ended->error();
            }
            co_return acknowledged();
        }
        co_await detail::wait_for_end_of_bot(core);
        const auto now = (co_await detail::asio::this_coro::cancellation_state).cancelled();
        if ((now & ~before) != cancellation_type::none && !core->ended()) {
            core->stop();
            core->cancel_handlers();
            failure aborted;
            aborted.code = detail::asio::error::operation_aborted;
            co_return aborted;
        }
    }
}

void bot::stop() {
    core_->stop();
}

bot_stats bot::stats() const {
    return core_->stats();
}

inbox_stats bot::inbox_stats() const {
    return core_->inbox_numbers();
}

bot::executor_type bot::get_executor() const noexcept {
    return core_->executor();
}

YUNHU_NAMESPACE_END
