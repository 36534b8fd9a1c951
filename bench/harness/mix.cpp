// Copyright (c) 2026 The yunhu authors
// SPDX-License-Identifier: BSL-1.0

#include "mix.hpp"

#include "units.hpp"

#include <algorithm>
#include <stdexcept>

namespace bench {
namespace {

endpoint endpoint_named(std::string_view name) {
    const auto found = std::find(endpoint_names.begin(), endpoint_names.end(), name);
    if (found == endpoint_names.end()) {
        std::string all;
        for (const std::string_view each : endpoint_names) {
            all += (all.empty() ? "" : ", ") + std::string(each);
        }
        throw std::invalid_argument("no such endpoint: \"" + std::string(name) + "\"; known endpoints: " + all);
    }
    return static_cast<endpoint>(found - endpoint_names.begin());
}

double weight_in(std::string_view text) {
    std::string_view rest = text;
    const double weight = take_number(rest);
    if (!rest.empty() || weight <= 0) {
        throw std::invalid_argument("a weight must be a number > 0, not \"" + std::string(text) + '"');
    }
    return weight;
}

} // namespace

mix::mix(std::string_view text) {
    double sum = 0;
    for (bool more = true; more;) {
        const auto comma = text.find(',');
        const std::string_view item = text.substr(0, comma);
        const auto equals = item.find('=');
        const endpoint what = endpoint_named(item.substr(0, equals));
        if (has(what)) {
            throw std::invalid_argument("duplicate endpoint: " + std::string(name_of(what)));
        }
        sum += equals == item.npos ? 1 : weight_in(item.substr(equals + 1));
        shares_.push_back({what, sum});
        more = comma != text.npos;
        text.remove_prefix(more ? comma + 1 : text.size());
    }
}

endpoint mix::pick(double unit) const noexcept {
    const double at = unit * shares_.back().upto;
    const auto found = std::find_if(shares_.begin(), shares_.end(), [at](const share& s) { return at < s.upto; });
    return found == shares_.end() ? shares_.back().what : found->what;
}

bool mix::has(endpoint e) const noexcept {
    return std::any_of(shares_.begin(), shares_.end(), [e](const share& s) { return s.what == e; });
}

} // namespace bench
