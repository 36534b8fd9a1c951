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
    percentile, ///< of parts in [0, 1): each further nine takes as much room, as HdrHistogram's plots have it
};

/// What the numbers along an axis are.
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
    bool dots = false;             ///< every point is marked
    std::vector<bool> hollow = {}; ///< points marked as not good; may be shorter than `points`
};

struct plot {
    std::string title;
    std::string note; ///< how to read it
    axis x;
    axis y;
    std::vector<line> lines;
};

inline constexpr std::size_t colours = 8; ///< classes c0, c1, … of the page's style

/// A number as an axis or a hover shows it.
[[nodiscard]] std::string label_of(double value, quantity of);

/// The drawing as inline SVG. Lines without a point that can be drawn are left out.
[[nodiscard]] std::string svg_of(const plot& p);
/// What the page's script needs to show values under the pointer: where points are, and what they say.
[[nodiscard]] boost::json::object hover_of(const plot& p);

/// `text` with the characters that mean something in XML replaced.
[[nodiscard]] std::string escaped(std::string_view text);

} // namespace bench
