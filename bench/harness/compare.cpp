// Copyright (c) 2026 The yunhu authors
// SPDX-License-Identifier: BSL-1.0

#include "compare.hpp"

#include "units.hpp"

#include <algorithm>
#include <array>
#include <iomanip>
#include <ostream>
#include <stdexcept>

namespace bench {
namespace {

using relation = condition::relation;

// Longer ones first: ">=" is not ">".
constexpr std::array<std::pair<std::string_view, relation>, 4> relations = {
    {{">=", relation::at_least}, {"<=", relation::at_most}, {">", relation::greater}, {"<", relation::less}}};

std::string_view trimmed(std::string_view text) {
    const auto begin = text.find_first_not_of(' ');
    return begin == text.npos ? std::string_view() : text.substr(begin, text.find_last_not_of(' ') + 1 - begin);
}

void parse_limit(std::string_view text, condition& c) {
    std::string_view rest = text;
    c.limit = take_number(rest);
    if (rest == "x") {
        c.of_first = true;
    } else if (is_time(c.metric)) {
        if (rest.empty()) {
            throw std::invalid_argument("requires a unit or x, as in 5ms or 1.1x");
        }
        c.limit = static_cast<double>(parse_duration(text).count());
    } else if (!rest.empty()) {
        throw std::invalid_argument("must be a number or a multiple such as 1.1x");
    }
}

bool holds(relation how, double value, double limit) {
    switch (how) {
    case relation::less:
        return value < limit;
    case relation::at_most:
        return value <= limit;
    case relation::greater:
        return value > limit;
    case relation::at_least:
        return value >= limit;
    }
    return false;
}

std::string shown(double value, bool is_time) {
    return is_time ? human(nanoseconds(static_cast<std::int64_t>(value))) : human(value);
}

std::string ratio(double first, double second) {
    return first == 0 ? (second == 0 ? "1.00x" : "-") : fixed(second / first, 2) + 'x';
}

const metric* find(const std::vector<metric>& all, std::string_view name) {
    const auto found = std::find_if(all.begin(), all.end(), [name](const metric& m) { return m.name == name; });
    return found == all.end() ? nullptr : &*found;
}

const metric& get(const std::vector<metric>& all, const std::string& name, std::string_view whose) {
    if (const metric* const m = find(all, name)) {
        return *m;
    }
    std::string names;
    for (const metric& each : all) {
        if (each.name.find('.') == std::string::npos || each.name.starts_with("p99.")) {
            names += ' ' + each.name;
        }
    }
    throw std::invalid_argument("the " + std::string(whose) + " run has no metric \"" + name + "\"; it has" + names +
                                ", and others as the \"metrics\" of its JSON names them");
}

} // namespace

condition parse_condition(std::string_view text) {
    const auto at = text.find_first_of("<>");
    try {
        if (at == text.npos || trimmed(text.substr(0, at)).empty()) {
            throw std::invalid_argument("must be like p99>1.1x, p99>5ms or rate<0.9x");
        }
        condition c;
        c.text = text;
        c.metric = trimmed(text.substr(0, at));
        const std::string_view rest = text.substr(at);
        const auto* const found = std::find_if(relations.begin(), relations.end(),
                                               [rest](const auto& r) { return rest.starts_with(r.first); });
        c.how = found->second;
        parse_limit(trimmed(rest.substr(found->first.size())), c);
        return c;
    } catch (const std::invalid_argument& e) {
        throw std::invalid_argument("condition \"" + std::string(text) + "\": " + e.what());
    }
}

comparison compare(const run_result& first, const run_result& second, const std::vector<condition>& fail_if) {
    const std::vector<metric> a = metrics_of(first);
    const std::vector<metric> b = metrics_of(second);
    comparison made;
    for (const metric& m : a) {
        if (const metric* const other = find(b, m.name)) {
            made.rows.push_back({m.name, m.value, other->value, m.is_time});
        }
    }
    for (const condition& c : fail_if) {
        const metric& now = get(b, c.metric, "second");
        const double limit = c.of_first ? c.limit * get(a, c.metric, "first").value : c.limit;
        if (holds(c.how, now.value, limit)) {
            made.failed.push_back(c.text + ": " + c.metric + " is " + shown(now.value, now.is_time) + ", the limit " +
                                  shown(limit, now.is_time));
        }
    }
    return made;
}

void print(std::ostream& out, const comparison& c, bool brief) {
    out << std::left << std::setw(34) << "" << std::right << std::setw(12) << "first" << std::setw(12) << "second"
        << std::setw(9) << "ratio" << '\n';
    for (const comparison::row& row : c.rows) {
        if (brief && row.metric.find('.') != std::string::npos && !row.metric.starts_with("p99.")) {
            continue;
        }
        // "µ" is two bytes and one column
        const auto cell = [&](double value) {
            const std::string text = shown(value, row.is_time);
            return std::string(12 - std::min<std::size_t>(12, text.size() - (text.find("µ") != text.npos ? 1 : 0)),
                               ' ') +
                   text;
        };
        out << std::left << std::setw(34) << row.metric << std::right << cell(row.first) << cell(row.second)
            << std::setw(9) << ratio(row.first, row.second) << '\n';
    }
    for (const std::string& why : c.failed) {
        out << "FAILED " << why << '\n';
    }
}

} // namespace bench
