// Copyright (c) 2026 The yunhu authors
// SPDX-License-Identifier: BSL-1.0

// Chinese for people under a Chinese locale; English for everybody else, and for machines.

#include "message.hpp"
#include "program_test.hpp"
#include "terminal.hpp"

#include <yunhu/error.hpp>

#include <gmock/gmock.h>

#include <algorithm>
#include <set>
#include <sstream>

namespace {

using cli::language;
using cli::language_of;
using ::testing::HasSubstr;

bool has_chinese(std::string_view text) {
    for (std::size_t i = 0; i + 2 < text.size(); ++i) { // U+4E00 to U+9FFF
        const auto first = static_cast<unsigned char>(text[i]);
        if (first >= 0xE4 && first <= 0xE9) {
            return true;
        }
    }
    return false;
}

std::multiset<std::string> placeholders(std::string_view text) {
    std::multiset<std::string> found;
    for (std::size_t at = text.find('{'); at != std::string_view::npos; at = text.find('{', at + 1)) {
        if (at + 2 < text.size() && text[at + 2] == '}') {
            found.emplace(text.substr(at, 3));
        }
    }
    return found;
}

TEST(Language, FollowsTheLocale) {
    EXPECT_EQ(language_of("", "", ""), language::english);
    EXPECT_EQ(language_of("", "", "zh_CN.UTF-8"), language::chinese);
    EXPECT_EQ(language_of("", "zh_TW.utf8", "en_GB.UTF-8"), language::chinese);
    EXPECT_EQ(language_of("zh", "C", "C"), language::chinese);
    EXPECT_EQ(language_of("zh_CN", "", ""), language::chinese);
    EXPECT_EQ(language_of("zh_CN.UTF-8@stroke", "", ""), language::chinese);
    EXPECT_EQ(language_of("C", "zh_CN.UTF-8", "zh_CN.UTF-8"), language::english);
    EXPECT_EQ(language_of("zh_CN.GB18030", "", ""), language::english); // it would not be readable
    EXPECT_EQ(language_of("zha_ZZ.UTF-8", "", ""), language::english);
}

// That every text in use is in the catalogue, the compiler sees to.
TEST(Language, TheCatalogueHasEachTextOnceAndInBothLanguages) {
    std::set<std::string_view> seen;
    for (const cli::catalogue_entry& entry : cli::catalogue) {
        EXPECT_TRUE(seen.insert(entry.english).second) << entry.english;
        EXPECT_EQ(placeholders(entry.english), placeholders(entry.chinese)) << entry.english;
        const bool only_punctuation =
            entry.english.find_first_of("abcdefghijklmnopqrstuvwxyz") == std::string_view::npos;
        if (!only_punctuation && entry.english != ", msg_id {0}") {
            EXPECT_TRUE(has_chinese(entry.chinese)) << entry.english;
        }
    }
}

TEST(Language, TheCatalogueHasTheLibrarysErrors) {
    for (int i = 1; i <= static_cast<int>(yunhu::errc::incomplete_list); ++i) {
        const std::string english = make_error_code(static_cast<yunhu::errc>(i)).message();
        EXPECT_TRUE(std::ranges::any_of(cli::catalogue, [&](const auto& e) { return e.english == english; }))
            << english;
    }
}

TEST_F(ProgramTest, HelpIsChineseUnderAChineseLocale) {
    const finished all = run({PROGRAM_YUNHU, "--help"}, chinese_environment());
    EXPECT_EQ(all.exit_code, 0);
    EXPECT_THAT(all.out, HasSubstr("用法: yunhu [选项] 子命令"));
    EXPECT_THAT(all.out, HasSubstr("6 结果未知"));
    expect_no_token(all);
    for (const std::string name : {"send-message", "batch", "tail", "listen", "say", "upload", "download", "history",
                                   "broadcast", "completion"}) {
        EXPECT_THAT(all.out, HasSubstr("\n  " + name + " "));
        const finished one = run({PROGRAM_YUNHU, name, "--help"}, chinese_environment());
        EXPECT_THAT(one.out, HasSubstr("示例：\n  yunhu " + name + " "));
        // Each option's line has a text, or is followed by it.
        std::istringstream lines(one.out);
        std::string option;
        for (std::string line; std::getline(lines, line);) {
            if (!option.empty() && !line.starts_with("   ")) {
                EXPECT_TRUE(has_chinese(option)) << name << ": " << option;
                option.clear();
            }
            option += line.starts_with("  -") || !option.empty() ? line : "";
        }
    }
}

// By what a terminal shows: a Chinese character takes two columns.
TEST_F(ProgramTest, TheEmulatorsHelpFitsIntoEightyColumns) {
    std::istringstream lines(run({PROGRAM_EMULATOR, "--help"}, environment()).out);
    std::string line;
    ASSERT_TRUE(std::getline(lines, line));
    do {
        EXPECT_LE(line.size(), 80U) << line;
    } while (std::getline(lines, line));
}

TEST_F(ProgramTest, HelpFitsIntoEightyColumnsInBothLanguages) {
    cli::know_widths();
    std::vector<std::string> names{""};
    std::istringstream all(run({PROGRAM_YUNHU, "--help"}, environment()).out);
    for (std::string line; std::getline(all, line) && line != "Subcommands:";) {}
    for (std::string line; std::getline(all, line) && !line.empty();) {
        if (const std::size_t begin = line.find_first_not_of(' '); begin == 2) {
            names.push_back(line.substr(begin, line.find(' ', begin) - begin));
        }
    }
    EXPECT_GE(names.size(), 20U);
    for (const std::string& name : names) {
        for (const auto& variables : {environment(), chinese_environment()}) {
            std::vector<std::string> command{PROGRAM_YUNHU, name, "--help"};
            std::erase(command, "");
            std::istringstream lines(run(command, variables).out);
            for (std::string line; std::getline(lines, line);) {
                EXPECT_LE(cli::columns_of(line), 80U) << name << ": " << line;
            }
        }
    }
}

TEST(Wrap, BreaksWhereALanguageAllowsIt) {
    cli::know_widths();
    using lines = std::vector<std::string>;
    EXPECT_EQ(cli::wrap("", 5), lines{});
    EXPECT_EQ(cli::wrap("one two three", 7), (lines{"one two", "three"}));
    EXPECT_EQ(cli::wrap("one two three", 20), (lines{"one two three"}));
    EXPECT_EQ(cli::wrap("incomprehensible", 5), (lines{"incomprehensible"}));
    EXPECT_EQ(cli::wrap("a|bb|ccc|dddd", 6), (lines{"a|bb|", "ccc|", "dddd"}));
    EXPECT_EQ(cli::wrap("一二三四五", 6), (lines{"一二三", "四五"}));
    EXPECT_EQ(cli::wrap("一二三，四五", 6), (lines{"一二", "三，四", "五"})); // no line begins with a comma
}

TEST_F(ProgramTest, FailuresAreChineseForPeopleAndEnglishForMachines) {
    const std::vector<std::string> recall{PROGRAM_YUNHU, "recall-msg", "--chat", "group:big", "--msg-id", "m"};
    const finished refused = run(recall, chinese_environment());
    EXPECT_EQ(refused.exit_code, 3);
    EXPECT_THAT(refused.err, HasSubstr("yunhu: recall-msg: refused（API 拒绝了请求）"));
    EXPECT_THAT(refused.err, HasSubstr("服务器说："));

    std::vector<std::string> in_json = recall;
    in_json.emplace_back("--json");
    EXPECT_EQ(run(in_json, chinese_environment()).out, run(in_json, environment()).out);

    for (const auto& [arguments, said] : std::vector<std::pair<std::vector<std::string>, std::string>>{
             {{"send-message", "--chat", "group:big", "--msg-id", "m"}, "content.text 不能为空"},
             {{"list-message", "--chat", "big"}, "chat: 必须是“类型:ID”的形式"},
             {{"list-message", "--chat", "group:big", "--msg-count", "many"}, "msg_count: 必须是整数"},
             {{"list-message", "--attempts", "0"}, "--attempts：无法识别"},
             {{"list-message", "--no-such"}, "无法识别： --no-such"},
             {{}, "缺少子命令"},
             {{"tail"}, "缺少 --chat"},
             {{"tail", "--chat"}, "--chat：重复了，或者没有值"},
         }) {
        std::vector<std::string> command{PROGRAM_YUNHU};
        command.insert(command.end(), arguments.begin(), arguments.end());
        const finished end = run(command, chinese_environment());
        EXPECT_EQ(end.exit_code, 2);
        EXPECT_THAT(end.err, HasSubstr(said));
    }
}

TEST_F(ProgramTest, ResultsAreChineseUnderAChineseLocale) {
    const finished end = run({PROGRAM_YUNHU, "send-message", "--chat", "group:big", "--text", "hi", "--msg-id", "m1"},
                             chinese_environment());
    EXPECT_EQ(end.out, "已发送 m1\n");
    const finished list = run({PROGRAM_YUNHU, "list-message", "--chat", "group:big"}, chinese_environment());
    EXPECT_THAT(list.out, HasSubstr("[text] hi\n1 条消息\n"));
}

} // namespace
