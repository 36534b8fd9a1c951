// Copyright (c) 2026 The yunhu authors
// SPDX-License-Identifier: BSL-1.0

#include "support/process.hpp"
#include "support/terminal_process.hpp"

#include <gtest/gtest.h>

#include <csignal>
#include <optional>
#include <string>
#include <system_error>
#include <vector>

namespace {

std::vector<std::string> shell(const std::string& script) {
    return {"/bin/sh", "-c", script};
}

TEST(process, reports_outputs_and_exit_code) {
    const finished end = run(shell("echo out; echo err >&2; exit 7"));
    EXPECT_EQ(end.out, "out\n");
    EXPECT_EQ(end.err, "err\n");
    EXPECT_EQ(end.exit_code, 7);
}

TEST(process, reports_a_signal_as_a_shell_does) {
    process program(shell("kill -TERM $$; exit 0"));
    EXPECT_EQ(program.wait().exit_code, 128 + SIGTERM);
}

TEST(process, sends_signals) {
    process program(shell("trap 'exit 9' USR1; echo ready; while :; do read -r line || :; done"));
    EXPECT_EQ(program.read_line(), "ready");
    program.send_signal(SIGUSR1);
    program.write("the read ends\n"); // where the signal does not interrupt it
    EXPECT_EQ(program.wait().exit_code, 9);
}

TEST(process, is_killed_by_its_destructor) {
    std::string pid;
    {
        process program(shell("echo $$; exec sleep 1000"));
        pid = program.read_line().value_or("");
    }
    EXPECT_EQ(run(shell("kill -0 " + pid + " 2>/dev/null")).exit_code, 1);
}

TEST(process, reads_lines_and_leaves_the_rest) {
    process program(shell("printf 'a\\n\\nb\\nrest'"));
    EXPECT_EQ(program.read_line(), "a");
    EXPECT_EQ(program.read_line(), "");
    EXPECT_EQ(program.read_line(), "b");
    EXPECT_EQ(program.read_line(), std::nullopt);
    EXPECT_EQ(program.wait().out, "rest");
}

// Each program must see the end of its own input while another program runs.
TEST(process, does_not_inherit_the_input_of_another) {
    process first({"/bin/cat"});
    process second({"/bin/cat"});
    first.write("one\n");
    EXPECT_EQ(first.wait().out, "one\n");
    second.write("two\n");
    EXPECT_EQ(second.wait().out, "two\n");
}

TEST(process, a_program_that_does_not_read_its_input_is_no_error) {
    process program(shell("exec <&-; echo closed"));
    EXPECT_EQ(program.read_line(), "closed");
    program.write(std::string(1 << 20, 'x'));
    EXPECT_EQ(program.wait().exit_code, 0);
}

TEST(process, takes_any_amount_of_errors_without_a_reader) {
    const finished end = run(shell("head -c 1000000 /dev/zero | tr '\\0' e >&2"));
    EXPECT_EQ(end.err, std::string(1'000'000, 'e'));
}

TEST(process, has_no_variables_that_configure_the_programs) {
    ::setenv("YUNHU_TOKEN", "outer", 1);
    ::setenv("YUNHU_OTHER", "outer", 1);
    const finished end =
        run(shell("echo \"$YUNHU_TOKEN,$YUNHU_OTHER,$LC_ALL,${PATH:+path}\""), {"YUNHU_TOKEN=own", "LC_ALL=C"});
    ::unsetenv("YUNHU_TOKEN");
    ::unsetenv("YUNHU_OTHER");
    EXPECT_EQ(end.out, "own,,C,path\n");
}

TEST(process, throws_when_there_is_no_such_program) {
    EXPECT_THROW(process({"/nonexistent/program"}), std::system_error);
    EXPECT_THROW(terminal_process({"/nonexistent/program"}), std::system_error);
}

TEST(terminal_process, is_the_controlling_terminal) {
    terminal_process program(shell("tty -s && tty -s <&1 && tty -s <&2 && stty size && echo typed >/dev/tty"), {}, 77);
    const finished end = program.wait();
    EXPECT_EQ(end.out, "50 77\r\ntyped\r\n");
    EXPECT_EQ(end.exit_code, 0);
}

TEST(terminal_process, turns_control_c_into_an_interrupt) {
    terminal_process program(shell("trap 'echo caught; exit 5' INT; echo ready; read -r line"));
    EXPECT_EQ(program.read_until("ready\r\n"), "ready\r\n");
    program.type("\x03");
    const finished end = program.wait();
    EXPECT_NE(end.out.find("caught"), std::string::npos) << end.out;
    EXPECT_EQ(end.exit_code, 5);
}

TEST(terminal_process, reads_until_the_program_has_ended) {
    terminal_process program(shell("echo 'all of it'"));
    EXPECT_EQ(program.read_until("something else"), "all of it\r\n");
    EXPECT_EQ(program.wait().exit_code, 0);
}

} // namespace
