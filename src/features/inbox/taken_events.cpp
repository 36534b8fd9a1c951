// Copyright (c) 2026 The yunhu authors
// SPDX-License-Identifier: BSL-1.0

#include "features/inbox/taken_events.hpp"

#include <algorithm>
#include <string_view>
#include <variant>

YUNHU_NAMESPACE_BEGIN
namespace detail {
namespace {

struct id_of {
    std::string_view operator()(const message_event& e) const { return e.message.msg_id; }
    std::string_view operator()(const edit_event& e) const { return e.message.msg_id; }
    std::string_view operator()(const recall_event& e) const { return e.message.msg_id; }
    std::string_view operator()(const blocked_event& e) const { return e.msg_id; }
    template <class Other> std::string_view operator()(const Other& /*other*/) const { return {}; }
};

} // namespace

void taken_events::add(const engine::queued_event& taken) {
    const chat* const in = chat_of(taken.value);
    if (in != nullptr && taken.at.seq != 0) {
        chats_[{in->type, in->id}].push_back({std::string(std::visit(id_of(), taken.value)), taken.at});
    }
}

std::vector<taken_events::position> taken_events::acknowledge(const event& done) {
    const chat* const in = chat_of(done);
    const auto found = in != nullptr ? chats_.find({in->type, in->id}) : chats_.end();
    if (found == chats_.end()) {
        return {};
    }
    std::deque<entry>& entries = found->second;
    const std::string_view id = std::visit(id_of(), done);
    const bool numbered = !id.empty() || std::holds_alternative<gap_event>(done);
    const auto at = std::find_if(entries.begin(), entries.end(), [&](const entry& e) { return e.msg_id == id; });
    if (!numbered || at == entries.end()) {
        return {};
    }
    std::vector<position> made{{*in, at->at}};
    entries.erase(entries.begin(), std::next(at));
    if (entries.empty()) {
        chats_.erase(found);
    }
    return made;
}

std::vector<taken_events::position> taken_events::acknowledge_all() {
    std::vector<position> made;
    made.reserve(chats_.size());
    for (const auto& [in, entries] : chats_) {
        made.push_back({chat(in.first, in.second), entries.back().at});
    }
    chats_.clear();
    return made;
}

} // namespace detail
YUNHU_NAMESPACE_END
