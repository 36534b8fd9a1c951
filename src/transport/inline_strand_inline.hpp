// Copyright (c) 2026 The yunhu authors
// SPDX-License-Identifier: BSL-1.0
#pragma once

#include "transport/inline_strand.hpp"

#include <cstddef>
#include <utility>

// The bodies of inline_strand.hpp. Inline, as libraries beside the client's have strands, too, and link none of its
// internal functions.
YUNHU_NAMESPACE_BEGIN
namespace transport {
// After this many queued functions the running thread reschedules the strand on the executor.
inline constexpr std::size_t max_inline_batch = 64;

// The strand that this thread gives to an executor: a turn that is destroyed meanwhile was not accepted.
inline thread_local const inline_strand* scheduling = nullptr;

inline inline_strand::inline_strand(executor inner, invoker each) : inner_(std::move(inner)), invoker_(each) {}

/// The right to run what is queued, on its way through the executor. Destroyed without having run, as the execution
/// context was, it takes the queue with it: its functions may own the strand.
class inline_strand::turn {
public:
    explicit turn(std::shared_ptr<inline_strand> of) noexcept : strand_(std::move(of)) {}
    turn(turn&& other) noexcept = default;
    turn(const turn&) = delete;
    turn& operator=(const turn&) = delete;
    turn& operator=(turn&&) = delete;
    ~turn() {
        if (strand_ && scheduling != strand_.get()) {
            strand_->drop_waiting();
        }
    }

    void operator()() {
        const std::shared_ptr<inline_strand> strand = std::move(strand_);
        strand->owner_.store(std::this_thread::get_id(), std::memory_order_relaxed);
        strand->drain(origin::handler);
    }

private:
    std::shared_ptr<inline_strand> strand_;
};

inline inline_strand::~inline_strand() {
    waiting_.clear_and_dispose([](queued_base* one) { delete one; });
}

// Runs the queued functions, releases the strand and invokes the completions.
inline void inline_strand::drain(origin from) {
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

inline void inline_strand::run_queued(queued_base& one) noexcept {
    try {
        one.run();
    } catch (...) {
        rethrow_in_run(std::current_exception());
    }
}

// For an exception after its origin has returned: it leaves the executor's run(), as with asio::strand.
inline void inline_strand::rethrow_in_run(std::exception_ptr thrown) noexcept {
    try {
        asio::post(inner_, [thrown = std::move(thrown)] { std::rethrow_exception(thrown); });
    } catch (...) { // Out of memory: the strand continues without it.
    }
}

// Leaves the strand busy; the executor continues with the queue. Returns false if memory is exhausted.
inline bool inline_strand::reschedule() noexcept {
    owner_.store({}, std::memory_order_relaxed);
    const inline_strand* const outer = std::exchange(scheduling, this);
    try {
        asio::post(inner_, turn(shared_from_this()));
        scheduling = outer;
        return true;
    } catch (...) {
        scheduling = outer;
        owner_.store(std::this_thread::get_id(), std::memory_order_relaxed);
        return false;
    }
}

// The strand is busy from here on. Without memory the first function is taken back; those that others have queued
// behind it meanwhile are promised, and wait for memory.
inline void inline_strand::begin_turn(std::unique_ptr<queued_base> first) {
    if (reschedule()) {
        (void)first.release();
        return;
    }
    owner_.store({}, std::memory_order_relaxed);
    {
        const std::lock_guard lock(mutex_);
        waiting_.remove_if([&](const queued_base& each) { return &each == first.get(); });
        if (waiting_.empty()) {
            busy_ = false;
            throw std::bad_alloc();
        }
    }
    while (!reschedule()) {
        owner_.store({}, std::memory_order_relaxed);
        std::this_thread::yield();
    }
    throw std::bad_alloc();
}

// The first completion belongs to the event that released the strand and may run here; the others are posted, since
// other threads may be idle. The executor that they are posted to may throw.
inline void inline_strand::invoke(fifo<pending_completion>& done, origin from) {
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

inline void inline_strand::post_completion(pending_completion& one) noexcept {
    try {
        invoker_(one, origin::initiator);
    } catch (...) {
        rethrow_in_run(std::current_exception());
    }
}

inline void inline_strand::drop_waiting() noexcept {
    fifo<queued_base> dropped;
    {
        const std::lock_guard lock(mutex_);
        dropped.swap(waiting_);
        busy_ = false;
    }
    dropped.clear_and_dispose([](queued_base* one) { delete one; });
}

inline executor make_strand(const executor& inner) {
    return std::make_shared<inline_strand>(inner)->get_executor();
}

inline void inline_strand::abandon(void (*drop)(pending_completion&)) noexcept {
    drop_waiting();
    completions_.clear_and_dispose([drop](pending_completion* one) { drop(*one); });
}

} // namespace transport
YUNHU_NAMESPACE_END
