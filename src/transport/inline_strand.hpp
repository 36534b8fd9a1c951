// Copyright (c) 2026 The yunhu authors
// SPDX-License-Identifier: BSL-1.0
#pragma once

#include "transport/asio_types.hpp"

#include <yunhu/config.hpp>

#include <boost/asio/execution/blocking.hpp>
#include <boost/asio/execution/context.hpp>
#include <boost/asio/execution/outstanding_work.hpp>
#include <boost/asio/post.hpp>
#include <boost/asio/prefer.hpp>
#include <boost/asio/query.hpp>
#include <boost/intrusive/slist.hpp>

#include <atomic>
#include <cstdint>
#include <exception>
#include <memory>
#include <mutex>
#include <new>
#include <thread>
#include <type_traits>
#include <utility>

YUNHU_NAMESPACE_BEGIN
namespace transport {

/// A strand that runs a function inline when it is idle. `asio::strand` would post it, at the price of a system call
/// and three allocations. While the strand is busy, functions are queued; the running thread executes them before it
/// releases the strand.
///
/// Exceptions: the strand continues after any exception. An exception of a function that runs inline leaves its
/// `dispatch`; an exception of a queued function, or of a completion that can't be posted, leaves the executor's
/// `run()`, as with `asio::strand`, and never the `dispatch` of another function.
class inline_strand : public std::enable_shared_from_this<inline_strand> {
public:
    /// Origin of a function.
    enum class origin : std::uint8_t {
        initiator, ///< an initiating function: no completion may be invoked before it returns
        handler,   ///< a completion handler, invoked by the executor
    };

    /// A completion that is invoked once the strand is released.
    class pending_completion : public boost::intrusive::slist_base_hook<> {};
    using invoker = void (*)(pending_completion& what, origin from);

    class executor_type;

    /// `each`: invokes completions; those who defer none need none.
    explicit inline_strand(executor inner, invoker each = nullptr);
    inline_strand(const inline_strand&) = delete;
    inline_strand& operator=(const inline_strand&) = delete;
    ~inline_strand();

    /// Runs `f` on the strand: inline when the strand is idle or runs in this thread, else by the thread that runs it.
    /// When memory is exhausted, `dispatch` throws `std::bad_alloc` to an initiator, and `f` never runs. A handler's
    /// event must not be lost: it waits until the strand is idle.
    template <class F> void dispatch(origin from, F f) {
        if (running_in_this_thread()) {
            f();
            return;
        }
        for (std::unique_lock lock(mutex_);; lock.lock()) {
            if (closed_) {
                return;
            }
            if (!busy_) {
                busy_ = true;
                break;
            }
            if (auto* const queued = new (std::nothrow) queued_function<F>(std::move(f))) {
                waiting_.push_back(*queued);
                return;
            }
            lock.unlock();
            if (from == origin::initiator) {
                throw std::bad_alloc();
            }
            std::this_thread::yield();
        }
        owner_.store(std::this_thread::get_id(), std::memory_order_relaxed);
        try {
            f(); // NOLINT(bugprone-use-after-move): a failed allocation did not move it
        } catch (...) {
            drain(origin::initiator); // completions are posted: none may run while this exception propagates
            throw;
        }
        drain(from);
    }

    /// Runs `f` on the strand, later and by the executor.
    template <class F> void post(F f) {
        if (!closed_) {
            asio::post(inner_, bind(std::move(f)));
        }
    }
    /// Runs `f` on the strand, later and by the executor, in the order of these calls and of those that had to wait.
    /// Throws `std::bad_alloc`; `f` never runs then.
    template <class F> void enqueue(F f) {
        auto queued = std::make_unique<queued_function<F>>(std::move(f));
        {
            const std::lock_guard lock(mutex_);
            if (closed_) {
                return;
            }
            waiting_.push_back(*queued);
            if (std::exchange(busy_, true)) {
                (void)queued.release();
                return;
            }
        }
        begin_turn(std::move(queued));
    }
    /// On the strand: runs `f` on it after the function that is running, without the executor unless that function is
    /// the last of its turn.
    template <class F> void run_next(F f) {
        auto queued = std::make_unique<queued_function<F>>(std::move(f));
        const std::lock_guard lock(mutex_);
        if (!closed_) {
            waiting_.push_back(*queued.release());
        }
    }
    /// Like `dispatch` by an initiator, but never nested: posts `f` when the strand runs in this thread.
    template <class F> void dispatch_or_post(F f) {
        if (running_in_this_thread()) {
            post(std::move(f));
        } else {
            dispatch(origin::initiator, std::move(f));
        }
    }

    /// A handler that runs `f` on the strand with the handler's arguments. The same as `bind_executor(get_executor(),
    /// f)` without the bookkeeping of outstanding work, which the operation's own executor does already.
    template <class F> [[nodiscard]] auto bind(F f) {
        return [self = shared_from_this(), f = std::move(f)](auto... results) mutable {
            self->dispatch(origin::handler,
                           [f = std::move(f), ... results = std::move(results)]() mutable { f(results...); });
        };
    }

    /// On the strand: `what` is invoked when the strand is released, by the releasing thread.
    void defer(pending_completion& what) noexcept { completions_.push_back(what); }

    /// An executor of this strand, for composed operations and `bind_executor`.
    [[nodiscard]] executor_type get_executor() noexcept;
    /// The executor that the strand runs on.
    [[nodiscard]] const executor& inner_executor() const noexcept { return inner_; }
    [[nodiscard]] bool running_in_this_thread() const noexcept {
        return owner_.load(std::memory_order_relaxed) == std::this_thread::get_id();
    }
    /// The execution context is being destroyed: nothing runs any more.
    void close() noexcept { closed_ = true; }
    /// After `close`: destroys the queued functions. `drop` gets the pending completions.
    void abandon(void (*drop)(pending_completion&)) noexcept;

private:
    struct queued_base : boost::intrusive::slist_base_hook<> {
        queued_base() = default;
        queued_base(const queued_base&) = delete;
        queued_base& operator=(const queued_base&) = delete;
        virtual ~queued_base() = default;
        virtual void run() = 0;
    };
    template <class F> struct queued_function final : queued_base {
        explicit queued_function(F&& f) : function(std::move(f)) {}
        void run() override { function(); }
        F function;
    };
    template <class T> using fifo =
        boost::intrusive::slist<T, boost::intrusive::cache_last<true>, boost::intrusive::constant_time_size<false>>;

    class turn;

    void begin_turn(std::unique_ptr<queued_base> first);
    void drain(origin from);
    void run_queued(queued_base& one) noexcept;
    [[nodiscard]] bool reschedule() noexcept;
    void invoke(fifo<pending_completion>& done, origin from);
    void post_completion(pending_completion& one) noexcept;
    void rethrow_in_run(std::exception_ptr thrown) noexcept;
    void drop_waiting() noexcept;

    const executor inner_;
    const invoker invoker_;
    std::mutex mutex_; ///< guards `busy_` and `waiting_`; never held while a function runs
    bool busy_ = false;
    fifo<queued_base> waiting_;
    std::atomic<bool> closed_{false};
    std::atomic<std::thread::id> owner_;
    fifo<pending_completion> completions_;
};

/// The strand as an Asio executor. `blocking.possibly` (the default) runs inline as `inline_strand::dispatch` does;
/// `blocking.never` posts, in order. Copies refer to the same strand; equal when they do and their properties agree.
class inline_strand::executor_type {
public:
    explicit executor_type(std::shared_ptr<inline_strand> to) noexcept
        : strand_(std::move(to)), inner_(strand_->inner_executor()) {}

    template <class F> void execute(F&& f) const {
        if (posts_) {
            strand_->enqueue(std::decay_t<F>(std::forward<F>(f)));
        } else {
            strand_->dispatch(origin::handler, std::decay_t<F>(std::forward<F>(f)));
        }
    }

    [[nodiscard]] asio::execution_context& query(asio::execution::context_t /*property*/) const noexcept {
        return asio::query(inner_, asio::execution::context);
    }
    [[nodiscard]] asio::execution::blocking_t query(asio::execution::blocking_t /*property*/) const noexcept {
        return posts_ ? asio::execution::blocking_t(asio::execution::blocking.never)
                      : asio::execution::blocking_t(asio::execution::blocking.possibly);
    }
    [[nodiscard]] executor_type require(asio::execution::blocking_t::never_t /*property*/) const noexcept {
        executor_type other = *this;
        other.posts_ = true;
        return other;
    }
    [[nodiscard]] executor_type require(asio::execution::blocking_t::possibly_t /*property*/) const noexcept {
        executor_type other = *this;
        other.posts_ = false;
        return other;
    }
    [[nodiscard]] executor_type require(asio::execution::outstanding_work_t::tracked_t property) const {
        executor_type other = *this;
        other.inner_ = asio::prefer(inner_, property);
        return other;
    }
    [[nodiscard]] executor_type require(asio::execution::outstanding_work_t::untracked_t property) const {
        executor_type other = *this;
        other.inner_ = asio::prefer(inner_, property);
        return other;
    }

    friend bool operator==(const executor_type& a, const executor_type& b) noexcept {
        return a.strand_ == b.strand_ && a.posts_ == b.posts_ && a.inner_ == b.inner_;
    }
    friend bool operator!=(const executor_type& a, const executor_type& b) noexcept { return !(a == b); }

private:
    std::shared_ptr<inline_strand> strand_;
    executor inner_; ///< holds the property of outstanding work
    bool posts_ = false;
};

inline inline_strand::executor_type inline_strand::get_executor() noexcept {
    return executor_type(shared_from_this());
}

/// A strand on that executor, for I/O objects and coroutines. Not `asio::strand`: when memory is exhausted while one is
/// made, Asio 1.81 destroys it half-made.
[[nodiscard]] executor make_strand(const executor& inner);

} // namespace transport
YUNHU_NAMESPACE_END

#include "transport/inline_strand_inline.hpp" // IWYU pragma: export
