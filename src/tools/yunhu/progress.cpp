// Copyright (c) 2026 The yunhu authors
// SPDX-License-Identifier: BSL-1.0

#include "progress.hpp"

#include "message.hpp"
#include "terminal.hpp"

#include <algorithm>
#include <cmath>
#include <iostream>
#include <utility>

#include <unistd.h>

namespace cli {
namespace {

std::string two_digits(std::int64_t n) {
    return (n < 10 ? "0" : "") + std::to_string(n);
}

std::string clock_time(std::int64_t seconds) {
    const std::string minutes_and_seconds = two_digits(seconds / 60 % 60) + ":" + two_digits(seconds % 60);
    return seconds < 3600 ? minutes_and_seconds : std::to_string(seconds / 3600) + ":" + minutes_and_seconds;
}

} // namespace

std::string progress_line(const progress_state& state, std::size_t columns) {
    constexpr std::size_t widest_bar = 40;
    constexpr std::size_t narrowest_bar = 10;
    constexpr std::int64_t longest_guess = 1000L * 3600;
    const double part = std::clamp(state.part, 0.0, 1.0);
    const std::string percent = std::to_string(static_cast<int>(std::floor(part * 100)));
    std::string tail = " " + std::string(3 - percent.size(), ' ') + percent + "%  " + state.counts;
    const double moved = part - std::clamp(state.first, 0.0, 1.0);
    if (moved > 0 && part < 1) {
        const double seconds = std::chrono::duration<double>(state.elapsed).count() * (1 - part) / moved;
        if (seconds < static_cast<double>(longest_guess)) {
            tail += "  " + translated("{0} left", {clock_time(static_cast<std::int64_t>(std::ceil(seconds)))});
        }
    }
    std::string line;
    if (const std::size_t used = columns_of(tail) + 2; used + narrowest_bar < columns) {
        const std::size_t width = std::min(widest_bar, columns - used - 1);
        const auto filled = static_cast<std::size_t>(part * static_cast<double>(width));
        line = "[" + std::string(filled, '#') + std::string(width - filled, '.') + "]";
    }
    return cut_to(line + tail, columns - 1); // the last column would make some terminals wrap
}

progress_bar::progress_bar() : shown_(has_escapes(STDERR_FILENO)) {}

progress_bar::~progress_bar() {
    clear();
}

bool progress_bar::is_due() const {
    constexpr auto pause = std::chrono::milliseconds(100);
    return shown_ && (!last_ || clock::now() - *last_ >= pause);
}

void progress_bar::draw(double part, std::string counts, double first) {
    if (!shown_) {
        return;
    }
    last_ = clock::now();
    progress_state state;
    state.part = part;
    state.first = first;
    state.counts = std::move(counts);
    state.elapsed = *last_ - begin_;
    std::cerr << "\r\x1b[K" << progress_line(state, terminal_columns(STDERR_FILENO)) << std::flush;
    drawn_ = true;
}

void progress_bar::clear() {
    if (std::exchange(drawn_, false)) {
        std::cerr << "\r\x1b[K" << std::flush;
    }
}

} // namespace cli
