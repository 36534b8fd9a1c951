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

// What has to be said when the lock is no longer held.
struct rate_limiter::news {
    std::vector<std::shared_ptr<call>> came;
    std::shared_ptr<call> first; ///< of those that wait; null: its shard knows
    engine::time_point due;
};

std::size_t rate_limiter::waiting() const {
    const std::lock_guard lock(mutex_);
    return bucket_.waiting();
}

rate_limiter::entry rate_limiter::enter(const std::shared_ptr<call>& c, bool again, engine::time_point now) {
    std::unique_lock lock(mutex_);
    call_turn& t = c->turn;
    if (t.now() == engine::turn::state::has) { // it has not been handed over since
        return entry::go;
    }
    if (!again && bucket_.waiting() >= max_waiting_) {
        return entry::full;
    }
    t.who = c;
    bucket_.wait(t);
    news what = pump(now);
    const bool may_go = t.now() == engine::turn::state::has;
    lock.unlock();
    if (may_go) {
        std::erase(what.came, c);
    }
    tell(what);
    return may_go ? entry::go : entry::wait;
}

void rate_limiter::spend(call& c, engine::time_point now) {
    std::unique_lock lock(mutex_);
    bucket_.spend(c.turn, now);
    const news what = pump(now);
    lock.unlock();
    tell(what);
}

void rate_limiter::leave(call& c, engine::time_point now) {
    std::unique_lock lock(mutex_);
    if (c.turn.now() == engine::turn::state::none) {
        return;
    }
    bucket_.leave(c.turn);
    const std::shared_ptr<call> self = std::move(c.turn.who);
    const news what = pump(now);
    lock.unlock();
    tell(what);
}

void rate_limiter::forget(call& c) {
    const std::lock_guard lock(mutex_);
    bucket_.leave(c.turn);
    c.turn.who.reset(); // never the last: who forgets it holds it
    watched_by_ = nullptr;
}

void rate_limiter::look(engine::time_point now) {
    std::unique_lock lock(mutex_);
    watched_by_ = nullptr; // who asks has no timer any more
    const news what = pump(now);
    lock.unlock();
    tell(what);
}

rate_limiter::news rate_limiter::pump(engine::time_point now) {
    news what;
    for (;;) {
        retry_on_bad_alloc([&] { what.came.reserve(what.came.size() + 1); }); // a permit must not be lost
        engine::turn* const t = bucket_.next(now);
        if (t == nullptr) {
            break;
        }
        what.came.push_back(std::move(static_cast<call_turn*>(t)->who));
    }
    const std::optional<engine::time_point> due = bucket_.due();
    engine::turn* const first = due ? bucket_.first() : nullptr;
    if (first != nullptr && (first != watched_by_ || *due != watched_for_)) {
        what.first = static_cast<call_turn*>(first)->who;
        what.due = *due;
        watched_for_ = *due;
    }
    watched_by_ = first;
    return what;
}

void rate_limiter::tell(const news& what) {
    for (const std::shared_ptr<call>& c : what.came) {
        if (const std::shared_ptr<shard> on = c->on.lock()) {
            retry_on_bad_alloc([&] { on->strand().post([on, c] { on->turn_came(*c); }); });
        }
    }
    if (what.first) {
        if (const std::shared_ptr<shard> on = what.first->on.lock()) {
            retry_on_bad_alloc(
                [&] { on->strand().post([on, c = what.first, due = what.due] { on->await_turn(*c, due); }); });
        }
    }
}

} // namespace detail
YUNHU_NAMESPACE_END
