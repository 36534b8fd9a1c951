// Copyright (c) 2026 The yunhu authors
// SPDX-License-Identifier: BSL-1.0

#include "transport/inline_strand.hpp"

#include <boost/asio/post.hpp>

YUNHU_NAMESPACE_BEGIN
namespace transport {
namespace {

// Who came in for one thing is not kept there for more of others' than this.
constexpr std::size_t most_for_others = 64;

} // namespace

inline_strand::inline_strand(executor inner, deliverer each) : executor_(std::move(inner)), deliver_(each) {}

// Runs what others have left, gives the place up, and delivers what was deferred.
void inline_strand::leave(by who) {
    deferred_list done;
    for (std::size_t run = 0;;) {
        std::unique_lock lock(mutex_);
        if (waiting_.empty()) {
            done.swap(deferred_);
            owner_.store({}, std::memory_order_relaxed);
            busy_ = false;
            break;
        }
        if (run >= most_for_others) {
            lock.unlock();
            done.swap(deferred_);
            go_on_later();
            break;
        }
        running_.swap(waiting_);
        lock.unlock();
        run += running_.size();
        for (auto& f : running_) {
            f();
        }
        running_.clear();
    }
    deliver(done, who);
}

// Leaves without giving the place up: the executor takes over.
void inline_strand::go_on_later() {
    owner_.store({}, std::memory_order_relaxed);
    if (executor_) {
        asio::post(*executor_, [self = shared_from_this()] {
            self->owner_.store(std::this_thread::get_id(), std::memory_order_relaxed);
            self->leave(by::event);
        });
    }
}

// The first one here, as what has just happened was about it; the others where threads may be idle.
void inline_strand::deliver(deferred_list& done, by who) {
    if (done.empty()) {
        return;
    }
    deferred& first = done.front();
    done.pop_front();
    done.clear_and_dispose([this](deferred* other) { deliver_(*other, by::caller); });
    deliver_(first, who);
}

void inline_strand::abandon(void (*drop)(deferred&)) {
    executor_.reset();
    const auto dropped = std::exchange(waiting_, {});
    deferred_.clear_and_dispose([drop](deferred* one) { drop(*one); });
}

} // namespace transport
YUNHU_NAMESPACE_END
