// Copyright (c) 2026 The yunhu authors
// SPDX-License-Identifier: BSL-1.0

#include "fault_spec.hpp"

#include <boost/algorithm/hex.hpp>

#include <algorithm>
#include <charconv>
#include <chrono>
#include <cstdint>
#include <exception>
#include <limits>
#include <map>
#include <stdexcept>
#include <system_error>

namespace emulator_cli {
namespace {

using yunhu::testing::fault;
using yunhu::testing::gateway_fault;

template <class Action> struct named {
    std::string_view name;
    Action action;
};

constexpr named<fault::action> actions[] = {
    {"response", fault::action::response},
    {"raw_bytes", fault::action::raw_bytes},
    {"close_before", fault::action::close_before},
    {"close_after", fault::action::close_after},
    {"close_in_response", fault::action::close_in_response},
    {"reset", fault::action::reset},
    {"stall", fault::action::stall},
    {"delay", fault::action::delay},
    {"refuse_tls", fault::action::refuse_tls},
};

constexpr named<gateway_fault::action> gateway_actions[] = {
    {"replace", gateway_fault::action::replace},
    {"insert", gateway_fault::action::insert},
    {"drop", gateway_fault::action::drop},
    {"duplicate", gateway_fault::action::duplicate},
    {"swap", gateway_fault::action::swap},
    {"as_text", gateway_fault::action::as_text},
    {"truncate", gateway_fault::action::truncate},
    {"no_value", gateway_fault::action::no_value},
    {"wrong_type_url", gateway_fault::action::wrong_type_url},
    {"delay", gateway_fault::action::delay},
    {"close", gateway_fault::action::close},
    {"disconnect", gateway_fault::action::disconnect},
    {"reset", gateway_fault::action::reset},
    {"silence", gateway_fault::action::silence},
    {"half_open", gateway_fault::action::half_open},
};

template <class Action, std::size_t Size> std::string find_name(const named<Action> (&all)[Size], Action wanted) {
    const auto found = std::ranges::find(all, wanted, &named<Action>::action);
    return found == std::end(all) ? std::string() : std::string(found->name);
}

template <class Action, std::size_t Size>
Action find_action(const named<Action> (&all)[Size], const std::string& name) {
    const auto found = std::ranges::find(all, name, &named<Action>::name);
    if (found == std::end(all)) {
        std::string known;
        for (const named<Action>& each : all) {
            known += (known.empty() ? "" : ", ") + std::string(each.name);
        }
        throw std::invalid_argument("action=" + name + " is not one of " + known);
    }
    return found->action;
}

std::uint64_t whole(const std::string& text, std::uint64_t most = std::numeric_limits<std::uint64_t>::max()) {
    std::uint64_t value = 0;
    const auto [end, failed] = std::from_chars(text.data(), text.data() + text.size(), value);
    if (failed != std::errc() || end != text.data() + text.size() || value > most) {
        throw std::invalid_argument("not a number: " + text);
    }
    return value;
}

bool truth(const std::string& text) {
    if (text != "true" && text != "false" && text != "1" && text != "0") {
        throw std::invalid_argument("not true or false: " + text);
    }
    return text == "true" || text == "1";
}

double probability(const std::string& text) {
    std::size_t used = 0;
    double value = -1;
    try {
        value = std::stod(text, &used);
    } catch (const std::exception&) {
        used = 0;
    }
    if (used != text.size() || text.empty() || !(value >= 0 && value <= 1)) {
        throw std::invalid_argument("not a probability: " + text);
    }
    return value;
}

std::chrono::milliseconds duration(const std::string& text) {
    return std::chrono::milliseconds(whole(text, std::numeric_limits<std::uint32_t>::max()));
}

// Splits the words; `set` returns false for a key that it does not know.
template <class Set> void for_each_field(std::string_view spec, Set set) {
    bool has_action = false;
    while (!spec.empty()) {
        const auto equals = spec.find('=');
        const std::string key(spec.substr(0, equals));
        spec.remove_prefix(equals == spec.npos ? spec.size() : equals + 1);
        const auto end = key == "body" ? spec.size() : std::min(spec.find(','), spec.size());
        const std::string value(spec.substr(0, end));
        spec.remove_prefix(std::min(end + 1, spec.size()));
        has_action = has_action || key == "action";
        if (!set(key, value)) {
            throw std::invalid_argument("unknown or invalid: " + key + "=" + value);
        }
    }
    if (!has_action) {
        throw std::invalid_argument("action is required");
    }
}

// The fields that both have.
template <class Fault> bool set_common(Fault& parsed, const std::string& key, const std::string& value) {
    if (key == "nth") {
        parsed.nth = whole(value);
    } else if (key == "times") {
        parsed.times = whole(value);
    } else if (key == "probability") {
        parsed.probability = probability(value);
    } else if (key == "delay_ms") {
        parsed.delay = duration(value);
    } else if (key == "body") {
        parsed.body = value;
    } else {
        return false;
    }
    return true;
}

} // namespace

fault parse_fault(std::string_view spec) {
    constexpr std::uint64_t max_status = 999;
    fault parsed;
    for_each_field(spec, [&](const std::string& key, const std::string& value) {
        if (key == "endpoint") {
            parsed.endpoint = value;
        } else if (key == "action") {
            parsed.what = find_action(actions, value);
        } else if (key == "status") {
            parsed.status = static_cast<int>(whole(value, max_status));
        } else if (key == "execute") {
            parsed.execute = truth(value);
        } else if (key == "header" && value.find(':') != value.npos) {
            const auto colon = value.find(':');
            parsed.headers.emplace_back(value.substr(0, colon), value.substr(colon + 1));
        } else {
            return set_common(parsed, key, value);
        }
        return true;
    });
    return parsed;
}

gateway_fault parse_gateway_fault(std::string_view spec) {
    gateway_fault parsed;
    for_each_field(spec, [&](const std::string& key, const std::string& value) {
        if (key == "on") {
            parsed.on = value;
        } else if (key == "user") {
            parsed.user_id = value;
        } else if (key == "action") {
            parsed.what = find_action(gateway_actions, value);
        } else if (key == "text") {
            parsed.text = truth(value);
        } else if (key == "code") {
            parsed.close_code = static_cast<std::uint16_t>(whole(value, std::numeric_limits<std::uint16_t>::max()));
        } else if (key == "body_hex") {
            try {
                parsed.body = boost::algorithm::unhex(value);
            } catch (const std::exception&) {
                throw std::invalid_argument("not hexadecimal: " + value);
            }
        } else {
            return set_common(parsed, key, value);
        }
        return true;
    });
    return parsed;
}

std::string name_of(fault::action action) {
    return find_name(actions, action);
}

std::string name_of(gateway_fault::action action) {
    return find_name(gateway_actions, action);
}

} // namespace emulator_cli
