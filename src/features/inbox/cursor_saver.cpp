// Copyright (c) 2026 The yunhu authors
// SPDX-License-Identifier: BSL-1.0

#include "features/inbox/cursor_saver.hpp"

#include "model/exceptions.hpp"

#include <boost/asio/post.hpp>

#include <utility>

YUNHU_NAMESPACE_BEGIN
namespace detail {
namespace {

// A store is the user's code: what it throws is a failure like any other.
template <class Function> auto guarded(Function function) -> decltype(function()) {
    try {
        return function();
    } catch (const error& e) {
        return e.info();
    } catch (...) {
        call_info details;
        details.detail = "the cursor store threw an exception";
        details.cause = current_exception_code();
        return failure(errc::invalid_request, std::move(details));
    }
}

} // namespace

cursor_saver::~cursor_saver() {
    finish();
}

void cursor_saver::finish() noexcept {
    if (thread_) {
        thread_->join();
    }
}

result<inbox_cursors> cursor_saver::load() const {
    if (!store_) {
        return inbox_cursors();
    }
    return guarded([this] { return store_->load(); });
}

void cursor_saver::save(inbox_cursors cursors, std::function<void(result<void>)> saved) {
    if (!executor_) {
        thread_ = std::make_unique<boost::asio::thread_pool>(1);
        executor_ = thread_->get_executor();
    }
    boost::asio::post(*executor_, [store = store_, cursors = std::move(cursors), saved = std::move(saved)] {
        saved(guarded([&] { return store->save(cursors); }));
    });
}

} // namespace detail
YUNHU_NAMESPACE_END
