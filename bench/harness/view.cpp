// Copyright (c) 2026 The yunhu authors
// SPDX-License-Identifier: BSL-1.0

#include "view.hpp"

#include "units.hpp"

#include <algorithm>
#include <array>
#include <chrono>
#include <clocale>
#include <cstdio>
#include <cstdlib>
#include <iostream>
#include <string_view>
#include <utility>
#include <vector>

#include <ncurses.h>
#include <unistd.h>

namespace bench {
namespace {

using namespace std::chrono_literals;

std::string rate_of(const view_state& m) {
    const double seconds = std::chrono::duration<double>(m.since_last).count();
    return human(seconds > 0 ? static_cast<double>(m.now.recent.calls) / seconds : 0);
}

std::string percentiles(const histogram& h) {
    if (h.count() == 0) {
        return "-";
    }
    return human(h.percentile(50)) + " / " + human(h.percentile(99)) + " / " + human(h.percentile(99.9));
}

std::string errors_of(const view_state& m) {
    std::string text;
    for (const auto& [kind, count] : m.now.errors) {
        text += (text.empty() ? "" : ", ") + kind + ' ' + std::to_string(count);
    }
    return text.empty() ? "none" : text;
}

// Part of the attempts that met a connection that was there.
std::string reuse_of(const yunhu::client_stats& s) {
    return s.attempts == 0 ? "-"
                           : fixed(100 - 100 * static_cast<double>(std::min(s.handshakes, s.attempts)) /
                                             static_cast<double>(s.attempts),
                                   2) +
                                 " %";
}

class nothing final : public view {
public:
    void show(const view_state& /*m*/) override {}
    void add_step(const std::string& /*heading*/, const std::string& /*line*/) override {}
    [[nodiscard]] nanoseconds period() const override { return 1s; }
};

class lines final : public view {
public:
    void show(const view_state& m) override { std::cerr << line_of(m) << '\n'; }
    void add_step(const std::string& heading, const std::string& line) override {
        std::cerr << heading << '\n' << line << '\n';
    }
    [[nodiscard]] nanoseconds period() const override { return 1s; }
};

class screen final : public view {
public:
    // What draws must not write to standard output, which may be a file.
    explicit screen(SCREEN* on) : on_(on) { curs_set(0); }
    screen(const screen&) = delete;
    screen& operator=(const screen&) = delete;
    ~screen() override {
        endwin();
        delscreen(on_);
    }
    [[nodiscard]] nanoseconds period() const override { return 200ms; }

    void show(const view_state& m) override {
        erase();
        row_ = 0;
        attron(A_BOLD);
        line("yunhu-bench  ", m.title);
        attroff(A_BOLD);
        bar(m);
        ++row_;
        line("rate         ", rate_of(m) + " calls/s, " + std::to_string(m.now.in_flight) + " in flight");
        line("now          ", percentiles(m.now.recent.latency) + "   p50 / p99 / p99.9");
        line("measured     ", percentiles(m.now.latency) + "   of " + std::to_string(m.now.latency.count()) + " calls");
        ++row_;
        const yunhu::client_stats& s = m.stats;
        line("connections  ", std::to_string(s.connections) + " open, " + std::to_string(s.idle) + " idle, " +
                                  std::to_string(s.connecting) + " connecting; reuse " + reuse_of(s));
        line("waiting      ", std::to_string(s.queued) + " calls");
        line("retries      ", std::to_string(s.retries) + "; dials " + std::to_string(s.connects_started) +
                                  ", failed " + std::to_string(s.connects_failed));
        line("errors       ", errors_of(m));
        ++row_;
        line("", "Ctrl-C ends the run and reports");
        draw_steps();
        refresh();
    }
    void add_step(const std::string& heading, const std::string& line) override {
        steps_heading_ = heading;
        steps_.push_back(line);
    }

private:
    // A text that is too long goes on below its beginning.
    void line(std::string_view label, const std::string& text) {
        const auto columns = static_cast<std::size_t>(std::max(COLS - 2, 20));
        std::string before(label);
        for (const std::string& part : wrapped(text, columns - std::min(columns / 2, before.size()))) {
            mvaddstr(row_++, 1, (before + part).c_str());
            before.assign(label.size(), ' ');
        }
    }
    // The newest ones, as many as there is room for.
    void draw_steps() {
        const int room = LINES - row_ - 2;
        if (steps_.empty() || room < 1) {
            return;
        }
        ++row_;
        line("", steps_heading_);
        const std::size_t shown = std::min(steps_.size(), static_cast<std::size_t>(room));
        for (std::size_t i = steps_.size() - shown; i < steps_.size(); ++i) {
            mvaddnstr(row_++, 1, steps_[i].c_str(), std::max(COLS - 2, 0));
        }
    }
    void bar(const view_state& m) {
        const std::string behind = ' ' + fixed(100 * m.now.progress, 0) + " %  " +
                                   fixed(std::chrono::duration<double>(m.elapsed).count(), 1) + " s" +
                                   (m.now.warming_up ? "  warming up" : "");
        const int width = std::clamp(COLS - 30, 10, 60);
        const int full = static_cast<int>(m.now.progress * width);
        line("", '[' + std::string(static_cast<std::size_t>(full), '#') +
                     std::string(static_cast<std::size_t>(width - full), '.') + ']' + behind);
    }

    SCREEN* on_;
    int row_ = 0;
    std::string steps_heading_;
    std::vector<std::string> steps_;
};

} // namespace

std::string line_of(const view_state& m) {
    return fixed(100 * m.now.progress, 0) + " %" + (m.now.warming_up ? " (warm-up)" : "") + "  " + rate_of(m) +
           "/s  p50 / p99 / p99.9 " + percentiles(m.now.recent.latency) + "  connections " +
           std::to_string(m.stats.connections) + "  reuse " + reuse_of(m.stats) + "  retries " +
           std::to_string(m.stats.retries) + "  errors: " + errors_of(m);
}

std::unique_ptr<view> make_view(bool quiet) {
    if (quiet) {
        return std::make_unique<nothing>();
    }
    if (isatty(STDERR_FILENO) == 1) {
        std::setlocale(LC_CTYPE, "C.UTF-8"); // for "µ"
        if (SCREEN* const on = newterm(nullptr, stderr, stdin)) {
            set_term(on);
            return std::make_unique<screen>(on);
        }
    }
    return std::make_unique<lines>();
}

} // namespace bench
