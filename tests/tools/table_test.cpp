// Copyright (c) 2026 The yunhu authors
// SPDX-License-Identifier: BSL-1.0

// Tables on a terminal, lines in a pipe.

#include "program_test.hpp"
#include "support/terminal_process.hpp"

#include <gmock/gmock.h>

#include <sstream>

namespace {

using ::testing::HasSubstr;

// As a terminal shows it: an ASCII character takes one column, a Chinese one two. The tests have no others.
std::size_t columns_of(std::string_view text) {
    std::size_t columns = 0;
    for (const char c : text) {
        const auto byte = static_cast<unsigned char>(c);
        columns += byte < 0x80 ? 1 : byte >= 0xC0 ? 2 : 0;
    }
    return columns;
}

std::vector<std::string> lines_of(const std::string& screen) {
    std::vector<std::string> lines;
    std::istringstream in(screen);
    for (std::string line; std::getline(in, line);) {
        line.erase(line.find_last_not_of('\r') + 1);
        lines.push_back(line);
    }
    return lines;
}

class TableTest : public ProgramTest {
protected:
    TableTest() {
        add("张三", "你好，世界");
        add("Bob", "hello");
        add("a name that is much too long for a column", std::string(300, 'x'));
        add("李", [] {
            std::string text;
            for (int i = 0; i < 100; ++i) {
                text += "长";
            }
            return text;
        }());
    }

    void add(const std::string& name, const std::string& text) {
        yunhu::message m;
        m.msg_id = "0123456789abcdef0123456789abcde" + std::to_string(++messages_);
        m.sender.name = name;
        m.content_type = yunhu::content_type::text;
        m.content->text = text;
        server().deliver(yunhu::group("big"), m);
    }

    [[nodiscard]] std::vector<std::string> table(const std::vector<std::string>& environment, unsigned short columns) {
        terminal_process program({PROGRAM_YUNHU, "list-message", "--chat", "group:big"}, environment, columns);
        const finished end = program.wait();
        EXPECT_EQ(end.exit_code, 0) << end.out;
        return lines_of(end.out);
    }

private:
    int messages_ = 0;
};

// Heading, line, four rows, the number; each column begins where its heading does.
void expect_aligned(const std::vector<std::string>& lines, std::string_view kind_heading, std::size_t width) {
    ASSERT_EQ(lines.size(), 7U);
    const std::size_t kind = columns_of(lines[0].substr(0, lines[0].find(kind_heading)));
    for (std::size_t i = 2; i < 6; ++i) {
        const std::size_t at = lines[i].find("  text  ");
        ASSERT_NE(at, std::string::npos) << lines[i];
        EXPECT_EQ(columns_of(lines[i].substr(0, at + 2)), kind) << lines[i];
        EXPECT_LE(columns_of(lines[i]), width) << lines[i];
    }
}

TEST_F(TableTest, IsAlignedByWhatATerminalShows) {
    const auto lines = table(environment(), 80);
    expect_aligned(lines, "KIND", 80);
    EXPECT_THAT(lines[0], HasSubstr("SEQ  TIME "));
    EXPECT_THAT(lines[1], HasSubstr("----  "));
    EXPECT_EQ(lines[6], "4 messages; the ids need 110 columns, or --json");
    std::size_t cut = 0;
    for (const std::string& line : lines) {
        cut += line.ends_with("...") ? 1 : 0;
        EXPECT_EQ(line.find("0123456789abcdef"), std::string::npos); // no room for ids
    }
    EXPECT_EQ(cut, 2U);
}

TEST_F(TableTest, HasChineseHeadingsUnderAChineseLocale) {
    const auto lines = table(chinese_environment(), 80);
    expect_aligned(lines, "类型", 80);
    EXPECT_THAT(lines[0], HasSubstr("序号  时间 "));
    EXPECT_EQ(lines[6], "4 条消息；消息 ID 要 110 列宽的终端才显示，或用 --json");
    EXPECT_LE(columns_of(lines[6]), 80U);
}

TEST_F(TableTest, HasTheIdsWhereTheyFit) {
    const auto lines = table(environment(), 160);
    expect_aligned(lines, "KIND", 160);
    EXPECT_THAT(lines[2] + lines[3] + lines[4] + lines[5], HasSubstr("0123456789abcdef0123456789abcde1"));
    EXPECT_EQ(lines[6], "4 messages");
}

TEST_F(TableTest, ANarrowTerminalWraps) {
    expect_aligned(table(environment(), 20), "KIND", 80);
}

TEST_F(TableTest, EditRecordsHaveOneToo) {
    const std::string id = sent("before");
    EXPECT_EQ(yunhu_program({"edit-message", "--chat", "group:big", "--msg-id", id, "--text", "after"}).exit_code, 0);
    terminal_process program({PROGRAM_YUNHU, "list-message-edit-record", "--msg-id", id}, environment());
    const auto lines = lines_of(program.wait().out);
    ASSERT_EQ(lines.size(), 4U);
    EXPECT_THAT(lines[0], HasSubstr("KIND  CONTENT"));
    EXPECT_THAT(lines[2], HasSubstr("text  {"));
    EXPECT_EQ(lines[3], "1 of 1 records");
}

TEST_F(TableTest, JsonIsJsonOnATerminalToo) {
    terminal_process program({PROGRAM_YUNHU, "list-message", "--chat", "group:big", "--json"}, environment());
    EXPECT_EQ(object(program.wait().out).at("msg").as_array().size(), 4U);
}

} // namespace
