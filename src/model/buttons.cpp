// Copyright (c) 2026 The yunhu authors
// SPDX-License-Identifier: BSL-1.0

#include "model/json_memory.hpp"

#include <yunhu/buttons.hpp>

#include <boost/json.hpp>

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

// Buttons are JSON inside a text field: `[[{"text":..,"actionType":1,"value":..,"url":..}]]`.
YUNHU_NAMESPACE_BEGIN

namespace {

namespace json = boost::json;

bool read(const json::object& from, std::string_view name, std::string& into) {
    const json::value* const member = from.if_contains(name);
    if (member == nullptr || member->is_null()) {
        return true;
    }
    const json::string* const text = member->if_string();
    if (text != nullptr) {
        into = std::string_view(*text);
    }
    return text != nullptr;
}

bool read(const json::object& from, std::string_view name, button_action& into) {
    const json::value* const member = from.if_contains(name);
    if (member == nullptr) {
        return true;
    }
    if (const std::uint64_t* const large = member->if_uint64()) {
        into = button_action{*large};
        return true;
    }
    const std::int64_t* const number = member->if_int64();
    if (number == nullptr || *number < 0) {
        return false;
    }
    into = button_action{static_cast<std::uint64_t>(*number)};
    return true;
}

bool read(const json::value& from, button& into) {
    const json::object* const fields = from.if_object();
    return fields != nullptr && read(*fields, "text", into.text) && read(*fields, "actionType", into.action) &&
           read(*fields, "value", into.value) && read(*fields, "url", into.url);
}

bool read(const json::value& from, button_row& into, detail::memory_budget& budget) {
    const json::array* const items = from.if_array();
    if (items == nullptr) {
        return false;
    }
    budget.take(items->size() * sizeof(button));
    into.buttons.reserve(items->size());
    for (const json::value& item : *items) {
        if (!read(item, into.buttons.emplace_back())) {
            return false;
        }
    }
    return true;
}

// Badly encoded texts are kept as received.
bool read(std::string_view text, std::vector<button_row>& into, detail::memory_budget& budget) {
    detail::json_arena memory(budget);
    boost::system::error_code ec;
    const json::value parsed = detail::parse_json(text, ec, memory, budget);
    const json::array* const lines = parsed.if_array();
    if (ec || lines == nullptr) {
        return false;
    }
    constexpr std::size_t texts = 3; // a copy of 16 bytes takes a block of 40
    budget.take(lines->size() * sizeof(button_row) + texts * text.size());
    into.reserve(lines->size());
    return std::ranges::all_of(*lines,
                               [&](const json::value& line) { return read(line, into.emplace_back(), budget); });
}

json::object to_object(const button& b) {
    json::object made{{"text", b.text}, {"actionType", static_cast<std::uint64_t>(b.action)}};
    if (!b.value.empty()) {
        made["value"] = b.value;
    }
    if (!b.url.empty()) {
        made["url"] = b.url;
    }
    return made;
}

} // namespace

std::string buttons_to_json(const std::vector<button_row>& rows) {
    json::array all;
    all.reserve(rows.size());
    for (const button_row& r : rows) {
        json::array line;
        line.reserve(r.buttons.size());
        for (const button& b : r.buttons) {
            line.push_back(to_object(b));
        }
        all.push_back(std::move(line));
    }
    return json::serialize(all);
}

std::optional<std::vector<button_row>> parse_buttons(std::string_view text) {
    std::vector<button_row> rows;
    if (text.empty()) {
        return rows;
    }
    try {
        detail::memory_budget budget(detail::max_decoded(text.size()));
        if (!read(text, rows, budget)) {
            return std::nullopt;
        }
    } catch (const detail::over_budget&) {
        return std::nullopt;
    }
    return rows;
}

YUNHU_NAMESPACE_END
