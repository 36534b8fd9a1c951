// Copyright (c) 2026 The yunhu authors
// SPDX-License-Identifier: BSL-1.0

#include "child.hpp"

#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <chrono>
#include <csignal>
#include <exception>
#include <iostream>
#include <stdexcept>
#include <system_error>

namespace yunhu::bench {
namespace {

double seconds(const timeval& t) {
    return static_cast<double>(t.tv_sec) + static_cast<double>(t.tv_usec) * 1e-6;
}

[[noreturn]] void run_and_exit(const std::function<std::vector<double>()>& work, int out) {
    int code = 1;
    try {
        prctl(PR_SET_PDEATHSIG, SIGKILL);
        const std::vector<double> results = work();
        const std::size_t size = results.size() * sizeof(double);
        code = write(out, results.data(), size) == static_cast<ssize_t>(size) ? 0 : 1;
    } catch (const std::exception& e) {
        std::cerr << e.what() << std::endl;
    }
    _exit(code);
}

} // namespace

std::vector<double> in_child(const std::function<std::vector<double>()>& work) {
    std::array<int, 2> ends{};
    if (pipe(ends.data()) != 0) {
        throw std::system_error(errno, std::generic_category(), "pipe");
    }
    const pid_t child = fork();
    if (child < 0) {
        throw std::system_error(errno, std::generic_category(), "fork");
    }
    if (child == 0) {
        close(ends[0]);
        run_and_exit(work, ends[1]);
    }
    close(ends[1]);
    std::vector<double> results;
    double one = 0;
    while (read(ends[0], &one, sizeof one) == static_cast<ssize_t>(sizeof one)) {
        results.push_back(one);
    }
    close(ends[0]);
    int status = 0;
    if (waitpid(child, &status, 0) != child || status != 0) {
        throw std::runtime_error("a measurement failed");
    }
    return results;
}

double cpu_seconds() {
    rusage used{};
    getrusage(RUSAGE_SELF, &used);
    return seconds(used.ru_utime) + seconds(used.ru_stime);
}

double wall_seconds() {
    return std::chrono::duration<double>(std::chrono::steady_clock::now().time_since_epoch()).count();
}

double peak_memory() {
    rusage used{};
    getrusage(RUSAGE_SELF, &used);
    return static_cast<double>(used.ru_maxrss) * 1024;
}

} // namespace yunhu::bench
