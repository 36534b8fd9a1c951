// Copyright (c) 2026 The yunhu authors
// SPDX-License-Identifier: BSL-1.0

#include "plot.hpp"

#include "units.hpp"

#include <boost/json/array.hpp>

#include <algorithm>
#include <chrono>
#include <cmath>
#include <cstdint>
#include <limits>
#include <sstream>

namespace bench {
namespace {

namespace json = boost::json;

// The size of the drawing; the page scales it.
constexpr double plot_width = 760;
constexpr double height = 320;
constexpr double left_edge = 92;
constexpr double right_edge = plot_width - 16;
constexpr double top_edge = 12;
constexpr double bottom_edge = height - 44;

struct range {
    double low = std::numeric_limits<double>::infinity();
    double high = -std::numeric_limits<double>::infinity();

    void add(double v) {
        low = std::min(low, v);
        high = std::max(high, v);
    }
};

// Maps a value to its linear position.
double straightened(double v, scale s) {
    switch (s) {
    case scale::log:
        return std::log10(v);
    case scale::percentile:
        return -std::log10(1 - v);
    case scale::linear:
        break;
    }
    return v;
}

bool drawable(double v, scale s) {
    return std::isfinite(v) && (s != scale::log || v > 0) && (s != scale::percentile || (v >= 0 && v < 1));
}

// Distance of round ticks, about five in total.
double tick_step(double span) {
    const double rough = span / 5;
    const double power = std::pow(10, std::floor(std::log10(rough)));
    for (const double times : {1.0, 2.0, 5.0}) {
        if (times * power >= rough) {
            return times * power;
        }
    }
    return 10 * power;
}

// An axis with its layout.
class ruler {
public:
    ruler(const axis& a, range values, double from, double to) : axis_(a), from_(from), to_(to) {
        if (values.low > values.high) {
            values = {1, 10};
        }
        switch (a.scale) {
        case scale::linear:
            lay_out_linear(values);
            break;
        case scale::log:
            lay_out_log(values);
            break;
        case scale::percentile:
            lay_out_percentiles(values);
            break;
        }
    }

    [[nodiscard]] double at(double v) const {
        const double part = (straightened(v, axis_.scale) - low_) / (high_ - low_);
        return from_ + std::clamp(part, 0.0, 1.0) * (to_ - from_);
    }
    [[nodiscard]] const std::vector<double>& ticks() const { return ticks_; }

private:
    void lay_out_linear(const range& values) {
        const double step = tick_step(values.high > 0 ? values.high : 1);
        low_ = 0;
        high_ = std::max(values.high > 0 ? values.high * 1.04 : 1, step);
        for (double v = 0; v <= high_; v += step) {
            ticks_.push_back(v);
        }
    }
    void lay_out_log(const range& values) {
        const double floor = std::floor(std::log10(values.low) * 3) / 3;
        const double ceiling = std::ceil(std::log10(values.high) * 3) / 3;
        low_ = floor;
        high_ = std::max(ceiling, floor + 1.0 / 3);
        const bool crowded = high_ - low_ > 4;
        for (double decade = std::floor(low_); decade <= high_; ++decade) {
            for (const double times : {1.0, 2.0, 5.0}) {
                const double where = decade + std::log10(times);
                if (where >= low_ - 1e-9 && where <= high_ + 1e-9 && (!crowded || times == 1.0)) {
                    ticks_.push_back(times * std::pow(10, decade));
                }
            }
        }
    }
    void lay_out_percentiles(const range& values) {
        low_ = 0;
        high_ = std::max(1.0, straightened(values.high, scale::percentile));
        for (const double v : {0.0, 0.5, 0.9, 0.99, 0.999, 0.9999, 0.99999, 0.999999}) {
            if (straightened(v, scale::percentile) <= high_ + 1e-9) {
                ticks_.push_back(v);
            }
        }
    }

    axis axis_;
    double from_;
    double to_;
    double low_ = 0;
    double high_ = 1;
    std::vector<double> ticks_;
};

// Axes that fit all lines.
struct layout {
    ruler x;
    ruler y;

    static layout of(const plot& p) {
        range xs;
        range ys;
        for (const line& l : p.lines) {
            for (const auto& [x, y] : l.points) {
                if (drawable(x, p.x.scale) && drawable(y, p.y.scale)) {
                    xs.add(x);
                    ys.add(y);
                }
            }
        }
        return {ruler(p.x, xs, left_edge, right_edge), ruler(p.y, ys, bottom_edge, top_edge)};
    }
};

std::string pixels(double v) {
    return fixed(v, 1);
}

void draw_axes(std::ostream& out, const plot& p, const layout& at) {
    for (const double tick : at.y.ticks()) {
        const std::string y = pixels(at.y.at(tick));
        out << "<line class=\"grid\" x1=\"" << left_edge << "\" x2=\"" << right_edge << "\" y1=\"" << y << "\" y2=\""
            << y << "\"/><text class=\"tick\" x=\"" << left_edge - 8 << "\" y=\"" << y
            << "\" text-anchor=\"end\" dominant-baseline=\"middle\">" << label_of(tick, p.y.of) << "</text>\n";
    }
    for (const double tick : at.x.ticks()) {
        const std::string x = pixels(at.x.at(tick));
        out << "<line class=\"grid\" x1=\"" << x << "\" x2=\"" << x << "\" y1=\"" << top_edge << "\" y2=\""
            << bottom_edge << "\"/><text class=\"tick\" x=\"" << x << "\" y=\"" << bottom_edge + 18
            << "\" text-anchor=\"middle\">" << label_of(tick, p.x.of) << "</text>\n";
    }
    out << "<text class=\"axis\" x=\"" << (left_edge + right_edge) / 2 << "\" y=\"" << height - 6
        << "\" text-anchor=\"middle\">" << escaped(p.x.title) << "</text>\n<text class=\"axis\" text-anchor=\"middle\" "
        << "transform=\"translate(14 " << (top_edge + bottom_edge) / 2 << ") rotate(-90)\">" << escaped(p.y.title)
        << "</text>\n";
}

void draw_line(std::ostream& out, const plot& p, const line& l, const layout& at) {
    std::ostringstream path;
    std::ostringstream dots;
    const char* command = "M";
    for (std::size_t i = 0; i < l.points.size(); ++i) {
        const auto& [x, y] = l.points[i];
        if (!drawable(x, p.x.scale) || !drawable(y, p.y.scale)) {
            continue;
        }
        path << command << pixels(at.x.at(x)) << ' ' << pixels(at.y.at(y));
        command = "L";
        if (l.dots) {
            const bool hollow = i < l.hollow.size() && l.hollow[i];
            dots << "<circle class=\"" << (hollow ? "hollow" : "dot") << "\" cx=\"" << pixels(at.x.at(x)) << "\" cy=\""
                 << pixels(at.y.at(y)) << "\" r=\"4\"/>";
        }
    }
    if (path.str().empty()) {
        return;
    }
    out << "<g class=\"c" << l.colour % colours << "\" data-series=\"" << escaped(l.name) << "\"><path d=\""
        << path.str() << "\"/>" << dots.str() << "</g>\n";
}

} // namespace

std::string escaped(std::string_view text) {
    std::string made;
    for (const char c : text) {
        switch (c) {
        case '<':
            made += "&lt;";
            break;
        case '>':
            made += "&gt;";
            break;
        case '&':
            made += "&amp;";
            break;
        case '"':
            made += "&quot;";
            break;
        default:
            if (static_cast<unsigned char>(c) >= 0x20 || c == '\n' ||
                c == '\t') { // the only characters that XML allows
                made += c;
            }
        }
    }
    return made;
}

std::string label_of(double value, quantity of) {
    switch (of) {
    case quantity::time:
        return human(std::chrono::nanoseconds(std::llround(value)));
    case quantity::seconds:
        return human(value) + " s";
    case quantity::part: {
        std::ostringstream out;
        out.precision(9);
        out << value * 100 << " %";
        return out.str();
    }
    case quantity::plain:
        break;
    }
    return human(value);
}

std::string svg_of(const plot& p) {
    const layout at = layout::of(p);
    std::ostringstream out;
    out << "<svg viewBox=\"0 0 " << plot_width << ' ' << height << "\" role=\"img\" aria-label=\"" << escaped(p.title)
        << "\">\n";
    draw_axes(out, p, at);
    for (const line& l : p.lines) {
        draw_line(out, p, l, at);
    }
    out << "<line class=\"cross\" y1=\"" << top_edge << "\" y2=\"" << bottom_edge << "\"/>\n</svg>\n";
    return out.str();
}

json::object hover_of(const plot& p) {
    const layout at = layout::of(p);
    const auto rounded = [](double v) { return std::round(v * 10) / 10; };
    json::array lines;
    for (const line& l : p.lines) {
        json::array points;
        for (const auto& [x, y] : l.points) {
            if (drawable(x, p.x.scale) && drawable(y, p.y.scale)) {
                points.push_back(json::array{rounded(at.x.at(x)), label_of(x, p.x.of), label_of(y, p.y.of)});
            }
        }
        if (!points.empty()) {
            lines.push_back({{"name", l.name}, {"colour", l.colour % colours}, {"points", std::move(points)}});
        }
    }
    return {{"width", plot_width}, {"lines", std::move(lines)}};
}

} // namespace bench
