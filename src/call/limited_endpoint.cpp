#include "call/limited_endpoint.hpp"

#include "call/call.hpp"
#include "call/shard.hpp"

#include <optional>
#include <utility>

namespace yunhu::inline v0_1::detail {

// What has to be said when the lock is no longer held.
struct limited_endpoint::news {
    std::vector<std::shared_ptr<call>> came;
    std::shared_ptr<call> first; ///< of those that wait; null: its shard knows
    pool::time_point due;
};

std::size_t limited_endpoint::waiting() const {
    const std::lock_guard lock(mutex_);
    return bucket_.waiting();
}

limited_endpoint::entry limited_endpoint::enter(const std::shared_ptr<call>& c, bool again, pool::time_point now) {
    std::unique_lock lock(mutex_);
    call_turn& t = c->turn;
    if (t.now() == turn::state::has) { // it has not been handed over since
        return entry::go;
    }
    if (!again && bucket_.waiting() >= max_waiting_) {
        return entry::full;
    }
    t.who = c;
    bucket_.wait(t);
    news what = pump(now);
    const bool may_go = t.now() == turn::state::has;
    lock.unlock();
    if (may_go) {
        std::erase(what.came, c);
    }
    tell(what);
    return may_go ? entry::go : entry::wait;
}

void limited_endpoint::spend(call& c, pool::time_point now) {
    std::unique_lock lock(mutex_);
    bucket_.spend(c.turn, now);
    const news what = pump(now);
    lock.unlock();
    tell(what);
}

void limited_endpoint::leave(call& c, pool::time_point now) {
    std::unique_lock lock(mutex_);
    if (c.turn.now() == turn::state::none) {
        return;
    }
    bucket_.leave(c.turn);
    const std::shared_ptr<call> self = std::move(c.turn.who);
    const news what = pump(now);
    lock.unlock();
    tell(what);
}

void limited_endpoint::forget(call& c) {
    const std::lock_guard lock(mutex_);
    bucket_.leave(c.turn);
    c.turn.who.reset(); // never the last: who forgets it holds it
    watched_by_ = nullptr;
}

void limited_endpoint::look(pool::time_point now) {
    std::unique_lock lock(mutex_);
    watched_by_ = nullptr; // who asks has no timer any more
    const news what = pump(now);
    lock.unlock();
    tell(what);
}

limited_endpoint::news limited_endpoint::pump(pool::time_point now) {
    news what;
    while (turn* const t = bucket_.next(now)) {
        what.came.push_back(std::move(static_cast<call_turn*>(t)->who));
    }
    const std::optional<pool::time_point> due = bucket_.due();
    turn* const first = due ? bucket_.first() : nullptr;
    if (first != nullptr && (first != watched_by_ || *due != watched_for_)) {
        what.first = static_cast<call_turn*>(first)->who;
        what.due = *due;
        watched_for_ = *due;
    }
    watched_by_ = first;
    return what;
}

void limited_endpoint::tell(const news& what) {
    for (const std::shared_ptr<call>& c : what.came) {
        if (const std::shared_ptr<shard> on = c->on.lock()) {
            on->inside().post([on, c] { on->turn_came(*c); });
        }
    }
    if (what.first) {
        if (const std::shared_ptr<shard> on = what.first->on.lock()) {
            on->inside().post([on, c = what.first, due = what.due] { on->await_turn(*c, due); });
        }
    }
}

} // namespace yunhu::inline v0_1::detail
