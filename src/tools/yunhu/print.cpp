// Copyright (c) 2026 The yunhu authors
// SPDX-License-Identifier: BSL-1.0

#include "print.hpp"

#include "field_reflection.hpp"
#include "message.hpp"
#include "table.hpp"
#include "terminal.hpp"
#include "to_json.hpp"

#include <boost/json/array.hpp>
#include <boost/json/value.hpp>

#include <algorithm>
#include <cstdint>
#include <ctime>
#include <iomanip>
#include <ostream>
#include <sstream>

namespace cli {
namespace {

constexpr std::size_t wide_enough_for_ids = 110; // columns of a terminal

std::string_view text_of(const json::object& o, std::string_view name) {
    const json::value* v = o.if_contains(name);
    return v != nullptr && v->is_string() ? std::string_view(v->get_string()) : std::string_view();
}

// Numbers of a reply are unsigned, but for the kinds, and only to be shown here.
template <class Number = std::uint64_t> Number number_of(const json::object& o, std::string_view name) {
    const json::value* v = o.if_contains(name);
    return v != nullptr && v->is_number() ? v->to_number<Number>() : 0;
}

std::string text_of(const json::object& m) {
    std::string text = summary_of(m);
    if (number_of(m, "edit_time") != 0) {
        text += message(" (edited)").translated();
    }
    if (number_of(m, "msg_delete_time") != 0) {
        text += message(" (recalled)").translated();
    }
    return text;
}

std::string sender_of(const json::object& m) {
    return tools::on_one_line(text_of(m.at("sender").as_object(), "name"));
}

void print_record(std::ostream& out, const json::object& r) {
    out << std::setw(8) << number_of(r, "id") << "  " << local_time(number_of(r, "createTime")) << "  ["
        << content_type_name(number_of<std::int64_t>(r, "contentType")) << "] "
        << tools::on_one_line(text_of(r, "contentOld")) << '\n';
}

void print_records(std::ostream& out, const json::array& records, std::size_t columns) {
    table shown({{message("ID").translated(), true},
                 message("TIME").translated(),
                 message("KIND").translated(),
                 message("CONTENT").translated()});
    for (const json::value& v : records) {
        const json::object& r = v.as_object();
        shown.add({std::to_string(number_of(r, "id")), local_time(number_of(r, "createTime")),
                   content_type_name(number_of<std::int64_t>(r, "contentType")),
                   tools::on_one_line(text_of(r, "contentOld"))});
    }
    shown.print(out, columns);
}

} // namespace

std::string local_time(std::uint64_t ms) {
    constexpr std::uint64_t year_10000 = 253'402'300'800'000;
    if (ms >= year_10000) { // no time: -1, for example
        return "-";
    }
    const auto seconds = static_cast<std::time_t>(ms / 1000);
    std::tm parts{};
    char shown[32];
    if (ms == 0 || localtime_r(&seconds, &parts) == nullptr ||
        std::strftime(shown, sizeof shown, "%Y-%m-%d %H:%M:%S", &parts) == 0) {
        return "-";
    }
    return shown;
}

std::string content_type_name(std::int64_t type) {
    const auto* known = std::ranges::find(content_type_names, type, &type_name::second);
    return known == content_type_names.end() ? std::to_string(type) : std::string(known->first);
}

std::string summary_of(const json::object& m) {
    const json::object& content = m.at("content").as_object();
    for (const std::string_view name : {"text", "post_title", "file_name", "image", "image_url", "file_url",
                                        "video_url", "audio_url", "form", "tip"}) {
        if (const std::string_view text = text_of(content, name); !text.empty()) {
            return tools::on_one_line(text);
        }
    }
    return {};
}

std::string ids_hint(std::size_t columns) {
    return columns < wide_enough_for_ids
               ? translated("; the ids need {0} columns, or --json", {std::to_string(wide_enough_for_ids)})
               : "";
}

void print_message(std::ostream& out, const json::object& m, std::optional<std::size_t> columns) {
    std::ostringstream line;
    line << std::setw(8) << number_of(m, "msg_seq") << "  " << local_time(number_of(m, "send_time")) << "  ";
    if (!columns || *columns >= wide_enough_for_ids) {
        line << tools::on_one_line(text_of(m, "msg_id")) << "  ";
    }
    line << sender_of(m) << " [" << content_type_name(number_of<std::int64_t>(m, "content_type")) << "] " << text_of(m);
    out << (columns ? cut_to(line.str(), *columns) : line.str()) << '\n';
}

void print_messages(std::ostream& out, const json::array& messages, std::size_t columns, bool with_heading) {
    constexpr std::size_t longest_name = 16;
    const bool with_ids = columns >= wide_enough_for_ids;
    std::vector<table::column> shown_columns{{message("SEQ").translated(), true}, message("TIME").translated()};
    if (with_ids) {
        shown_columns.emplace_back(message("MESSAGE ID").translated());
    }
    shown_columns.emplace_back(message("FROM").translated(), false, longest_name);
    shown_columns.emplace_back(message("KIND").translated());
    shown_columns.emplace_back(message("MESSAGE").translated());
    table shown(std::move(shown_columns));
    for (const json::value& v : messages) {
        const json::object& m = v.as_object();
        std::vector<std::string> cells{std::to_string(number_of(m, "msg_seq")), local_time(number_of(m, "send_time"))};
        if (with_ids) {
            cells.push_back(tools::on_one_line(text_of(m, "msg_id")));
        }
        cells.push_back(sender_of(m));
        cells.push_back(content_type_name(number_of<std::int64_t>(m, "content_type")));
        cells.push_back(text_of(m));
        shown.add(std::move(cells));
    }
    shown.print(out, columns, with_heading);
}

void print_reply(std::ostream& out, const json::object& reply, std::optional<std::size_t> columns) {
    if (const json::value* data = reply.if_contains("data")) {
        const json::array& records = data->at("list").as_array();
        if (columns && !records.empty()) {
            print_records(out, records, *columns);
        } else {
            for (const json::value& r : records) {
                print_record(out, r.as_object());
            }
        }
        out << translated("{0} of {1} records",
                          {std::to_string(records.size()), std::to_string(number_of(data->as_object(), "total"))})
            << '\n';
    } else if (const json::value* messages = reply.if_contains("msg"); messages != nullptr && messages->is_array()) {
        const json::array& list = messages->get_array();
        if (columns && !list.empty()) {
            print_messages(out, list, *columns, true);
        } else {
            for (const json::value& m : list) {
                print_message(out, m.as_object());
            }
        }
        out << translated("{0} messages", {std::to_string(list.size())})
            << (columns && !list.empty() ? ids_hint(*columns) : "") << '\n';
    } else if (const std::string_view id = text_of(reply, "msg_id"); !id.empty()) {
        out << translated("sent {0}", {tools::on_one_line(id)}) << '\n';
    } else {
        out << message("done").translated() << '\n';
    }
}

} // namespace cli
