// Copyright (c) 2026 The yunhu authors
// SPDX-License-Identifier: BSL-1.0

#include "console.hpp"

#include "fault_spec.hpp"

#include <algorithm>
#include <charconv>
#include <chrono>
#include <cstdint>
#include <stdexcept>
#include <system_error>
#include <thread>
#include <utility>

namespace emulator_cli {
namespace {

// The first word and the rest.
std::pair<std::string_view, std::string_view> split(std::string_view line) {
    const auto end = line.find(' ');
    std::string_view rest = end == line.npos ? std::string_view() : line.substr(end + 1);
    rest.remove_prefix(std::min(rest.find_first_not_of(' '), rest.size()));
    return {line.substr(0, end), rest};
}

std::uint64_t number(std::string_view text) {
    std::uint64_t value = 0;
    const auto [end, failed] = std::from_chars(text.data(), text.data() + text.size(), value);
    if (failed != std::errc() || end != text.data() + text.size()) {
        throw std::invalid_argument("not a number: " + std::string(text));
    }
    return value;
}

} // namespace

std::string_view console::help() {
    return "CHAT NAME: TEXT        NAME says TEXT; CHAT is a group's id, or user:ID, group:ID, bot:ID\n"
           "/edit ID TEXT          replaces the text of a message; ID may be \"last\"\n"
           "/recall ID [NAME]      recalls a message\n"
           "/block ID              removes a message as moderation does\n"
           "/stream ID TEXT        appends TEXT to a message\n"
           "/board BOT CHAT TEXT   shows a bot's board\n"
           "/invite NAME           pushes invite_apply\n"
           "/fault SPEC            as --fault\n"
           "/gateway-fault SPEC    as --gateway-fault\n"
           "/no-faults             removes all faults\n"
           "/restart               closes all connections\n"
           "/wait MS               waits\n"
           "/sessions N            waits until N sessions are logged in\n"
           "/quit\n";
}

std::string console::perform(std::string_view line) {
    line.remove_prefix(std::min(line.find_first_not_of(" \t"), line.size()));
    while (!line.empty() && (line.back() == '\r' || line.back() == ' ')) {
        line.remove_suffix(1);
    }
    if (line.empty() || line.front() == '#') {
        return {};
    }
    if (line.front() != '/') {
        return say(line);
    }
    const auto [name, rest] = split(line.substr(1));
    return command(name, rest);
}

std::string console::say(std::string_view line) {
    const auto [where, spoken] = split(line);
    const auto colon = spoken.find(':');
    if (colon == spoken.npos || colon == 0 || spoken.find_first_not_of(' ', colon + 1) == spoken.npos) {
        throw std::invalid_argument("expected CHAT NAME: TEXT, e.g. big ada: hello; /help lists the commands");
    }
    std::string_view text = spoken.substr(colon + 1);
    text.remove_prefix(text.find_first_not_of(' '));
    last_id_ = server_.say(id_of(spoken.substr(0, colon)), chat_of(where), std::string(text)).msg_id;
    return last_id_;
}

std::string console::command(std::string_view name, std::string_view rest) {
    constexpr std::chrono::minutes session_timeout{1};
    const auto [first, second] = split(rest);
    if (name == "edit") {
        server_.edit(message_id(first), std::string(second));
    } else if (name == "recall") {
        server_.recall(message_id(first), second.empty() ? std::string() : id_of(second));
    } else if (name == "block") {
        server_.block(message_id(first));
    } else if (name == "stream") {
        server_.stream(message_id(first), std::string(second));
    } else if (name == "board") {
        const auto [where, text] = split(second);
        yunhu::testing::board shown;
        shown.bot_id = first;
        shown.in = chat_of(where);
        shown.content = text;
        server_.set_board(std::move(shown));
    } else if (name == "invite") {
        server_.push_command(id_of(first), "invite_apply");
    } else if (name == "fault") {
        server_.inject(parse_fault(rest));
    } else if (name == "gateway-fault") {
        server_.inject(parse_gateway_fault(rest));
    } else if (name == "no-faults") {
        server_.clear_faults();
    } else if (name == "restart") {
        server_.drop_connections();
    } else if (name == "wait") {
        std::this_thread::sleep_for(std::chrono::milliseconds(number(first)));
    } else if (name == "sessions") {
        const std::uint64_t wanted = number(first);
        if (!server_.wait_until([&] { return server_.sessions() >= wanted; }, session_timeout)) {
            throw std::invalid_argument("no " + std::to_string(wanted) + " sessions after a minute");
        }
    } else if (name == "quit") {
        ended_ = true;
    } else if (name == "help") {
        return std::string(help());
    } else {
        throw std::invalid_argument("unknown command /" + std::string(name) + "; /help lists them");
    }
    return {};
}

// "big" is a group; a user may be given by the name of an account.
yunhu::chat console::chat_of(std::string_view given) const {
    const auto colon = given.find(':');
    const std::string_view type = colon == given.npos ? "group" : given.substr(0, colon);
    const std::string id(colon == given.npos ? given : given.substr(colon + 1));
    if (type == "group") {
        return yunhu::group(id);
    }
    if (type == "user") {
        return yunhu::user(id_of(id));
    }
    if (type == "bot") {
        return yunhu::bot_chat(id);
    }
    throw std::invalid_argument("a chat is user:ID, group:ID or bot:ID, not " + std::string(given));
}

std::string console::id_of(std::string_view user) const {
    const yunhu::testing::emulator_options& options = server_.options();
    if (user == options.user_name) {
        return options.user_id;
    }
    for (const yunhu::testing::account& each : options.accounts) {
        if (user == each.name) {
            return each.user_id;
        }
    }
    return std::string(user);
}

std::string console::message_id(std::string_view given) const {
    if (given.empty() || (given == "last" && last_id_.empty())) {
        throw std::invalid_argument("expected the id of a message");
    }
    return given == "last" ? last_id_ : std::string(given);
}

} // namespace emulator_cli
