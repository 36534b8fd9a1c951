// Copyright (c) 2026 The yunhu authors
// SPDX-License-Identifier: BSL-1.0

#include "runtime/rate_limiter.hpp"

#include "model/exceptions.hpp"
#include "runtime/call.hpp"
#include "runtime/shard.hpp"

#include <optional>
#include <utility>

YUNHU_NAMESPACE_BEGIN
namespace detail {

// Notifications to send once the lock is released.
struct rate_limiter::wakeups {
    std::vector<std::shared_ptr<call>> granted;
    std::shared_ptr<call> first; ///< of the queue; null: its shard has a timer already
    engine::time_point due;
};

std::size_t rate_limiter::waiting() const {
    const std::lock_guard lock(mutex_);
    return bucket_.waiting();
}

rate_limiter::admission rate_limiter::request(const std::shared_ptr<call>& c, bool requeue, engine::time_point now) {
    std::unique_lock lock(mutex_);
    call_permit& t = c->permit;
    if (t.now() == engine::permit::state::granted) { // not consumed yet
        return admission::granted;
    }
    if (!requeue && bucket_.waiting() >= max_waiting_) {
        return admission::overloaded;
    }
    t.owner = c;
    bucket_.enqueue(t);
    wakeups what = grant(now);
    const bool granted = t.now() == engine::permit::state::granted;
    lock.unlock();
    if (granted) {
        std::erase(what.granted, c);
    }
    notify(what);
    return granted ? admission::granted : admission::queued;
}

void rate_limiter::consume(call& c, engine::time_point now) {
    std::unique_lock lock(mutex_);
    bucket_.consume(c.permit, now);
    const wakeups what = grant(now);
    lock.unlock();
    notify(what);
}

void rate_limiter::release(call& c, engine::time_point now) {
    std::unique_lock lock(mutex_);
    if (c.permit.now() == engine::permit::state::none) {
        return;
    }
    bucket_.release(c.permit);
    const std::shared_ptr<call> self = std::move(c.permit.owner);
    const wakeups what = grant(now);
    lock.unlock();
    notify(what);
}

void rate_limiter::abandon(call& c) {
    const std::lock_guard lock(mutex_);
    bucket_.release(c.permit);
    c.permit.owner.reset(); // never the last reference: the caller has one
    timed_for_ = nullptr;
}

void rate_limiter::poll(engine::time_point now) {
    std::unique_lock lock(mutex_);
    timed_for_ = nullptr; // that timer has expired
    const wakeups what = grant(now);
    lock.unlock();
    notify(what);
}

rate_limiter::wakeups rate_limiter::grant(engine::time_point now) {
    wakeups what;
    for (;;) {
        retry_on_bad_alloc([&] { what.granted.reserve(what.granted.size() + 1); }); // a permit must not be lost
        engine::permit* const t = bucket_.grant_next(now);
        if (t == nullptr) {
            break;
        }
        what.granted.push_back(std::move(static_cast<call_permit*>(t)->owner));
    }
    const std::optional<engine::time_point> due = bucket_.due();
    engine::permit* const first = due ? bucket_.first() : nullptr;
    if (first != nullptr && (first != timed_for_ || *due != timed_at_)) {
        what.first = static_cast<call_permit*>(first)->owner;
        what.due = *due;
        timed_at_ = *due;
    }
    timed_for_ = first;
    return what;
}

void rate_limiter::notify(const wakeups& what) {
    for (const std::shared_ptr<call>& c : what.granted) {
        if (const std::shared_ptr<shard> on = c->on.lock()) {
            retry_on_bad_alloc([&] { on->strand().post([on, c] { on->on_permit(*c); }); });
        }
    }
    if (what.first) {
        if (const std::shared_ptr<shard> on = what.first->on.lock()) {
            retry_on_bad_alloc(
                [&] { on->strand().post([on, c = what.first, due = what.due] { on->on_permit_expected(*c, due); }); });
        }
    }
}

} // namespace detail
YUNHU_NAMESPACE_END
