// Copyright (c) 2026 The yunhu authors
// SPDX-License-Identifier: BSL-1.0

#include "emulator_process.hpp"

#include <yunhu/testing/emulator.hpp>

#include <array>
#include <cerrno>
#include <ctime>
#include <exception>
#include <iostream>
#include <stdexcept>
#include <string_view>
#include <system_error>

#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

namespace bench {
namespace {

void write_all(int fd, std::string_view text) {
    while (!text.empty()) {
        const ssize_t n = send(fd, text.data(), text.size(), MSG_NOSIGNAL);
        if (n <= 0) {
            return; // no reader: the parent has ended
        }
        text.remove_prefix(static_cast<std::size_t>(n));
    }
}

// Reads up to a NUL or the end of file.
std::string read_until_nul(int fd) {
    std::string text;
    std::array<char, 4096> part{};
    for (;;) {
        const ssize_t n = read(fd, part.data(), part.size());
        if (n < 0 && errno == EINTR) {
            continue;
        }
        if (n <= 0) {
            return text;
        }
        text.append(part.data(), static_cast<std::size_t>(n));
        if (text.ends_with('\0')) {
            text.pop_back();
            return text;
        }
    }
}

// Reports its address and serves until the leash is closed.
int serve(int leash, std::string token, std::uint64_t seed) {
    try {
        setpgid(0, 0); // a keyboard interrupt must reach the bench only
        yunhu::testing::emulator_options options;
        options.token = std::move(token);
        options.seed = seed;
        options.journal_limit = 0;
        const yunhu::testing::emulator server(options);
        write_all(leash, server.base_url() + '\n' + server.ca_pem() + '\0');
        (void)read_until_nul(leash);
        return 0;
    } catch (const std::exception& e) {
        std::cerr << "yunhu-bench: the emulator failed: " << e.what() << '\n';
        return 1;
    }
}

} // namespace

emulator_process::emulator_process(std::string token, std::uint64_t seed) {
    std::array<int, 2> ends{};
    if (socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, ends.data()) != 0) {
        throw std::system_error(errno, std::generic_category(), "socketpair");
    }
    pid_ = fork();
    if (pid_ == 0) {
        close(ends[0]);
        _exit(serve(ends[1], std::move(token), seed));
    }
    close(ends[1]);
    leash_ = ends[0];
    const std::string report = pid_ > 0 ? read_until_nul(leash_) : std::string();
    const auto line_end = report.find('\n');
    if (line_end == report.npos) {
        throw std::runtime_error("the emulator did not start");
    }
    base_url_ = report.substr(0, line_end);
    ca_pem_ = report.substr(line_end + 1);
}

emulator_process::~emulator_process() {
    close(leash_);
    waitpid(pid_, nullptr, 0);
}

std::optional<double> emulator_process::cpu() const {
    clockid_t its_clock{};
    timespec used{};
    if (clock_getcpuclockid(pid_, &its_clock) != 0 || clock_gettime(its_clock, &used) != 0) {
        return std::nullopt;
    }
    return static_cast<double>(used.tv_sec) + static_cast<double>(used.tv_nsec) * 1e-9;
}

} // namespace bench
