// Copyright (c) 2026 The yunhu authors
// SPDX-License-Identifier: BSL-1.0

#include "runtime/shard.hpp"

#include "runtime/rate_limiter.hpp"
#include "runtime/renewal.hpp"

#include <boost/asio/error.hpp>

#include <algorithm>
#include <thread>
#include <utility>

YUNHU_NAMESPACE_BEGIN
namespace detail {
namespace {

// Idle time after which a connection releases its TLS buffers and starts an idle watch. Doing either on every release
// would cost a busy connection two system calls a request.
constexpr std::chrono::milliseconds idle_grace{10};

// A TLS record with its header and padding.
constexpr std::size_t scratch_size = 17 * 1024;

// `mt19937_64` gives 64 bits; a double has 53.
double to_unit(std::uint64_t bits) {
    return static_cast<double>(bits >> 11) * 0x1.0p-53;
}

} // namespace

shard::shard(const asio::any_io_executor& inner, std::shared_ptr<const client_settings> with, std::size_t index)
    : strand_(std::make_shared<transport::inline_strand>(inner, &shard::complete)), settings_(std::move(with)),
      random_(std::random_device()()), uniform_([this] { return to_unit(random_()); }),
      pool_(settings_->config().pool, uniform_, idle_grace),
      budget_(settings_->config().retry.budget_ratio, settings_->config().retry.budget_per_second),
      timer_(std::in_place, inner), scratch_(scratch_size), events_(settings_->config().observer.get(), index) {}

engine::clock_reading shard::now() {
    return {std::chrono::steady_clock::now(), std::chrono::system_clock::now()};
}

// --- a call's life ---------------------------------------------------------------------------------------------------

void shard::start(const std::shared_ptr<call>& c) {
    if (events_.in_hook()) [[unlikely]] {
        after_hook([self = shared_from_this(), c] { self->start(c); });
        return;
    }
    c->self = c;
    calls_.push_back(*c);
    ++numbers_.calls_started;
    numbers_.calls.set(calls_.size());
    if (c->life.done()) { // cancelled before
        end(*c);
        return;
    }
    if (closing_) {
        end_call(*c, &engine::call_fsm::draining, errc::client_closed);
        return;
    }
    const engine::clock_reading at = now();
    transact(c.get(), [&] { act(*c, c->life.started(at.steady), at); });
}

void shard::cancel(call& c) {
    if (c.life.done()) { // `self` belongs to its completion, off the strand
        if (c.renewal) {
            c.renewal->cancel();
        }
        return;
    }
    if (!c.self) { // started in a hook that has not returned: `start` ends it
        (void)c.life.cancelled(delivery::not_sent);
        return;
    }
    if (events_.in_hook()) [[unlikely]] {
        after_hook([self = shared_from_this(), kept = c.self] { self->cancel(*kept); });
        return;
    }
    end_call(c, &engine::call_fsm::cancelled, asio::error::operation_aborted);
    run_actions();
}

// Performs an action of the call's machine. The end of its state is an event before the action, the beginning of the
// next one after it. A request is written before both: nothing may run between the connection's check and the write.
void shard::act(call& c, const engine::call_fsm::action& next, engine::clock_reading at) {
    using kind = engine::call_fsm::action::kind;
    if (next.what != kind::send) {
        events_.on_leave(c, next);
    }
    switch (next.what) {
    case kind::none:
        return;
    case kind::send:
        if (!c.connection->send()) {
            connection_stale(c);
            return;
        }
        events_.on_leave(c, next);
        break;
    case kind::poll_response:
        c.connection->poll_response();
        return;
    case kind::request_permit:
        request_permit(c, next.requeue, at);
        return; // it may have led to another state already
    case kind::poll_permit:
        timers_.set(c, *c.life.due());
        c.limit->poll(at.steady);
        break;
    case kind::acquire_connection:
        c.info.phase = phase::queue;
        c.new_connection_only = c.life.wants_new_connection();
        pool_.acquire(c, at, next.requeue);
        if (static_cast<const engine::waiter&>(c).is_linked()) { // else its attempt starts now, with a time of its own
            timers_.set(c, *c.life.due());
        }
        break;
    case kind::back_off:
        if (c.limit != nullptr) {
            c.limit->release(c, at.steady);
        }
        c.info.phase = phase::backoff;
        timers_.set(c, *c.life.due());
        break;
    case kind::complete:
        end(c);
        return;
    }
    events_.on_enter(c);
}

void shard::request_permit(call& c, bool requeue, engine::clock_reading at) {
    c.info.phase = phase::queue;
    timers_.set(c, *c.life.due());
    switch (c.limit->request(c.self, requeue, at.steady)) {
    case rate_limiter::admission::granted:
        act(c, c.life.permit(at.steady, requeue), at);
        break;
    case rate_limiter::admission::queued:
        break;
    case rate_limiter::admission::overloaded:
        reject(c, errc::overloaded, at);
        break;
    }
}

void shard::connection_stale(call& c) {
    const engine::connection_id id = c.connection->id();
    const engine::clock_reading at = now();
    ++numbers_.evicted;
    events_.on_evicted(id);
    (void)detach_call(*c.connection);
    retry_on_bad_alloc([&] { pool_.on_stale(id, at); });
    const auto next = c.life.stale(at.steady);
    c.info.attempts = c.life.attempts();
    act(c, next, at);
}

// Leaves in `a.body` a string with reusable memory.
void shard::response_received(call& c, http::response& a, bool reused, engine::clock_reading at) {
    c.info.http_status = a.status;
    c.info.phase = phase::body;
    c.code = {};
    c.info.cause = {};
    c.info.detail.clear();
    c.last_attempt = {delivery::answered, phase::body, a.status};
    std::optional<std::chrono::nanoseconds> retry_after;
    if (!a.retry_after.empty()) {
        retry_after = http::parse_retry_after(a.retry_after, at.wall);
    }
    c.info.retry_after = retry_after;
    const auto next = c.life.response(a.status, retry_after, reused, at.steady, {budget_, uniform_});
    c.info.delivery = c.life.delivered();
    if (c.life.done()) {
        if (c.where.holds_secrets) [[unlikely]] {
            wipe(c.body);
        }
        std::swap(c.body, a.body);
    }
    act(c, next, at);
}

void shard::attempt_failed(call& c, const transport::transport_error& why, bool reused, engine::clock_reading at) {
    c.last_attempt = {why.how, why.phase, why.status};
    c.info.http_status = why.status;
    c.info.retry_after.reset();
    c.info.phase = why.phase;
    c.info.cause = why.cause;
    c.info.detail = why.detail;
    c.code = why.code;
    const auto next = c.life.transport_error(why.code, why.how, reused, at.steady, {budget_, uniform_});
    c.info.delivery = c.life.delivered();
    act(c, next, at);
}

// Ends a call in any state: queued, in flight, or backing off.
void shard::end_call(call& c, call_end input, const error_code& why) noexcept {
    c.code = why;
    c.info.cause = {};
    act(c, (c.life.*input)(leave_pool(c)), now());
}

void shard::fail(call& c, const error_code& why) noexcept {
    c.code = why;
    c.info.cause = {};
    const delivery reached = leave_pool(c);
    act(c, c.life.failed(why, reached), now());
}

// Detaches the call from its connection, which is closed, or from the queue. Returns the attempt's delivery class.
delivery shard::leave_pool(call& c) noexcept {
    delivery reached = delivery::not_sent;
    if (c.connection != nullptr) {
        transport::connection& connection = *c.connection;
        c.info.phase = connection.phase();
        reached = connection.delivered();
        c.last_attempt = {reached, c.info.phase, 0};
        (void)detach_call(connection);
        retry_on_bad_alloc([&] { pool_.released(connection.id(), false, std::nullopt, now()); });
    } else if (static_cast<const engine::waiter&>(c).is_linked()) {
        c.info.phase = dial_phase();
        pool_.cancel(c);
    }
    return reached;
}

// The phase of the connection attempt that a queued call waits for.
phase shard::dial_phase() const {
    for (const slot& s : slots_) {
        if (s.dial_timer) {
            return s.connection->phase();
        }
    }
    return phase::queue;
}

call* shard::detach_call(transport::connection& connection) {
    call* const c = std::exchange(slots_[connection.id()].busy_with, nullptr);
    if (c != nullptr) {
        c->connection = nullptr;
        if (connection.first_byte()) {
            c->info.times.first_byte = *connection.first_byte() - c->sent_at;
        }
    }
    return c;
}

void shard::end(call& c) {
    if (c.limit != nullptr) {
        c.limit->release(c, std::chrono::steady_clock::now());
    }
    timers_.clear(c);
    calls_.erase(calls_.iterator_to(c));
    ++numbers_.calls_ended;
    numbers_.calls.set(calls_.size());
    c.info.maybe_executed_earlier = c.life.maybe_executed_earlier();
    c.code = c.life.code();
    c.info.delivery = c.life.delivered();
    if (!c.info.cause) {
        c.info.cause = c.life.cause();
    }
    if (c.renewal && c.renewal->wanted(c) && renew(c)) [[unlikely]] {
        return;
    }
    strand_->defer(c);
}

// A refused token: the call starts again with another one, once there is one; else the refusal is its end. Meanwhile
// the functions that wait own it.
bool shard::renew(call& c) noexcept {
    const std::shared_ptr<call> kept = std::move(c.self);
    try {
        kept->renewal->start(c, [self = shared_from_this(), kept](bool renewed) {
            self->strand_->dispatch(transport::inline_strand::origin::handler, [self, kept, renewed] {
                if (renewed && kept->renewal->restore(*kept)) {
                    self->start(kept);
                } else {
                    kept->self = kept;
                    self->strand_->defer(*kept);
                }
            });
        });
        return true;
    } catch (...) { // out of memory
        c.self = kept;
        return false;
    }
}

// Runs when the strand is released: the handler may block, or destroy the client.
void shard::complete(transport::inline_strand::pending_completion& ended, transport::inline_strand::origin from) {
    const std::shared_ptr<call> c = std::move(static_cast<call&>(ended).self);
    if (from == transport::inline_strand::origin::handler) {
        dispatch_completion(c);
    } else {
        post_completion(executor_of(operation(c)), c);
    }
}

// --- exceptions ------------------------------------------------------------------------------------------------------

void shard::fail_after_exception(call& c, const error_code& thrown) noexcept {
    c.info.detail.clear();
    fail(c, thrown);
}

// An action that threw: its connection is closed, its call ends.
void shard::fail_action(const engine::action& a, const error_code& thrown) noexcept {
    switch (a.what) {
    case engine::action::kind::assign:
        if (static_cast<call&>(*a.waiter).connection == nullptr) { // else it is released with the call
            retry_on_bad_alloc([&] { pool_.released(a.connection, false, std::nullopt, now()); });
        }
        fail_after_exception(static_cast<call&>(*a.waiter), thrown);
        break;
    case engine::action::kind::reject:
        fail_after_exception(static_cast<call&>(*a.waiter), thrown);
        break;
    case engine::action::kind::dial: {
        last_dial_ = {};
        last_dial_.code = errc::connect_failed;
        last_dial_.phase = phase::connect;
        if (slots_.size() > a.connection && slots_[a.connection].connection) {
            last_dial_.phase = slots_[a.connection].connection->phase();
            if (last_dial_.phase == phase::resolve) {
                last_dial_.code = errc::resolve_failed;
            }
        }
        last_dial_.cause = thrown;
        ++numbers_.connects_failed;
        events_.on_open_failed(a.connection, last_dial_);
        retry_on_bad_alloc([&] { pool_.dial_failed(a.connection, last_dial_.code, now()); });
        break;
    }
    case engine::action::kind::release_buffers:
        retry_on_bad_alloc([&] { pool_.on_idle_closed(a.connection, now()); });
        break;
    case engine::action::kind::close:
        break;
    }
}

// --- actions of the pool's machine ------------------------------------------------------------------------------

void shard::run_actions() noexcept {
    if (running_actions_) {
        return; // the running loop performs the added actions
    }
    running_actions_ = true;
    std::vector<engine::action>& todo = pool_.actions();
    do {
        for (std::size_t i = 0; i < todo.size(); ++i) {
            const engine::action a = todo[i]; // a copy: more may be added meanwhile
            try {
                run_action(a);
            } catch (...) {
                fail_action(a, current_exception_code());
            }
        }
        todo.clear();
    } while (closing_ && calls_.empty() && stop_dials());
    running_actions_ = false;
    const engine::pool_counts counts = pool_.counts();
    numbers_.connections.set(counts.connections);
    numbers_.idle.set(counts.idle);
    numbers_.connecting.set(counts.dials);
    numbers_.queued.set(counts.queued);
    if (!warm_.empty() && !pool_.warming()) {
        notify_warm();
    }
    if (closing_ && calls_.empty()) {
        notify_drained();
    }
    arm_timer();
}

void shard::run_action(const engine::action& a) {
    switch (a.what) {
    case engine::action::kind::assign:
        assign(a.connection, static_cast<call&>(*a.waiter));
        break;
    case engine::action::kind::dial:
        dial(a.connection);
        break;
    case engine::action::kind::close:
        close_connection(a.connection);
        break;
    case engine::action::kind::release_buffers:
        slots_[a.connection].connection->release_buffers();
        break;
    case engine::action::kind::reject:
        reject(static_cast<call&>(*a.waiter), a.why, now());
        break;
    }
}

void shard::assign(engine::connection_id id, call& c) {
    if (forked_) [[unlikely]] { // the parent sends it
        retry_on_bad_alloc([&] { pool_.released(id, false, std::nullopt, now()); });
        fail(c, errc::client_closed);
        return;
    }
    slot& s = slots_[id];
    transport::connection& connection = *s.connection;
    const bool first_exchange = connection.exchanges() == 0;
    settings_->write_request(c.where, c.target.get(), c.credentials.get(), c.body, c.traceparent(),
                             connection.request());
    c.sent_at = std::chrono::steady_clock::now();
    s.busy_with = &c;
    c.connection = &connection;
    const auto next = c.life.assigned(c.sent_at);
    c.info.attempts = c.life.attempts();
    if (c.info.attempts == 1) {
        c.info.times.queued = c.sent_at - c.started_at;
    }
    c.info.times.connect = first_exchange ? connection.connect_time() : std::chrono::nanoseconds(0);
    c.info.times.tls = first_exchange ? connection.tls_time() : std::chrono::nanoseconds(0);
    c.info.times.first_byte = {};
    act(c, next, {c.sent_at, {}});
    if (c.connection == nullptr) { // it was stale, the call waits again
        return;
    }
    if (c.limit != nullptr) {
        c.limit->consume(c, c.sent_at);
    }
    ++numbers_.attempts;
    if (c.info.attempts > 1) {
        ++numbers_.retries;
    }
    timers_.set(c, *c.life.due());
    connection.start_read();
}

void shard::dial(engine::connection_id id) {
    if (slots_.size() <= id) {
        slots_.resize(id + 1);
    }
    slot& s = slots_[id];
    s.connection = std::make_shared<transport::connection>(id, strand_, shared_from_this(), settings_->peer(),
                                                           settings_->config().limits, scratch_);
    s.dial_timer = std::make_unique<dial_timer>(id);
    timers_.set(*s.dial_timer,
                engine::later(std::chrono::steady_clock::now(), settings_->config().pool.connect_timeout));
    ++numbers_.connects_started;
    events_.on_connect_start(id);
    s.connection->open();
}

void shard::close_connection(engine::connection_id id) {
    if (id >= slots_.size()) { // there was no memory for it
        return;
    }
    slot& s = slots_[id];
    if (s.dial_timer) {
        timers_.clear(*s.dial_timer);
    }
    if (s.connection) { // likewise
        s.connection->close();
    }
    s = slot();
    events_.on_close(id);
}

void shard::reject(call& c, const error_code& why, engine::clock_reading at) {
    if (c.limit != nullptr && why != errc::overloaded) { // the limit is one of tries: in an outage they are no more
        c.limit->consume(c, at.steady);
    }
    transport::transport_error l;
    if (why == last_dial_.code) {
        l = last_dial_;
    } else {
        l.code = why;
        l.phase = phase::queue;
    }
    attempt_failed(c, l, false, at);
}

} // namespace detail
YUNHU_NAMESPACE_END
