// Copyright (c) 2026 The yunhu authors
// SPDX-License-Identifier: BSL-1.0

#include "features/bot/bot_router.hpp"

#include "engine/speaker.hpp"

#include <yunhu/bot.hpp>

#include <algorithm>
#include <variant>

YUNHU_NAMESPACE_BEGIN
namespace detail {
namespace {

constexpr std::string_view command_spaces = " \t\r\n";

bool match_command(const message& m, const std::string& name, bot_router::found& into) {
    const std::string_view text = m.content->text;
    const std::size_t begin = text.find_first_not_of(command_spaces);
    std::size_t rest = text.size();
    bool matches = false;
    if (begin != std::string_view::npos && text[begin] == '/') {
        const std::size_t end = std::min(text.find_first_of(command_spaces, begin), text.size());
        matches = text.substr(begin + 1, end - begin - 1) == name;
        rest = end;
    }
    if (!matches && m.cmd && (m.cmd->name == name || m.cmd->name == "/" + name)) {
        matches = true;
        rest = 0;
    }
    if (matches) {
        const std::size_t first = std::min(text.find_first_not_of(command_spaces, rest), text.size());
        const std::size_t last = text.find_last_not_of(command_spaces);
        into.command = true;
        into.arguments = {first, first < text.size() ? last + 1 - first : 0};
    }
    return matches;
}

bool match_pattern(const std::string& text, const std::regex& pattern, bot_router::found& into) {
    std::smatch groups;
    if (text.size() > bot::max_pattern_text || !std::regex_search(text, groups, pattern)) {
        return false;
    }
    for (std::size_t i = 1; i < groups.size(); ++i) {
        into.captures.push_back(groups[i].str());
    }
    return true;
}

} // namespace

void bot_router::add(bot_route route) {
    routes_.push_back(std::move(route));
}

bool bot_router::accepts(const event& e) const noexcept {
    const auto accepted = [this](bool own, const sender& from) {
        return own ? own_messages_ : other_bots_ || !engine::is_bot(from);
    };
    if (const auto* const m = std::get_if<message_event>(&e)) {
        return accepted(m->own, m->message.sender);
    }
    if (const auto* const m = std::get_if<edit_event>(&e)) {
        return accepted(m->own, m->message.sender);
    }
    return true;
}

std::optional<bot_router::found> bot_router::find(const event& e) const {
    found made;
    for (const bool commands : {true, false}) {
        for (std::size_t i = 0; i < routes_.size(); ++i) {
            if ((routes_[i].what == bot_route::kind::command) == commands && try_route(routes_[i], e, made)) {
                made.route = i;
                return made;
            }
        }
    }
    return std::nullopt;
}

bool bot_router::try_route(const bot_route& route, const event& e, found& into) const {
    if (route.what == bot_route::kind::any) {
        return true;
    }
    if (route.what == bot_route::kind::event) {
        return route.event_kind == e.index();
    }
    const auto* const m = std::get_if<message_event>(&e);
    if (m == nullptr) {
        return false;
    }
    const content& body = *m->message.content;
    switch (route.what) {
    case bot_route::kind::command:
        return match_command(m->message, route.name, into);
    case bot_route::kind::content:
        return m->message.content_type == route.content;
    case bot_route::kind::mention:
        return std::ranges::find(body.mentioned_id, own_id_) != body.mentioned_id.end();
    case bot_route::kind::pattern:
        return match_pattern(body.text, route.pattern, into);
    case bot_route::kind::match:
        return route.matches(*m);
    case bot_route::kind::buttons:
        return !body.buttons.empty();
    default:
        return true; // message
    }
}

} // namespace detail
YUNHU_NAMESPACE_END
