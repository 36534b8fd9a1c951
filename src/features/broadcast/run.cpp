// Copyright (c) 2026 The yunhu authors
// SPDX-License-Identifier: BSL-1.0

#include "features/broadcast/run.hpp"

#include "features/broadcast/validation.hpp"
#include "model/exceptions.hpp"
#include "transport/inline_strand.hpp"

#include <boost/asio/post.hpp>

#include <chrono>
#include <exception>
#include <iterator>
#include <mutex>
#include <utility>

YUNHU_NAMESPACE_BEGIN
namespace detail {
broadcast_run::broadcast_run(client through, draft what, broadcast_targets to, broadcast_options options,
                             broadcast_handler done)
    : through_(std::move(through)), what_(std::move(what)), to_(std::move(to)), options_(std::move(options)),
      monitor_(options_.monitor.value_or(broadcast_monitor())), counters_(*broadcast_access::of(monitor_)),
      strand_(transport::make_strand(through_.get_executor())), timer_(strand_),
      done_(through_.get_executor(), std::move(done)), log_(counters_, std::move(options_.on_outcome)),
      pace_({options_.max_consecutive_failures, options_.outage_timeout}) {}

void broadcast_run::begin() {
    {
        const std::lock_guard lock(counters_.mutex);
        counters_.on_stop = [weak = weak_from_this()] {
            if (const auto running = weak.lock()) {
                asio::post(running->strand_, [running] { running->schedule_pump(); });
            }
        };
    }
    asio::post(strand_, [self = shared_from_this()] {
        try {
            self->open();
        } catch (const error& e) {
            post_result<broadcast_summary>(self->done_, e.info());
            return;
        } catch (...) {
            post_result<broadcast_summary>(self->done_, failure(current_exception_code(), call_info()));
            return;
        }
        self->pump();
    });
}

void broadcast_run::cancel(asio::cancellation_type type) {
    asio::post(strand_, [self = shared_from_this(), type] {
        self->end(broadcast_end::cancelled);
        if ((type & asio::cancellation_type::terminal) != asio::cancellation_type::none) {
            self->abort_ = true;
            for (target& t : self->in_flight_) {
                t.cancelled.emit(asio::cancellation_type::terminal);
            }
        }
        self->schedule_pump();
    });
}

// Throws when the broadcast can't start.
void broadcast_run::open() {
    counters_.began = std::chrono::steady_clock::now().time_since_epoch().count();
    validate(options_);
    journal_header header;
    header.message = fingerprint(what_);
    header.total = to_.total();
    if (to_.total()) {
        counters_.total = *to_.total();
    }
    if (to_.list() != nullptr) {
        for (std::size_t i = 0; i < to_.list()->size(); ++i) {
            if (auto fault = validate_target((*to_.list())[i], i)) {
                throw error(invalid_broadcast(std::move(*fault)));
            }
        }
    }
    if (!options_.journal.empty()) {
        journal_.open(options_.journal, options_.sync, header, previous_);
        validate_list();
    }
}

void broadcast_run::validate_list() const {
    for (std::size_t i = 0; to_.list() != nullptr && i < to_.list()->size(); ++i) {
        if (!previous_.matches(i, (*to_.list())[i])) {
            throw error(invalid_broadcast("journal: targets[" + std::to_string(i) + "] differs from the journal's"));
        }
    }
}

// --- scheduling of targets -------------------------------------------------------------------------------------------

void broadcast_run::schedule_pump() {
    if (!pump_posted_ && done_.pending()) {
        pump_posted_ = true; // targets that finish together share one write of the journal
        asio::post(strand_, [self = shared_from_this()] {
            self->pump_posted_ = false;
            self->pump();
        });
    }
}

void broadcast_run::pump() {
    if (!done_.pending()) {
        return;
    }
    if (counters_.stop) {
        end(broadcast_end::stopped);
    }
    fill();
    start_waiting();
    const error_code ec = journal_.flush();
    if (ec) {
        end(broadcast_end::failed, journal_failure("can't be written", ec));
        abort_ = true;
        start_waiting(); // drops them
    }
    for (const iterator at : std::exchange(ready_, {})) {
        if (abort_) { // nothing of it is sent; the journal is right, or ahead
            --running_;
            in_flight_.erase(at);
        } else {
            at->operation == target::step::send ? send(at) : look_up(at);
        }
    }
    counters_.in_flight = running_;
    if (!targets_exhausted_ && !ending_ && in_flight_.size() < most_in_flight()) {
        schedule_pump(); // many targets needed nothing
    } else if (in_flight_.empty()) {
        finish_run();
    }
}

// Starts targets as far as the pace allows.
void broadcast_run::start_waiting() {
    const engine::time_point now = engine::clock::now();
    while (!waiting_.empty()) {
        const iterator at = waiting_.front();
        const bool wanted = !ending_ || (at->operation == target::step::look_up && !abort_);
        const bool starts = wanted && may_start(now);
        if (!starts && !ending_) {
            wait_for_pause(now);
            return;
        }
        waiting_.pop_front();
        if (starts) {
            start(at);
        } else {
            in_flight_.erase(at); // the journal is right already
        }
    }
}

// The target starts once the journal is written.
void broadcast_run::start(iterator at) {
    if (at->operation == target::step::send) {
        journal_record r;
        r.what = journal_record::kind::started;
        r.index = at->index;
        r.target = at->to;
        r.msg_id = at->msg_id;
        journal_.add(r);
    }
    ++running_;
    ready_.push_back(at);
}

// When it is no pause, a call in flight must end first.
void broadcast_run::wait_for_pause(engine::time_point now) {
    if (now >= pace_.paused_until() || timer_.expiry() == pace_.paused_until()) {
        return;
    }
    timer_.expires_at(pace_.paused_until());
    timer_.async_wait([self = shared_from_this()](const error_code& ec) {
        if (!ec) {
            self->schedule_pump();
        }
    });
}

bool broadcast_run::may_start(engine::time_point now) const noexcept {
    return running_ < options_.concurrency && pace_.may_start(running_, now);
}

// In trouble one more, so that a single target's trouble can't hold up the others.
std::size_t broadcast_run::most_in_flight() const noexcept {
    return options_.concurrency + (pace_.probing() ? 1 : 0);
}

// Admits targets up to the concurrency.
void broadcast_run::fill() {
    // Yields the thread regularly, also when an earlier run has finished most targets.
    constexpr std::size_t max_batch = 1000;
    for (std::size_t taken = 0; !ending_ && !targets_exhausted_ && taken < max_batch; ++taken) {
        if (in_flight_.size() >= most_in_flight()) {
            return;
        }
        std::optional<chat> to;
        try {
            to = to_.next();
        } catch (const std::exception& e) {
            end(broadcast_end::failed, invalid_broadcast(std::string("targets: the generator threw: ") + e.what()));
            return;
        } catch (...) {
            end(broadcast_end::failed,
                invalid_broadcast("targets: the generator threw something else than a std::exception"));
            return;
        }
        if (!to) {
            targets_exhausted_ = true;
            counters_.total = next_index_;
            return;
        }
        process_target(next_index_++, *to);
    }
}

void broadcast_run::process_target(std::uint64_t index, const chat& to) {
    broadcast_outcome o;
    o.index = index;
    o.target = to;
    if (to_.list() == nullptr) {
        if (auto fault = validate_target(to, index)) {
            o.state = broadcast_state::failed;
            o.problem = invalid_broadcast(std::move(*fault));
            o.reason = yunhu::name(errc::invalid_request);
            report(o);
            return;
        }
        if (!previous_.matches(index, to)) {
            end(broadcast_end::failed,
                invalid_broadcast("journal: targets[" + std::to_string(index) + "] differs from the journal's"));
            return;
        }
    }
    const journal_state::last was = previous_.of(index);
    if (options_.skip_duplicates && !seen_.insert(hash_(to)).second && was == journal_state::last::nothing) {
        o.state = broadcast_state::duplicate;
        report(o);
        return;
    }
    resume(index, to, was);
}

void broadcast_run::resume(std::uint64_t index, const chat& to, journal_state::last was) {
    broadcast_outcome o;
    o.index = index;
    o.target = to;
    o.earlier = true;
    switch (was) {
    case journal_state::last::sent:
        o.state = broadcast_state::sent;
        log_.count(o); // not reported again
        break;
    case journal_state::last::failed:
        if (options_.retry_failed) {
            admit(index, to, new_msg_id(), target::step::send);
            break;
        }
        o.state = broadcast_state::failed;
        o.msg_id = previous_.msg_id(index);
        o.reason = previous_.reason(index);
        report(o);
        break;
    case journal_state::last::started:
    case journal_state::last::unknown:
        admit(index, to, previous_.msg_id(index), target::step::look_up);
        break;
    case journal_state::last::nothing:
        admit(index, to, new_msg_id(), target::step::send);
        break;
    }
}

void broadcast_run::admit(std::uint64_t index, const chat& to, std::string msg_id, target::step operation) {
    in_flight_.emplace_back(index, to, std::move(msg_id), operation);
    const iterator at = std::prev(in_flight_.end());
    if (waiting_.empty() && may_start(engine::clock::now())) {
        start(at);
    } else {
        waiting_.push_back(at);
    }
}

// --- the end ---------------------------------------------------------------------------------------------------------

void broadcast_run::finish_run() {
    release_held();
    broadcast_summary summary;
    summary.end = ending_.value_or(broadcast_end::finished);
    summary.why = std::move(why_);
    counters_.ended = std::chrono::steady_clock::now().time_since_epoch().count();
    detail::fill(summary, counters_);
    timer_.cancel();
    post_result<broadcast_summary>(done_, std::move(summary));
}

// Starts no further target. The first reason is kept.
void broadcast_run::end(broadcast_end how, std::optional<failure> why) {
    if (!ending_) {
        ending_ = how;
        why_ = std::move(why);
    }
}

} // namespace detail
YUNHU_NAMESPACE_END
