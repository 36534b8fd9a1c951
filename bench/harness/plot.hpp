// Copyright (c) 2026 The yunhu authors
// SPDX-License-Identifier: BSL-1.0
#pragma once

#include <boost/json/object.hpp>

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace bench {

enum class scale : std::uint8_t {
    linear,     ///< from 0
    log,        ///< values above 0
    percentile, ///< of fractions in [0, 1): each further nine takes the same width, as in HdrHistogram's plots
};

/// The unit of an axis.
enum class quantity : std::uint8_t { plain, time, seconds, part };

struct axis {
    std::string title;
    bench::scale scale{};
    quantity of{};
};

struct line {
    std::string name;
    std::vector<std::pair<double, double>> points; ///< in rising order of x
    std::size_t colour = 0;
    bool dots = false;             ///< marks every point
    std::vector<bool> hollow = {}; ///< points drawn hollow; may be shorter than `points`
};

struct plot {
    std::string title;
    std::string note; ///< caption
    axis x;
    axis y;
    std::vector<line> lines;
};

inline constexpr std::size_t colours = 8; ///< classes c0, c1, … of the page's style

/// Formats a number for an axis or a tooltip.
[[nodiscard]] std::string label_of(double value, quantity of);

/// The drawing as inline SVG, without lines that have no drawable point.
[[nodiscard]] std::string svg_of(const plot& p);
/// The script's data: positions of the points and their labels.
[[nodiscard]] boost::json::object hover_of(const plot& p);

/// `text` with XML's special characters escaped.
[[nodiscard]] std::string escaped(std::string_view text);

} // namespace bench
