// Copyright (c) 2026 The yunhu authors
// SPDX-License-Identifier: BSL-1.0
#pragma once

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>

namespace cli {

/// How far something is.
struct progress_state {
    double part = 0;    ///< 0 to 1
    double first = 0;   ///< part that was done before `elapsed` began
    std::string counts; ///< e.g. `1200 of 5000`
    std::chrono::nanoseconds elapsed{};
};

/// One line of so many columns: a bar, the percentage, the counts and the time that is left at this pace.
[[nodiscard]] std::string progress_line(const progress_state& state, std::size_t columns);

/// A progress bar on standard error, if that is a terminal with escape sequences; else nothing. Takes its line away
/// when it is destroyed.
class progress_bar {
public:
    progress_bar();
    progress_bar(const progress_bar&) = delete;
    progress_bar& operator=(const progress_bar&) = delete;
    ~progress_bar();

    [[nodiscard]] bool is_shown() const { return shown_; }
    /// Whether it is time to draw it again: drawing more often than people can see costs time.
    [[nodiscard]] bool is_due() const;
    /// `first`: the part that was there when the bar was made; the time that is left is reckoned from the rest.
    void draw(double part, std::string counts, double first = 0);
    /// Takes the line away, so that something else can be written.
    void clear();

private:
    using clock = std::chrono::steady_clock;

    bool shown_;
    bool drawn_ = false;
    clock::time_point begin_ = clock::now();
    std::optional<clock::time_point> last_;
};

} // namespace cli
