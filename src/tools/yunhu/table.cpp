// Copyright (c) 2026 The yunhu authors
// SPDX-License-Identifier: BSL-1.0

#include "table.hpp"

#include "terminal.hpp"

#include <algorithm>
#include <ostream>

namespace cli {
namespace {

constexpr std::size_t gap = 2;
constexpr std::size_t least_for_the_last = 16; // a terminal that narrow wraps

} // namespace

void table::print(std::ostream& out, std::size_t width, bool with_heading) const {
    std::vector<std::size_t> widths;
    std::size_t used = 0;
    for (std::size_t i = 0; i < columns_.size(); ++i) {
        std::size_t widest = 0;
        for (const auto& row : rows_) {
            widest = std::max(widest, columns_of(row[i]));
        }
        widest = std::max(columns_of(columns_[i].heading), std::min(widest, columns_[i].at_most));
        if (i + 1 == columns_.size()) {
            widest = std::min(widest, std::max(width - std::min(width, used), least_for_the_last));
        }
        widths.push_back(widest);
        used += widest + gap;
    }
    const auto print_row = [&](const auto& cell_of) {
        std::string line;
        for (std::size_t i = 0; i < columns_.size(); ++i) {
            const std::string cell = cut_to(cell_of(i), widths[i]);
            const std::string padding(widths[i] - columns_of(cell), ' ');
            line += columns_[i].to_the_right ? padding + cell : cell + padding;
            line.append(gap, ' ');
        }
        line.erase(line.find_last_not_of(' ') + 1);
        out << line << '\n';
    };
    if (with_heading) {
        print_row([&](std::size_t i) { return columns_[i].heading; });
        print_row([&](std::size_t i) { return std::string(widths[i], '-'); });
    }
    for (const auto& row : rows_) {
        print_row([&](std::size_t i) { return row[i]; });
    }
}

} // namespace cli
