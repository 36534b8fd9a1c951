// Copyright (c) 2026 The yunhu authors
// SPDX-License-Identifier: BSL-1.0

#include "callers.hpp"

#include "application.hpp"
#include "secrets.hpp"

#include <boost/asio/bind_cancellation_slot.hpp>
#include <boost/asio/cancellation_signal.hpp>
#include <boost/asio/steady_timer.hpp>

#include <chrono>
#include <utility>

namespace yunhu::soak {

namespace asio = boost::asio;
using namespace std::chrono_literals;

namespace {

/// A caller pauses after a failure: otherwise nearly all calls would be made while the server is down.
constexpr auto pause_after_failure = 20ms;

} // namespace

class callers::caller {
public:
    caller(asio::io_context& context, callers& all) : all_(all), canceller_(context), pause_(context) {}

    void next() {
        if (all_.next_ == all_.calls_.size()) {
            return;
        }
        const std::size_t call = all_.next_++;
        call_record& record = all_.calls_[call];
        record.non_idempotent = all_.happens(0.5);
        record.cancelled = all_.happens(all_.how_.cancel_share);
        call_options options;
        const bool by_deadline = all_.happens(0.5);
        if (record.cancelled && by_deadline) {
            options.timeout = all_.random_delay();
        }
        make(call, record.non_idempotent, options);
        if (record.cancelled && !by_deadline) {
            cancel_soon();
        }
    }

private:
    void make(std::size_t call, bool non_idempotent, const call_options& options) {
        auto ended = asio::bind_cancellation_slot(
            signal_.slot(), [this, call](error_code code, const call_info& info) { end(call, code, info); });
        if (non_idempotent) {
            all_.bot_.send_message({group("big"), text(std::string(message)), id_of(call)}, options, std::move(ended));
        } else {
            all_.bot_.list_message_edit_record({id_of(call), 1, 1}, options, std::move(ended));
        }
    }

    void cancel_soon() {
        const auto time = all_.random_delay();
        if (time == 0us) {
            signal_.emit(asio::cancellation_type::terminal);
            return;
        }
        canceller_.expires_after(time);
        canceller_.async_wait([this](const error_code& ec) {
            if (!ec) {
                signal_.emit(asio::cancellation_type::terminal);
            }
        });
    }

    void end(std::size_t call, const error_code& code, const call_info& info) {
        canceller_.cancel(); // a handler that is already queued finds the slot empty, or cancels the next call
        all_.ended(call, code, info);
        if (!code) {
            next();
            return;
        }
        pause_.expires_after(pause_after_failure);
        pause_.async_wait([this](const error_code&) { next(); });
    }

    callers& all_;
    asio::cancellation_signal signal_;
    asio::steady_timer canceller_;
    asio::steady_timer pause_;
};

callers::callers(asio::io_context& context, client& bot, const settings& how)
    : bot_(bot), how_(how), random_(how.seed), calls_(how.calls) {
    for (std::size_t i = 0; i < how.concurrency; ++i) {
        callers_.push_back(std::make_unique<caller>(context, *this));
    }
}

callers::~callers() = default;

void callers::start() {
    for (const auto& c : callers_) {
        c->next();
    }
}

void callers::ended(std::size_t call, error_code code, const call_info& info) {
    ++ended_;
    call_record& record = calls_[call];
    ++record.ends;
    record.failed = code.failed();
    record.how = info.delivery;
    if (code) {
        const failure how(code, info);
        revealing_ += test::reveals(how, token) || test::reveals(how, message) ? 1 : 0;
    }
    record.wrong_response = !code && (info.api_msg != id_of(call) || info.msg_id != id_of(call));
    ++by_end_[code ? std::string(yunhu::name(code)) + ", " + std::string(to_string(info.delivery)) : "success"];
}

bool callers::happens(double share) {
    return std::bernoulli_distribution(share)(random_);
}

// From 0 to more than the duration of nearly every call.
std::chrono::microseconds callers::random_delay() {
    constexpr std::chrono::microseconds spans[] = {0us, 200us, 2ms, 20ms, 200ms};
    const auto span = spans[std::uniform_int_distribution<std::size_t>(0, std::size(spans) - 1)(random_)];
    return std::chrono::microseconds(std::uniform_int_distribution<std::int64_t>(0, span.count())(random_));
}

} // namespace yunhu::soak
