// Copyright (c) 2026 The yunhu authors
// SPDX-License-Identifier: BSL-1.0

#include <yunhu/buttons.hpp>

#include <gtest/gtest.h>

#include <cstdint>
#include <limits>
#include <string>
#include <vector>

namespace yunhu::test {
namespace {

TEST(buttons, become_rows_of_objects) {
    EXPECT_EQ(buttons_to_json({row(url_button("Open", "https://x.test/?a=1"), copy_button("Copy", "abc")),
                               row(report_button("Yes", "y"))}),
              R"([[{"text":"Open","actionType":1,"url":"https://x.test/?a=1"},)"
              R"({"text":"Copy","actionType":2,"value":"abc"}],)"
              R"([{"text":"Yes","actionType":3,"value":"y"}]])");
    EXPECT_EQ(buttons_to_json({}), "[]");
}

TEST(buttons, are_escaped) {
    const std::vector<button_row> rows{row(report_button("\"}]\\\n\x01", "云湖 \xF0\x9F\x98\x80"))};
    EXPECT_EQ(buttons_to_json(rows),
              "[[{\"text\":\"\\\"}]\\\\\\n\\u0001\",\"actionType\":3,\"value\":\"云湖 \xF0\x9F\x98\x80\"}]]");
    EXPECT_EQ(parse_buttons(buttons_to_json(rows)), rows);
}

TEST(buttons, round_trip_with_every_field_and_an_unknown_action) {
    const std::vector<button_row> rows{
        row(button("a", button_action{std::numeric_limits<std::uint64_t>::max()}, "v", "u")), row(),
        row(url_button("b", "u"), copy_button("c", "v"), report_button("d", ""))};
    EXPECT_EQ(parse_buttons(buttons_to_json(rows)), rows);
}

TEST(buttons, are_absent_in_an_empty_text) {
    EXPECT_EQ(parse_buttons(""), std::vector<button_row>());
}

TEST(buttons, may_lack_fields_and_have_more) {
    EXPECT_EQ(parse_buttons(R"([[{"text":"a","value":null,"colour":"red"}]])"),
              std::vector{row(button("a", button_action{}, "", ""))});
}

TEST(buttons, that_cannot_be_parsed_are_absent) {
    for (const char* const bad :
         {"{", "{}", "null", "[1]", "[{}]", "[[1]]", "[[{\"text\":1}]]", "[[{\"actionType\":\"3\"}]]",
          "[[{\"actionType\":-1}]]", "[[{\"actionType\":1.5}]]", "[[]] x"}) {
        EXPECT_FALSE(parse_buttons(bad)) << bad;
    }
    EXPECT_FALSE(parse_buttons(std::string(10'000, '[')));
}

} // namespace
} // namespace yunhu::test
