// Copyright (c) 2026 The yunhu authors
// SPDX-License-Identifier: BSL-1.0

// Descriptors 0 to 2 of the programs: full, closed, non-blocking, a folder, without a reader.

#include "program_test.hpp"
#include "support/child_process.hpp"

#include <gmock/gmock.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <fstream>
#include <string>
#include <system_error>
#include <vector>

#include <fcntl.h>
#include <unistd.h>

namespace {

using ::testing::HasSubstr;

constexpr int output_lost = 7;
const std::string word = "output could not be written"; // NOLINT(cert-err58-cpp)

// Both ends of a pipe, neither of which a started program inherits but as its own descriptor.
class pipe_pair {
public:
    pipe_pair() {
        if (pipe2(ends_.data(), O_CLOEXEC) != 0) {
            throw std::system_error(errno, std::generic_category());
        }
    }
    pipe_pair(const pipe_pair&) = delete;
    pipe_pair& operator=(const pipe_pair&) = delete;
    ~pipe_pair() {
        close_end(0);
        close_end(1);
    }

    [[nodiscard]] int read_end() const { return ends_[0]; }
    [[nodiscard]] int write_end() const { return ends_[1]; }
    void close_read_end() { close_end(0); }
    void close_write_end() { close_end(1); }
    void make_small() const { ASSERT_GT(fcntl(ends_[1], F_SETPIPE_SZ, 4096), 0); }
    static void make_non_blocking(int descriptor) {
        ASSERT_EQ(fcntl(descriptor, F_SETFL, fcntl(descriptor, F_GETFL) | O_NONBLOCK), 0);
    }

    void write_all(const std::string& text) const {
        ASSERT_EQ(write(ends_[1], text.data(), text.size()), static_cast<ssize_t>(text.size()));
    }
    [[nodiscard]] std::string read_line() const {
        std::string line;
        for (char c = 0; read(ends_[0], &c, 1) == 1 && c != '\n';) {
            line += c;
        }
        return line;
    }
    [[nodiscard]] std::string read_all() const {
        std::string text;
        std::array<char, 4096> part{};
        for (ssize_t n = 0; (n = read(ends_[0], part.data(), part.size())) > 0;) {
            text.append(part.data(), static_cast<std::size_t>(n));
        }
        return text;
    }

private:
    void close_end(std::size_t which) {
        if (ends_.at(which) >= 0) {
            close(ends_.at(which));
            ends_.at(which) = -1;
        }
    }

    std::array<int, 2> ends_{-1, -1};
};

class StreamsTest : public ProgramTest {
protected:
    /// `yunhu ARGUMENTS` in a shell that has done that to its descriptors first.
    [[nodiscard]] finished yunhu_with(const std::string& redirections, std::vector<std::string> arguments,
                                      std::string_view input = {}) const {
        arguments.insert(arguments.begin(),
                         {"/bin/sh", "-c", "exec \"$0\" \"$@\" " + redirections, std::string(PROGRAM_YUNHU)});
        finished end = run(std::move(arguments), environment(), input);
        expect_no_token(end);
        return end;
    }

    /// The command, without SIGPIPE, with these descriptors.
    [[nodiscard]] bp::child start_with(std::vector<std::string> arguments, int input, int output) const {
        arguments.insert(arguments.begin(),
                         {"/bin/sh", "-c", "trap '' PIPE; exec \"$0\" \"$@\"", std::string(PROGRAM_YUNHU)});
        return start(arguments, environment(), bp::posix::fd.bind(STDIN_FILENO, input),
                     bp::posix::fd.bind(STDOUT_FILENO, output), bp::std_err > errors());
    }
    [[nodiscard]] std::string errors() const { return (directory() / "errors").string(); }
    [[nodiscard]] std::string error_text() const {
        std::ifstream in(errors());
        return {std::istreambuf_iterator<char>(in), std::istreambuf_iterator<char>()};
    }
    [[nodiscard]] std::string file_of(const std::string& name, const std::string& content) const {
        const std::string path = (directory() / name).string();
        std::ofstream(path) << content;
        return path;
    }

    static std::string send_line(int number) {
        return R"({"call":"send-message","chat":"group:big","text":"x","tag":)" + std::to_string(number) + "}\n";
    }

    /// A command line of each kind of subcommand.
    [[nodiscard]] std::vector<std::vector<std::string>> command_lines() const {
        return {{"--help"},
                {"--version"},
                {"tail", "--help"},
                {"completion", "bash"},
                {"completion", "zsh"},
                {"list-message", "--chat", "group:big"},
                {"list-message", "--chat", "group:big", "--json"},
                {"send-message", "--chat", "group:big", "--text", "hi"},
                {"recall-msg-batch", "--chat", "group:big", "--msg-id", sent("x"), "--json"},
                {"history", "--chat", "group:big"},
                {"history", "--chat", "group:big", "--jsonl", (directory() / "history").string()},
                {"broadcast", file_of("targets", "group:a\ngroup:b\n"), "--text", "hi", "--journal",
                 (directory() / "journal").string()},
                {"say", "group:big", "hi"},
                {"batch"}};
    }
};

TEST_F(StreamsTest, AFullDiskIsAnErrorOfItsOwn) {
    deliver(yunhu::group("big"), 1, 5);
    for (const std::vector<std::string>& arguments : command_lines()) {
        const finished end = yunhu_with("> /dev/full", arguments, send_line(1));
        EXPECT_EQ(end.exit_code, output_lost) << ::testing::PrintToString(arguments) << end.err;
        EXPECT_THAT(end.err, HasSubstr(word)) << ::testing::PrintToString(arguments);
    }
    std::string help = yunhu_program({"--help"}).out;
    std::ranges::replace(help, '\n', ' ');
    EXPECT_THAT(help, HasSubstr("7 the output could not be written"));
}

TEST_F(StreamsTest, AClosedOutputIsAnErrorOfItsOwn) {
    deliver(yunhu::group("big"), 1, 5);
    for (const std::vector<std::string>& arguments : command_lines()) {
        const finished end = yunhu_with(">&-", arguments, send_line(1));
        EXPECT_EQ(end.exit_code, output_lost) << ::testing::PrintToString(arguments) << end.err;
        EXPECT_THAT(end.err, HasSubstr(word)) << ::testing::PrintToString(arguments);
    }
}

TEST_F(StreamsTest, TheCodeOfAFailureStays) {
    const finished end =
        yunhu_with("> /dev/full", {"list-message", "--chat", "group:big", "--token", "wrong-0ne", "--json"});
    EXPECT_EQ(end.exit_code, 4);
    EXPECT_THAT(end.err, HasSubstr(word));
    EXPECT_EQ(yunhu_with("> /dev/full", {"list-message", "--no-such", "--json"}).exit_code, 2);
}

TEST_F(StreamsTest, ClosedDescriptorsAreNotReused) {
    // What the program opens itself, e.g. its sockets, must not become its input or output.
    const std::vector<std::string> send{"send-message", "--chat", "group:big", "--text", "hi"};
    EXPECT_EQ(yunhu_with("<&- >&- 2>&-", send).exit_code, output_lost);
    EXPECT_EQ(yunhu_with("<&-", send).exit_code, 0);
    const finished without_errors = yunhu_with("2>&-", send);
    EXPECT_EQ(without_errors.exit_code, 0);
    EXPECT_THAT(without_errors.out, ::testing::StartsWith("sent "));
    EXPECT_EQ(server().messages(yunhu::group("big")).size(), 3U);
}

TEST_F(StreamsTest, AnInputThatIsNoneIsNotAnEmptyOne) {
    for (const std::string input : {"<&-", "< /", "0>/dev/null"}) {
        const finished end = yunhu_with(input, {"batch"});
        EXPECT_EQ(end.exit_code, 2) << input;
        EXPECT_EQ(end.out, "") << input;
        EXPECT_THAT(end.err, HasSubstr("standard input can't be read")) << input;
    }
    EXPECT_EQ(yunhu_with("< /dev/null", {"batch"}).exit_code, 0);
}

TEST_F(StreamsTest, ANonBlockingInputEndsWhenItsWriterDoes) {
    pipe_pair input;
    pipe_pair output;
    pipe_pair::make_non_blocking(input.read_end());
    bp::child program = start_with({"batch"}, input.read_end(), output.write_end());
    output.close_write_end();
    for (int i = 1; i <= 3; ++i) { // between two lines there is nothing to read
        input.write_all(send_line(i));
        EXPECT_EQ(object(output.read_line()).at("tag"), i);
    }
    input.close_write_end();
    EXPECT_EQ(output.read_all(), "");
    EXPECT_EQ(wait_for_exit_code(program), 0) << error_text();
}

TEST_F(StreamsTest, ANonBlockingOutputIsCompleteHoweverSlowItsReaderIs) {
    constexpr int count = 1000;
    deliver(yunhu::group("big"), 1, count);
    pipe_pair input;
    pipe_pair output;
    output.make_small(); // the program can't be ahead by more than a page
    pipe_pair::make_non_blocking(output.write_end());
    bp::child program = start_with({"history", "--chat", "group:big"}, input.read_end(), output.write_end());
    output.close_write_end();
    for (int i = count; i >= 1; --i) {
        ASSERT_EQ(object(output.read_line()).at("msg_seq"), i);
    }
    EXPECT_EQ(output.read_all(), "");
    EXPECT_EQ(wait_for_exit_code(program), 0) << error_text();
}

TEST_F(StreamsTest, BatchSendsNothingMoreWhenItsReaderHasEnded) {
    pipe_pair input;
    pipe_pair output;
    bp::child program = start_with({"batch", "--concurrency", "1"}, input.read_end(), output.write_end());
    output.close_write_end();
    input.write_all(send_line(1));
    EXPECT_EQ(object(output.read_line()).at("tag"), 1);
    output.close_read_end();
    EXPECT_EQ(wait_for_exit_code(program), output_lost); // though its input is open
    EXPECT_THAT(error_text(), HasSubstr(word));
    EXPECT_EQ(server().requests(), 1U);
}

TEST_F(StreamsTest, BatchSendsNothingMoreOnAFullDisk) {
    pipe_pair input;
    const int full = open("/dev/full", O_WRONLY | O_CLOEXEC);
    ASSERT_GE(full, 0);
    bp::child program = start_with({"batch", "--concurrency", "1"}, input.read_end(), full);
    close(full);
    input.write_all(send_line(1));
    EXPECT_EQ(wait_for_exit_code(program), output_lost);
    EXPECT_EQ(server().requests(), 1U);
}

TEST_F(StreamsTest, TailEndsWithItsReaderAlsoInASilentChat) {
    deliver(yunhu::group("big"), 1, 1);
    pipe_pair input;
    pipe_pair output;
    bp::child program = start_with({"tail", "--chat", "group:big", "--jsonl", "--interval", "10"}, input.read_end(),
                                   output.write_end());
    output.close_write_end();
    EXPECT_EQ(object(output.read_line()).at("msg_seq"), 1);
    output.close_read_end();
    EXPECT_EQ(wait_for_exit_code(program), output_lost);
    EXPECT_THAT(error_text(), HasSubstr(word));
}

TEST_F(StreamsTest, ListenEndsWithItsReaderAlsoInASilentAccount) {
    pipe_pair input;
    pipe_pair output;
    bp::child program =
        start_with({"listen", "--json", "--user-id", server().options().user_id, "--gateway", server().gateway_url()},
                   input.read_end(), output.write_end());
    output.close_write_end();
    EXPECT_EQ(object(output.read_line()).at("state"), "connected");
    output.close_read_end();
    EXPECT_EQ(wait_for_exit_code(program), output_lost);
    EXPECT_THAT(error_text(), HasSubstr(word));
}

TEST_F(StreamsTest, ACallEndsThoughItsReaderHas) {
    pipe_pair input;
    pipe_pair output;
    yunhu::testing::fault slow; // the reader ends before the response
    slow.what = yunhu::testing::fault::action::delay;
    slow.delay = std::chrono::milliseconds(100);
    server().inject(slow);
    bp::child program =
        start_with({"send-message", "--chat", "group:big", "--text", "hi"}, input.read_end(), output.write_end());
    output.close_write_end();
    output.close_read_end();
    EXPECT_EQ(wait_for_exit_code(program), output_lost);
    EXPECT_EQ(server().messages(yunhu::group("big")).size(), 1U);
}

TEST_F(StreamsTest, TheEmulatorSaysSoToo) {
    for (const std::string redirection : {"> /dev/full", ">&-"}) {
        for (const std::string argument : {"--help", "--port=0"}) {
            const finished end =
                run({"/bin/sh", "-c", "exec \"$0\" \"$@\" " + redirection, PROGRAM_EMULATOR, argument});
            EXPECT_EQ(end.exit_code, output_lost) << redirection << argument;
            EXPECT_THAT(end.err, HasSubstr(word));
        }
    }
    const finished journal = run({PROGRAM_EMULATOR, "--port", "0", "--journal", "/no/such/folder/journal"});
    EXPECT_EQ(journal.exit_code, 2);
    EXPECT_THAT(journal.err, HasSubstr("--journal"));
}

TEST_F(StreamsTest, ATextIsReadFromAFileOrFromStandardInput) {
    const std::string text(200'000, 'x'); // longer than an argument can be
    EXPECT_EQ(yunhu_program({"send-message", "--chat", "group:big", "--text-file", "-"}, text + "\n").exit_code, 0);
    EXPECT_EQ(yunhu_program({"send-message", "--chat", "group:big", "--text-file",
                             file_of("t", "\xEF\xBB\xBF"
                                          "a\nb\r\n")})
                  .exit_code,
              0);
    const auto messages = server().messages(yunhu::group("big"));
    ASSERT_EQ(messages.size(), 2U);
    EXPECT_EQ(messages[0].content->text, text);
    EXPECT_EQ(messages[1].content->text, "a\nb");

    const std::string utf16("\xFF\xFEh\0i\0", 6);
    for (const auto& [path, why] : std::vector<std::pair<std::string, std::string>>{
             {"/", "text_file: can't be read: Is a directory"},
             {"/no/such/file", "text_file: can't be read: No such file"},
             {file_of("utf16", utf16), "text_file: must be UTF-8; it is UTF-16 or binary"}}) {
        const json::object e = error(2, {"send-message", "--chat", "group:big", "--text-file", path});
        EXPECT_THAT(std::string(e.at("detail").as_string()), HasSubstr(why));
    }
    EXPECT_EQ(yunhu_with("<&-", {"send-message", "--chat", "group:big", "--text-file", "-"}).exit_code, 2);
    EXPECT_EQ(error(2, {"send-message", "--chat", "group:big", "--text-file", "/", "--text", "a"}).at("detail"),
              "text: must not be given with text_file");
}

} // namespace
