// Copyright (c) 2026 The yunhu authors
// SPDX-License-Identifier: BSL-1.0

#include "features/broadcast/run.hpp"

#include <boost/asio/bind_cancellation_slot.hpp>
#include <boost/asio/bind_executor.hpp>

#include <string>
#include <utility>

// One target of a broadcast: its send, its look-up and its outcome.
YUNHU_NAMESPACE_BEGIN
namespace detail {

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
    --running_;
    if (!ec) {
        pace_.responded();
        finish(at, broadcast_state::sent);
        return;
    }
    failure f(ec, std::move(response));
    const execution done = execution_of(f);
    // The second send proves nothing about the first one, which is still of unknown outcome.
    const bool not_sent = done == execution::certainly_not_executed && !at->resent;
    if (done == execution::executed) {
        pace_.responded();
        finish(at, broadcast_state::sent);
        return;
    }
    if (ec == condition::cancelled) {
        drop(at, not_sent);
        return;
    }
    const meaning says = meaning_of(f);
    if (says == meaning::hopeless) {
        drop(at, not_sent);
        end(broadcast_end::failed, std::move(f));
        return;
    }
    if (says == meaning::trouble) {
        on_trouble(f);
    }
    if (says != meaning::of_target && done == execution::certainly_not_executed) {
        retry_later(at, not_sent);
    } else if (not_sent) {
        pace_.responded();
        finish(at, broadcast_state::failed, std::move(f));
    } else {
        at->send_failure = std::move(f);
        at->operation = target::step::look_up;
        retry_later(at, false);
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
    --running_;
    if (!ec) {
        pace_.responded();
        on_listed(at, page);
        return;
    }
    failure f(ec, page);
    if (ec == condition::cancelled) {
        drop(at, false);
        return;
    }
    switch (meaning_of(f)) {
    case meaning::hopeless:
        drop(at, false);
        end(broadcast_end::failed, std::move(f));
        return;
    case meaning::trouble:
        on_trouble(f);
        if (f.delivery == delivery::not_sent || f.code == condition::throttled || !at->trouble.record(pace_)) {
            retry_later(at, false);
            return;
        }
        break;
    case meaning::waited:
        retry_later(at, false);
        return;
    case meaning::of_target:
        break;
    }
    finish(at, broadcast_state::unknown, at->send_failure ? std::move(at->send_failure) : std::move(f));
}

void broadcast_run::on_listed(iterator at, const message_page& page) {
    if (page.find(at->msg_id) != nullptr) {
        finish(at, broadcast_state::sent);
    } else if (page.unreadable > 0) { // it may be the message
        finish(at, broadcast_state::unknown, std::move(at->send_failure), std::string(yunhu::name(errc::bad_response)));
    } else if (options_.resend_missing && !at->resent && !ending_) {
        at->resent = true;
        at->operation = target::step::send;
        retry_later(at, false);
    } else {
        finish(at, broadcast_state::unknown, std::move(at->send_failure), "not_found");
    }
}

void broadcast_run::on_trouble(const failure& f) {
    const engine::time_point now = engine::clock::now();
    const pace::action next = pace_.trouble(f.retry_after, now);
    if (next == pace::action::stop) {
        end(broadcast_end::failed, f);
        return;
    }
    counters_.paused_until = pace_.paused_until().time_since_epoch().count();
    if (next != pace::action::pause || !options_.on_pause || ending_) {
        return;
    }
    try {
        options_.on_pause(f, pace_.paused_until() - now);
    } catch (...) {
        end(broadcast_end::failed, invalid_broadcast("on_pause must not throw"));
    }
}

// `released`: the target's message was certainly not executed.
void broadcast_run::retry_later(iterator at, bool released) {
    if (released) {
        release(at->index);
    }
    waiting_.push_back(at);
    schedule_pump();
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
    const bool sent = state == broadcast_state::sent;
    // A message of an earlier run that is not found says nothing about the other targets.
    const bool counts = sent || o.problem;
    if (counts && pace_.target_done(sent) == pace::action::stop) {
        on_too_many_failures(o);
    } else if (counts && !sent && options_.max_consecutive_failures != 0) {
        log_.hold(std::move(o));
    } else {
        if (sent) {
            release_held();
        }
        report(o);
    }
    drop(at, false);
}

// A failure common to all targets is not theirs: they are left without an outcome.
void broadcast_run::on_too_many_failures(const broadcast_outcome& last) {
    failure why = *last.problem;
    why.detail = std::to_string(pace_.consecutive_failures()) + " targets in a row failed (max_consecutive_failures)" +
                 (why.detail.empty() ? "" : "; ") + why.detail;
    end(broadcast_end::failed, std::move(why));
    log_.hold(last);
    for (const broadcast_outcome& each : log_.take_held(*last.problem)) {
        release(each.index);
    }
    check_callback();
}

void broadcast_run::release(std::uint64_t index) {
    journal_record r;
    r.what = journal_record::kind::released;
    r.index = index;
    journal_.add(r);
}

// Drops a target without an outcome. `released`: the journal notes that its message was certainly not executed.
void broadcast_run::drop(iterator at, bool released) {
    if (released) {
        release(at->index);
    }
    in_flight_.erase(at);
    schedule_pump();
}

void broadcast_run::report(const broadcast_outcome& outcome) {
    log_.report(outcome);
    check_callback();
}

void broadcast_run::release_held() {
    log_.release_held();
    check_callback();
}

void broadcast_run::check_callback() {
    if (log_.has_thrown()) { // no further target is started
        end(broadcast_end::failed, invalid_broadcast("on_outcome must not throw"));
    }
}

} // namespace detail
YUNHU_NAMESPACE_END
