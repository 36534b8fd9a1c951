// Copyright (c) 2026 The yunhu authors
// SPDX-License-Identifier: BSL-1.0

#include "driver.hpp"

#include <boost/asio/bind_executor.hpp>
#include <boost/asio/post.hpp>

#include <utility>

namespace bench {
namespace {

// Calls started in one batch; completions run between batches, however late the schedule is.
constexpr int most_at_once = 64;

} // namespace

driver::driver(boost::asio::io_context& io, target& to, const load_settings& settings, nanoseconds interval,
               std::function<void()> done)
    : strand_(boost::asio::make_strand(io)), timer_(strand_), target_(to), done_(std::move(done)),
      open_loop_(settings.rate.has_value()), load_(settings, clock::now()), recorder_(load_.measured_from(), interval) {
}

void driver::start() {
    boost::asio::post(strand_, [self = shared_from_this()] { self->pump(); });
}

void driver::stop() {
    boost::asio::post(strand_, [self = shared_from_this()] {
        self->timer_.cancel();
        std::unique_lock lock(self->mutex_);
        self->load_.stop();
        self->tell_if_finished(std::move(lock));
    });
}

// Starts the calls that are due: on the strand in an open loop, on the completing thread in a closed one.
void driver::pump() {
    for (int i = 0; i < most_at_once; ++i) {
        std::unique_lock lock(mutex_);
        const std::optional<planned_call> call = load_.take(clock::now());
        if (!call) {
            tell_if_finished(std::move(lock));
            if (open_loop_) {
                arm();
            }
            return;
        }
        lock.unlock();
        begin(*call);
    }
    boost::asio::post(strand_, [self = shared_from_this()] { self->pump(); });
}

void driver::begin(const planned_call& call) {
    const time_point started = clock::now();
    target_.start(
        call, [self = shared_from_this(), call, started](const outcome& what) { self->ended(call, started, what); });
}

void driver::ended(const planned_call& call, time_point started, const outcome& what) {
    const time_point now = clock::now();
    std::unique_lock lock(mutex_);
    recorder_.record(call, started, now, what);
    load_.ended();
    if (open_loop_) {
        tell_if_finished(std::move(lock));
    } else {
        lock.unlock();
        pump();
    }
}

void driver::arm() {
    std::unique_lock lock(mutex_);
    const std::optional<time_point> due = load_.next_due();
    lock.unlock();
    if (!due) {
        return;
    }
    timer_.expires_at(*due);
    timer_.async_wait(
        boost::asio::bind_executor(strand_, [self = shared_from_this()](const boost::system::error_code& ec) {
            if (!ec) {
                self->pump();
            }
        }));
}

void driver::tell_if_finished(std::unique_lock<std::mutex> lock) {
    if (told_ || !load_.finished(clock::now())) {
        return;
    }
    told_ = true;
    lock.unlock();
    done_();
}

driver::snapshot driver::take_snapshot() {
    const time_point now = clock::now();
    const std::lock_guard lock(mutex_);
    snapshot s;
    s.progress = load_.progress(now);
    s.warming_up = now < load_.measured_from();
    s.in_flight = load_.in_flight();
    s.recent = recorder_.take_recent();
    s.errors = recorder_.errors();
    s.latency = recorder_.latency();
    return s;
}

} // namespace bench
