// Copyright (c) 2026 The yunhu authors
// SPDX-License-Identifier: BSL-1.0

// What others wrote on its way to a terminal.

#include "program_test.hpp"
#include "support/terminal_process.hpp"
#include "untrusted.hpp"

#include <gmock/gmock.h>

#include <boost/json/serialize.hpp>

#include <string>
#include <vector>

namespace {

using ::testing::HasSubstr;
using ::testing::Not;

struct kind {
    const char* name;
    std::vector<char32_t> members;
};

// Each kind with all its members, or with its bounds.
std::vector<kind> kinds() {
    std::vector<kind> all{{"C0", {}}, {"C1 and DEL", {0x7F}}, {"tags", {}}};
    for (char32_t c = 1; c < 0x20; ++c) {
        all[0].members.push_back(c);
    }
    for (char32_t c = 0x80; c < 0xA0; ++c) {
        all[1].members.push_back(c);
    }
    for (char32_t c = 0xE0000; c < 0xE0080; ++c) {
        all[2].members.push_back(c);
    }
    all.push_back({"bidirectional",
                   {0x61C, 0x200E, 0x200F, 0x202A, 0x202B, 0x202C, 0x202D, 0x202E, 0x2066, 0x2067, 0x2068, 0x2069}});
    all.push_back({"zero width", {0xAD, 0x180E, 0x200B, 0x200C, 0x200D, 0x2060, 0x2061, 0x2064, 0xFEFF}});
    all.push_back({"separators", {0x2028, 0x2029}});
    all.push_back({"annotations and fillers", {0xFFF9, 0xFFFB, 0x115F, 0x3164, 0xFFA0}});
    return all;
}

std::string utf8(char32_t c) {
    const auto byte = [](char32_t bits) { return static_cast<char>(static_cast<unsigned char>(bits)); };
    if (c < 0x80) {
        return {byte(c)};
    }
    if (c < 0x800) {
        return {byte(0xC0 | c >> 6U), byte(0x80 | (c & 0x3F))};
    }
    if (c < 0x10000) {
        return {byte(0xE0 | c >> 12U), byte(0x80 | (c >> 6U & 0x3F)), byte(0x80 | (c & 0x3F))};
    }
    return {byte(0xF0 | c >> 18U), byte(0x80 | (c >> 12U & 0x3F)), byte(0x80 | (c >> 6U & 0x3F)),
            byte(0x80 | (c & 0x3F))};
}

TEST(Untrusted, NoneOfThemIsOnALine) {
    for (const kind& k : kinds()) {
        for (const char32_t c : k.members) {
            const std::string shown = tools::on_one_line("a" + utf8(c) + "b");
            EXPECT_THAT(shown, Not(HasSubstr(utf8(c)))) << k.name << ' ' << std::hex << std::uint32_t{c};
            EXPECT_THAT(shown, ::testing::StartsWith("a"));
            EXPECT_THAT(shown, ::testing::EndsWith("b"));
        }
    }
    EXPECT_EQ(tools::on_one_line("\x9B bad \xED\xA0\x80 \xC0\xAF"),
              "\xEF\xBF\xBD bad \xEF\xBF\xBD\xEF\xBF\xBD\xEF\xBF\xBD \xEF\xBF\xBD\xEF\xBF\xBD"); // not UTF-8
    EXPECT_EQ(tools::on_one_line("你好 \xF0\x9F\x98\x80 é"), "你好 \xF0\x9F\x98\x80 é");
}

TEST(Untrusted, NoneOfThemIsInJsonAndTheValueIsTheSame) {
    for (const kind& k : kinds()) {
        for (const char32_t c : k.members) {
            const json::value v = json::object{{"a" + utf8(c), "b" + utf8(c)}, {"n", 1}};
            const std::string line = tools::json_line(v);
            EXPECT_THAT(line, Not(HasSubstr(utf8(c)))) << k.name << ' ' << std::hex << std::uint32_t{c};
            EXPECT_EQ(json::parse(line), v);
        }
    }
    EXPECT_EQ(tools::json_line_of("{\t\"a\" :\r1}"), "{ \"a\" : 1}"); // blanks, not escapes
}

TEST(Untrusted, NamesTheFirstCharacterThatIsNotSeen) {
    for (const kind& k : kinds()) {
        for (const char32_t c : k.members) {
            EXPECT_THAT(tools::first_hidden_character("a" + utf8(c)), ::testing::StartsWith("U+"));
        }
    }
    EXPECT_EQ(tools::first_hidden_character("a\u200B\u200D"), "U+200B");
    EXPECT_EQ(tools::first_hidden_character("bi\u00DFchen 你好"), "");
}

// All the ways by which a message gets to a terminal.
TEST_F(ProgramTest, NothingOfOthersIsRawOnATerminal) {
    std::string hostile;
    for (const kind& k : kinds()) {
        for (const char32_t c : k.members) {
            hostile += utf8(c);
        }
    }
    yunhu::message m;
    m.msg_id = "id" + hostile;
    m.content_type = yunhu::content_type::text;
    m.content->text = "text" + hostile;
    m.sender.name = "name" + hostile;
    m.send_time = std::uint64_t(-1);
    server().deliver(yunhu::group("big"), m);
    const auto expect_harmless = [&](const std::string& screen, const std::string& how) {
        EXPECT_THAT(screen, HasSubstr("text")) << how;
        for (const kind& k : kinds()) {
            for (const char32_t c : k.members) {
                if (c != '\r' && c != '\n') { // the ends of lines
                    EXPECT_THAT(screen, Not(HasSubstr(utf8(c)))) << how << ": " << k.name;
                }
            }
        }
    };
    for (const std::vector<std::string>& how : std::vector<std::vector<std::string>>{
             {"list-message", "--chat", "group:big"},
             {"list-message", "--chat", "group:big", "--json"},
             {"history", "--chat", "group:big"},
             {"history", "--chat", "group:big", "--json"},
         }) {
        std::vector<std::string> command = how;
        command.insert(command.begin(), PROGRAM_YUNHU);
        for (const unsigned short columns : std::vector<unsigned short>{80, 200}) {
            terminal_process program(command, environment(), columns);
            expect_harmless(program.wait().out, ::testing::PrintToString(how));
        }
    }
    for (const std::string form : {"--json", "--lines=5"}) {
        terminal_process program({PROGRAM_YUNHU, "tail", "--chat", "group:big", form}, environment(), 2000);
        const std::string screen = program.read_until("\n");
        expect_harmless(screen, "tail " + form);
        if (form != "--json") {
            EXPECT_THAT(screen, HasSubstr("1  -  id")); // the time is none
        }
    }
    for (const std::string form : {"--json", "--follow=group:big"}) {
        terminal_process program({PROGRAM_YUNHU, "listen", form, "--user-id", server().options().user_id, "--gateway",
                                  server().gateway_url()},
                                 environment(), 2000);
        program.read_until("connected");
        program.read_until("\n");
        server().say("2", yunhu::group("big"), "text" + hostile);
        expect_harmless(program.read_until("\n"), "listen " + form);
    }
    terminal_process batch({PROGRAM_YUNHU, "batch"}, environment());
    batch.type(R"({"call":"list-message","chat":"group:big"})"
               "\n");
    batch.read_until("\n"); // its echo
    expect_harmless(batch.read_until("\n"), "batch");
}

} // namespace
