// Copyright (c) 2026 The yunhu authors
// SPDX-License-Identifier: BSL-1.0

#include "transport/inline_strand.hpp"

#include <cstddef>
#include <utility>

YUNHU_NAMESPACE_BEGIN
namespace transport {
namespace {

// After this many queued functions the running thread reschedules the strand on the executor.
constexpr std::size_t max_inline_batch = 64;

} // namespace

inline_strand::inline_strand(executor inner, invoker each) : inner_(std::move(inner)), invoker_(each) {}

inline_strand::~inline_strand() {
    waiting_.clear_and_dispose([](queued_base* one) { delete one; });
}

// Runs the queued functions, releases the strand and invokes the completions.
void inline_strand::drain(origin from) {
    fifo<pending_completion> done;
    for (std::size_t run = 0;; ++run) {
        std::unique_lock lock(mutex_);
        if (waiting_.empty()) {
            done.swap(completions_);
            owner_.store({}, std::memory_order_relaxed);
            busy_ = false;
            break;
        }
        if (run >= max_inline_batch) {
            lock.unlock();
            done.swap(completions_);
            if (reschedule()) {
                break;
            }
            done.swap(completions_);
            run = 0;
            continue;
        }
        const std::unique_ptr<queued_base> next(&waiting_.front());
        waiting_.pop_front();
        lock.unlock();
        run_queued(*next);
    }
    invoke(done, from);
}

void inline_strand::run_queued(queued_base& one) noexcept {
    try {
        one.run();
    } catch (...) {
        rethrow_in_run(std::current_exception());
    }
}

// For an exception after its origin has returned: it leaves the executor's run(), as with asio::strand.
void inline_strand::rethrow_in_run(std::exception_ptr thrown) noexcept {
    try {
        asio::post(inner_, [thrown = std::move(thrown)] { std::rethrow_exception(thrown); });
    } catch (...) { // Out of memory: the strand continues without it.
    }
}

// Leaves the strand busy; the executor continues with the queue. Returns false if memory is exhausted.
bool inline_strand::reschedule() noexcept {
    owner_.store({}, std::memory_order_relaxed);
    try {
        asio::post(inner_, [self = shared_from_this()] {
            self->owner_.store(std::this_thread::get_id(), std::memory_order_relaxed);
            self->drain(origin::handler);
        });
        return true;
    } catch (...) {
        owner_.store(std::this_thread::get_id(), std::memory_order_relaxed);
        return false;
    }
}

// The first completion belongs to the event that released the strand and may run here; the others are posted, since
// other threads may be idle. The executor that they are posted to may throw.
void inline_strand::invoke(fifo<pending_completion>& done, origin from) {
    if (done.empty()) {
        return;
    }
    pending_completion& first = done.front();
    done.pop_front();
    done.clear_and_dispose([this](pending_completion* other) { post_completion(*other); });
    if (from == origin::initiator) {
        post_completion(first);
    } else {
        invoker_(first, from);
    }
}

void inline_strand::post_completion(pending_completion& one) noexcept {
    try {
        invoker_(one, origin::initiator);
    } catch (...) {
        rethrow_in_run(std::current_exception());
    }
}

void inline_strand::abandon(void (*drop)(pending_completion&)) noexcept {
    fifo<queued_base> dropped;
    dropped.swap(waiting_);
    dropped.clear_and_dispose([](queued_base* one) { delete one; });
    completions_.clear_and_dispose([drop](pending_completion* one) { drop(*one); });
}

} // namespace transport
YUNHU_NAMESPACE_END
