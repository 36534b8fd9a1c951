// Copyright (c) 2026 The yunhu authors
// SPDX-License-Identifier: BSL-1.0
#pragma once

#include <yunhu/config.hpp>
#include <yunhu/cursor_store.hpp>
#include <yunhu/lease_store.hpp>

#include <boost/asio/any_io_executor.hpp>

#include <condition_variable>
#include <functional>
#include <memory>
#include <mutex>
#include <optional>
#include <utility>

YUNHU_NAMESPACE_BEGIN
namespace detail {

/// What has changed from `before` to `after`.
[[nodiscard]] cursor_change change_of(const inbox_cursors& before, const inbox_cursors& after);

/// An account's cursors in the store of its lease. They were loaded by the worker, whose executor must not be blocked;
/// `save` blocks the inbox's own thread until the store has them, or the worker gives up.
class leased_cursors final : public cursor_store {
public:
    /// `executor` runs the store's operations. `fenced` is called when another worker has taken over, on any thread.
    leased_cursors(boost::asio::any_io_executor executor, std::shared_ptr<lease_store> store, lease_ticket ticket,
                   inbox_cursors loaded, std::function<void()> fenced);

    [[nodiscard]] result<inbox_cursors> load() override;
    [[nodiscard]] result<void> save(const inbox_cursors& cursors) override;

    /// From now on `save` fails at once, also one that waits: the executor may never run again. Any thread.
    void abandon() noexcept;

    /// Calls it. To be destroyed before the inbox, whose destructor may save.
    class abandon_at_end {
    public:
        explicit abandon_at_end(std::shared_ptr<leased_cursors> of) : cursors_(std::move(of)) {}
        abandon_at_end(const abandon_at_end&) = delete;
        abandon_at_end& operator=(const abandon_at_end&) = delete;
        ~abandon_at_end() { cursors_->abandon(); }

    private:
        std::shared_ptr<leased_cursors> cursors_;
    };

private:
    struct shared_state {
        std::mutex mutex;
        std::condition_variable changed;
        std::optional<result<bool>> saved;
        bool abandoned = false;
    };

    void suspect(const cursor_change& change);

    boost::asio::any_io_executor executor_;
    std::shared_ptr<lease_store> store_;
    lease_ticket ticket_;
    inbox_cursors saved_;
    std::function<void()> fenced_;
    std::shared_ptr<shared_state> state_ = std::make_shared<shared_state>();
};

} // namespace detail
YUNHU_NAMESPACE_END
