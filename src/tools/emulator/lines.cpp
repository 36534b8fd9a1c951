// Copyright (c) 2026 The yunhu authors
// SPDX-License-Identifier: BSL-1.0

#include "lines.hpp"

#include "fault_spec.hpp"
#include "untrusted.hpp"

#include <boost/algorithm/hex.hpp>
#include <boost/json/array.hpp>
#include <boost/json/object.hpp>
#include <boost/json/serialize.hpp>
#include <boost/json/value.hpp>

#include <array>
#include <ctime>
#include <initializer_list>

namespace emulator_cli {
namespace {

namespace json = boost::json;
using yunhu::testing::exchange;
using yunhu::testing::gateway_frame;

std::string time_of_day() {
    const std::time_t now = std::time(nullptr);
    std::tm local{};
    std::array<char, 16> text{};
    (void)std::strftime(text.data(), text.size(), "%H:%M:%S ", localtime_r(&now, &local));
    return text.data();
}

std::string words(std::initializer_list<std::string> parts) {
    std::string line;
    for (const std::string& part : parts) {
        line += (line.empty() || part.empty() ? "" : " ") + part;
    }
    return line;
}

std::string in_parentheses(const std::string& text) {
    return text.empty() ? text : "(" + text + ")";
}

std::string chat_of(const exchange& e) {
    const char* type = e.in.type == yunhu::chat_type::user    ? "user:"
                       : e.in.type == yunhu::chat_type::group ? "group:"
                       : e.in.type == yunhu::chat_type::bot   ? "bot:"
                                                              : "";
    return e.in.id.empty() ? std::string() : type + e.in.id;
}

} // namespace

std::string journal_line(const exchange& e) {
    json::array headers;
    for (const auto& [name, value] : e.headers) {
        headers.push_back({name, value});
    }
    json::object line{{"connection", e.connection},
                      {"on_connection", e.on_connection},
                      {"user_id", e.user_id},
                      {"endpoint", e.endpoint},
                      {"method", e.method},
                      {"target", e.target},
                      {"headers", headers},
                      {"body_hex", boost::algorithm::hex_lower(e.body)},
                      {"msg_id", e.msg_id},
                      {"executed", e.executed},
                      {"status", e.status},
                      {"code", e.code},
                      {"duplicate", e.duplicate},
                      {"problem", e.problem},
                      {"note", e.note}};
    line["fault"] = e.applied_fault ? json::value(name_of(*e.applied_fault)) : json::value(nullptr);
    return json::serialize(line);
}

std::string journal_line(const gateway_frame& frame) {
    json::object line{{"connection", frame.connection},
                      {"user_id", frame.user_id},
                      {"gateway", frame.closed     ? "closed"
                                  : frame.received ? "received"
                                                   : "sent"},
                      {"cmd", frame.cmd},
                      {"problem", frame.problem}};
    line[frame.text ? "frame" : "frame_hex"] = frame.text ? frame.bytes : boost::algorithm::hex_lower(frame.bytes);
    line["fault"] = frame.applied_fault ? json::value(name_of(*frame.applied_fault)) : json::value(nullptr);
    return json::serialize(line);
}

std::string shown_line(const exchange& e) {
    const std::string outcome = e.status == 0                ? "no response"
                                : e.status != 200            ? "HTTP " + std::to_string(e.status)
                                : e.code != 1 && e.code != 0 ? "code " + std::to_string(e.code)
                                                             : std::string();
    const std::string fault = e.applied_fault ? "fault: " + name_of(*e.applied_fault) : std::string();
    const std::string text = e.text.empty() ? std::string() : "\"" + e.text + "\"";
    return tools::on_one_line(
        time_of_day() + words({"#" + std::to_string(e.connection), e.user_id.empty() ? "-" : e.user_id,
                               e.endpoint.empty() ? e.method + " " + e.target : e.endpoint, chat_of(e), text, e.msg_id,
                               outcome, in_parentheses(e.problem), in_parentheses(e.note), in_parentheses(fault)}));
}

std::string shown_line(const gateway_frame& frame) {
    const std::string fault = frame.applied_fault ? "fault: " + name_of(*frame.applied_fault) : std::string();
    const std::string what = !frame.cmd.empty() ? frame.cmd : frame.closed ? "closed" : "frame";
    const std::string bytes = frame.text || frame.closed ? frame.bytes : std::string();
    return tools::on_one_line(
        time_of_day() +
        words({"#" + std::to_string(frame.connection), frame.user_id.empty() ? "-" : frame.user_id,
               frame.closed     ? "--"
               : frame.received ? ">>"
                                : "<<",
               what, frame.cmd.empty() ? bytes : std::string(), in_parentheses(frame.problem), in_parentheses(fault)}));
}

} // namespace emulator_cli
