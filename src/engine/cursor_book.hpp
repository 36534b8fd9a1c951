// Copyright (c) 2026 The yunhu authors
// SPDX-License-Identifier: BSL-1.0
#pragma once

#include "engine/event_queue.hpp"

#include <yunhu/config.hpp>
#include <yunhu/cursor_store.hpp>
#include <yunhu/types.hpp>

#include <cstddef>
#include <cstdint>
#include <map>
#include <utility>

YUNHU_NAMESPACE_BEGIN
namespace engine {

/// The positions of the events that the user has acknowledged: what a restarted program goes on from. Bounded: the
/// chats that were quiet for the longest time lose their cursor, and `since` takes its place.
class cursor_book {
public:
    cursor_book(const inbox_cursors& from, std::size_t max_chats);

    /// The user is done with the event.
    void acknowledge(const queued_event& e);
    /// The user is done with the events of the chat up to there.
    void acknowledge(const chat& in, const chat_position& at);
    /// The position in chats without a cursor, once it is known.
    void start_at(std::uint64_t since) noexcept;

    /// There is something to save that `snapshot` has not returned.
    [[nodiscard]] bool changed() const noexcept { return changed_; }
    [[nodiscard]] inbox_cursors snapshot();
    /// What `snapshot` returned was not saved.
    void not_saved() noexcept { changed_ = true; }

private:
    using key = std::pair<chat_type, std::string>;

    void evict();

    std::size_t max_chats_;
    std::uint64_t since_;
    std::map<key, chat_position> chats_;
    bool changed_ = false;
};

} // namespace engine
YUNHU_NAMESPACE_END
