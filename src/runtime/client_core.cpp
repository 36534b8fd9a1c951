// Copyright (c) 2026 The yunhu authors
// SPDX-License-Identifier: BSL-1.0

#include "runtime/client_core.hpp"

#include "model/exceptions.hpp"
#include "runtime/context_service.hpp"
#include "runtime/guarded_handler.hpp"
#include "runtime/renewal.hpp"

#include <boost/asio/associated_cancellation_slot.hpp>
#include <boost/asio/execution/context.hpp>
#include <boost/asio/execution/outstanding_work.hpp>
#include <boost/asio/posix/stream_descriptor.hpp>
#include <boost/asio/prefer.hpp>
#include <boost/asio/query.hpp>

#include <yunhu/requests.hpp>

#include <functional>
#include <limits>
#include <mutex>
#include <new>
#include <optional>
#include <utility>
#include <variant>

YUNHU_NAMESPACE_BEGIN
namespace detail {
namespace {

// Cancellation handler of a call. Holds a weak reference, so that the slot does not extend the lifetime of the call.
class cancel_call {
public:
    explicit cancel_call(const std::shared_ptr<call>& c) : call_(c) {}

    void operator()(asio::cancellation_type_t type) const {
        if (type == asio::cancellation_type::none) {
            return;
        }
        const std::shared_ptr<call> c = call_.lock();
        if (!c) {
            return;
        }
        const std::shared_ptr<shard> on = c->on.lock();
        if (on) {
            retry_on_bad_alloc([&] {
                on->strand().dispatch(transport::inline_strand::origin::initiator, [c, on] { on->cancel(*c); });
            });
        }
    }

private:
    std::weak_ptr<call> call_;
};

// The executor with tracked outstanding work.
handler_executor counting(const handler_executor& where) {
    constexpr auto tracked = asio::execution::outstanding_work.tracked;
    if (const auto* const io = std::get_if<asio::any_io_executor>(&where)) {
        return asio::any_io_executor(asio::prefer(*io, tracked));
    }
    const auto& other = std::get<asio::any_completion_executor>(where);
    if (!other) { // an `any_completion_handler` has none when it is out of memory
        throw std::bad_alloc();
    }
    return asio::any_completion_executor(asio::prefer(other, tracked));
}

// A provider's token that can't be sent is not that of a call.
std::shared_ptr<const credentials> newest(const std::shared_ptr<const credentials>& of) {
    try {
        return of && of->source ? of->source->now() : of;
    } catch (const error&) {
        return of;
    }
}

// At most the greatest number; `b` must be > 0.
std::size_t multiply(std::size_t a, std::size_t b) {
    constexpr std::size_t greatest = std::numeric_limits<std::size_t>::max();
    return a > greatest / b ? greatest : a * b;
}

} // namespace

boost::asio::execution_context::id context_service::id;

context_service::context_service(boost::asio::execution_context& context) : service(context) {}

void context_service::add(std::weak_ptr<context_member> one) {
    const std::lock_guard lock(mutex_);
    if (shut_down_) { // by the destructor of an object that the context destroys
        one.lock()->strand().close();
        return;
    }
    std::erase_if(members_, [](const std::weak_ptr<context_member>& s) { return s.expired(); });
    members_.push_back(std::move(one));
}

void context_service::shutdown() {
    std::unique_lock lock(mutex_);
    shut_down_ = true;
    const std::vector<std::weak_ptr<context_member>> members = std::exchange(members_, {});
    lock.unlock();
    // All strands first: objects that are destroyed below may use any client of the context.
    for (const auto& weak : members) {
        if (const auto one = weak.lock()) {
            one->strand().close();
        }
    }
    for (const auto& weak : members) {
        if (const auto one = weak.lock()) {
            one->abandon();
        }
    }
}

void context_service::notify_fork(asio::execution_context::fork_event event) {
    if (event != asio::execution_context::fork_child) {
        return;
    }
    std::unique_lock lock(mutex_);
    const std::vector<std::weak_ptr<context_member>> members = members_;
    lock.unlock();
    for (const auto& weak : members) {
        if (const auto one = weak.lock()) {
            retry_on_bad_alloc([&] {
                one->strand().dispatch(transport::inline_strand::origin::initiator,
                                       [one] { one->leave_connections_to_parent(); });
            });
        }
    }
}

// An operation of all shards; completes with the sum of their numbers.
struct client_core::gathering {
    gathering(std::size_t shards, const asio::any_io_executor& executor, guarded_handler<std::size_t>::handler handler)
        : shards_left(shards), done(executor, std::move(handler)) {}

    /// Called once by each shard.
    void report(std::size_t number) {
        sum += number;
        if (--shards_left == 0) {
            end(sum.load());
        }
    }

    /// Only the first end counts: the last shard's report, or a cancellation.
    void end(std::size_t number) {
        if (!ended.exchange(true)) {
            done.post(number);
        }
    }

    std::atomic<std::size_t> shards_left;
    std::atomic<std::size_t> sum{0};
    std::atomic<bool> ended{false};
    guarded_handler<std::size_t> done;
};

client_core::client_core(asio::any_io_executor executor, client_config config)
    : client_core(std::move(executor), std::make_shared<const client_settings>(std::move(config))) {}

client_core::client_core(asio::any_io_executor executor, std::shared_ptr<const client_settings> settings)
    : executor_(std::move(executor)), settings_(std::move(settings)) {
    for (std::size_t i = 0; i < settings_->config().shards; ++i) {
        shards_.push_back(std::make_shared<shard>(executor_, settings_, i));
    }
    { // creates their services, before the own one; a shard has created that of timers
        const asio::posix::stream_descriptor lookup(executor_);
        const transport::socket connection(executor_);
    }
    auto& service = asio::use_service<context_service>(asio::query(executor_, asio::execution::context));
    for (const auto& one : shards_) {
        service.add(one);
    }
    const std::size_t max_waiting = multiply(settings_->config().pool.max_queued, settings_->config().shards);
    for (const rate_limit& limit : settings_->config().rate_limits) {
        limits_.push_back(std::make_unique<rate_limiter>(limit, max_waiting));
    }
}

std::shared_ptr<const credentials> client_core::make_renewed(std::shared_ptr<token_provider> tokens) const {
    if (tokens == nullptr) {
        throw_invalid("tokens must not be null");
    }
    const auto account = std::make_shared<renewed_account>(std::move(tokens), settings_);
    credentials made = *account->now();
    made.source = account;
    return std::make_shared<const credentials>(std::move(made));
}

rate_limiter* client_core::find_limit(std::string_view path) const noexcept {
    for (const auto& limit : limits_) {
        if (limit->path() == path) {
            return limit.get();
        }
    }
    return nullptr;
}

std::shared_ptr<client_core> client_core::at(std::string_view origin) {
    const std::lock_guard lock(hosts_mutex_);
    if (closed_) {
        return nullptr;
    }
    if (const auto found = hosts_.find(origin); found != hosts_.end()) {
        return found->second;
    }
    std::shared_ptr<client_core> made(new client_core(executor_, settings_->at(origin)));
    return hosts_.emplace(origin, std::move(made)).first->second;
}

std::vector<std::shared_ptr<shard>> client_core::all_shards(bool last) {
    std::vector<std::shared_ptr<shard>> all = shards_;
    const std::lock_guard lock(hosts_mutex_);
    closed_ = closed_ || last;
    for (const auto& [origin, core] : hosts_) {
        all.insert(all.end(), core->shards_.begin(), core->shards_.end());
    }
    return all;
}

client_stats client_core::stats() {
    client_stats sum;
    for (const auto& s : all_shards(false)) {
        s->numbers().add_to(sum);
    }
    for (const auto& limit : limits_) {
        sum.limited += limit->waiting();
    }
    return sum;
}

void client_core::start(std::shared_ptr<call> c, completion done, handler_executor where) {
    handler_executor work = counting(where);
    const std::size_t number = c->code ? 0 : next_shard_.fetch_add(1, std::memory_order_relaxed) % shards_.size();
    c->started_at = std::chrono::steady_clock::now();
    c->work_guard.emplace(std::move(work));
    const std::shared_ptr<shard>& on = shards_[number];
    if (!c->code) {
        c->life.configure(engine::later(c->started_at, c->timeout), config().pool.response_timeout,
                          c->limit != nullptr);
        c->on = on;
        if (auto slot = asio::get_associated_cancellation_slot(done); slot.is_connected()) {
            slot.emplace<cancel_call>(c);
        }
    }
    c->handler.emplace(std::move(done));
    if (!c->code && has_listeners_.load(std::memory_order_relaxed) && c->where.path == endpoints::send_message.path)
        [[unlikely]] {
        announce(*c); // the echo may arrive before the response
    }
    if (const auto& observer = config().observer) [[unlikely]] { // the call can be cancelled in the hook
        emit_start(*c, *observer, observed_calls_.fetch_add(1, std::memory_order_relaxed) + 1, number);
    }
    if (c->code) { // invalid: no I/O
        post_completion(executor_, c);
        return;
    }
    on->strand().dispatch(transport::inline_strand::origin::initiator, [on, c = std::move(c)] { on->start(c); });
}

void client_core::add_listener(std::weak_ptr<send_listener> one, std::shared_ptr<const credentials> of) {
    const std::lock_guard lock(listeners_mutex_);
    std::erase_if(listeners_, [](const listening& l) { return l.who.expired(); });
    listeners_.push_back({std::move(one), std::move(of)});
    has_listeners_.store(true, std::memory_order_relaxed);
}

void client_core::announce(const call& c) {
    std::vector<std::shared_ptr<send_listener>> found;
    {
        const std::lock_guard lock(listeners_mutex_);
        const std::string_view head = view_of(settings_->head_of(c.credentials.get()));
        for (const listening& l : listeners_) {
            const std::shared_ptr<const credentials> of = newest(l.account);
            // The same head: the same token, and so the same account.
            if (auto one = l.who.lock(); one && view_of(settings_->head_of(of.get())) == head) {
                found.push_back(std::move(one));
            }
        }
        has_listeners_.store(!listeners_.empty(), std::memory_order_relaxed);
    }
    for (const auto& one : found) {
        one->sending(c.info.msg_id);
    }
}

// A cancellation invokes `on_cancel`.
std::shared_ptr<client_core::gathering> client_core::gather(std::size_t shards,
                                                            asio::any_completion_handler<void(std::size_t)> done,
                                                            void (client_core::*on_cancel)(gathering& which)) {
    auto slot = asio::get_associated_cancellation_slot(done);
    const auto state = std::make_shared<gathering>(shards, executor_, std::move(done));
    if (slot.is_connected()) {
        slot.assign([weak = weak_from_this(), which = std::weak_ptr(state), on_cancel](asio::cancellation_type_t type) {
            const auto self = weak.lock();
            const auto running = which.lock();
            if (self && running && type != asio::cancellation_type::none) {
                ((*self).*on_cancel)(*running);
            }
        });
    }
    return state;
}

void client_core::abort_calls(gathering& /*which*/) {
    for (const auto& s : all_shards(false)) {
        s->strand().dispatch(transport::inline_strand::origin::initiator, [s] { s->abort_calls(); });
    }
}

// Ends this operation only: other warm-ups wait for the same connections.
void client_core::stop_waiting(gathering& which) {
    which.end(stats().connections);
}

void client_core::shutdown(std::chrono::nanoseconds deadline, asio::any_completion_handler<void(std::size_t)> done) {
    const std::vector<std::shared_ptr<shard>> all = all_shards(true);
    const auto state = gather(all.size(), std::move(done), &client_core::abort_calls);
    const engine::time_point due = engine::later(std::chrono::steady_clock::now(), deadline);
    for (const auto& s : all) {
        s->strand().dispatch(transport::inline_strand::origin::initiator,
                             [s, due, state] { s->drain(due, [state](std::size_t cut) { state->report(cut); }); });
    }
}

void client_core::warm_up(std::size_t connections, asio::any_completion_handler<void(std::size_t)> done) {
    const auto state = gather(shards_.size(), std::move(done), &client_core::stop_waiting);
    for (std::size_t i = 0; i < shards_.size(); ++i) {
        const std::size_t share = connections / shards_.size() + (i < connections % shards_.size() ? 1 : 0);
        const auto& s = shards_[i];
        s->strand().dispatch(transport::inline_strand::origin::initiator, [s, share, state] {
            s->warm_up(share, [state](std::size_t open) { state->report(open); });
        });
    }
}

void client_core::close() noexcept {
    std::vector<std::shared_ptr<shard>> all;
    retry_on_bad_alloc([&] { all = all_shards(true); });
    for (const auto& s : all) {
        retry_on_bad_alloc([&] { s->strand().dispatch_or_post([s] { s->close(); }); });
    }
}

} // namespace detail
YUNHU_NAMESPACE_END
