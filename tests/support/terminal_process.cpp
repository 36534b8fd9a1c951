// Copyright (c) 2026 The yunhu authors
// SPDX-License-Identifier: BSL-1.0

#include "terminal_process.hpp"

#include <algorithm>
#include <array>
#include <cerrno>
#include <csignal>
#include <cstdlib>
#include <iterator>
#include <system_error>
#include <utility>

#include <fcntl.h>
#include <spawn.h>
#include <sys/ioctl.h>
#include <sys/wait.h>
#include <unistd.h>

namespace {

int checked(int result) {
    if (result < 0) {
        throw std::system_error(errno, std::generic_category());
    }
    return result;
}

std::vector<char*> pointers(std::vector<std::string>& texts) {
    std::vector<char*> result;
    std::ranges::transform(texts, std::back_inserter(result), [](std::string& s) { return s.data(); });
    result.push_back(nullptr);
    return result;
}

} // namespace

terminal_process::terminal_process(std::vector<std::string> command, std::vector<std::string> environment,
                                   unsigned short columns)
    : screen_(checked(posix_openpt(O_RDWR | O_NOCTTY | O_CLOEXEC))) {
    environment.emplace_back("TERM=dumb");
    environment = with_own_environment(std::move(environment));
    checked(grantpt(screen_));
    checked(unlockpt(screen_));
    std::array<char, 64> name{};
    if (ptsname_r(screen_, name.data(), name.size()) != 0) {
        throw std::system_error(errno, std::generic_category());
    }
    winsize size{};
    size.ws_col = columns;
    size.ws_row = 50;
    checked(ioctl(screen_, TIOCSWINSZ, &size));

    posix_spawnattr_t attributes{};
    posix_spawnattr_init(&attributes);
    posix_spawnattr_setflags(&attributes, POSIX_SPAWN_SETSID); // so that the terminal becomes its controlling one
    posix_spawn_file_actions_t actions{};
    posix_spawn_file_actions_init(&actions);
    posix_spawn_file_actions_addopen(&actions, STDIN_FILENO, name.data(), O_RDWR, 0);
    posix_spawn_file_actions_adddup2(&actions, STDIN_FILENO, STDOUT_FILENO);
    posix_spawn_file_actions_adddup2(&actions, STDIN_FILENO, STDERR_FILENO);
    const int failed = posix_spawn(&pid_, command.at(0).c_str(), &actions, &attributes, pointers(command).data(),
                                   pointers(environment).data());
    posix_spawn_file_actions_destroy(&actions);
    posix_spawnattr_destroy(&attributes);
    if (failed != 0) {
        pid_ = -1;
        throw std::system_error(failed, std::generic_category(), command.at(0));
    }
}

terminal_process::~terminal_process() {
    if (pid_ > 0) {
        kill(pid_, SIGKILL);
        waitpid(pid_, nullptr, 0);
    }
    close(screen_);
}

void terminal_process::type(std::string_view keys) {
    while (!keys.empty()) {
        keys.remove_prefix(
            static_cast<std::size_t>(checked(static_cast<int>(::write(screen_, keys.data(), keys.size())))));
    }
}

bool terminal_process::read_more() {
    std::array<char, 4096> part{};
    const ssize_t n = read(screen_, part.data(), part.size());
    if (n <= 0) { // EIO: nobody has the terminal any more
        return false;
    }
    unread_.append(part.data(), static_cast<std::size_t>(n));
    return true;
}

std::string terminal_process::read_until(std::string_view text) {
    std::size_t at = unread_.find(text);
    while (at == std::string::npos && read_more()) {
        at = unread_.find(text);
    }
    const std::size_t end = at == std::string::npos ? unread_.size() : at + text.size();
    std::string taken = unread_.substr(0, end);
    unread_.erase(0, end);
    return taken;
}

finished terminal_process::wait() {
    while (read_more()) {}
    finished end;
    end.out = std::exchange(unread_, {});
    int status = 0;
    checked(waitpid(std::exchange(pid_, -1), &status, 0));
    end.exit_code = WIFEXITED(status) ? WEXITSTATUS(status) : 128 + WTERMSIG(status);
    return end;
}
