// Copyright (c) 2026 The yunhu authors
// SPDX-License-Identifier: BSL-1.0
#pragma once

#include "transport/asio_types.hpp"

#include <yunhu/config.hpp>

#include <boost/asio/post.hpp>
#include <boost/intrusive/slist.hpp>

#include <atomic>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <memory>
#include <mutex>
#include <optional>
#include <thread>
#include <utility>
#include <vector>

YUNHU_NAMESPACE_BEGIN
namespace transport {

/// Lets one function run at a time, as a strand does. But who comes while nobody is inside goes in at once, on his own
/// thread: a strand would put him into the executor's queue, for a system call's time and three allocations. Who comes
/// while somebody is inside leaves his function there, and that one runs it before he leaves.
class inline_strand : public std::enable_shared_from_this<inline_strand> {
public:
    /// Who comes in.
    enum class by : std::uint8_t {
        caller, ///< a function of the user's: no handler may be called before it returns
        event,  ///< the executor, with what has happened
    };

    /// Something to be done once nobody is inside.
    class deferred : public boost::intrusive::slist_base_hook<> {};
    using deliverer = void (*)(deferred& what, by who);

    inline_strand(executor inner, deliverer each);
    inline_strand(const inline_strand&) = delete;
    inline_strand& operator=(const inline_strand&) = delete;
    ~inline_strand() = default;

    /// Runs `f` inside: now, or by who is there. Called from inside it runs now.
    template <class F> void enter(by who, F f) {
        if (inside()) {
            f();
            return;
        }
        std::unique_lock lock(mutex_);
        if (!executor_) {
            return;
        }
        if (busy_) {
            waiting_.emplace_back(std::move(f));
            return;
        }
        busy_ = true;
        owner_.store(std::this_thread::get_id(), std::memory_order_relaxed);
        lock.unlock();
        try {
            f();
        } catch (...) {
            go_on_later();
            throw;
        }
        leave(who);
    }

    /// Runs `f` inside, later and by the executor.
    template <class F> void post(F f) {
        if (executor_) {
            asio::post(*executor_, bind(std::move(f)));
        }
    }
    /// The same as `enter` by a caller, but never in the middle of something: for one who may be inside already.
    template <class F> void enter_or_post(F f) {
        if (inside()) {
            post(std::move(f));
        } else {
            enter(by::caller, std::move(f));
        }
    }

    /// A handler that runs `f` inside, with the handler's arguments.
    template <class F> [[nodiscard]] auto bind(F f) {
        return [self = shared_from_this(), f = std::move(f)](auto... results) mutable {
            self->enter(by::event, [f = std::move(f), ... results = std::move(results)]() mutable { f(results...); });
        };
    }

    /// From inside: has `what` delivered when nobody is inside any more, by who was there last.
    void defer(deferred& what) { deferred_.push_back(what); }

    [[nodiscard]] const executor& get_executor() const noexcept { return *executor_; }
    /// The execution context is being destroyed: nobody comes in any more. `drop` gets what is not delivered.
    void abandon(void (*drop)(deferred&));

private:
    using deferred_list = boost::intrusive::slist<deferred, boost::intrusive::cache_last<true>,
                                                  boost::intrusive::constant_time_size<false>>;

    [[nodiscard]] bool inside() const noexcept {
        return owner_.load(std::memory_order_relaxed) == std::this_thread::get_id();
    }
    void leave(by who);
    void go_on_later();
    void deliver(deferred_list& done, by who);

    std::optional<executor> executor_;
    deliverer deliver_;
    std::mutex mutex_; ///< of the next two; never held while anything runs
    bool busy_ = false;
    std::vector<std::function<void()>> waiting_;
    std::vector<std::function<void()>> running_;
    std::atomic<std::thread::id> owner_;
    deferred_list deferred_;
};

} // namespace transport
YUNHU_NAMESPACE_END
