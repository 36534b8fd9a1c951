// Copyright (c) 2026 The yunhu authors
// SPDX-License-Identifier: BSL-1.0

#include "features/broadcast/run.hpp"

#include "endpoints/codec.hpp"
#include "model/exceptions.hpp"

#include <boost/algorithm/hex.hpp>
#include <boost/asio/bind_cancellation_slot.hpp>
#include <boost/asio/bind_executor.hpp>
#include <boost/asio/post.hpp>

#include <openssl/evp.h>

#include <array>
#include <exception>
#include <iterator>
#include <utility>

YUNHU_NAMESPACE_BEGIN
namespace detail {
namespace {

// Identifies the message in the journal without revealing it: a part of the SHA-256 of its encoded bytes.
std::string fingerprint(const draft& what) {
    const codec::encoded bytes = codec::encode(send_message_request(group("-"), what, "-"));
    if (!bytes) {
        throw error(invalid_broadcast(bytes.error().detail));
    }
    std::array<unsigned char, EVP_MAX_MD_SIZE> hash{};
    EVP_Digest(bytes->data(), bytes->size(), hash.data(), nullptr, EVP_sha256(), nullptr);
    constexpr std::size_t kept = 16;
    std::string hex;
    boost::algorithm::hex_lower(hash.begin(), hash.begin() + kept, std::back_inserter(hex));
    return hex;
}

// The call timed out in a queue, of the pool or of a rate limit: that says nothing about the target.
bool only_waited(const failure& f) {
    return f.code == condition::timeout && f.delivery == delivery::not_sent && f.phase == phase::queue;
}

// Every further call would fail the same way: that says nothing about the target.
bool ends_all(const error_code& ec) {
    return ec == condition::authentication || ec == errc::client_closed;
}

} // namespace

broadcast_run::broadcast_run(client through, draft what, broadcast_targets to, broadcast_options options,
                             broadcast_handler done)
    : through_(std::move(through)), what_(std::move(what)), to_(std::move(to)), options_(std::move(options)),
      monitor_(options_.monitor.value_or(broadcast_monitor())), counters_(*broadcast_access::of(monitor_)),
      strand_(through_.get_executor()), done_(through_.get_executor(), std::move(done)) {}

void broadcast_run::begin() {
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
    if (options_.concurrency == 0) {
        throw error(invalid_broadcast("concurrency must be at least 1"));
    }
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

std::optional<std::string> broadcast_run::validate_target(const chat& to, std::uint64_t index) const {
    const auto refused = codec::validate(list_message_by_seq_request(to, 0));
    std::string detail = refused ? refused->detail : std::string();
    if (detail.empty() && to.id.size() > max_chat_id_bytes) { // its record would not fit in a line of the journal
        detail = "chat_id must be at most " + std::to_string(max_chat_id_bytes) + " bytes";
    }
    return detail.empty() ? std::nullopt : std::optional("targets[" + std::to_string(index) + "]: " + detail);
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
    const error_code ec = journal_.flush();
    if (ec) {
        end(broadcast_end::failed, invalid_broadcast("journal: can't be written", ec));
    }
    if (ec || abort_) { // nothing of it is sent; the journal is right, or ahead
        for (const iterator at : std::exchange(ready_, {})) {
            in_flight_.erase(at);
        }
    }
    for (const iterator at : std::exchange(ready_, {})) {
        at->operation == target::step::send ? send(at) : look_up(at);
    }
    counters_.in_flight = in_flight_.size();
    if (!targets_exhausted_ && !ending_ && in_flight_.size() < options_.concurrency) {
        schedule_pump(); // many targets needed nothing
        return;
    }
    if (!in_flight_.empty()) {
        return;
    }
    broadcast_summary summary;
    summary.end = ending_.value_or(broadcast_end::finished);
    summary.why = std::move(why_);
    counters_.ended = std::chrono::steady_clock::now().time_since_epoch().count();
    detail::fill(summary, counters_);
    post_result<broadcast_summary>(done_, std::move(summary));
}

// Admits targets up to the concurrency.
void broadcast_run::fill() {
    // Yields the thread regularly, also when an earlier run has finished most targets.
    constexpr std::size_t max_batch = 1000;
    for (std::size_t taken = 0; !ending_ && !targets_exhausted_ && taken < max_batch; ++taken) {
        if (in_flight_.size() >= options_.concurrency) {
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
    if (options_.skip_duplicates && !seen_.insert(hash_of(to)).second && was == journal_state::last::nothing) {
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
        count(o); // not reported again
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
    enqueue(std::prev(in_flight_.end()));
}

// The target starts once the journal is written.
void broadcast_run::enqueue(iterator at) {
    if (at->operation == target::step::send) {
        journal_record r;
        r.what = journal_record::kind::started;
        r.index = at->index;
        r.target = at->to;
        r.msg_id = at->msg_id;
        journal_.add(r);
    }
    ready_.push_back(at);
}

// --- one target ------------------------------------------------------------------------------------------------------

void broadcast_run::send(iterator at) {
    ++counters_.requests;
    auto ended = [self = shared_from_this(), at](const error_code& ec, sent_message response) {
        self->on_sent(at, ec, std::move(response));
    };
    through_.send_message(
        send_message_request(at->to, what_, at->msg_id), options_.call,
        asio::bind_cancellation_slot(at->cancelled.slot(), asio::bind_executor(strand_, std::move(ended))));
}

void broadcast_run::on_sent(iterator at, const error_code& ec, sent_message response) {
    if (!ec) {
        finish(at, broadcast_state::sent);
        return;
    }
    failure f(ec, std::move(response));
    // The second send proves nothing about the first one, whose outcome is still unknown.
    const bool not_sent = execution_of(f) == execution::certainly_not_executed && !at->resent;
    if (execution_of(f) == execution::executed) {
        finish(at, broadcast_state::sent);
    } else if (ec == condition::cancelled || (only_waited(f) && ending_)) {
        drop(at, not_sent);
    } else if (only_waited(f)) {
        ready_.push_back(at);
        schedule_pump();
    } else if (ends_all(ec)) {
        drop(at, not_sent);
        end(broadcast_end::failed, std::move(f));
    } else if (not_sent) {
        finish(at, broadcast_state::failed, std::move(f));
    } else {
        at->send_failure = std::move(f);
        at->operation = target::step::look_up;
        enqueue(at);
        schedule_pump();
    }
}

void broadcast_run::look_up(iterator at) {
    ++counters_.lookups;
    auto ended = [self = shared_from_this(), at](const error_code& ec, const message_page& page) {
        // It may be among the messages that can't be read: such a page does not show that it is missing.
        const bool proves_nothing = !ec && page.unreadable > 0 && page.find(at->msg_id) == nullptr;
        self->on_lookup(at, proves_nothing ? make_error_code(errc::bad_response) : ec, page);
    };
    through_.list_message_by_mid_seq(
        list_message_by_mid_seq_request(at->to, at->msg_id, 1), options_.call,
        asio::bind_cancellation_slot(at->cancelled.slot(), asio::bind_executor(strand_, std::move(ended))));
}

void broadcast_run::on_lookup(iterator at, const error_code& ec, const message_page& page) {
    if (!ec && page.find(at->msg_id) != nullptr) {
        finish(at, broadcast_state::sent);
    } else if (ec == condition::cancelled || (ec && only_waited(failure(ec, page)) && ending_)) {
        drop(at, false);
    } else if (ec && only_waited(failure(ec, page))) {
        ready_.push_back(at);
        schedule_pump();
    } else if (ec && ends_all(ec)) {
        drop(at, false);
        end(broadcast_end::failed, failure(ec, page));
    } else if (!ec && options_.resend_missing && !at->resent && !ending_) {
        at->resent = true;
        at->operation = target::step::send;
        enqueue(at);
        schedule_pump();
    } else if (at->send_failure || !ec) {
        finish(at, broadcast_state::unknown, std::move(at->send_failure), "not_found");
    } else {
        finish(at, broadcast_state::unknown, failure(ec, page));
    }
}

void broadcast_run::finish(iterator at, broadcast_state state, std::optional<failure> problem, std::string reason) {
    broadcast_outcome o;
    o.index = at->index;
    o.target = at->to;
    o.msg_id = at->msg_id;
    o.state = state;
    o.reason = problem ? std::string(yunhu::name(problem->code)) : std::move(reason);
    o.problem = std::move(problem);
    journal_record r;
    r.index = o.index;
    r.reason = o.reason;
    switch (state) {
    case broadcast_state::sent:
        r.what = journal_record::kind::sent;
        break;
    case broadcast_state::failed:
        r.what = journal_record::kind::failed;
        break;
    default:
        r.what = journal_record::kind::unknown;
        break;
    }
    journal_.add(r);
    report(o);
    consecutive_failures_ = state == broadcast_state::failed ? consecutive_failures_ + 1 : 0;
    if (options_.max_consecutive_failures != 0 && consecutive_failures_ >= options_.max_consecutive_failures) {
        end(broadcast_end::failed, o.problem);
    }
    drop(at, false);
}

// Drops a target without an outcome. `released`: the journal notes that its message was certainly not executed.
void broadcast_run::drop(iterator at, bool released) {
    if (released) {
        journal_record r;
        r.what = journal_record::kind::released;
        r.index = at->index;
        journal_.add(r);
    }
    in_flight_.erase(at);
    schedule_pump();
}

void broadcast_run::report(const broadcast_outcome& outcome) {
    count(outcome);
    if (!options_.on_outcome) {
        return;
    }
    try {
        options_.on_outcome(outcome);
    } catch (...) { // the outcome is recorded; no further target is started
        end(broadcast_end::failed, invalid_broadcast("on_outcome must not throw"));
    }
}

void broadcast_run::count(const broadcast_outcome& outcome) {
    switch (outcome.state) {
    case broadcast_state::sent:
        ++counters_.sent;
        break;
    case broadcast_state::failed:
        ++counters_.failed;
        break;
    case broadcast_state::unknown:
        ++counters_.unknown;
        break;
    case broadcast_state::duplicate:
        ++counters_.duplicates;
        break;
    }
    counters_.earlier += outcome.earlier ? 1 : 0;
}

// --- the end ---------------------------------------------------------------------------------------------------------

// Starts no further target. The first reason is kept.
void broadcast_run::end(broadcast_end how, std::optional<failure> why) {
    if (!ending_) {
        ending_ = how;
        why_ = std::move(why);
    }
}

} // namespace detail
YUNHU_NAMESPACE_END
