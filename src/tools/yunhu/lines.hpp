// Copyright (c) 2026 The yunhu authors
// SPDX-License-Identifier: BSL-1.0
#pragma once

#include <boost/asio/awaitable.hpp>
#include <boost/asio/thread_pool.hpp>

#include <atomic>
#include <cstddef>
#include <iosfwd>
#include <optional>
#include <string>

namespace cli {

struct line {
    line(std::string text_, std::size_t number_) : text(std::move(text_)), number(number_) {}

    std::string text;
    std::size_t number; ///< from 1
};

/// Reads lines on a thread of its own, so that the io_context never waits for a file, a pipe or a person. Reads no
/// further than it is asked to.
class line_reader {
public:
    explicit line_reader(std::istream& in) : in_(in) {}

    /// The next line; nothing at the end, which may be an error of the stream. May be called again before the last call
    /// has ended.
    [[nodiscard]] boost::asio::awaitable<std::optional<line>> next();
    /// Lines read so far.
    [[nodiscard]] std::size_t count() const { return count_; }
    [[nodiscard]] const std::istream& input() const { return in_; }

private:
    std::optional<line> read();

    std::istream& in_;
    std::atomic<std::size_t> count_ = 0;
    boost::asio::thread_pool thread_{1};
};

/// The exit code of a program whose input has ended: says so on standard error if that was not its regular end.
[[nodiscard]] int report_lost_input(const line_reader& lines);

} // namespace cli
