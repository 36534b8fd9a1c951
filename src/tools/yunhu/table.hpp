// Copyright (c) 2026 The yunhu authors
// SPDX-License-Identifier: BSL-1.0
#pragma once

#include <cstddef>
#include <iosfwd>
#include <string>
#include <utility>
#include <vector>

namespace cli {

/// A table for a terminal. A column is as wide as its cells, in any script; the last one is truncated at the end of the
/// line.
class table {
public:
    struct column {
        // NOLINTNEXTLINE(google-explicit-constructor): a heading is a column
        column(std::string heading_, bool to_the_right_ = false, std::size_t at_most_ = 1000)
            : heading(std::move(heading_)), to_the_right(to_the_right_), at_most(at_most_) {}

        std::string heading;
        bool to_the_right;   ///< as numbers are
        std::size_t at_most; ///< terminal columns
    };

    explicit table(std::vector<column> columns) : columns_(std::move(columns)) {}

    /// One cell a column: valid UTF-8 on one line.
    void add(std::vector<std::string> cells) { rows_.push_back(std::move(cells)); }
    void print(std::ostream& out, std::size_t width, bool with_heading = true) const;

private:
    std::vector<column> columns_;
    std::vector<std::vector<std::string>> rows_;
};

} // namespace cli
