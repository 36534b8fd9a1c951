// Copyright (c) 2026 The yunhu authors
// SPDX-License-Identifier: BSL-1.0

#include "engine/stream_assembler.hpp"

YUNHU_NAMESPACE_BEGIN
namespace engine {

void stream_assembler::begin(std::uint64_t event, message_event first, time_point now) {
    const std::string id = first.message.msg_id;
    const auto [at, added] = streams_.try_emplace(id, stream{{event, std::move(first)}, later(now, silence_)});
    if (added) {
        dues_.insert({at->second.due, id});
    }
}

bool stream_assembler::append(const stream_event& delta, time_point now) {
    const auto found = streams_.find(delta.msg_id);
    if (found == streams_.end()) {
        return false;
    }
    found->second.so_far.message.message.content->text += delta.text;
    postpone(found, now);
    return true;
}

void stream_assembler::replace(const edit_event& edit, time_point now) {
    const auto found = streams_.find(edit.message.msg_id);
    if (found != streams_.end()) {
        message& m = found->second.so_far.message.message;
        m.content = edit.message.content;
        m.edit_time = edit.message.edit_time;
        postpone(found, now);
    }
}

void stream_assembler::postpone(streams::iterator which, time_point now) {
    dues_.erase({which->second.due, which->first});
    which->second.due = later(now, silence_);
    dues_.insert({which->second.due, which->first});
}

std::optional<stream_assembler::whole> stream_assembler::take(time_point now) {
    if (dues_.empty() || dues_.begin()->first > now) {
        return std::nullopt;
    }
    const auto found = streams_.find(dues_.begin()->second);
    std::optional<whole> made(std::move(found->second.so_far));
    dues_.erase(dues_.begin());
    streams_.erase(found);
    return made;
}

std::optional<time_point> stream_assembler::due() const {
    return dues_.empty() ? std::nullopt : std::optional(dues_.begin()->first);
}

} // namespace engine
YUNHU_NAMESPACE_END
