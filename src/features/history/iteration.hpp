// Copyright (c) 2026 The yunhu authors
// SPDX-License-Identifier: BSL-1.0
#pragma once

#include "features/history/incomplete_list.hpp"
#include "features/history/page_plan.hpp"

#include <yunhu/client.hpp>
#include <yunhu/config.hpp>
#include <yunhu/error.hpp>
#include <yunhu/history.hpp>
#include <yunhu/results.hpp>

#include <boost/asio/any_completion_handler.hpp>
#include <boost/asio/any_io_executor.hpp>
#include <boost/asio/cancellation_signal.hpp>

#include <deque>
#include <memory>
#include <mutex>
#include <optional>
#include <vector>

YUNHU_NAMESPACE_BEGIN
namespace detail {

class page_fetch;

/// State that an iteration shares with its outstanding request: buffered messages and the page plan. Thread-safe.
class iteration_state : public std::enable_shared_from_this<iteration_state> {
public:
    using wait_handler = asio::any_completion_handler<void()>;

    iteration_state(client from, chat in, const history_options& options);

    /// The result of `next`, if it is available without waiting.
    [[nodiscard]] std::optional<result<std::optional<message>>> try_next();
    /// Discards a failure that was not delivered because its waiter was cancelled.
    void discard_failure();
    /// Posts `handler` to `executor` once `try_next` may have a result. Starts a fetch when nothing is buffered.
    void wait(wait_handler handler, const asio::any_io_executor& executor);
    /// Cancels the outstanding request.
    void close();
    [[nodiscard]] history_cursor cursor() const;
    [[nodiscard]] skipped_records skipped() const;
    [[nodiscard]] asio::any_io_executor get_executor() const noexcept { return client_.get_executor(); }

private:
    friend class page_fetch;

    [[nodiscard]] bool is_ready() const noexcept { return !buffered_.empty() || failure_ || ended_ || closed_; }
    std::shared_ptr<page_fetch> start_fetch();
    void prefetch();

    client client_;
    const chat chat_;
    const history_options options_;
    asio::any_io_executor strand_; ///< requests start, complete and are cancelled here

    mutable std::mutex mutex_;
    page_plan plan_;
    std::deque<message> buffered_; ///< the page that is being delivered
    std::deque<message> prefetched_;
    std::optional<failure> failure_;
    std::optional<failure> incomplete_; ///< to report before the end
    bool ended_ = false;                ///< cleared once reported, oldest first
    bool closed_ = false;
    history_cursor cursor_;
    std::weak_ptr<page_fetch> fetch_; ///< owned only by its request's handler, and so destroyed with the executor
};

/// Sends requests, one after the other, until there is a page to deliver. At most one per iteration.
class page_fetch : public std::enable_shared_from_this<page_fetch> {
public:
    explicit page_fetch(std::shared_ptr<iteration_state> iteration) : iteration_(std::move(iteration)) {}

    /// On the strand.
    void run();
    void stop();

    // With the iteration locked.
    struct pending_wait {
        asio::any_io_executor executor; ///< tracks outstanding work
        iteration_state::wait_handler handler;
    };
    void set_waiter(iteration_state::wait_handler handler, const asio::any_io_executor& executor);
    [[nodiscard]] bool has_waiter() const noexcept { return waiter_ != nullptr; }
    void notify(); ///< posts the handler, never runs it inline

    /// Notifies the cancelled waiter; the request continues.
    void cancel_wait();

private:
    void on_page(error_code ec, message_page page);
    void fail(failure why);
    void finish();

    std::shared_ptr<iteration_state> iteration_;
    asio::cancellation_signal cancel_;
    bool stopped_ = false; ///< on the strand
    std::unique_ptr<pending_wait> waiter_;
};

} // namespace detail
YUNHU_NAMESPACE_END
