// Copyright (c) 2026 The yunhu authors
// SPDX-License-Identifier: BSL-1.0

#include <yunhu/event.hpp>
#include <yunhu/view.hpp>

#include <gtest/gtest.h>

#include <cstddef>
#include <string>
#include <string_view>
#include <type_traits>
#include <utility>
#include <variant>
#include <vector>

namespace yunhu {
namespace {

template <class T> struct alternatives;
template <class... Types> struct alternatives<std::variant<Types...>> {
    static constexpr bool no_aggregate = (!std::is_aggregate_v<Types> && ...);
    static constexpr bool movable = (std::is_nothrow_move_constructible_v<Types> && ...);
    static std::vector<event> all() { return {Types()...}; }
};

static_assert(alternatives<event>::no_aggregate, "GCC 12 destroys aggregates twice in a co_await expression");
static_assert(alternatives<event>::movable, "a queue of events moves them");

TEST(event, each_has_its_name) {
    const std::vector<std::string_view> expected{"message", "edit", "recall", "blocked", "stream",  "draft",  "board",
                                                 "request", "call", "file",   "gap",     "session", "unknown"};
    const std::vector<event> all = alternatives<event>::all();
    ASSERT_EQ(all.size(), expected.size());
    for (std::size_t i = 0; i < all.size(); ++i) {
        EXPECT_EQ(name(all[i]), expected[i]);
    }
}

TEST(event, those_of_a_chat_have_one) {
    for (const event& e : alternatives<event>::all()) {
        const std::string_view kind = name(e);
        const bool without =
            kind == "request" || kind == "call" || kind == "file" || kind == "session" || kind == "unknown";
        EXPECT_EQ(chat_of(e) == nullptr, without) << kind;
    }
    message_event m;
    m.chat = group("big");
    const event e = m;
    ASSERT_NE(chat_of(e), nullptr);
    EXPECT_EQ(*chat_of(e), group("big"));
}

TEST(event, a_message_has_the_views_of_the_history) {
    message_event m;
    m.message.content_type = content_type::text;
    m.message.content->text = "hi";
    EXPECT_EQ(std::get<text_view>(view(m.message)).text, "hi");
    EXPECT_FALSE(quote_of(m.message));
}

TEST(event, reasons_and_states_have_names) {
    EXPECT_EQ(to_string(gap_reason::limit), "limit");
    EXPECT_EQ(to_string(gap_reason::refused), "refused");
    EXPECT_EQ(to_string(gap_reason::unavailable), "unavailable");
    EXPECT_EQ(to_string(gap_reason::not_listed), "not_listed");
    EXPECT_EQ(to_string(gap_reason::late), "late");
    EXPECT_EQ(to_string(gap_reason::changes), "changes");
    EXPECT_EQ(to_string(static_cast<gap_reason>(99)), "unknown");
    EXPECT_EQ(to_string(session_state::connected), "connected");
    EXPECT_EQ(to_string(session_state::lost), "lost");
    EXPECT_EQ(to_string(session_state::refused), "refused");
    EXPECT_EQ(to_string(session_state::warning), "warning");
    EXPECT_EQ(to_string(static_cast<session_state>(99)), "unknown");
}

} // namespace
} // namespace yunhu
