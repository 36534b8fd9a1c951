// Copyright (c) 2026 The yunhu authors
// SPDX-License-Identifier: BSL-1.0

#include <yunhu/outbox.hpp>

#include "features/outbox/outbox_items.hpp"
#include "model/exceptions.hpp"
#include "runtime/spawn_coroutine.hpp"

#include <utility>

YUNHU_NAMESPACE_BEGIN

namespace detail {

template class coroutine_operation<enqueue_result>;
template class coroutine_operation<outbox_page>;
template class coroutine_operation<outbox_status>;
template class coroutine_operation<resend_result>;
template class coroutine_operation<optional_result<outbox_record>>;

} // namespace detail

outbox::outbox(executor_type executor, std::shared_ptr<outbox_store> store)
    : executor_(std::move(executor)), store_(std::move(store)) {
    detail::require(store_ != nullptr, "store must not be null");
}

detail::coroutine<enqueue_result> outbox::enqueue_all(store_pointer store, std::vector<outbox_message> messages) {
    result<std::vector<outbox_item>> items = detail::outbox_items_of(std::move(messages));
    if (items.has_error()) {
        co_return items.error();
    }
    auto stored = co_await store->enqueue(std::move(*items));
    if (stored.has_error()) {
        co_return stored.error();
    }
    enqueue_result done;
    done.items = std::move(*stored);
    co_return done;
}

detail::coroutine<optional_result<outbox_record>> outbox::find_one(store_pointer store, std::string key) {
    auto found = co_await store->find(std::move(key));
    if (found.has_error()) {
        co_return found.error();
    }
    co_return optional_result<outbox_record>(std::move(*found));
}

detail::coroutine<outbox_page> outbox::list_page(store_pointer store, outbox_filter which) {
    auto found = co_await store->list(std::move(which));
    if (found.has_error()) {
        co_return found.error();
    }
    outbox_page page;
    page.records = std::move(*found);
    co_return page;
}

detail::coroutine<outbox_status> outbox::count_all(store_pointer store) {
    auto counted = co_await store->counts();
    if (counted.has_error()) {
        co_return counted.error();
    }
    outbox_status status;
    static_cast<outbox_counts&>(status) = *counted;
    co_return status;
}

detail::coroutine<resend_result> outbox::resend_one(store_pointer store, std::string key,
                                                    std::chrono::milliseconds quarantine) {
    auto done = co_await store->resend(std::move(key), quarantine);
    if (done.has_error()) {
        co_return done.error();
    }
    resend_result r;
    r.outcome = *done;
    co_return r;
}

YUNHU_NAMESPACE_END
