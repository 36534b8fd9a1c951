// Copyright (c) 2026 The yunhu authors
// SPDX-License-Identifier: BSL-1.0

// Completion as the shells do it.

#include "program_test.hpp"
#include "support/terminal_process.hpp"

#include <gmock/gmock.h>

#include <algorithm>
#include <fstream>
#include <sstream>

namespace {

using ::testing::HasSubstr;

// The shell's words from one line each of its output.
std::vector<std::string> lines_of(const std::string& text) {
    std::vector<std::string> lines;
    std::istringstream in(text);
    for (std::string line; std::getline(in, line);) {
        lines.push_back(line);
    }
    std::ranges::sort(lines);
    return lines;
}

// The options that the help of a subcommand shows.
std::vector<std::string> options_in(const std::string& help) {
    std::vector<std::string> names;
    std::istringstream in(help);
    for (std::string line; std::getline(in, line);) {
        if (!line.starts_with("  -")) {
            continue;
        }
        std::istringstream part(line.substr(2, line.find(' ', 2) - 2));
        for (std::string name; std::getline(part, name, ',');) {
            names.push_back(name);
        }
    }
    return names;
}

class CompletionTest : public ProgramTest {
protected:
    [[nodiscard]] std::string script(const std::string& shell) const {
        const finished end = run({PROGRAM_YUNHU, "completion", shell}); // no token is needed
        EXPECT_EQ(end.exit_code, 0) << end.err;
        std::ofstream(directory() / shell) << end.out;
        return (directory() / shell).string();
    }

    // The words that bash offers for the last one.
    [[nodiscard]] std::vector<std::string> offered(const std::vector<std::string>& words) const {
        const std::string driver =
            "source \"$1\"; shift; COMP_WORDS=(\"$@\"); COMP_CWORD=$(($# - 1)); "
            "$(complete -p yunhu | sed 's/.*-F \\([^ ]*\\).*/\\1/'); printf '%s\\n' \"${COMPREPLY[@]}\"";
        std::vector<std::string> command{"/bin/bash", "--norc", "-c", driver, "bash", script("bash")};
        command.insert(command.end(), words.begin(), words.end());
        const finished end = run(command);
        EXPECT_EQ(end.err, "");
        return lines_of(end.out);
    }
};

using words = std::vector<std::string>;

TEST_F(CompletionTest, BashOffersSubcommands) {
    EXPECT_EQ(offered({"yunhu", "his"}), words{"history"});
    EXPECT_EQ(offered({"yunhu", "list-message-b"}), (words{"list-message-by-mid-seq", "list-message-by-seq"}));
    EXPECT_EQ(offered({"yunhu", "--token", "delete", "ta"}), words{"tail"}); // that was no subcommand
    const words all = offered({"yunhu", ""});
    const finished help = yunhu_program({"--help"});
    for (const std::string& name : all) {
        EXPECT_THAT(help.out, HasSubstr("\n  " + name + " "));
    }
    EXPECT_EQ(all.size(), 77U);
}

TEST_F(CompletionTest, BashOffersTheOptionsThatTheHelpShows) {
    const words common = options_in(yunhu_program({"--help"}).out);
    EXPECT_GE(common.size(), 9U);
    for (const std::string name : {"send-message", "batch", "tail", "listen", "say", "upload", "download", "history",
                                   "broadcast", "completion", "delete"}) {
        words expected = options_in(yunhu_program({name, "--help"}).out);
        expected.insert(expected.end(), common.begin(), common.end());
        std::ranges::sort(expected);
        const auto [repeated, end] = std::ranges::unique(expected);
        expected.erase(repeated, end);
        words found = offered({"yunhu", name, "-"});
        found.erase(std::unique(found.begin(), found.end()), found.end());
        EXPECT_EQ(found, expected) << name;
    }
    EXPECT_EQ(offered({"yunhu", "history", "--old"}), words{"--oldest-first"});
    EXPECT_EQ(offered({"yunhu", "--time"}), words{"--timeout"});
}

TEST_F(CompletionTest, BashOffersValues) {
    EXPECT_EQ(offered({"yunhu", "tail", "--chat", "g"}), words{"group:"});
    EXPECT_EQ(offered({"yunhu", "tail", "--chat", ""}), (words{"bot:", "group:", "user:"}));
    EXPECT_EQ(offered({"yunhu", "tail", "--chat", "group", ":", "b"}), words{""}); // an id is not known
    EXPECT_EQ(offered({"yunhu", "send-message", "--content-type", "mark"}), words{"markdown"});
    EXPECT_EQ(offered({"yunhu", "send-message", "--content-type", "=", "mark"}), words{"markdown"});
    EXPECT_EQ(offered({"yunhu", "msg-forward", "--chat-type", "b"}), words{"bot"});
    EXPECT_EQ(offered({"yunhu", "send-message", "--text", ""}), words{""});
    EXPECT_EQ(offered({"yunhu", "completion", ""}), (words{"bash", "zsh"}));
    EXPECT_EQ(offered({"yunhu", "say", ""}), (words{"bot:", "group:", "user:"}));
    EXPECT_EQ(offered({"yunhu", "say", "group", ":", "big", "u"}), words{""}); // a word of the text
    EXPECT_EQ(offered({"yunhu", "listen", "--follow", "g"}), words{"group:"});
    std::ofstream(directory() / "targets of mine.txt") << "group:big\n";
    const std::string path = (directory() / "targets").string();
    for (const words& line : {words{"yunhu", "broadcast", path}, words{"yunhu", "broadcast", "--journal", path},
                              words{"yunhu", "history", "--jsonl", path}, words{"yunhu", "--ca-file", path},
                              words{"yunhu", "listen", "--cursors", path}}) {
        EXPECT_EQ(offered(line), words{path + " of mine.txt"});
    }
}

// A real shell with typed input. `yunhu` is a function there that prints its arguments.
std::string typed(const std::vector<std::string>& shell, const std::vector<std::string>& begin,
                  const std::string& keys) {
    terminal_process program(shell, {"PS1=", "LC_ALL=C.UTF-8"});
    for (const std::string& line : begin) {
        program.type(line + "\n");
    }
    program.type("yunhu() { echo \"given\"\": <$*>\"; }; echo rea''dy\n");
    program.read_until("ready");
    program.type(keys + "\n");
    program.read_until("given: ");
    const std::string given = program.read_until(">");
    program.type("exit\n");
    program.wait();
    return given;
}

TEST_F(CompletionTest, BashCompletesWhatIsTyped) {
    const std::vector<std::string> bash{"/bin/bash", "--norc", "--noprofile", "-i"};
    const std::vector<std::string> begin{"source '" + script("bash") + "'"};
    EXPECT_EQ(typed(bash, begin, "yunhu his\t--cha\tgro\tbig --old\t"), "<history --chat group:big --oldest-first>");
}

TEST_F(CompletionTest, ZshCompletesWhatIsTyped) {
    const std::vector<std::string> zsh{PROGRAM_ZSH, "-f", "-i"};
    const std::vector<std::string> begin{"autoload -Uz compinit; compinit -u -D", "source '" + script("zsh") + "'"};
    EXPECT_EQ(typed(zsh, begin, "yunhu his\t--old\t--chat gro\tbig"), "<history --oldest-first --chat group:big>");
    EXPECT_EQ(typed(zsh, begin, "yunhu say gro\tbig hi"), "<say group:big hi>");
    EXPECT_EQ(typed(zsh, begin, "yunhu send-message --content-type mar\t"), "<send-message --content-type markdown>");
}

TEST_F(CompletionTest, KnowsNoOtherShell) {
    EXPECT_EQ(yunhu_program({"completion", "fish"}).exit_code, 2);
    EXPECT_EQ(yunhu_program({"completion"}).exit_code, 2);
}

TEST_F(CompletionTest, HasNoTokenInIt) {
    for (const std::string shell : {"bash", "zsh"}) {
        EXPECT_NE(yunhu_program({"completion", shell}).out, ""); // looks for it
    }
}

} // namespace
