// Copyright (c) 2026 The yunhu authors
// SPDX-License-Identifier: BSL-1.0

#include "features/fleet/held_account.hpp"
#include "transport/cancel_on_exit.hpp"
#include "transport/inline_strand.hpp"

#include <boost/asio/bind_cancellation_slot.hpp>
#include <boost/asio/bind_executor.hpp>
#include <boost/asio/error.hpp>
#include <boost/asio/post.hpp>
#include <boost/asio/redirect_error.hpp>
#include <boost/asio/use_awaitable.hpp>

#include <time.h>

#include <utility>
#include <variant>

YUNHU_NAMESPACE_BEGIN
namespace detail {

std::chrono::nanoseconds boot_now() noexcept {
    timespec t{};
    clock_gettime(CLOCK_BOOTTIME, &t);
    return std::chrono::seconds(t.tv_sec) + std::chrono::nanoseconds(t.tv_nsec);
}

held_account::held_account(const asio::any_io_executor& executor, const fleet_account& account, lease_ticket ticket,
                           boot_time until, times heard, std::shared_ptr<fleet_counters> counters)
    : account_(account), ticket_(std::move(ticket)), until_(until.count()), heard_(heard),
      counters_(std::move(counters)), strand_(transport::make_strand(executor)), wake_(strand_) {}

void held_account::give_back() {
    if (!draining_.exchange(true)) {
        interrupt();
    }
}

void held_account::lose() {
    lost_ = true;
    interrupt();
}

void held_account::interrupt() {
    asio::post(strand_, [self = shared_from_this()] {
        if (self->waiting_) {
            self->cancel_.emit(asio::cancellation_type::terminal);
        }
    });
}

/// The lease still runs, and the account is not to be given back.
bool held_account::passes() {
    if (is_over(boot_now())) {
        lost_ = true; // the process was stopped, or the machine slept
    }
    return inbox_ != nullptr && !lost_ && !draining_;
}

void held_account::acknowledge(const event& done) {
    if (inbox_ != nullptr) {
        inbox_->acknowledge(done);
    }
}

void held_account::on_event(const error_code& ec, optional_result<event> got) {
    waiting_ = false;
    if (got) {
        got_ = std::move(*got);
    } else if (ec && ec != asio::error::operation_aborted) {
        failure_ = failure(ec, got);
    }
    wake_.cancel();
}

asio::awaitable<std::optional<fleet_event>> held_account::next() {
    const auto self = shared_from_this();
    if (taken_) {
        acknowledge(*taken_); // also when the account is given back: it was handled
        taken_.reset();
    }
    if (!passes()) {
        co_return std::nullopt;
    }
    waiting_ = true;
    inbox_->next(asio::bind_cancellation_slot(
        cancel_.slot(), asio::bind_executor(strand_, [self](const error_code& ec, optional_result<event> got) {
            self->on_event(ec, std::move(got));
        })));
    while (waiting_) {
        error_code ignored;
        wake_.expires_at(asio::steady_timer::time_point::max());
        const transport::cancel_on_exit waiting(wake_);
        co_await wake_.async_wait(asio::redirect_error(asio::use_awaitable, ignored));
    }
    if (failure_) {
        throw error(*std::exchange(failure_, std::nullopt));
    }
    // An event that does not pass is not acknowledged: the next worker delivers it.
    std::optional<event> got = std::exchange(got_, std::nullopt);
    if (!got || !passes()) {
        co_return std::nullopt;
    }
    const bool repeated = may_repeat(*got);
    counters_->add(&fleet_stats::events);
    if (repeated) {
        counters_->add(&fleet_stats::maybe_repeated);
    }
    if (account_.inbox.acknowledge == acknowledgement::by_next) {
        taken_ = *got;
    }
    co_return fleet_event(*std::move(got), repeated);
}

/// What is only pushed can't come again. Without a time everything counts that comes soon after the take-over.
bool held_account::may_repeat(const event& e) const {
    if (heard_.repeats_until == 0) {
        return false;
    }
    const auto until_then = [this](std::uint64_t at) {
        const auto now =
            std::chrono::duration_cast<std::chrono::milliseconds>(std::chrono::system_clock::now().time_since_epoch());
        return (at == 0 ? static_cast<std::uint64_t>(now.count()) : at) <= heard_.repeats_until;
    };
    if (const auto* sent = std::get_if<message_event>(&e)) {
        return until_then(sent->message.send_time);
    }
    if (const auto* edited = std::get_if<edit_event>(&e)) {
        return until_then(edited->message.edit_time);
    }
    if (const auto* recalled = std::get_if<recall_event>(&e)) {
        return until_then(recalled->message.msg_delete_time);
    }
    return std::holds_alternative<gap_event>(e);
}

} // namespace detail
YUNHU_NAMESPACE_END
