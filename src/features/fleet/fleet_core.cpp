// Copyright (c) 2026 The yunhu authors
// SPDX-License-Identifier: BSL-1.0

#include "features/fleet/fleet_core.hpp"

#include "features/fleet/leased_cursors.hpp"
#include "model/exceptions.hpp"
#include "transport/cancel_on_exit.hpp"
#include "transport/inline_strand.hpp"

#include <yunhu/as_result.hpp>
#include <yunhu/types.hpp>

#include <boost/asio/bind_executor.hpp>
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/post.hpp>
#include <boost/asio/redirect_error.hpp>
#include <boost/asio/use_awaitable.hpp>

#include <algorithm>
#include <utility>

YUNHU_NAMESPACE_BEGIN
namespace detail {

using engine::account_share;
using std::chrono::milliseconds;

namespace {

constexpr milliseconds shortest_fleet_lease{300};

std::uint64_t system_now() {
    const auto now = std::chrono::system_clock::now().time_since_epoch();
    return static_cast<std::uint64_t>(std::chrono::duration_cast<milliseconds>(now).count());
}

failure failure_of(const std::exception_ptr& thrown) {
    try {
        std::rethrow_exception(thrown);
    } catch (const error& e) {
        return e.info();
    } catch (...) {
        call_info info;
        info.detail = "a fleet's handler, callback or store threw";
        return {current_exception_code(), std::move(info)};
    }
}

} // namespace

fleet_core::fleet_core(asio::any_io_executor executor, std::shared_ptr<lease_store> store, fleet_options options)
    : executor_(std::move(executor)), store_(std::move(store)), options_(std::move(options)), name_(new_msg_id()),
      strand_(transport::make_strand(executor_)), wake_(strand_) {
    require(store_ != nullptr, "store must not be null");
    require(!options_.accounts.empty(), "accounts must not be empty");
    require(options_.handler != nullptr, "handler must not be empty");
    require(options_.lease >= shortest_fleet_lease, "lease must be at least 300 ms");
    require(options_.clock_tolerance.count() >= 0, "clock_tolerance must be >= 0");
    for (const fleet_account& each : options_.accounts) {
        require(!each.name.empty(), "accounts must have names");
        require(accounts_.emplace(each.name, &each).second, "accounts must have different names");
        require(each.inbox.cursors == nullptr, "accounts: inbox.cursors must be null: the fleet's store keeps them");
        require(!each.inbox.save_executor, "accounts: inbox.save_executor must not be set");
        names_.push_back(each.name);
        // Names what is wrong with the other options now, and not when the account is acquired. No I/O is done.
        const yunhu::inbox checked(each.through, each.inbox);
    }
}

void fleet_core::begin(fleet_completion done) {
    guarded_handler<error_code, fleet_summary> handler(executor_, std::move(done));
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
            fleet_summary refused;
            refused.detail = "a fleet's worker runs once";
            handler.post(errc::invalid_request, std::move(refused));
            return;
        }
        self->done_.emplace(std::move(handler));
        ++self->tasks_;
        asio::co_spawn(self->strand_, self->work(), [self](const std::exception_ptr& thrown) {
            if (thrown) {
                self->end(failure_of(thrown));
                for (const auto& [name, held] : self->held_) { // nobody renews any more
                    held->lose();
                }
            }
            self->end_task();
        });
    });
}

void fleet_core::stop() {
    asio::post(strand_, [self = shared_from_this()] {
        self->stopping_ = true;
        self->poke();
    });
}

void fleet_core::poke() {
    poked_ = true;
    wake_.cancel();
}

asio::awaitable<void> fleet_core::wait(milliseconds length) {
    if (!std::exchange(poked_, false)) {
        error_code ignored;
        wake_.expires_after(length);
        const transport::cancel_on_exit waiting(wake_);
        co_await wake_.async_wait(asio::redirect_error(asio::use_awaitable, ignored));
        poked_ = false;
    }
}

void fleet_core::end(failure why) {
    if (!why_) {
        why_ = std::move(why);
    }
    stopping_ = true;
    poke();
}

void fleet_core::end_task() {
    if (--tasks_ > 0 || !done_ || !done_->pending()) {
        return;
    }
    fleet_summary summary;
    error_code ec;
    if (why_) {
        static_cast<call_info&>(summary) = *why_;
        ec = why_->code;
    }
    static_cast<fleet_stats&>(summary) = stats();
    done_->post(ec, std::move(summary));
}

void fleet_core::report(const std::string& account, fleet_change what) {
    if (options_.on_change) {
        options_.on_change(account, what);
    }
}

void fleet_core::on_trouble(const failure& f) {
    counters_->add(&fleet_stats::store_failures);
    if (options_.on_trouble) {
        options_.on_trouble(f);
    }
    if (f.code == errc::invalid_request) { // such as a store that is not prepared
        end(f);
    }
}

void fleet_core::post_trouble(const failure& f) {
    asio::post(strand_, [self = shared_from_this(), f] { self->on_trouble(f); });
}

// Renewed at least each third of the lease. A failed turn is repeated soon: two may fail before a lease is over.
asio::awaitable<void> fleet_core::work() {
    while (!stopping_ || !held_.empty() || !releasing_.empty()) {
        milliseconds pause = std::clamp<milliseconds>(options_.lease / 16, milliseconds(10), std::chrono::seconds(1));
        co_await turn(pause);
        drop_what_is_over();
        if (!stopping_ || !held_.empty() || !releasing_.empty()) {
            co_await wait(pause);
        }
    }
    (void)co_await store_->leave(name_); // it counts as dead after the lease at the latest
}

/// `pause`: until the next one; unchanged if the store failed.
asio::awaitable<void> fleet_core::turn(milliseconds& pause) {
    auto seen = co_await store_->look(name_, names_, options_.lease);
    if (seen.has_error()) {
        on_trouble(seen.error());
        co_return;
    }
    drop_what_is_over();
    const account_share::decision made = account_share::decide(*seen, own_state(), options_.lease);
    for (const std::string& each : made.give_back) {
        held_.at(each)->give_back();
    }
    const std::vector<lease_change> asked = changes_of(made);
    if (!asked.empty()) {
        const boot_time until = boot_now() + options_.lease; // from before the store is asked
        auto done = co_await store_->change(name_, asked, options_.lease);
        if (done.has_error()) {
            on_trouble(done.error());
            co_return;
        }
        apply(*seen, asked, *done, until);
    }
    pause = made.look_after;
}

account_share::own_state fleet_core::own_state() const {
    account_share::own_state own;
    own.name = name_;
    own.leaving = stopping_;
    own.excluded = resigned_;
    for (const auto& [name, held] : held_) {
        if (held->is_lost()) {
            own.excluded.insert(name);
            continue;
        }
        own.held.insert(name);
        if (held->is_draining()) {
            own.draining.insert(name);
        }
    }
    for (const auto& [name, each] : releasing_) {
        own.excluded.insert(name);
    }
    return own;
}

std::vector<lease_change> fleet_core::changes_of(const account_share::decision& made) const {
    std::vector<lease_change> changes = made.acquire;
    for (const auto& [name, held] : held_) {
        if (!held->is_lost()) {
            changes.emplace_back(lease_change::action::renew, name, held->ticket().epoch);
        }
    }
    for (const auto& [name, each] : releasing_) {
        changes.emplace_back(lease_change::action::release, name, each.ticket.epoch);
    }
    return changes;
}

void fleet_core::apply(const lease_view& seen, const std::vector<lease_change>& asked,
                       const std::vector<lease_ticket>& done, boot_time until) {
    std::map<std::string, std::uint32_t> epochs;
    for (const lease_ticket& each : done) {
        epochs[each.account] = each.epoch;
    }
    std::map<std::string, const lease_row*> rows;
    for (const lease_row& each : seen.rows) {
        rows[each.account] = &each;
    }
    for (const lease_change& each : asked) {
        const auto effective = epochs.find(each.account);
        const bool applied = effective != epochs.end();
        if (each.what == lease_change::action::acquire) {
            if (applied) { // an owner that has not released it may have handled more than it saved
                acquire(lease_ticket(each.account, effective->second), !rows.at(each.account)->owner.empty(), until);
            }
        } else if (each.what == lease_change::action::release) {
            if (applied) {
                counters_->add(&fleet_stats::given_back);
                report(each.account, fleet_change::given_back);
            }
            releasing_.erase(each.account);
        } else if (const auto found = held_.find(each.account);
                   found != held_.end() && found->second->ticket().epoch == each.epoch) {
            if (applied) {
                found->second->renewed(until);
            } else {
                found->second->lose();
            }
        } else if (const auto ended = releasing_.find(each.account); applied && ended != releasing_.end()) {
            ended->second.until = until; // its handler ended meanwhile
        }
    }
}

void fleet_core::drop_what_is_over() {
    const boot_time now = boot_now();
    for (const auto& [name, held] : held_) {
        if (!held->is_lost() && held->is_over(now)) {
            held->lose();
        }
    }
    std::erase_if(releasing_, [now](const auto& each) { return now >= each.second.until; });
}

void fleet_core::acquire(const lease_ticket& ticket, bool taken_over, boot_time until) {
    const auto tolerance = static_cast<std::uint64_t>(options_.clock_tolerance.count());
    const std::uint64_t now = system_now();
    held_account::times heard;
    heard.since = now - tolerance - 1; // what happens in this millisecond counts
    heard.repeats_until = taken_over ? now + tolerance : 0;
    const auto held =
        std::make_shared<held_account>(executor_, *accounts_.at(ticket.account), ticket, until, heard, counters_);
    held_[ticket.account] = held;
    counters_->add(&fleet_stats::acquired);
    if (taken_over) {
        counters_->add(&fleet_stats::taken_over);
    }
    counters_->set_held(held_.size());
    report(ticket.account, taken_over ? fleet_change::taken_over : fleet_change::acquired);
    start(held);
}

void fleet_core::start(const std::shared_ptr<held_account>& held) {
    ++tasks_;
    asio::co_spawn(
        held->strand(), hear(held),
        asio::bind_executor(strand_, [self = shared_from_this(), held](const std::exception_ptr& thrown, ending how) {
            self->on_ended(held, thrown, how);
            self->end_task();
        }));
}

void fleet_core::on_ended(const std::shared_ptr<held_account>& held, const std::exception_ptr& thrown, ending how) {
    const std::string& name = held->ticket().account;
    held_.erase(name);
    counters_->set_held(held_.size());
    if (held->is_lost() || thrown ||
        how != ending::clean) { // an account that is not released counts as taken over from
        counters_->add(&fleet_stats::lost);
        report(name, fleet_change::lost);
    } else {
        releasing_[name] = released{held->ticket(), held->until()};
    }
    if (!held->is_lost() && !held->is_draining() && how != ending::not_started) {
        resigned_.insert(name);
    }
    if (thrown) {
        end(failure_of(thrown));
    }
    poke();
}

/// On the account's strand.
asio::awaitable<fleet_core::ending> fleet_core::hear(std::shared_ptr<held_account> held) {
    auto loaded = co_await store_->load_cursors(held->ticket().account);
    if (loaded.has_error()) {
        post_trouble(loaded.error());
        co_return ending::not_started;
    }
    inbox_cursors from;
    if (*loaded) {
        from = *std::move(*loaded);
    } else { // a position before the first event: a worker that dies now leaves no gap
        cursor_change first;
        first.since = held->since();
        from.since = first.since;
        auto saved = co_await store_->save_cursors(held->ticket(), first);
        if (saved.has_error()) {
            post_trouble(saved.error());
            co_return ending::not_started;
        }
        if (!*saved) {
            held->lose();
            co_return ending::not_started;
        }
    }
    auto cursors = std::make_shared<leased_cursors>(executor_, store_, held->ticket(), std::move(from),
                                                    [held, counters = counters_] {
                                                        counters->add(&fleet_stats::fenced_saves);
                                                        held->lose();
                                                    });
    inbox_options options = held->account().inbox;
    options.cursors = cursors;
    options.acknowledge = acknowledgement::by_request; // the gate acknowledges
    yunhu::inbox inbox(held->account().through, std::move(options));
    const leased_cursors::abandon_at_end guard(cursors);
    held->open(inbox);
    std::exception_ptr thrown;
    try {
        held_inbox in(held);
        co_await options_.handler(in);
    } catch (...) {
        thrown = std::current_exception();
    }
    // An event that was delivered and not acknowledged comes again, and must be marked then.
    bool clean = held->close() && !thrown;
    if (!held->is_lost()) {
        auto stopped = co_await inbox.async_stop(as_result);
        clean = clean && stopped.has_value();
    }
    if (thrown) {
        std::rethrow_exception(thrown);
    }
    co_return clean ? ending::clean : ending::repeats;
}

} // namespace detail
YUNHU_NAMESPACE_END
