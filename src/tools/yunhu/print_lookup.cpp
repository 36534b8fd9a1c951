// Copyright (c) 2026 The yunhu authors
// SPDX-License-Identifier: BSL-1.0

#include "print.hpp"

#include "message.hpp"
#include "table.hpp"
#include "terminal.hpp"

#include <boost/json/array.hpp>
#include <boost/json/object.hpp>
#include <boost/json/serialize.hpp>
#include <boost/json/value.hpp>

#include <algorithm>
#include <cstddef>
#include <limits>
#include <optional>
#include <ostream>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace cli {
namespace {

namespace json = boost::json;

constexpr std::size_t unlimited = std::numeric_limits<std::size_t>::max() / 2; // columns of a file or a pipe

// Nothing for a field that the service left out.
std::string cell_of(const json::value& value) {
    if (const json::string* const text = value.if_string()) {
        return tools::on_one_line(std::string_view(*text));
    }
    const bool is_absent = value.is_null() || value == 0 || value == false || value == 0.0 ||
                           (value.is_array() && value.get_array().empty());
    return is_absent ? std::string() : tools::on_one_line(json::serialize(value));
}

bool is_list_of_objects(const json::value& value) {
    return value.is_array() && !value.get_array().empty() && value.get_array().front().is_object();
}

// A terminal keeps what it has shown.
bool is_hidden(std::string_view name) {
    return name == "token";
}

// The fields of an object, those of the objects in it with their names before: `user.name`.
void flatten(const json::object& from, const std::string& prefix,
             std::vector<std::pair<std::string, std::string>>& into) {
    for (const auto& [name, value] : from) {
        if (is_hidden(name)) {
            continue;
        }
        if (const json::object* const inner = value.if_object()) {
            flatten(*inner, prefix + std::string(name) + '.', into);
        } else {
            into.emplace_back(prefix + std::string(name), cell_of(value));
        }
    }
}

// A column for each field that a record has.
void print_list(std::ostream& out, const json::array& list, std::size_t columns) {
    std::vector<std::vector<std::pair<std::string, std::string>>> rows;
    std::vector<std::string> names;
    for (const json::value& item : list) {
        flatten(item.as_object(), {}, rows.emplace_back());
        for (const auto& [name, cell] : rows.back()) {
            if (!cell.empty() && std::ranges::find(names, name) == names.end()) {
                names.push_back(name);
            }
        }
    }
    constexpr std::size_t widest_cell = 40;
    std::vector<table::column> shown;
    shown.reserve(names.size());
    for (const std::string& name : names) {
        shown.emplace_back(name, false, widest_cell);
    }
    if (shown.empty()) {
        return;
    }
    table made(std::move(shown));
    for (const auto& row : rows) {
        std::vector<std::string> cells;
        for (const std::string& name : names) {
            const auto found = std::ranges::find(row, name, [](const auto& field) { return field.first; });
            cells.push_back(found == row.end() ? std::string() : found->second);
        }
        made.add(std::move(cells));
    }
    made.print(out, columns);
}

void print_fields(std::ostream& out, const json::object& fields, std::size_t columns) {
    for (const auto& [name, value] : fields) {
        if (name == "status" || name == "code" || name == "msg" || name == "unreadable" || is_hidden(name)) {
            continue;
        }
        const json::object* const inner = value.if_object();
        if (is_list_of_objects(value)) {
            out << name << " (" << value.get_array().size() << ")\n";
            print_list(out, value.get_array(), columns);
        } else if (inner != nullptr) {
            print_fields(out, *inner, columns);
        } else if (std::string cell = cell_of(value); !cell.empty()) {
            out << cut_to(std::string(name) + ": " + cell, columns) << '\n';
        }
    }
}

} // namespace

void print_lookup(std::ostream& out, const json::object& reply, std::optional<std::size_t> columns) {
    print_fields(out, reply, columns.value_or(unlimited));
}

void print_yes_or_no(std::ostream& out, const json::object& reply) {
    const json::value* const code = reply.if_contains("code");
    out << (code != nullptr && *code == 1 ? message("yes") : message("no")).translated() << '\n';
}

} // namespace cli
