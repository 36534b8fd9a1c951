// Copyright (c) 2026 The yunhu authors
// SPDX-License-Identifier: BSL-1.0

#include "process.hpp"

#include <algorithm>
#include <array>
#include <cerrno>
#include <csignal>
#include <iterator>
#include <system_error>
#include <utility>

#include <fcntl.h>
#include <spawn.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

extern char** environ; // NOLINT: POSIX

namespace {

int checked(int result) {
    if (result < 0) {
        throw std::system_error(errno, std::generic_category());
    }
    return result;
}

// Two ends; neither is inherited unless it is made a child's 0, 1 or 2. A socket, because it can be written to without
// SIGPIPE when the program has gone.
std::array<int, 2> channel() {
    std::array<int, 2> ends{};
    checked(socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, ends.data()));
    return ends;
}

std::vector<char*> pointers(std::vector<std::string>& texts) {
    std::vector<char*> result;
    std::ranges::transform(texts, std::back_inserter(result), [](std::string& s) { return s.data(); });
    result.push_back(nullptr);
    return result;
}

std::string read_all(int fd) {
    std::string all;
    std::array<char, 4096> part{};
    for (ssize_t n = 0; (n = checked(static_cast<int>(read(fd, part.data(), part.size())))) > 0;) {
        all.append(part.data(), static_cast<std::size_t>(n));
    }
    return all;
}

// A file without a name: it takes any amount without a reader.
int unnamed_file() {
    return checked(open(std::filesystem::temp_directory_path().c_str(), O_TMPFILE | O_RDWR | O_CLOEXEC, 0600));
}

} // namespace

std::vector<std::string> with_own_environment(std::vector<std::string> added) {
    for (char** variable = environ; *variable != nullptr; ++variable) {
        const std::string_view text(*variable);
        if (!text.starts_with("YUNHU_") && !text.starts_with("LC_") && !text.starts_with("LANG")) {
            added.emplace_back(text);
        }
    }
    return added;
}

process::process(std::vector<std::string> command, std::vector<std::string> environment) {
    environment = with_own_environment(std::move(environment));
    const auto input = channel();
    const auto output = channel();
    in_ = input[0];
    out_ = output[0];
    err_ = unnamed_file();

    posix_spawn_file_actions_t actions{};
    posix_spawn_file_actions_init(&actions);
    posix_spawn_file_actions_adddup2(&actions, input[1], STDIN_FILENO);
    posix_spawn_file_actions_adddup2(&actions, output[1], STDOUT_FILENO);
    posix_spawn_file_actions_adddup2(&actions, err_, STDERR_FILENO);
    const int failed = posix_spawn(&pid_, command.at(0).c_str(), &actions, nullptr, pointers(command).data(),
                                   pointers(environment).data());
    posix_spawn_file_actions_destroy(&actions);
    close(input[1]);
    close(output[1]);
    if (failed != 0) {
        pid_ = -1;
        throw std::system_error(failed, std::generic_category(), command.at(0));
    }
}

process::~process() {
    if (pid_ > 0) {
        kill(pid_, SIGKILL);
        waitpid(pid_, nullptr, 0);
    }
    for (const int fd : {in_, out_, err_}) {
        if (fd >= 0) {
            close(fd);
        }
    }
}

void process::write(std::string_view text) {
    while (!text.empty()) {
        const ssize_t n = send(in_, text.data(), text.size(), MSG_NOSIGNAL);
        if (n < 0 && errno == EPIPE) {
            return; // it has ended without reading everything
        }
        text.remove_prefix(static_cast<std::size_t>(checked(static_cast<int>(n))));
    }
}

void process::close_input() {
    if (in_ >= 0) {
        close(std::exchange(in_, -1));
    }
}

std::optional<std::string> process::read_line() {
    for (;;) {
        if (const std::size_t end = unread_.find('\n'); end != std::string::npos) {
            std::string line = unread_.substr(0, end);
            unread_.erase(0, end + 1);
            return line;
        }
        std::array<char, 4096> part{};
        const int n = checked(static_cast<int>(read(out_, part.data(), part.size())));
        if (n == 0) {
            return std::nullopt;
        }
        unread_.append(part.data(), static_cast<std::size_t>(n));
    }
}

void process::send_signal(int number) {
    checked(kill(pid_, number));
}

finished process::wait() {
    close_input();
    finished end;
    end.out = std::exchange(unread_, {}) + read_all(out_);
    int status = 0;
    checked(waitpid(std::exchange(pid_, -1), &status, 0));
    end.exit_code = WIFEXITED(status) ? WEXITSTATUS(status) : 128 + WTERMSIG(status);
    lseek(err_, 0, SEEK_SET);
    end.err = read_all(err_);
    return end;
}

finished run(std::vector<std::string> command, std::vector<std::string> environment, std::string_view input) {
    process program(std::move(command), std::move(environment));
    program.write(input);
    return program.wait();
}

temporary_directory::temporary_directory() {
    std::string name = (std::filesystem::temp_directory_path() / "yunhu-test-XXXXXX").string();
    if (mkdtemp(name.data()) == nullptr) {
        throw std::system_error(errno, std::generic_category());
    }
    path_ = name;
}

temporary_directory::~temporary_directory() {
    std::error_code ignored;
    std::filesystem::remove_all(path_, ignored);
}
