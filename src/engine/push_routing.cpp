// Copyright (c) 2026 The yunhu authors
// SPDX-License-Identifier: BSL-1.0

#include "engine/catch_up_fsm.hpp"
#include "engine/speaker.hpp"

#include <algorithm>
#include <type_traits>
#include <utility>
#include <variant>

// The way of a push to its chat's timeline.
YUNHU_NAMESPACE_BEGIN
namespace engine {

void catch_up_fsm::pushed(gateway::frame&& frame, time_point now) {
    std::visit(
        [&](auto& f) {
            using type = std::remove_cvref_t<decltype(f)>;
            if constexpr (std::is_same_v<type, gateway::pushed_message> ||
                          std::is_same_v<type, gateway::pushed_delta>) {
                route(std::move(f), now);
            } else if constexpr (std::is_same_v<type, gateway::pushed_draft>) {
                route(std::move(f));
            } else if constexpr (std::is_same_v<type, board_event>) {
                route_board(std::move(f));
            } else if constexpr (std::is_constructible_v<event, type>) {
                events_.add(event(std::move(f)));
            }
        },
        frame);
}

void catch_up_fsm::report_unreadable(const chat& in) {
    ++context_.gaps;
    events_.add(gap_event(in, 0, 0, gap_reason::unreadable));
}

void catch_up_fsm::route(gateway::pushed_message&& pushed, time_point now) {
    const chat in = resolve(pushed);
    if (!follows(in)) {
        return;
    }
    if (in.type != chat_type{} && !in.id.empty()) {
        place(in, std::move(pushed), now);
        return;
    }
    if (pushed.what == gateway::pushed_message::kind::message) {
        if (events_.delivered(pushed.message.msg_id)) {
            events_.count_duplicate();
        } else {
            events_.add_message(in, std::move(pushed.message), {});
        }
    } else if (unplaced_.size() < options_.max_per_chat) {
        // Its message may arrive within the grace, or be listed by a round.
        unplaced_.push_back({later(now, options_.hole_grace), std::move(pushed)});
    } else {
        events_.add_change(in, std::move(pushed), {});
    }
}

void catch_up_fsm::place(const chat& in, gateway::pushed_message&& pushed, time_point now) {
    const std::string msg_id = unplaced_.empty() ? std::string() : pushed.message.msg_id;
    tracked& t = track(in);
    t.timeline.push(std::move(pushed), context_);
    // Changes that arrived before their message, and now have a chat.
    for (auto change = unplaced_.begin(); change != unplaced_.end();) {
        if (change->pushed.message.msg_id == msg_id) {
            t.timeline.push(std::move(change->pushed), context_);
            change = unplaced_.erase(change);
        } else {
            ++change;
        }
    }
    look_at(t, now);
}

/// The chat of a push; of type 0 if it is not known.
chat catch_up_fsm::resolve(const gateway::pushed_message& pushed) {
    chat in = chat_of_push(pushed, options_.own_id);
    if (in.type == chat_type{}) {
        // Changes lack the type of their chat, and private ones its id.
        if (std::optional<chat> known = known_chat(pushed.message.msg_id)) {
            return *std::move(known);
        }
        if (const tracked* const t = find_by_id(in.id)) {
            return t->timeline.chat();
        }
    }
    return in;
}

void catch_up_fsm::route(gateway::pushed_delta pushed, time_point now) {
    chat in = chat_of_delta(pushed, options_.own_id);
    tracked* t = nullptr;
    if (const std::optional<chat> known = known_chat(pushed.msg_id)) {
        in = *known;
        t = find(in);
    } else {
        t = find_by_id(in.id);
    }
    if (t != nullptr) {
        t->timeline.push(std::move(pushed), context_);
        look_at(*t, now);
    } else if (follows(in)) {
        events_.add_delta(in, std::move(pushed));
    }
}

void catch_up_fsm::route(gateway::pushed_draft pushed) {
    const tracked* const t = find_by_id(pushed.chat_id);
    const chat in = t != nullptr ? t->timeline.chat() : chat(chat_type{}, pushed.chat_id);
    if (follows(in)) {
        events_.add_draft(in, std::move(pushed));
    }
}

void catch_up_fsm::route_board(board_event board) {
    if (follows(board.chat)) {
        events_.add(event(std::move(board)));
    }
}

/// Changes whose chat is known by now, or whose message is not pushed and not listed.
void catch_up_fsm::release_unplaced(time_point now) {
    while (!unplaced_.empty() && !may_list_more()) {
        const chat in = resolve(unplaced_.front().pushed);
        const bool placed = in.type != chat_type{} && !in.id.empty();
        if (!placed && now < unplaced_.front().due) {
            return;
        }
        gateway::pushed_message change = std::move(unplaced_.front().pushed);
        unplaced_.pop_front();
        if (placed) {
            place(in, std::move(change), now);
        } else {
            events_.add_change(in, std::move(change), {});
        }
    }
}

/// A list or a round is on its way.
bool catch_up_fsm::may_list_more() const noexcept {
    return list_ != list_state::idle || !queue_.empty() || !requests_.empty();
}

bool catch_up_fsm::follows(const chat& in) const {
    if (options_.follow.empty()) {
        return true;
    }
    return std::any_of(options_.follow.begin(), options_.follow.end(),
                       [&](const chat& c) { return c.id == in.id && (c.type == in.type || in.type == chat_type{}); });
}

catch_up_fsm::tracked* catch_up_fsm::find(const chat& in) {
    const auto found = chats_.find(in);
    return found != chats_.end() ? &found->second : nullptr;
}

/// The chat with that id, of any type.
catch_up_fsm::tracked* catch_up_fsm::find_by_id(const std::string& id) {
    for (const chat_type type : {chat_type::group, chat_type::bot, chat_type::user}) {
        if (tracked* const t = find(chat(type, id))) {
            return t;
        }
    }
    return nullptr;
}

catch_up_fsm::tracked& catch_up_fsm::track(const chat& in) {
    if (chats_.size() >= options_.max_chats + options_.max_chats / 10 && find(in) == nullptr) {
        evict();
    }
    const auto [at, added] = chats_.try_emplace(in, in, chat_position{0, since_});
    if (added && connected_ && list_ == list_state::idle) {
        at->second.timeline.verify(context_); // nothing is missed in it: it is new
    }
    return at->second;
}

std::optional<chat> catch_up_fsm::known_chat(const std::string& msg_id) {
    const seen_messages::entry* const known = events_.seen().find(msg_id);
    if (known == nullptr || known->chat.id.empty() || known->chat.type == chat_type{}) {
        return std::nullopt;
    }
    return known->chat;
}

} // namespace engine
YUNHU_NAMESPACE_END
