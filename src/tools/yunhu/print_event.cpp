// Copyright (c) 2026 The yunhu authors
// SPDX-License-Identifier: BSL-1.0

#include "message.hpp"
#include "print.hpp"
#include "terminal.hpp"
#include "to_json.hpp"

#include <yunhu/event.hpp>

#include <algorithm>
#include <chrono>
#include <cstdint>
#include <iomanip>
#include <ostream>
#include <sstream>
#include <string>
#include <variant>

namespace cli {
namespace {

// What stands after the time, the event's name and its chat.
class event_text {
public:
    std::string operator()(const yunhu::message_event& e) const { return spoken(e.message); }
    std::string operator()(const yunhu::edit_event& e) const { return spoken(e.message); }
    std::string operator()(const yunhu::recall_event& e) const {
        return tools::on_one_line(e.message.msg_id) +
               (e.recalled_by ? "  " + tools::on_one_line(e.recalled_by->name) : std::string());
    }
    std::string operator()(const yunhu::blocked_event& e) const { return tools::on_one_line(e.msg_id); }
    std::string operator()(const yunhu::stream_event& e) const { return tools::on_one_line(e.msg_id + "  " + e.text); }
    std::string operator()(const yunhu::draft_event& e) const { return tools::on_one_line(e.text); }
    std::string operator()(const yunhu::board_event& e) const {
        return tools::on_one_line(e.bot_name.empty() ? e.bot_id : e.bot_name) + "  " + tools::on_one_line(e.content);
    }
    std::string operator()(const yunhu::request_event& /*e*/) const { return {}; }
    std::string operator()(const yunhu::hang_up_event& e) const { return tools::on_one_line(e.msg_id); }
    std::string operator()(const yunhu::file_event& e) const {
        return chat_name_or_none(yunhu::user(e.send_user_id)) + "  " + tools::on_one_line(e.send_type);
    }
    std::string operator()(const yunhu::gap_event& e) const {
        const auto position = [](std::uint64_t seq) { return seq == 0 ? std::string("?") : std::to_string(seq); };
        return position(e.from_seq) + "-" + position(e.to_seq) + "  " + std::string(yunhu::to_string(e.reason));
    }
    std::string operator()(const yunhu::session_event& e) const {
        std::string text(yunhu::to_string(e.state));
        if (e.reason) {
            text += "  " + name_and_meaning(e.reason);
        }
        if (e.close_code != 0) {
            text += "  " + std::to_string(e.close_code);
        }
        for (const std::string& more : {translated(e.detail), e.text}) {
            text += more.empty() ? "" : "  " + tools::on_one_line(more);
        }
        return text;
    }
    std::string operator()(const yunhu::unknown_event& e) const { return tools::on_one_line(e.cmd); }

    static std::string chat_name_or_none(const yunhu::chat& c) {
        return c.id.empty() ? "-" : tools::on_one_line(chat_name(c));
    }

private:
    static std::string spoken(const yunhu::message& m) {
        std::string text = tools::on_one_line(m.sender.name.empty() ? m.sender.chat_id : m.sender.name);
        text += text.empty() ? "" : " ";
        return text + "[" + content_type_name(static_cast<std::int64_t>(m.content_type)) + "] " +
               summary_of(to_json(m, {}));
    }
};

// Of the event, or now: most events have no time.
std::uint64_t time_of(const yunhu::event& e) {
    std::uint64_t time = 0;
    if (const auto* said = std::get_if<yunhu::message_event>(&e)) {
        time = said->message.send_time;
    } else if (const auto* edited = std::get_if<yunhu::edit_event>(&e)) {
        time = edited->message.edit_time;
    } else if (const auto* recalled = std::get_if<yunhu::recall_event>(&e)) {
        time = recalled->message.msg_delete_time;
    }
    using std::chrono::milliseconds;
    const auto now = std::chrono::system_clock::now().time_since_epoch();
    return time != 0 ? time : static_cast<std::uint64_t>(std::chrono::duration_cast<milliseconds>(now).count());
}

} // namespace

void print_event(std::ostream& out, const yunhu::event& e, std::optional<std::size_t> columns) {
    constexpr int longest_name = 7;
    std::ostringstream line;
    line << local_time(time_of(e)) << "  " << std::left << std::setw(longest_name) << yunhu::name(e) << "  ";
    if (const yunhu::chat* in = chat_of(e)) {
        line << event_text::chat_name_or_none(*in) << "  ";
    }
    line << std::visit(event_text(), e);
    std::string text = line.str();
    text.erase(std::min(text.find_last_not_of(' ') + 1, text.size()));
    out << (columns ? cut_to(text, *columns) : text) << '\n';
}

} // namespace cli
