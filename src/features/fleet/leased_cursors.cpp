// Copyright (c) 2026 The yunhu authors
// SPDX-License-Identifier: BSL-1.0

#include "features/fleet/leased_cursors.hpp"

#include "model/exceptions.hpp"

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/error.hpp>

#include <cstdint>
#include <exception>
#include <limits>
#include <map>
#include <set>
#include <string>
#include <utility>

YUNHU_NAMESPACE_BEGIN
namespace detail {

namespace {

failure not_saved(error_code why, const char* detail) {
    call_info info;
    info.detail = detail;
    return {why, std::move(info)};
}

} // namespace

cursor_change change_of(const inbox_cursors& before, const inbox_cursors& after) {
    using key = std::pair<chat_type, std::string>;
    std::map<key, const chat_cursor*> old;
    for (const chat_cursor& c : before.chats) {
        old.emplace(key(c.chat.type, c.chat.id), &c);
    }
    cursor_change made;
    made.since = after.since;
    for (const chat_cursor& c : after.chats) {
        const auto found = old.find(key(c.chat.type, c.chat.id));
        if (found == old.end()) {
            made.changed.push_back(c);
            continue;
        }
        if (*found->second != c) {
            made.changed.push_back(c);
        }
        old.erase(found);
    }
    for (const auto& [name, gone] : old) {
        made.removed.push_back(gone->chat);
    }
    return made;
}

leased_cursors::leased_cursors(boost::asio::any_io_executor executor, std::shared_ptr<lease_store> store,
                               lease_ticket ticket, inbox_cursors loaded, std::function<void()> fenced)
    : executor_(std::move(executor)), store_(std::move(store)), ticket_(std::move(ticket)), saved_(std::move(loaded)),
      fenced_(std::move(fenced)) {}

result<inbox_cursors> leased_cursors::load() {
    return saved_;
}

result<void> leased_cursors::save(const inbox_cursors& cursors) {
    const auto state = state_;
    {
        const std::lock_guard lock(state->mutex);
        if (state->abandoned) {
            return not_saved(boost::asio::error::operation_aborted, "cursors: the worker has ended");
        }
        state->saved.reset();
    }
    const cursor_change change = change_of(saved_, cursors);
    boost::asio::co_spawn(executor_, store_->save_cursors(ticket_, change),
                          [state, store = store_](const std::exception_ptr& thrown, result<bool> saved) {
                              const std::lock_guard lock(state->mutex);
                              state->saved = thrown ? result<bool>(not_saved(errc::invalid_request, "cursors: the "
                                                                                                    "store threw"))
                                                    : std::move(saved);
                              state->changed.notify_all();
                          });
    std::unique_lock lock(state->mutex);
    state->changed.wait(lock, [&state] { return state->saved || state->abandoned; });
    if (!state->saved) {
        return not_saved(boost::asio::error::operation_aborted, "cursors: the worker has ended");
    }
    const result<bool> done = *std::exchange(state->saved, std::nullopt);
    lock.unlock();
    if (done.has_error()) {
        suspect(change);
        return done.error();
    }
    if (!*done) {
        fenced_();
        return not_saved(errc::invalid_request, "cursors: another worker has taken over");
    }
    saved_ = cursors;
    return {};
}

/// It may be saved all the same. The next change says it again, and removes what it would not name.
void leased_cursors::suspect(const cursor_change& change) {
    std::set<std::pair<chat_type, std::string>> known;
    for (const chat_cursor& c : saved_.chats) {
        known.emplace(c.chat.type, c.chat.id);
    }
    for (const chat_cursor& c : change.changed) {
        if (known.emplace(c.chat.type, c.chat.id).second) {
            saved_.chats.emplace_back(c.chat, 0, std::numeric_limits<std::uint64_t>::max());
        }
    }
}

void leased_cursors::abandon() noexcept {
    const std::lock_guard lock(state_->mutex);
    state_->abandoned = true;
    state_->changed.notify_all();
}

} // namespace detail
YUNHU_NAMESPACE_END
