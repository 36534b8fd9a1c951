// Copyright (c) 2026 The yunhu authors
// SPDX-License-Identifier: BSL-1.0

#include "engine/cursor_book.hpp"

#include <algorithm>
#include <vector>

YUNHU_NAMESPACE_BEGIN
namespace engine {

cursor_book::cursor_book(const inbox_cursors& from, std::size_t max_chats)
    : max_chats_(std::max<std::size_t>(max_chats, 1)), since_(from.since) {
    for (const chat_cursor& c : from.chats) {
        chats_[{c.chat.type, c.chat.id}] = {c.msg_seq, c.time};
    }
    evict();
}

void cursor_book::acknowledge(const queued_event& e) {
    if (const chat* const in = chat_of(e.value); in != nullptr && e.at.seq != 0) {
        acknowledge(*in, e.at);
    }
}

void cursor_book::acknowledge(const chat& in, const chat_position& at) {
    chat_position& known = chats_[{in.type, in.id}];
    if (at.seq > known.seq || at.time > known.time) {
        known.seq = std::max(known.seq, at.seq);
        known.time = std::max(known.time, at.time);
        changed_ = true;
    }
    evict();
}

void cursor_book::start_at(std::uint64_t since) noexcept {
    if (since_ == 0 && since != 0) {
        since_ = since;
        changed_ = true;
    }
}

inbox_cursors cursor_book::snapshot() {
    changed_ = false;
    inbox_cursors made;
    made.since = since_;
    made.chats.reserve(chats_.size());
    for (const auto& [in, at] : chats_) {
        made.chats.emplace_back(chat(in.first, in.second), at.seq, at.time);
    }
    return made;
}

// A chat that loses its cursor has no message after `since`, or it would not be among the quiet ones.
void cursor_book::evict() {
    if (chats_.size() <= max_chats_) {
        return;
    }
    std::vector<std::map<key, chat_position>::iterator> by_time;
    by_time.reserve(chats_.size());
    for (auto at = chats_.begin(); at != chats_.end(); ++at) {
        by_time.push_back(at);
    }
    const std::size_t excess = chats_.size() - max_chats_ + max_chats_ / 10;
    const auto end = by_time.begin() + static_cast<std::ptrdiff_t>(std::min(excess, by_time.size()));
    std::partial_sort(by_time.begin(), end, by_time.end(),
                      [](const auto& a, const auto& b) { return a->second.time < b->second.time; });
    for (auto at = by_time.begin(); at != end; ++at) {
        since_ = std::max(since_, (*at)->second.time);
        chats_.erase(*at);
    }
    changed_ = true;
}

} // namespace engine
YUNHU_NAMESPACE_END
