// Copyright (c) 2026 The yunhu authors
// SPDX-License-Identifier: BSL-1.0

#include "features/inbox/inbox_core.hpp"

#include "features/inbox/inbox_core_inline.hpp"
#include "features/inbox/inbox_settings.hpp"
#include "model/exceptions.hpp"
#include "runtime/client_access.hpp"

#include <boost/asio/query.hpp>
#include <boost/asio/use_awaitable.hpp>

#include <utility>

// The side of the user: what `inbox` calls, from any thread.
YUNHU_NAMESPACE_BEGIN
namespace detail {
namespace {

// The strand has no completions of its own: handlers wait at timers.

inbox_options checked(inbox_options options) {
    check_inbox_options(options);
    return options;
}

failure aborted() {
    failure made;
    made.code = asio::error::operation_aborted;
    return made;
}

} // namespace

std::shared_ptr<inbox_core> inbox_core::make(client through, inbox_options options) {
    const std::shared_ptr<client_core> core = client_access::core(through);
    auto made = std::make_shared<inbox_core>(std::move(through), std::move(options));
    asio::use_service<context_service>(asio::query(made->executor(), asio::execution::context)).add(made);
    core->add_listener(made, client_access::source(made->client_).account);
    return made;
}

inbox_core::inbox_core(client through, inbox_options options)
    : options_(checked(std::move(options))),
      strand_(std::make_shared<transport::inline_strand>(through.get_executor())),
      gateway_(gateway_of(options_, through)),
      client_(options_.tokens ? through.with_tokens(options_.tokens) : through.with_token(options_.token)),
      session_(session_timing_of(options_)), timer_(through.get_executor()), random_(std::random_device()()),
      wake_(through.get_executor()), stopped_wake_(through.get_executor()),
      saver_(options_.cursors, options_.save_executor) {}

void inbox_core::start() {
    {
        const std::lock_guard lock(mutex_);
        if (std::exchange(started_, true) || stopping_ || closed_) {
            return;
        }
    }
    enter([this] { begin(); });
}

bool inbox_core::ready() const noexcept {
    return closed_ || failure_ || stopping_ || (catch_up_ && catch_up_->has_event());
}

inbox_core::availability inbox_core::try_next(std::optional<event>& into, failure& why) {
    std::unique_lock lock(mutex_);
    if (closed_) {
        why = aborted();
        return availability::failed;
    }
    if (failure_) {
        why = *failure_;
        return availability::failed;
    }
    if (stopping_) {
        return availability::ended;
    }
    if (!catch_up_ || !catch_up_->has_event()) {
        return availability::none;
    }
    const bool was_full = !catch_up_->wants_frames();
    engine::queued_event taken = catch_up_->take();
    ++numbers_.events;
    taken_.add(taken);
    into.emplace(std::move(taken.value));
    if (!catch_up_->has_event()) {
        waiting_since_.reset();
    }
    const bool resumed = was_full && catch_up_->wants_frames();
    lock.unlock();
    if (resumed) {
        poke();
    }
    return availability::taken;
}

void inbox_core::acknowledge_taken() {
    if (options_.acknowledge == acknowledgement::by_next) {
        acknowledge_by([this] { return taken_.acknowledge_all(); });
    }
}

void inbox_core::acknowledge(const event& done) {
    acknowledge_by([&] { return taken_.acknowledge(done); });
}

/// `take` gives the positions, with the lock held.
template <class Take> void inbox_core::acknowledge_by(Take take) {
    std::unique_lock lock(mutex_);
    for (const taken_events::position& p : take()) {
        book_->acknowledge(p.chat, p.at);
    }
    const bool save = save_wanted();
    lock.unlock();
    if (save) {
        poke();
    }
}

/// Locked. True once per save.
bool inbox_core::save_wanted() {
    return saver_.enabled() && book_ && book_->changed() && !std::exchange(save_scheduled_, true);
}

/// Lets the strand look at what has changed.
void inbox_core::poke() {
    retry_on_bad_alloc([this] { enter([] {}); });
}

/// Locked.
void inbox_core::notify() {
    if (catch_up_ && catch_up_->has_event() && !waiting_since_) {
        waiting_since_ = now();
    }
    if (waiting_ && ready()) {
        waiting_ = false;
        wake_.cancel();
    }
}

void inbox_core::sending(std::string_view msg_id) {
    const std::lock_guard lock(mutex_);
    if (catch_up_) {
        catch_up_->sending(msg_id);
    } else {
        own_before_start_.emplace_back(msg_id);
    }
}

void inbox_core::begin_stop() {
    {
        const std::lock_guard lock(mutex_);
        if (std::exchange(stopping_, true)) {
            return;
        }
        notify();
    }
    enter([this] {
        act(session_.stop());
        if (!save_running_) {
            save_if_due(true);
        }
    });
}

std::optional<result<void>> inbox_core::stopped() const {
    const std::lock_guard lock(mutex_);
    if (!stopped_ && failure_) {
        return *failure_;
    }
    if (!stopped_ && closed_) {
        return aborted();
    }
    return stopped_;
}

void inbox_core::end_stop(const result<void>& how) {
    const std::lock_guard lock(mutex_);
    if (!stopped_) {
        stopped_ = how;
        stopped_wake_.cancel();
    }
}

/// What was acknowledged is saved before the owner goes on, also while a stop is outstanding and keeps this alive.
void inbox_core::close() noexcept {
    retry_on_bad_alloc([this] {
        const std::lock_guard lock(mutex_);
        closed_ = true;
        notify();
        stopped_wake_.cancel();
        if (saver_.enabled() && book_ && book_->changed()) {
            saver_.save(book_->snapshot(), [](const result<void>&) {});
        }
    });
    saver_.finish();
    retry_on_bad_alloc([this] {
        strand_->dispatch(transport::inline_strand::origin::initiator, [self = shared_from_this()] { self->leave(); });
    });
}

/// The end on the strand.
void inbox_core::leave() noexcept {
    if (std::exchange(left_, true)) {
        return;
    }
    close_connection(false);
    try {
        timer_.cancel();
    } catch (...) { // out of memory: the timer finds that this has ended
    }
}

void inbox_core::abandon() {
    left_ = true;
    if (socket_) {
        socket_->disown();
        socket_.reset();
    }
}

void inbox_core::leave_connections_to_parent() {
    abandon();
    saver_.leave_to_parent();
    const std::lock_guard lock(mutex_);
    failure_.emplace();
    failure_->code = errc::client_closed;
    failure_->detail = "this process is a fork: the inbox is the parent's";
    notify();
    stopped_wake_.cancel();
}

inbox_stats inbox_core::stats() const {
    const std::lock_guard lock(mutex_);
    inbox_stats made = numbers_;
    if (waiting_since_) {
        made.lag = now() - *waiting_since_;
    }
    if (catch_up_) {
        made.queued = catch_up_->queued();
        made.held = catch_up_->buffered();
        made.chats = catch_up_->chats();
        made.requests = catch_up_->running();
        made.duplicates = catch_up_->duplicates();
        made.dropped = catch_up_->dropped();
        made.gaps = catch_up_->gaps();
        made.catch_up_requests = catch_up_->requested();
    }
    return made;
}

} // namespace detail
YUNHU_NAMESPACE_END
