// Copyright (c) 2026 The yunhu authors
// SPDX-License-Identifier: BSL-1.0

#include "features/history/iteration.hpp"
#include "transport/inline_strand.hpp"

#include <boost/asio/associated_cancellation_slot.hpp>
#include <boost/asio/bind_cancellation_slot.hpp>
#include <boost/asio/bind_executor.hpp>
#include <boost/asio/error.hpp>
#include <boost/asio/execution/outstanding_work.hpp>
#include <boost/asio/post.hpp>
#include <boost/asio/prefer.hpp>

#include <algorithm>
#include <iterator>
#include <utility>

YUNHU_NAMESPACE_BEGIN
namespace detail {

iteration_state::iteration_state(client from, chat in, const history_options& options)
    : client_(std::move(from)), chat_(std::move(in)), options_(options),
      strand_(transport::make_strand(client_.get_executor())), plan_(options_), ended_(plan_.ended()),
      cursor_(options_.cursor) {}

std::optional<result<std::optional<message>>> iteration_state::try_next() {
    const std::lock_guard lock(mutex_);
    if (closed_) {
        failure aborted;
        aborted.code = asio::error::operation_aborted;
        return result<std::optional<message>>(std::move(aborted));
    }
    if (!buffered_.empty()) {
        std::optional<message> next(std::move(buffered_.front()));
        buffered_.pop_front();
        cursor_ = history_cursor(next->msg_seq, next->msg_id);
        if (buffered_.empty()) {
            buffered_.swap(prefetched_);
            prefetch();
        }
        return result<std::optional<message>>(std::move(next));
    }
    if (failure_) {
        return result<std::optional<message>>(*std::exchange(failure_, std::nullopt));
    }
    if (ended_ && incomplete_) { // once: the next call ends, or goes on with later messages
        return result<std::optional<message>>(*std::exchange(incomplete_, std::nullopt));
    }
    if (ended_) {
        if (options_.order == history_order::oldest_first) { // the next call scans again
            ended_ = false;
            plan_.rescan();
        }
        return result<std::optional<message>>(std::optional<message>());
    }
    return std::nullopt;
}

void iteration_state::discard_failure() {
    const std::lock_guard lock(mutex_);
    failure_.reset();
}

void iteration_state::wait(wait_handler handler, const asio::any_io_executor& executor) {
    std::shared_ptr<page_fetch> fetch; // released after the lock
    const std::lock_guard lock(mutex_);
    if (is_ready()) {
        asio::post(executor, [handler = std::move(handler)]() mutable { std::move(handler)(); });
        return;
    }
    fetch = fetch_.lock();
    if (!fetch) {
        fetch = start_fetch();
    }
    if (auto slot = asio::get_associated_cancellation_slot(handler); slot.is_connected()) {
        slot.assign([weak = std::weak_ptr(fetch)](asio::cancellation_type_t /*type*/) {
            if (const auto pending = weak.lock()) {
                pending->cancel_wait();
            }
        });
    }
    fetch->set_waiter(std::move(handler), executor);
}

void iteration_state::close() {
    const std::lock_guard lock(mutex_);
    closed_ = true;
    if (auto fetch = fetch_.lock()) {
        asio::post(strand_, [fetch = std::move(fetch)] { fetch->stop(); });
    }
}

skipped_records iteration_state::skipped() const {
    const std::lock_guard lock(mutex_);
    return plan_.skipped();
}

history_cursor iteration_state::cursor() const {
    const std::lock_guard lock(mutex_);
    return cursor_;
}

std::shared_ptr<page_fetch> iteration_state::start_fetch() {
    auto fetch = std::make_shared<page_fetch>(shared_from_this());
    fetch_ = fetch;
    asio::post(strand_, [fetch] { fetch->run(); });
    return fetch;
}

void iteration_state::prefetch() {
    if (options_.prefetch && !ended_ && !closed_ && prefetched_.empty() && fetch_.expired()) {
        start_fetch();
    }
}

void page_fetch::run() {
    page_request next;
    {
        const std::lock_guard lock(iteration_->mutex_);
        if (stopped_ || iteration_->closed_) {
            finish();
            return;
        }
        next = iteration_->plan_.next_request();
    }
    auto done = asio::bind_executor(
        iteration_->strand_,
        asio::bind_cancellation_slot(cancel_.slot(), [self = shared_from_this()](error_code ec, message_page page) {
            self->on_page(ec, std::move(page));
        }));
    if (next.type == page_request::kind::before) {
        iteration_->client_.list_message(list_message_request(iteration_->chat_, next.count, std::move(next.id)),
                                         iteration_->options_.call, std::move(done));
        return;
    }
    list_message_by_mid_seq_request around;
    around.chat = iteration_->chat_;
    around.msg_seq = static_cast<std::int64_t>(next.seq);
    around.msg_count = next.count;
    iteration_->client_.list_message_by_mid_seq(std::move(around), iteration_->options_.call, std::move(done));
}

void page_fetch::stop() {
    stopped_ = true;
    cancel_.emit(asio::cancellation_type::terminal);
}

void page_fetch::on_page(error_code ec, message_page page) {
    const std::lock_guard lock(iteration_->mutex_);
    if (stopped_ || iteration_->closed_) {
        finish();
        return;
    }
    page_plan& plan = iteration_->plan_;
    scan_status next = scan_status::no_progress;
    std::vector<message> found;
    if (ec == condition::rejected) { // the server may have forgotten the anchor
        next = plan.on_rejected();
    } else if (!ec) {
        next = plan.on_page(std::move(page.messages), found, page.unreadable);
    }
    if (ec && next == scan_status::no_progress) {
        fail(failure(ec, std::move(page)));
        return;
    }
    if (next == scan_status::no_progress) {
        fail(incomplete_list(std::move(page), "the pages don't lead to the beginning of the chat", plan.skipped()));
        return;
    }
    if (next == scan_status::complete && plan.take_news_of_skipped()) {
        iteration_->incomplete_ = incomplete_list(std::move(page), "records were left out", plan.skipped());
    }
    if (found.empty() && next == scan_status::in_progress) {
        asio::post(iteration_->strand_, [self = shared_from_this()] { self->run(); });
        return;
    }
    std::deque<message>& to = iteration_->buffered_.empty() ? iteration_->buffered_ : iteration_->prefetched_;
    std::move(found.begin(), found.end(), std::back_inserter(to));
    iteration_->ended_ = next == scan_status::complete;
    finish();
    iteration_->prefetch();
}

void page_fetch::fail(failure why) {
    if (has_waiter()) { // without a waiter the page is requested again when it is needed
        iteration_->failure_ = std::move(why);
    }
    finish();
}

// The next request starts a new fetch.
void page_fetch::finish() {
    iteration_->fetch_.reset();
    notify();
}

void page_fetch::set_waiter(iteration_state::wait_handler handler, const asio::any_io_executor& executor) {
    waiter_ = std::make_unique<pending_wait>(
        pending_wait{asio::prefer(executor, asio::execution::outstanding_work.tracked), std::move(handler)});
}

void page_fetch::notify() {
    if (waiter_) {
        const asio::any_io_executor executor = waiter_->executor;
        asio::post(executor, [wait_handler = std::move(waiter_)] { std::move(wait_handler->handler)(); });
    }
}

void page_fetch::cancel_wait() {
    const std::lock_guard lock(iteration_->mutex_);
    notify();
}

} // namespace detail
YUNHU_NAMESPACE_END
