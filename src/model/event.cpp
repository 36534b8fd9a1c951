// Copyright (c) 2026 The yunhu authors
// SPDX-License-Identifier: BSL-1.0

#include <yunhu/event.hpp>

#include <array>
#include <cstddef>

YUNHU_NAMESPACE_BEGIN

std::string_view to_string(gap_reason r) noexcept {
    switch (r) {
    case gap_reason::limit:
        return "limit";
    case gap_reason::refused:
        return "refused";
    case gap_reason::unavailable:
        return "unavailable";
    case gap_reason::not_listed:
        return "not_listed";
    case gap_reason::late:
        return "late";
    case gap_reason::changes:
        return "changes";
    case gap_reason::unreadable:
        return "unreadable";
    }
    return "unknown";
}

std::string_view to_string(session_state s) noexcept {
    switch (s) {
    case session_state::connected:
        return "connected";
    case session_state::lost:
        return "lost";
    case session_state::refused:
        return "refused";
    case session_state::warning:
        return "warning";
    }
    return "unknown";
}

const chat* chat_of(const event& e) noexcept {
    return std::visit(
        [](const auto& alternative) -> const chat* {
            if constexpr (requires { alternative.chat; }) {
                return &alternative.chat;
            } else {
                return nullptr;
            }
        },
        e);
}

std::string_view name(const event& e) noexcept {
    static constexpr std::array<std::string_view, std::variant_size_v<event>> names{
        "message", "edit", "recall", "blocked", "stream",  "draft",  "board",
        "request", "call", "file",   "gap",     "session", "unknown"};
    const std::size_t index = e.index();
    return index < names.size() ? names[index] : "unknown";
}

YUNHU_NAMESPACE_END
