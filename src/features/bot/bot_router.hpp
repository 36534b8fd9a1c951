// Copyright (c) 2026 The yunhu authors
// SPDX-License-Identifier: BSL-1.0
#pragma once

#include <yunhu/config.hpp>
#include <yunhu/event.hpp>
#include <yunhu/types.hpp>

#include <cstddef>
#include <cstdint>
#include <functional>
#include <optional>
#include <regex>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

YUNHU_NAMESPACE_BEGIN
namespace detail {

/// What a handler of a bot was registered for.
struct bot_route {
    enum class kind : std::uint8_t { command, content, mention, pattern, match, buttons, message, event, any };

    explicit bot_route(kind which) : what(which) {}

    kind what;
    std::string name;                                  ///< of command, without the `/`
    content_type content{};                            ///< of content
    std::regex pattern;                                ///< of pattern
    std::function<bool(const message_event&)> matches; ///< of match
    std::size_t event_kind = 0;                        ///< of event: index of the alternative
};

/// Decides which handler gets an event. Pure, but for the user's predicates.
class bot_router {
public:
    struct found {
        std::size_t route = 0;
        std::pair<std::size_t, std::size_t> arguments; ///< of a command: offset in the text, and size
        bool command = false;
        std::vector<std::string> captures; ///< of a pattern
    };

    bot_router(std::string own_id, bool own_messages, bool other_bots)
        : own_id_(std::move(own_id)), own_messages_(own_messages), other_bots_(other_bots) {}

    /// The routes are numbered from 0.
    void add(bot_route route);
    /// False: handlers must not see the event.
    [[nodiscard]] bool accepts(const event& e) const noexcept;
    /// The route of an event. Throws what a predicate throws.
    [[nodiscard]] std::optional<found> find(const event& e) const;

private:
    [[nodiscard]] bool try_route(const bot_route& route, const event& e, found& into) const;

    std::string own_id_;
    bool own_messages_;
    bool other_bots_;
    std::vector<bot_route> routes_;
};

} // namespace detail
YUNHU_NAMESPACE_END
