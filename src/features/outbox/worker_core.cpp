// Copyright (c) 2026 The yunhu authors
// SPDX-License-Identifier: BSL-1.0

#include "features/outbox/worker_core.hpp"

#include "model/exceptions.hpp"
#include "transport/cancel_on_exit.hpp"
#include "transport/inline_strand.hpp"

#include <yunhu/requests.hpp>

#include <boost/asio/bind_executor.hpp>
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/post.hpp>
#include <boost/asio/redirect_error.hpp>
#include <boost/asio/use_awaitable.hpp>

#include <time.h>

#include <algorithm>
#include <exception>
#include <utility>

YUNHU_NAMESPACE_BEGIN
namespace detail {

using outcome = settlement::outcome;
using std::chrono::milliseconds;

namespace {

constexpr milliseconds shortest_lease{100};

milliseconds backoff(milliseconds first, unsigned times) {
    constexpr unsigned most_doublings = 9;
    constexpr milliseconds longest = std::chrono::seconds(30);
    return std::min(first * (1U << std::min(times, most_doublings)), longest);
}

} // namespace

outbox_worker_core::outbox_worker_core(client through, std::shared_ptr<outbox_store> store,
                                       outbox_worker_options options)
    : through_(std::move(through)), store_(std::move(store)), options_(std::move(options)), name_(new_msg_id()),
      send_(
          endpoint_info("/v1/msg/send-message", wire_format::protobuf, retry_class::non_idempotent),
          [](const std::string& body) { return body; }, [](std::string_view) { return true; }),
      strand_(transport::make_strand(through_.get_executor())), wake_(strand_), settle_(strand_) {
    require(store_ != nullptr, "store must not be null");
    require(options_.concurrency > 0, "concurrency must be at least 1");
    require(options_.lease >= shortest_lease, "lease must be at least 100 ms");
    require(options_.poll_interval.count() > 0, "poll_interval must be > 0");
    if (options_.accounts.empty()) {
        options_.accounts.emplace_back();
    }
    for (const outbox_account& each : options_.accounts) {
        const bool added =
            senders_.emplace(each.name, each.token.empty() ? through_ : through_.with_token(each.token)).second;
        require(added, "accounts must have different names");
    }
}

outbox_worker_core::boot_time outbox_worker_core::boot_now() noexcept {
    timespec t{};
    clock_gettime(CLOCK_BOOTTIME, &t);
    return std::chrono::seconds(t.tv_sec) + std::chrono::nanoseconds(t.tv_nsec);
}

void outbox_worker_core::begin(outbox_handler done) {
    guarded_handler<error_code, outbox_summary> handler(through_.get_executor(), std::move(done));
    if (auto slot = handler.cancellation_slot(); slot.is_connected()) {
        slot.assign([weak = weak_from_this()](asio::cancellation_type type) {
            const auto self = weak.lock();
            if (self && type != asio::cancellation_type::none) {
                self->stop();
            }
        });
    }
    asio::post(strand_, [self = shared_from_this(), handler = std::move(handler)]() mutable {
        if (self->done_) {
            outbox_summary refused;
            refused.detail = "a worker runs once";
            handler.post(errc::invalid_request, std::move(refused));
            return;
        }
        self->done_.emplace(std::move(handler));
        self->start(self->settle_all());
        self->start(self->work());
    });
}

void outbox_worker_core::stop() {
    asio::post(strand_, [self = shared_from_this()] {
        self->stopping_ = true;
        self->wake_.cancel();
    });
}

outbox_worker_stats outbox_worker_core::stats() const {
    const std::lock_guard lock(mutex_);
    return stats_;
}

void outbox_worker_core::count(std::uint64_t outbox_worker_stats::*what, std::uint64_t by) {
    const std::lock_guard lock(mutex_);
    stats_.*what += by;
    stats_.in_flight = in_flight_.size();
}

// The tasks keep the core alive; the last one completes `run`.
void outbox_worker_core::start(asio::awaitable<void> task) {
    ++tasks_;
    auto ended = [self = shared_from_this()](std::exception_ptr failed) {
        if (failed) {
            call_info info;
            info.detail = "an outbox worker's callback or store threw";
            try {
                std::rethrow_exception(failed);
            } catch (...) {
                self->end(failure(current_exception_code(), std::move(info)));
            }
        }
        if (--self->tasks_ == 0) {
            self->complete();
        }
    };
    asio::co_spawn(strand_, std::move(task), std::move(ended));
}

void outbox_worker_core::complete() {
    if (!done_ || !done_->pending()) {
        return;
    }
    outbox_summary summary;
    error_code ec;
    if (why_) {
        static_cast<call_info&>(summary) = *why_;
        ec = why_->code;
    }
    static_cast<outbox_worker_stats&>(summary) = stats();
    done_->post(ec, std::move(summary));
}

void outbox_worker_core::end(failure why) {
    if (!why_) {
        why_ = std::move(why);
    }
    stopping_ = true;
    wake_.cancel();
}

asio::awaitable<void> outbox_worker_core::wait(asio::steady_timer& timer, steady::time_point until) {
    error_code ignored;
    timer.expires_at(until);
    const transport::cancel_on_exit waiting(timer);
    co_await timer.async_wait(asio::redirect_error(asio::use_awaitable, ignored));
}

claim_request outbox_worker_core::request_of(std::size_t max) const {
    claim_request r;
    r.worker = name_;
    r.max = max;
    r.lease = options_.lease;
    for (const auto& [name, sender] : senders_) {
        r.accounts.push_back(name);
    }
    return r;
}

const client* outbox_worker_core::sender_of(const std::string& account) const {
    const auto found = senders_.find(account);
    return found == senders_.end() ? nullptr : &found->second;
}

// The loop that claims, until the worker is stopped and nothing is in flight.
asio::awaitable<void> outbox_worker_core::work() {
    while (!stopping_ || !in_flight_.empty()) {
        const steady::time_point now = steady::now();
        if (now >= house_due_) {
            house_due_ = now + options_.lease / 4;
            co_await keep_house();
        }
        if (!stopping_ && now >= paused_until_ && in_flight_.size() < options_.concurrency) {
            co_await claim_and_send();
        } else {
            steady::time_point until = house_due_;
            if (!stopping_) {
                until = std::min(until, std::max(paused_until_, now + options_.poll_interval));
            }
            co_await wait(wake_, until);
        }
    }
    closing_ = true;
    settle_.cancel();
}

// Claims no more than leave at once: a message that is marked and has not left when a worker dies becomes unknown.
asio::awaitable<void> outbox_worker_core::claim_and_send() {
    auto batch = co_await store_->claim(request_of(options_.concurrency - in_flight_.size()));
    if (batch.has_error()) {
        on_trouble(batch.error());
        co_return;
    }
    if (batch->claims.empty()) {
        const milliseconds pause = std::min(batch->wait.value_or(options_.poll_interval), options_.poll_interval);
        if (!stopping_) {
            co_await wait(wake_, steady::now() + pause);
        }
        co_return;
    }
    count(&outbox_worker_stats::claimed, batch->claims.size());
    std::vector<outbox_ticket> tickets(batch->claims.begin(), batch->claims.end());
    const boot_time asked = boot_now();
    auto marked = co_await store_->mark_sending(tickets, options_.lease);
    if (marked.has_error()) {
        on_trouble(marked.error());
        // The mark may have been stored; nothing has left, and the epoch proves that it is this worker that knows.
        for (const outbox_claim& each : batch->claims) {
            outbox_outcome back;
            back.msg_id = each.msg_id;
            back.account = each.account;
            back.to = each.to;
            back.what = outcome::released;
            back.reason = std::string(yunhu::name(marked.error().code));
            in_flight_.emplace(each.id, each);
            finish(each, std::move(back));
        }
        co_return;
    }
    count(&outbox_worker_stats::fenced, tickets.size() - marked->size());
    for (outbox_claim& each : batch->claims) {
        if (std::find(marked->begin(), marked->end(), static_cast<const outbox_ticket&>(each)) != marked->end()) {
            in_flight_[each.id] = each;
            start(deliver(std::move(each), asked));
        }
    }
}

// Leases, what others left, old rows.
asio::awaitable<void> outbox_worker_core::keep_house() {
    if (!in_flight_.empty()) {
        std::vector<outbox_ticket> held;
        held.reserve(in_flight_.size());
        for (const auto& [id, ticket] : in_flight_) {
            held.push_back(ticket);
        }
        auto renewed = co_await store_->renew(std::move(held), options_.lease);
        if (renewed.has_error()) {
            on_trouble(renewed.error());
        }
    }
    if (stopping_) {
        co_return;
    }
    auto taken = co_await store_->take_overdue(request_of(options_.concurrency));
    if (taken.has_error()) {
        on_trouble(taken.error());
        co_return;
    }
    for (outbox_claim& each : *taken) {
        outbox_outcome unknown;
        unknown.reason = "not_found";
        in_flight_[each.id] = each;
        start(look_up(std::move(each), std::move(unknown)));
    }
    if (options_.retention && steady::now() >= prune_due_) {
        prune_due_ = steady::now() + std::chrono::minutes(10);
        auto pruned = co_await store_->prune(*options_.retention);
        if (pruned.has_error()) {
            on_trouble(pruned.error());
        }
    }
}

asio::awaitable<void> outbox_worker_core::deliver(outbox_claim message, boot_time asked) {
    outbox_outcome end;
    end.msg_id = message.msg_id;
    end.account = message.account;
    end.to = message.to;
    const client* const sender = sender_of(message.account);
    // Half of the lease is left for the look-up that decides what a late response does not.
    const std::chrono::nanoseconds left = options_.lease / 2 - (boot_now() - asked);
    if (left.count() <= 0 || sender == nullptr) {
        end.what = outcome::released;
        end.reason = "lease";
        finish(message, std::move(end));
        co_return;
    }
    call_options options = options_.call;
    options.timeout = std::min(options.timeout.value_or(left), left);
    count(&outbox_worker_stats::requests);
    auto r = co_await sender->call(send_, std::move(message.body), options, as_result);
    if (r.has_value()) {
        troubles_ = 0;
        throttled_.erase(message.account);
        end.what = outcome::sent;
        finish(message, std::move(end));
        co_return;
    }
    failure f = r.error();
    f.msg_id = message.msg_id;
    const engine::send_verdict verdict = engine::verdict_of(f);
    on_failed_send(message, f, verdict.of_worker);
    end.reason = std::string(yunhu::name(f.code));
    end.problem = std::move(f);
    switch (verdict.of_message) {
    case engine::send_verdict::message::sent:
        end.what = outcome::sent;
        break;
    case engine::send_verdict::message::failed:
        end.what = outcome::failed;
        break;
    case engine::send_verdict::message::release:
        end.what = outcome::released;
        break;
    case engine::send_verdict::message::look_up:
        co_await look_up(std::move(message), std::move(end));
        co_return;
    }
    finish(message, std::move(end));
}

// `so_far`: the outcome if it is not found.
asio::awaitable<void> outbox_worker_core::look_up(outbox_claim message, outbox_outcome so_far) {
    so_far.msg_id = message.msg_id;
    so_far.account = message.account;
    so_far.to = message.to;
    so_far.what = outcome::unknown;
    so_far.looked_up = true;
    const client* const sender = sender_of(message.account);
    if (sender != nullptr) {
        count(&outbox_worker_stats::lookups);
        list_message_by_mid_seq_request what(message.to, message.msg_id, 1);
        auto page = co_await sender->list_message_by_mid_seq(std::move(what), options_.call, as_result);
        if (page.has_value() && page->find(message.msg_id) != nullptr) {
            so_far.what = outcome::sent;
            so_far.reason.clear();
        } else if (page.has_error()) {
            on_failed_send(message, page.error(), engine::verdict_of(page.error()).of_worker);
            so_far.reason = std::string(yunhu::name(page.error().code));
            so_far.problem = page.error();
        }
    }
    finish(message, std::move(so_far));
}

void outbox_worker_core::finish(const outbox_ticket& of, outbox_outcome end, milliseconds delay) {
    switch (end.what) {
    case outcome::sent:
        count(&outbox_worker_stats::sent);
        break;
    case outcome::failed:
        count(&outbox_worker_stats::failed);
        break;
    case outcome::unknown:
        count(&outbox_worker_stats::unknown);
        break;
    case outcome::released:
        count(&outbox_worker_stats::released);
        break;
    }
    settlement s(of, end.what, end.what == outcome::sent ? std::string() : end.reason);
    s.delay = delay;
    outcomes_.push_back(std::move(s));
    settle_.cancel();
    if (options_.on_outcome) {
        options_.on_outcome(end);
    }
}

// Stores what has ended since the last time, in one transaction; again and again until the store has it.
asio::awaitable<void> outbox_worker_core::settle_all() {
    unsigned failures = 0;
    while (!closing_ || !outcomes_.empty()) {
        if (outcomes_.empty()) {
            co_await wait(settle_, steady::time_point::max());
            continue;
        }
        std::vector<settlement> batch = std::exchange(outcomes_, {});
        auto stored = co_await store_->settle(batch);
        if (stored.has_error()) {
            outcomes_.insert(outcomes_.begin(), batch.begin(), batch.end());
            on_trouble(stored.error());
            constexpr unsigned enough = 5; // of a worker that stops: others look up what it has sent
            if (stopping_ && ++failures >= enough) {
                outcomes_.clear();
                in_flight_.clear();
                wake_.cancel();
                continue;
            }
            const auto until = steady::now() + backoff(milliseconds(100), failures);
            while (steady::now() < until && !closing_) {
                co_await wait(settle_, until);
            }
            continue;
        }
        failures = 0;
        count(&outbox_worker_stats::fenced, batch.size() - std::min(batch.size(), *stored));
        for (const settlement& each : batch) {
            const auto held = in_flight_.find(each.id);
            if (held != in_flight_.end() && held->second.epoch == each.epoch) {
                in_flight_.erase(held);
            }
        }
        count(&outbox_worker_stats::in_flight, 0);
        wake_.cancel();
    }
}

void outbox_worker_core::on_failed_send(const outbox_claim& of, const failure& f, engine::send_verdict::next next) {
    switch (next) {
    case engine::send_verdict::next::go_on:
        break;
    case engine::send_verdict::next::pause:
        on_trouble(f);
        break;
    case engine::send_verdict::next::pause_lane:
        start(pause_lane(of.account, f));
        break;
    case engine::send_verdict::next::end:
        end(f);
        break;
    }
}

asio::awaitable<void> outbox_worker_core::pause_lane(std::string account, failure why) {
    const milliseconds own = backoff(milliseconds(1000), throttled_[account]++);
    const milliseconds length =
        std::max(own, std::chrono::ceil<milliseconds>(why.retry_after.value_or(std::chrono::nanoseconds(0))));
    report_pause(why, length);
    auto paused = co_await store_->pause_lane(std::move(account), length);
    if (paused.has_error()) {
        on_trouble(paused.error());
    }
}

// Calls that were in flight when a pause began end in the same trouble, which counts once.
void outbox_worker_core::on_trouble(const failure& f) {
    const steady::time_point now = steady::now();
    if (f.code == errc::invalid_request) { // of the store: it is another one, or damaged
        end(f);
        return;
    }
    if (now < paused_until_) {
        return;
    }
    const milliseconds length = backoff(milliseconds(100), troubles_++);
    paused_until_ = now + length;
    report_pause(f, length);
}

void outbox_worker_core::report_pause(const failure& f, milliseconds length) {
    count(&outbox_worker_stats::pauses);
    if (options_.on_pause) {
        options_.on_pause(f, length);
    }
}

} // namespace detail
YUNHU_NAMESPACE_END
