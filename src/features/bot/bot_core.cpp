// Copyright (c) 2026 The yunhu authors
// SPDX-License-Identifier: BSL-1.0

#include "features/bot/bot_core.hpp"

#include "engine/speaker.hpp"
#include "features/bot/bot_settings.hpp"
#include "model/exceptions.hpp"
#include "transport/inline_strand.hpp"

#include <boost/asio/bind_cancellation_slot.hpp>
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/post.hpp>

#include <algorithm>
#include <utility>
#include <variant>

// The queues of a bot and its handlers.
YUNHU_NAMESPACE_BEGIN
namespace detail {

using bot_action_kind = engine::chat_queues::action::kind;

static engine::chat_queues::arrival arrival_of(const bot_item& item, std::uint64_t number) {
    engine::chat_queues::arrival made;
    made.event = number;
    if (const chat* const in = chat_of(item.event)) {
        made.chat = {in->type, in->id};
    }
    made.user = item.user;
    made.handled = item.handled;
    return made;
}

static asio::awaitable<void> run_bot_handler(std::shared_ptr<bot_turn> turn) {
    bot_message m = bot_access::make(turn, turn->item);
    asio::awaitable<void> work = (*turn->handler)(std::move(m));
    co_await std::move(work);
}

// On the handler's strand.
static void launch_bot_handler(const std::shared_ptr<bot_turn>& turn) {
    const auto ended = [turn](std::exception_ptr thrown) {
        if (const auto core = turn->core.lock()) {
            core->on_ended(*turn, std::move(thrown));
        }
    };
    try {
        asio::co_spawn(turn->strand, run_bot_handler(turn),
                       asio::bind_cancellation_slot(turn->cancelled.slot(), ended));
    } catch (...) { // out of memory
        ended(std::current_exception());
    }
}

bot_core::bot_core(const client& through, inbox_options account, bot_options options)
    : options_(checked_bot_options(std::move(options))), executor_(through.get_executor()),
      client_(account.tokens ? through.with_tokens(account.tokens) : through.with_token(account.token)),
      renews_token_(account.tokens != nullptr), inbox_(through, inbox_options_of_bot(account)),
      strand_(transport::make_strand(executor_)), router_(account.user_id, options_.own_messages, options_.other_bots),
      queues_(limits_of_bot(options_)), streams_(options_.assemble_streams), timer_(executor_), room_(executor_),
      ended_wake_(executor_) {}

void bot_core::add(bot_route route, bot::handler h) {
    const std::lock_guard lock(mutex_);
    if (!h) {
        throw_invalid("the handler must not be empty");
    }
    if (started_) {
        throw_invalid("handlers must be registered before async_run");
    }
    handlers_.push_back(std::make_shared<const bot::handler>(std::move(h)));
    router_.add(std::move(route));
}

/// Without the lock, as it calls the user's predicates.
std::shared_ptr<const bot_item> bot_core::route(event e) {
    auto item = std::make_shared<bot_item>();
    item->event = std::move(e);
    item->accepted = router_.accepts(item->event);
    if (!item->accepted) {
        return item;
    }
    if (const auto* const m = std::get_if<message_event>(&item->event)) {
        item->user = m->message.sender.chat_id;
    }
    try {
        if (auto found = router_.find(item->event)) {
            item->handled = true;
            item->found = *std::move(found);
        }
    } catch (...) {
        {
            const std::lock_guard lock(mutex_);
            ++numbers_.failed;
        }
        report(std::current_exception(), item->event);
    }
    return item;
}

void bot_core::on_event(event e) {
    const engine::time_point at = now();
    if (options_.assemble_streams.count() != 0) {
        const std::lock_guard lock(mutex_);
        if (const auto* const delta = std::get_if<stream_event>(&e); delta != nullptr && streams_.append(*delta, at)) {
            return;
        }
        if (const auto* const edit = std::get_if<edit_event>(&e)) {
            streams_.replace(*edit, at);
        }
        auto* const m = std::get_if<message_event>(&e);
        if (m != nullptr && !m->own && engine::is_bot(m->message.sender) && streams_.size() < options_.max_total) {
            engine::chat_queues::arrival next;
            next.event = ++last_event_;
            next.chat = {m->chat.type, m->chat.id};
            queues_.hold(next);
            streams_.begin(last_event_, std::move(*m), at);
            arm_timer();
            return;
        }
    }
    std::shared_ptr<const bot_item> item = route(std::move(e));
    std::uint64_t number = 0;
    {
        const std::lock_guard lock(mutex_);
        number = ++last_event_;
    }
    enqueue(std::move(item), number, false);
}

void bot_core::enqueue(std::shared_ptr<const bot_item> item, std::uint64_t number, bool held) {
    {
        const std::lock_guard lock(mutex_);
        engine::chat_queues::arrival next = arrival_of(*item, number);
        next.held = held;
        const bool accepted = item->accepted;
        items_.emplace(number, std::move(item));
        if (accepted) {
            queues_.add(std::move(next), now());
        } else {
            ++numbers_.ignored;
            queues_.skip(next);
        }
    }
    pump();
}

/// What is due: handlers that exceed their time, waits that expire, streams that are silent.
void bot_core::expire() noexcept {
    retry_on_bad_alloc([this] {
        const std::lock_guard lock(mutex_);
        armed_for_.reset();
        queues_.expire(now());
    });
    for (;;) {
        std::optional<engine::stream_assembler::whole> silent;
        {
            const std::lock_guard lock(mutex_);
            silent = streams_.take(now());
        }
        if (!silent) {
            break;
        }
        retry_on_bad_alloc([&] { enqueue(route(silent->message), silent->event, true); });
    }
    pump();
}

/// Applies the actions of the queues until there are no more. One thread does so at a time, so that they are applied in
/// their order; it also finds those that others add.
void bot_core::pump() noexcept {
    for (bool first = true;; first = false) {
        action next;
        {
            const std::lock_guard lock(mutex_);
            if (first && std::exchange(pumping_, true)) {
                return;
            }
            next = queues_.next_action();
            if (next.what == bot_action_kind::none) {
                pumping_ = false;
                retry_on_bad_alloc([this] { arm_timer(); });
                notify();
                return;
            }
        }
        retry_on_bad_alloc([&] { apply(next); });
    }
}

void bot_core::apply(const action& next) {
    switch (next.what) {
    case bot_action_kind::none:
        return;
    case bot_action_kind::start:
        start_turn(next.turn, next.event);
        return;
    case bot_action_kind::resume:
        resume(next.turn, bot_turn::phase::resumed, next.event);
        return;
    case bot_action_kind::abort:
        resume(next.turn, bot_turn::phase::aborted, 0);
        return;
    case bot_action_kind::cancel:
        if (const auto turn = turn_of(next.turn)) {
            cancel_turn(turn);
        }
        return;
    case bot_action_kind::give_up: {
        const std::lock_guard lock(mutex_);
        ++numbers_.abandoned;
        turns_.erase(next.turn);
        return;
    }
    case bot_action_kind::done:
        finish_event(next.event);
        return;
    case bot_action_kind::unmatched: {
        const std::lock_guard lock(mutex_);
        ++numbers_.unmatched;
        return;
    }
    }
}

void bot_core::start_turn(std::uint64_t turn, std::uint64_t event) {
    const auto made = std::make_shared<bot_turn>(executor_);
    made->id = turn;
    made->core = weak_from_this();
    made->through = client_;
    {
        const std::lock_guard lock(mutex_);
        made->item = items_.at(event);
        made->handler = handlers_.at(made->item->found.route);
        made->since = now();
        turns_[turn] = made;
    }
    asio::post(made->strand, [made] { launch_bot_handler(made); });
}

void bot_core::cancel_turn(const std::shared_ptr<bot_turn>& turn) {
    asio::post(turn->strand, [turn] { turn->cancelled.emit(asio::cancellation_type::terminal); });
    {
        const std::lock_guard lock(mutex_);
        if (stopping_) {
            turn->stopped = true;
            return;
        }
        turn->timed_out = true;
        ++numbers_.timed_out;
    }
    call_info details;
    details.detail = "the handler exceeded handler_timeout";
    report(std::make_exception_ptr(error(failure(errc::timed_out, std::move(details)))), turn->item->event);
}

void bot_core::resume(std::uint64_t turn, bot_turn::phase to, std::uint64_t event) {
    const auto who = turn_of(turn);
    const std::lock_guard lock(mutex_);
    if (!who || who->what != bot_turn::phase::waiting) {
        return;
    }
    if (const auto found = items_.find(event); found != items_.end()) {
        who->received = found->second;
    }
    who->stopped = who->stopped || to == bot_turn::phase::aborted;
    who->what = to;
    who->since = now();
    who->wake.cancel();
}

void bot_core::finish_event(std::uint64_t number) {
    std::shared_ptr<const bot_item> done;
    {
        const std::lock_guard lock(mutex_);
        const auto found = items_.find(number);
        if (found == items_.end()) {
            return;
        }
        done = found->second;
    }
    inbox_.acknowledge(done->event);
    const std::lock_guard lock(mutex_);
    items_.erase(number);
}

std::shared_ptr<bot_turn> bot_core::turn_of(std::uint64_t id) const {
    const std::lock_guard lock(mutex_);
    const auto found = turns_.find(id);
    return found != turns_.end() ? found->second.lock() : nullptr;
}

/// Locked.
void bot_core::add_time(bot_turn& turn) {
    turn.spent += now() - turn.since;
}

void bot_core::on_ended(bot_turn& who, std::exception_ptr thrown) noexcept {
    bool failed = false;
    {
        const std::lock_guard lock(mutex_);
        if (turns_.erase(who.id) == 0) {
            return; // given up before
        }
        add_time(who);
        numbers_.handler_time += who.spent;
        numbers_.max_handler_time = std::max(numbers_.max_handler_time, who.spent);
        const bool by_itself = !who.timed_out && !who.stopped;
        failed = by_itself && thrown;
        numbers_.failed += failed ? 1 : 0;
        numbers_.handled += by_itself && !thrown ? 1 : 0;
        retry_on_bad_alloc([&] { queues_.ended(who.id, !who.stopped, now()); });
    }
    if (failed) {
        report(std::move(thrown), who.item->event);
    }
    pump();
}

void bot_core::report(std::exception_ptr thrown, const event& e) const noexcept {
    if (options_.on_error) {
        try {
            options_.on_error(std::move(thrown), e);
        } catch (...) { // NOLINT(bugprone-empty-catch): a hook's own failure has nowhere to go
        }
    }
}

error_code bot_core::begin_wait(bot_turn& who, const std::string& user, std::chrono::nanoseconds limit) {
    {
        const std::lock_guard lock(mutex_);
        if (user.empty() || who.what != bot_turn::phase::running) {
            return errc::invalid_request;
        }
        if (stopping_ || who.timed_out || who.stopped) {
            who.stopped = who.stopped || stopping_;
            return asio::error::operation_aborted;
        }
        if (queues_.waiting() >= options_.max_waiting) {
            return errc::overloaded;
        }
        const engine::time_point at = now();
        const auto until = engine::later(at, std::max(limit, std::chrono::nanoseconds(0)));
        if (!queues_.wait(who.id, user, until, at)) {
            return asio::error::operation_aborted;
        }
        add_time(who);
        who.received.reset();
        who.what = bot_turn::phase::waiting;
    }
    pump();
    return {};
}

bot_turn::phase bot_core::poll_wait(bot_turn& who, std::shared_ptr<const bot_item>& into) {
    const std::lock_guard lock(mutex_);
    const bot_turn::phase was = who.what;
    if (was != bot_turn::phase::waiting) {
        who.what = bot_turn::phase::running;
        into = std::exchange(who.received, nullptr);
    }
    return was;
}

void bot_core::stop_waiting(bot_turn& who) {
    {
        const std::lock_guard lock(mutex_);
        queues_.stop_waiting(who.id, now());
    }
    pump();
}

/// Locked. The timer may fire too early, but not too late.
void bot_core::arm_timer() {
    const std::optional<engine::time_point> a = queues_.due();
    const std::optional<engine::time_point> b = streams_.due();
    const engine::time_point due =
        std::min(a.value_or(engine::time_point::max()), b.value_or(engine::time_point::max()));
    if (ended_ || due == engine::time_point::max() || (armed_for_ && *armed_for_ <= due)) {
        return;
    }
    timer_.expires_at(due);
    timer_.async_wait([weak = weak_from_this()](error_code ec) {
        if (const auto self = weak.lock(); self && !ec) {
            self->expire();
        }
    });
    armed_for_ = due;
}

bot_stats bot_core::stats() const {
    const std::lock_guard lock(mutex_);
    bot_stats made = numbers_;
    made.running = queues_.running();
    made.waiting = queues_.waiting();
    made.queued = queues_.queued() + streams_.size();
    return made;
}

} // namespace detail
YUNHU_NAMESPACE_END
