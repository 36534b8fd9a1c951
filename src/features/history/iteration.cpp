// Copyright (c) 2026 The yunhu authors
// SPDX-License-Identifier: BSL-1.0

#include "features/history/iteration.hpp"

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

walk_state::walk_state(client from, chat in, const history_options& options)
    : client_(std::move(from)), chat_(std::move(in)), options_(options), strand_(client_.get_executor()),
      route_(options_), ended_(route_.ended()), cursor_(options_.cursor) {}

std::optional<result<std::optional<message>>> walk_state::take() {
    const std::lock_guard lock(mutex_);
    if (closed_) {
        failure aborted;
        aborted.code = asio::error::operation_aborted;
        return result<std::optional<message>>(std::move(aborted));
    }
    if (!current_.empty()) {
        std::optional<message> next(std::move(current_.front()));
        current_.pop_front();
        cursor_ = history_cursor(next->msg_seq, next->msg_id);
        if (current_.empty()) {
            current_.swap(ahead_);
            prefetch();
        }
        return result<std::optional<message>>(std::move(next));
    }
    if (failed_) {
        return result<std::optional<message>>(*std::exchange(failed_, std::nullopt));
    }
    if (ended_) {
        if (options_.order == history_order::oldest_first) { // the next time it is asked again
            ended_ = false;
            route_.look_again();
        }
        return result<std::optional<message>>(std::optional<message>());
    }
    return std::nullopt;
}

void walk_state::forget_failure() {
    const std::lock_guard lock(mutex_);
    failed_.reset();
}

void walk_state::wait(waiter ready, const asio::any_io_executor& where) {
    std::shared_ptr<page_fetch> fetch; // let go of after the lock
    const std::lock_guard lock(mutex_);
    if (at_hand()) {
        asio::post(where, [ready = std::move(ready)]() mutable { std::move(ready)(); });
        return;
    }
    fetch = running_.lock();
    if (!fetch) {
        fetch = begin_fetch();
    }
    if (auto slot = asio::get_associated_cancellation_slot(ready); slot.is_connected()) {
        slot.assign([weak = std::weak_ptr(fetch)](asio::cancellation_type_t /*type*/) {
            if (const auto waited_for = weak.lock()) {
                waited_for->leave();
            }
        });
    }
    fetch->set_waiter(std::move(ready), where);
}

void walk_state::close() {
    const std::lock_guard lock(mutex_);
    closed_ = true;
    if (auto fetch = running_.lock()) {
        asio::post(strand_, [fetch = std::move(fetch)] { fetch->stop(); });
    }
}

history_cursor walk_state::cursor() const {
    const std::lock_guard lock(mutex_);
    return cursor_;
}

std::shared_ptr<page_fetch> walk_state::begin_fetch() {
    auto fetch = std::make_shared<page_fetch>(shared_from_this());
    running_ = fetch;
    asio::post(strand_, [fetch] { fetch->run(); });
    return fetch;
}

void walk_state::prefetch() {
    if (options_.prefetch && !ended_ && !closed_ && ahead_.empty() && running_.expired()) {
        begin_fetch();
    }
}

void page_fetch::run() {
    page_request next;
    {
        const std::lock_guard lock(walk_->mutex_);
        if (stopped_ || walk_->closed_) {
            finish();
            return;
        }
        next = walk_->route_.ask();
    }
    auto done = asio::bind_executor(
        walk_->strand_,
        asio::bind_cancellation_slot(cancel_.slot(), [self = shared_from_this()](error_code ec, message_page page) {
            self->on_page(ec, std::move(page));
        }));
    if (next.way == page_request::how::before) {
        walk_->client_.list_message(list_message_request(walk_->chat_, next.count, std::move(next.id)),
                                    walk_->options_.call, std::move(done));
        return;
    }
    list_message_by_mid_seq_request around;
    around.chat = walk_->chat_;
    around.msg_seq = static_cast<std::int64_t>(next.seq);
    around.msg_count = next.count;
    walk_->client_.list_message_by_mid_seq(std::move(around), walk_->options_.call, std::move(done));
}

void page_fetch::stop() {
    stopped_ = true;
    cancel_.emit(asio::cancellation_type::terminal);
}

void page_fetch::on_page(error_code ec, message_page page) {
    const std::lock_guard lock(walk_->mutex_);
    if (stopped_ || walk_->closed_) {
        finish();
        return;
    }
    step next = step::stuck;
    std::vector<message> found;
    if (ec == errc::refused || ec == errc::bad_request) { // perhaps it does not know the message any more
        next = walk_->route_.refused();
    } else if (!ec) {
        if (std::any_of(page.messages.begin(), page.messages.end(), [](const message& m) { return m.msg_seq == 0; })) {
            page.detail = "a message without msg_seq was listed";
        } else {
            page.detail = "the pages of the chat do not follow each other";
            next = walk_->route_.take(std::move(page.messages), found);
        }
    }
    if (next == step::stuck) {
        fail(failure(ec ? ec : error_code(errc::bad_response), std::move(page)));
        return;
    }
    if (found.empty() && next == step::on) {
        asio::post(walk_->strand_, [self = shared_from_this()] { self->run(); });
        return;
    }
    std::deque<message>& to = walk_->current_.empty() ? walk_->current_ : walk_->ahead_;
    std::move(found.begin(), found.end(), std::back_inserter(to));
    walk_->ended_ = next == step::ended;
    finish();
    walk_->prefetch();
}

void page_fetch::fail(failure why) {
    if (has_waiter()) { // a page that nobody waits for is asked for again when it is needed
        walk_->failed_ = std::move(why);
    }
    finish();
}

// It is not the one that runs any more: what is next begins another one.
void page_fetch::finish() {
    walk_->running_.reset();
    wake();
}

void page_fetch::set_waiter(walk_state::waiter ready, const asio::any_io_executor& where) {
    waiter_ = std::make_unique<waiting>(
        waiting{asio::prefer(where, asio::execution::outstanding_work.tracked), std::move(ready)});
}

void page_fetch::wake() {
    if (waiter_) {
        const asio::any_io_executor where = waiter_->where;
        asio::post(where, [waiter = std::move(waiter_)] { std::move(waiter->ready)(); });
    }
}

void page_fetch::leave() {
    const std::lock_guard lock(walk_->mutex_);
    wake();
}

} // namespace detail
YUNHU_NAMESPACE_END
