// Copyright (c) 2026 The yunhu authors
// SPDX-License-Identifier: BSL-1.0

#include "features/broadcast/run.hpp"

#include "endpoints/codec.hpp"
#include "endpoints/validate.hpp"

#include <boost/asio/associated_executor.hpp>
#include <boost/asio/bind_cancellation_slot.hpp>
#include <boost/asio/bind_executor.hpp>
#include <boost/asio/error.hpp>
#include <boost/asio/execution/outstanding_work.hpp>
#include <boost/asio/post.hpp>
#include <boost/asio/prefer.hpp>

#include <openssl/evp.h>

#include <array>
#include <exception>
#include <string_view>
#include <utility>

YUNHU_NAMESPACE_BEGIN
namespace detail {
namespace {

// Names the message in the journal without telling it: a part of the SHA-256 of its bytes on the wire.
std::string fingerprint(const draft& what) {
    const codec::encoded bytes = codec::encode(send_message_request(group("-"), what, "-"));
    if (!bytes) {
        throw error(refusal_of(bytes.error().detail));
    }
    std::array<unsigned char, EVP_MAX_MD_SIZE> hash{};
    EVP_Digest(bytes->data(), bytes->size(), hash.data(), nullptr, EVP_sha256(), nullptr);
    constexpr std::string_view digits = "0123456789abcdef";
    constexpr std::size_t kept = 16;
    std::string hex;
    for (std::size_t i = 0; i < kept; ++i) {
        hex += digits[hash[i] >> 4U];
        hex += digits[hash[i] & 0xFU];
    }
    return hex;
}

// Whether a failed send certainly did nothing. What a gateway says of a server behind it is no such word.
bool certainly_not_sent(const failure& f) {
    if (f.delivery == delivery::not_sent) {
        return true;
    }
    if (f.delivery == delivery::maybe_sent) {
        return false;
    }
    constexpr int ok = 200;
    constexpr int request_timeout = 408;
    if (f.http_status == ok) {
        return f.api_code && *f.api_code != 1;
    }
    return f.http_status >= 400 && f.http_status < 500 && f.http_status != request_timeout;
}

// It waited for a connection or for its turn under a rate limit, and no more: that says nothing about the target.
bool only_waited(const failure& f) {
    return f.code == errc::timed_out && f.delivery == delivery::not_sent && f.phase == phase::queue;
}

// What makes every further call fail the same way, and says nothing about the target.
bool ends_all(const error_code& ec) {
    return ec == errc::not_authenticated || ec == errc::client_closed;
}

} // namespace

broadcast_run::broadcast_run(client through, draft what, broadcast_targets to, broadcast_options options,
                             broadcast_done done)
    : through_(std::move(through)), what_(std::move(what)), to_(std::move(to)), options_(std::move(options)),
      monitor_(options_.monitor.value_or(broadcast_monitor())), numbers_(*broadcast_access::of(monitor_)),
      strand_(through_.get_executor()) {
    done_.emplace(std::move(done));
    work_.emplace(asio::prefer(asio::get_associated_executor(*done_, through_.get_executor()),
                               asio::execution::outstanding_work.tracked));
}

void broadcast_run::begin() {
    asio::post(strand_, [self = shared_from_this()] {
        try {
            self->open();
        } catch (const error& e) {
            self->complete(e.info());
            return;
        }
        self->pump();
    });
}

void broadcast_run::cancel(asio::cancellation_type type) {
    asio::post(strand_, [self = shared_from_this(), type] {
        self->end(broadcast_end::cancelled);
        if ((type & asio::cancellation_type::terminal) != asio::cancellation_type::none) {
            self->at_once_ = true;
            for (target& t : self->under_way_) {
                t.cancelled.emit(asio::cancellation_type::terminal);
            }
        }
        self->pump_soon();
    });
}

// Throws what prevents the broadcast.
void broadcast_run::open() {
    numbers_.began = std::chrono::steady_clock::now().time_since_epoch().count();
    if (options_.concurrency == 0) {
        throw error(refusal_of("concurrency is 0"));
    }
    journal_header header;
    header.message = fingerprint(what_);
    header.total = to_.total();
    if (to_.total()) {
        numbers_.total = *to_.total();
    }
    if (to_.list() != nullptr) {
        for (std::size_t i = 0; i < to_.list()->size(); ++i) {
            if (auto fault = fault_of((*to_.list())[i], i)) {
                throw error(refusal_of(std::move(*fault)));
            }
        }
    }
    if (!options_.journal.empty()) {
        journal_.open(options_.journal, options_.sync, header, earlier_);
        check_list();
    }
}

void broadcast_run::check_list() const {
    for (std::size_t i = 0; to_.list() != nullptr && i < to_.list()->size(); ++i) {
        if (!earlier_.was(i, (*to_.list())[i])) {
            throw error(refusal_of("journal: targets[" + std::to_string(i) + "] was another one"));
        }
    }
}

std::optional<std::string> broadcast_run::fault_of(const chat& to, std::uint64_t index) const {
    const auto refused = codec::check(list_message_by_seq_request(to, 0));
    return refused ? std::optional("targets[" + std::to_string(index) + "]: " + refused->detail) : std::nullopt;
}

// --- from one target to the next -------------------------------------------------------------------------------------

void broadcast_run::pump_soon() {
    if (!pump_posted_ && done_) {
        pump_posted_ = true; // all that ends in the same moment shares one write
        asio::post(strand_, [self = shared_from_this()] {
            self->pump_posted_ = false;
            self->pump();
        });
    }
}

void broadcast_run::pump() {
    if (!done_) {
        return;
    }
    if (numbers_.stop) {
        end(broadcast_end::stopped);
    }
    fill();
    const error_code ec = journal_.flush();
    if (ec) {
        end(broadcast_end::failed, refusal_of("journal: can't be written", ec));
    }
    if (ec || at_once_) { // nothing of it leaves; what the journal says of it, or less, holds
        for (const place at : std::exchange(ready_, {})) {
            under_way_.erase(at);
        }
    }
    for (const place at : std::exchange(ready_, {})) {
        at->todo == target::next::send ? send(at) : look_up(at);
    }
    numbers_.in_flight = under_way_.size();
    if (!no_more_ && !ending_ && under_way_.size() < options_.concurrency) {
        pump_soon(); // there was a long row with nothing to do
        return;
    }
    if (!under_way_.empty()) {
        return;
    }
    broadcast_summary summary;
    summary.end = ending_.value_or(broadcast_end::finished);
    summary.why = std::move(why_);
    numbers_.ended = std::chrono::steady_clock::now().time_since_epoch().count();
    numbers_.fill(summary);
    complete(std::move(summary));
}

// Takes targets until enough are under way.
void broadcast_run::fill() {
    // Others get the thread now and then, also where an earlier run has done it all.
    constexpr std::size_t at_once = 1000;
    for (std::size_t taken = 0; !ending_ && !no_more_ && taken < at_once; ++taken) {
        if (under_way_.size() >= options_.concurrency) {
            return;
        }
        std::optional<chat> to;
        try {
            to = to_.next();
        } catch (const std::exception& e) {
            end(broadcast_end::failed, refusal_of(std::string("targets: the generator threw: ") + e.what()));
            return;
        }
        if (!to) {
            no_more_ = true;
            numbers_.total = next_index_;
            return;
        }
        take(next_index_++, *to);
    }
}

void broadcast_run::take(std::uint64_t index, const chat& to) {
    broadcast_outcome o;
    o.index = index;
    o.target = to;
    if (to_.list() == nullptr) {
        if (auto fault = fault_of(to, index)) {
            o.state = broadcast_state::failed;
            o.problem = refusal_of(std::move(*fault));
            o.reason = yunhu::name(errc::invalid_request);
            tell(o);
            return;
        }
        if (!earlier_.was(index, to)) {
            end(broadcast_end::failed, refusal_of("journal: targets[" + std::to_string(index) + "] was another one"));
            return;
        }
    }
    const journal_state::last was = earlier_.of(index);
    if (options_.skip_duplicates && !seen_.insert(hash_of(to)).second && was == journal_state::last::nothing) {
        o.state = broadcast_state::duplicate;
        tell(o);
        return;
    }
    go_on(index, to, was);
}

void broadcast_run::go_on(std::uint64_t index, const chat& to, journal_state::last was) {
    broadcast_outcome o;
    o.index = index;
    o.target = to;
    o.earlier = true;
    switch (was) {
    case journal_state::last::sent:
        o.state = broadcast_state::sent;
        count(o); // and not a word
        break;
    case journal_state::last::failed:
        if (options_.retry_failed) {
            enter(index, to, new_msg_id(), target::next::send);
            break;
        }
        o.state = broadcast_state::failed;
        o.msg_id = earlier_.msg_id(index);
        o.reason = earlier_.reason(index);
        tell(o);
        break;
    case journal_state::last::started:
    case journal_state::last::unknown:
        enter(index, to, earlier_.msg_id(index), target::next::look_up);
        break;
    case journal_state::last::nothing:
        enter(index, to, new_msg_id(), target::next::send);
        break;
    }
}

void broadcast_run::enter(std::uint64_t index, const chat& to, std::string msg_id, target::next todo) {
    under_way_.emplace_back(index, to, std::move(msg_id), todo);
    prepare(std::prev(under_way_.end()));
}

// It starts when the journal is written.
void broadcast_run::prepare(place at) {
    if (at->todo == target::next::send) {
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

void broadcast_run::send(place at) {
    ++numbers_.requests;
    auto ended = [self = shared_from_this(), at](const error_code& ec, sent_message response) {
        self->sent(at, ec, std::move(response));
    };
    through_.send_message(
        send_message_request(at->to, what_, at->msg_id), options_.call,
        asio::bind_cancellation_slot(at->cancelled.slot(), asio::bind_executor(strand_, std::move(ended))));
}

void broadcast_run::sent(place at, const error_code& ec, sent_message response) {
    if (!ec) {
        settle(at, broadcast_state::sent);
        return;
    }
    failure f(ec, std::move(response));
    // Of one that is sent again the first try is in doubt still, whatever becomes of the second.
    const bool not_sent = certainly_not_sent(f) && !at->resent;
    if (ec == asio::error::operation_aborted || (only_waited(f) && ending_)) {
        leave(at, not_sent);
    } else if (only_waited(f)) {
        ready_.push_back(at);
        pump_soon();
    } else if (ends_all(ec)) {
        leave(at, not_sent);
        end(broadcast_end::failed, std::move(f));
    } else if (not_sent) {
        settle(at, broadcast_state::failed, std::move(f));
    } else {
        at->doubt = std::move(f);
        at->todo = target::next::look_up;
        prepare(at);
        pump_soon();
    }
}

void broadcast_run::look_up(place at) {
    ++numbers_.lookups;
    auto ended = [self = shared_from_this(), at](const error_code& ec, const message_page& page) {
        self->lookups(at, ec, page);
    };
    through_.list_message_by_mid_seq(
        list_message_by_mid_seq_request(at->to, at->msg_id, 1), options_.call,
        asio::bind_cancellation_slot(at->cancelled.slot(), asio::bind_executor(strand_, std::move(ended))));
}

void broadcast_run::lookups(place at, const error_code& ec, const message_page& page) {
    if (!ec && page.find(at->msg_id) != nullptr) {
        settle(at, broadcast_state::sent);
    } else if (ec == asio::error::operation_aborted || (ec && only_waited(failure(ec, page)) && ending_)) {
        leave(at, false);
    } else if (ec && only_waited(failure(ec, page))) {
        ready_.push_back(at);
        pump_soon();
    } else if (ec && ends_all(ec)) {
        leave(at, false);
        end(broadcast_end::failed, failure(ec, page));
    } else if (!ec && options_.resend_missing && !at->resent && !ending_) {
        at->resent = true;
        at->todo = target::next::send;
        prepare(at);
        pump_soon();
    } else if (at->doubt || !ec) {
        settle(at, broadcast_state::unknown, std::move(at->doubt), "not_found");
    } else {
        settle(at, broadcast_state::unknown, failure(ec, page));
    }
}

void broadcast_run::settle(place at, broadcast_state state, std::optional<failure> problem, std::string reason) {
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
    tell(o);
    failed_in_a_row_ = state == broadcast_state::failed ? failed_in_a_row_ + 1 : 0;
    if (options_.max_consecutive_failures != 0 && failed_in_a_row_ >= options_.max_consecutive_failures) {
        end(broadcast_end::failed, o.problem);
    }
    leave(at, false);
}

// It is left as it is in the journal. `released`: it certainly has not left.
void broadcast_run::leave(place at, bool released) {
    if (released) {
        journal_record r;
        r.what = journal_record::kind::released;
        r.index = at->index;
        journal_.add(r);
    }
    under_way_.erase(at);
    pump_soon();
}

void broadcast_run::tell(const broadcast_outcome& outcome) {
    count(outcome);
    if (options_.on_outcome) {
        options_.on_outcome(outcome);
    }
}

void broadcast_run::count(const broadcast_outcome& outcome) {
    switch (outcome.state) {
    case broadcast_state::sent:
        ++numbers_.sent;
        break;
    case broadcast_state::failed:
        ++numbers_.failed;
        break;
    case broadcast_state::unknown:
        ++numbers_.unknown;
        break;
    case broadcast_state::duplicate:
        ++numbers_.duplicates;
        break;
    }
    numbers_.earlier += outcome.earlier ? 1 : 0;
}

// --- the end ---------------------------------------------------------------------------------------------------------

// Starts no more. The first reason counts.
void broadcast_run::end(broadcast_end how, std::optional<failure> why) {
    if (!ending_) {
        ending_ = how;
        why_ = std::move(why);
    }
}

void broadcast_run::complete(result<broadcast_summary> r) {
    auto ended = [done = std::move(*done_), r = std::move(r)]() mutable {
        // On the caller's executor: nobody can emit at this moment.
        if (auto slot = asio::get_associated_cancellation_slot(done); slot.is_connected()) {
            slot.clear();
        }
        std::move(done)(std::move(r));
    };
    done_.reset();
    const asio::any_completion_executor where = std::move(*work_);
    work_.reset();
    asio::post(through_.get_executor(),
               [where, ended = std::move(ended)]() mutable { where.execute(std::move(ended)); });
}

} // namespace detail
YUNHU_NAMESPACE_END
