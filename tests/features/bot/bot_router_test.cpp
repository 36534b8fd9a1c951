// Copyright (c) 2026 The yunhu authors
// SPDX-License-Identifier: BSL-1.0

#include "features/bot/bot_router.hpp"

#include <yunhu/bot.hpp>
#include <yunhu/draft.hpp>

#include <gtest/gtest.h>

#include <stdexcept>
#include <string>
#include <variant>

namespace yunhu::detail {
namespace {

using kind = bot_route::kind;

message_event said(const std::string& words) {
    message_event made;
    made.chat = group("big");
    made.message.sender.chat_id = "2";
    made.message.sender.chat_type = chat_type::user;
    made.message.content_type = content_type::text;
    made.message.content->text = words;
    return made;
}

bot_route command(const std::string& name) {
    bot_route made(kind::command);
    made.name = name;
    return made;
}

std::string arguments(const bot_router& router, const std::string& words) {
    const auto found = router.find(event(said(words)));
    return found ? words.substr(found->arguments.first, found->arguments.second) : "no route";
}

TEST(bot_router, a_command_is_the_first_word) {
    bot_router router("1", false, false);
    router.add(command("go"));
    EXPECT_EQ(arguments(router, "/go"), "");
    EXPECT_EQ(arguments(router, "/go north "), "north");
    EXPECT_EQ(arguments(router, " /go\n far  away\n"), "far  away");
    for (const char* const other : {"go", "/gone", "/Go", "please /go", "/", "", "//go", " "}) {
        EXPECT_EQ(arguments(router, other), "no route") << other;
    }
    message_event of_a_menu = said("north");
    of_a_menu.message.cmd.emplace();
    of_a_menu.message.cmd->name = "go";
    const auto found = router.find(event(of_a_menu));
    ASSERT_TRUE(found);
    EXPECT_EQ(found->arguments, std::pair(std::size_t{0}, std::size_t{5}));
}

TEST(bot_router, commands_go_first_then_the_order_of_registration) {
    bot_router router("1", false, false);
    router.add(bot_route(kind::message));
    bot_route hello(kind::pattern);
    hello.pattern = "hello";
    router.add(hello);
    router.add(command("go"));
    router.add(command("go"));
    EXPECT_EQ(router.find(event(said("/go")))->route, 2U);
    EXPECT_EQ(router.find(event(said("hello")))->route, 0U) << "registered before the pattern";
}

TEST(bot_router, each_kind_of_route) {
    bot_router router("1", false, false);
    bot_route pattern(kind::pattern);
    pattern.pattern = "(\\d+) (cats|dogs)?";
    bot_route match(kind::match);
    match.matches = [](const message_event& m) { return m.message.content->text == "match"; };
    bot_route image(kind::content);
    image.content = content_type::image;
    bot_route recall(kind::event);
    recall.event_kind = event(recall_event()).index();
    for (const bot_route& each : {pattern, match, image, bot_route(kind::mention), bot_route(kind::buttons), recall}) {
        router.add(each);
    }
    const auto cats = router.find(event(said("I have 3 cats")));
    ASSERT_TRUE(cats);
    EXPECT_EQ(cats->captures, (std::vector<std::string>{"3", "cats"}));
    EXPECT_EQ(router.find(event(said("3 ")))->captures, (std::vector<std::string>{"3", ""}));
    EXPECT_EQ(router.find(event(said("match")))->route, 1U);
    message_event picture = said("");
    picture.message.content_type = content_type::image;
    EXPECT_EQ(router.find(event(picture))->route, 2U);
    message_event mention = said("x");
    mention.message.content->mentioned_id = {"3", "1"};
    EXPECT_EQ(router.find(event(mention))->route, 3U);
    mention.message.content->mentioned_id = {"3", "11"};
    EXPECT_FALSE(router.find(event(mention)));
    message_event buttons = said("x");
    buttons.message.content->buttons = "[]";
    EXPECT_EQ(router.find(event(buttons))->route, 4U);
    EXPECT_EQ(router.find(event(recall_event()))->route, 5U);
    EXPECT_FALSE(router.find(event(gap_event())));
    router.add(bot_route(kind::any));
    EXPECT_EQ(router.find(event(gap_event()))->route, 6U);
}

TEST(bot_router, a_pattern_is_not_tried_on_a_long_text) {
    bot_router router("1", false, false);
    bot_route all(kind::pattern);
    all.pattern = "(a|b)*";
    router.add(all);
    EXPECT_TRUE(router.find(event(said(std::string(bot::max_pattern_text, 'a')))));
    EXPECT_FALSE(router.find(event(said(std::string(bot::max_pattern_text + 1, 'a')))));
}

TEST(bot_router, own_messages_and_those_of_bots_are_not_for_handlers) {
    event own(said("x"));
    std::get<message_event>(own).own = true;
    event of_a_bot(said("x"));
    std::get<message_event>(of_a_bot).message.sender.chat_type = chat_type::bot;
    event own_edit{edit_event()};
    std::get<edit_event>(own_edit).own = true;
    const bot_router strict("1", false, false);
    EXPECT_TRUE(strict.accepts(event(said("x"))));
    EXPECT_TRUE(strict.accepts(event(session_event())));
    EXPECT_FALSE(strict.accepts(own));
    EXPECT_FALSE(strict.accepts(own_edit));
    EXPECT_FALSE(strict.accepts(of_a_bot));
    const bot_router open("1", true, true);
    EXPECT_TRUE(open.accepts(own));
    EXPECT_TRUE(open.accepts(of_a_bot));
}

TEST(bot_router, what_a_predicate_throws_is_passed_on) {
    bot_router router("1", false, false);
    bot_route match(kind::match);
    match.matches = [](const message_event&) -> bool { throw std::runtime_error("no"); };
    router.add(match);
    EXPECT_THROW((void)router.find(event(said("x"))), std::runtime_error);
}

} // namespace
} // namespace yunhu::detail
