// Copyright (c) 2026 The yunhu authors
// SPDX-License-Identifier: BSL-1.0

#include "testing/gateway.hpp"

#include "testing/shape.hpp"

#include <boost/json/object.hpp>
#include <boost/json/parse.hpp>
#include <boost/json/value.hpp>
#include <boost/system/error_code.hpp>

#include <algorithm>
#include <array>
#include <utility>

YUNHU_NAMESPACE_BEGIN
namespace testing::detail {
namespace {

namespace json = boost::json;
using action = gateway_fault::action;
using kind = gateway_action::kind;

constexpr std::string_view invalid_data = "数据不合法";
constexpr std::array<std::string_view, 7> platforms{"windows", "macos", "android", "linux", "ios", "fuchsia", "Web"};

std::string text_in(const json::object& object, std::string_view name) {
    const json::value* found = object.if_contains(name);
    return found != nullptr && found->is_string() ? std::string(found->get_string()) : std::string();
}

void mask(std::string& text, const std::string& secret) {
    for (std::size_t at = 0; !secret.empty() && (at = text.find(secret, at)) != std::string::npos;) {
        text.replace(at, secret.size(), "***");
    }
}

gateway_action action_of(kind what, gateway_frame frame) {
    gateway_action made;
    made.what = what;
    made.frame = std::move(frame);
    return made;
}

// The envelope with a changed payload; unchanged if there is none.
std::string with_payload(const std::string& bytes, void (*edit)(wire::Any&)) {
    wire::WsWrapper frame;
    if (!frame.ParseFromString(bytes) || !frame.has_data()) {
        return bytes;
    }
    edit(*frame.mutable_data());
    return frame.SerializeAsString();
}

void garble(gateway_frame& frame, action how) {
    constexpr std::size_t cut = 3;
    switch (how) {
    case action::as_text:
        frame.text = true;
        break;
    case action::truncate:
        frame.bytes.resize(frame.bytes.size() - std::min(cut, frame.bytes.size()));
        break;
    case action::no_value:
        frame.bytes = with_payload(frame.bytes, [](wire::Any& data) { data.clear_value(); });
        break;
    case action::wrong_type_url:
        frame.bytes =
            with_payload(frame.bytes, [](wire::Any& data) { data.set_type_url("type.googleapis.com/proto.Nothing"); });
        break;
    default:
        break;
    }
}

bool is_service_text(const gateway_frame& frame) {
    return frame.text && frame.bytes == invalid_data;
}

} // namespace

/// A text frame of the client.
struct gateway::client_command {
    std::string cmd;
    json::object data;

    /// False: the frame is not one JSON object with a command.
    bool parse(std::string_view text) {
        boost::system::error_code failed;
        json::value value = json::parse(text, failed);
        if (failed || !value.is_object()) {
            return false;
        }
        cmd = text_in(value.get_object(), "cmd");
        if (json::value* given = value.get_object().if_contains("data"); given != nullptr && given->is_object()) {
            data = std::move(given->get_object());
        }
        return !cmd.empty();
    }
};

bool gateway::open(std::uint64_t connection, sink to) {
    if (const gateway_fault* f = select("connect", {}, false); f != nullptr && f->what != action::delay) {
        return false;
    }
    session& added = sessions_[connection];
    added.to = std::move(to);
    added.connection = connection;
    return true;
}

void gateway::close(std::uint64_t connection) {
    const auto found = sessions_.find(connection);
    if (found == sessions_.end()) {
        return;
    }
    const auto [first, last] = logged_in_.equal_range(found->second.user_id);
    if (const auto own = std::find_if(first, last, [&](const auto& each) { return each.second == connection; });
        own != last) {
        logged_in_.erase(own);
    }
    sessions_.erase(found);
}

gateway_frame gateway::receive(std::uint64_t connection, bool text, std::string bytes, const directory& people) {
    gateway_frame frame;
    frame.connection = connection;
    frame.received = true;
    frame.text = text;
    frame.bytes = std::move(bytes);
    const auto found = sessions_.find(connection);
    if (found == sessions_.end()) {
        return frame;
    }
    session& from = found->second;
    frame.user_id = from.user_id;
    client_command command;
    if (!text || !command.parse(frame.bytes)) {
        refuse(from, frame, text ? "not a JSON object with cmd" : "a binary frame");
        return frame;
    }
    frame.cmd = command.cmd;
    mask(frame.bytes, text_in(command.data, "token"));
    const gateway_fault* f = select(command.cmd, from.user_id, false);
    if (f == nullptr) {
        execute(from, frame, command, people);
        return frame;
    }
    frame.applied_fault = f->what;
    const gateway_fault applied = *f; // an action may lead to the selection of another one
    switch (applied.what) {
    case action::drop:
        break;
    case action::replace: // instead of an answer
        send(from, {}, applied.body, applied.text);
        break;
    case action::insert:
        send(from, {}, applied.body, applied.text);
        execute(from, frame, command, people);
        break;
    case action::delay: {
        gateway_action pause = action_of(kind::wait, {});
        pause.delay = applied.delay;
        from.to({std::move(pause)});
        execute(from, frame, command, people);
        break;
    }
    case action::silence:
        from.silent = true;
        break;
    case action::close:
    case action::disconnect:
    case action::reset:
    case action::half_open: {
        gateway_frame ended;
        ended.connection = connection;
        ended.user_id = from.user_id;
        end_with(from, std::move(ended), applied);
        break;
    }
    default: // of frames that are sent
        execute(from, frame, command, people);
        break;
    }
    return frame;
}

void gateway::execute(session& to, gateway_frame& frame, const client_command& command, const directory& people) {
    if (command.cmd == "login") {
        return log_in(to, frame, command, people);
    }
    if (!to.account) {
        return refuse(to, frame, "not logged in");
    }
    if (command.cmd == "heartbeat") {
        return send(to, push{"heartbeat_ack", {}, {}});
    }
    if (command.cmd != "inputInfo") {
        frame.problem = "unknown command"; // has no known consequence
        return;
    }
    const push draft = push_of_draft(text_in(command.data, "chatId"), text_in(command.data, "input"));
    for_each(to.user_id, [&](session& other) {
        if (other.connection != to.connection) {
            send(other, draft);
        }
    });
}

void gateway::log_in(session& to, gateway_frame& frame, const client_command& login, const directory& people) {
    const json::object& data = login.data;
    for (const std::string_view name : {"userId", "token", "platform", "deviceId"}) {
        if (!data.contains(name) || !data.at(name).is_string()) {
            return refuse(to, frame, "login without " + std::string(name));
        }
    }
    const auto found = people.with_token(text_in(data, "token"));
    if (!found || people.at(*found).user_id != text_in(data, "userId")) {
        return refuse(to, frame, "login with a wrong token or userId");
    }
    if (std::ranges::find(platforms, text_in(data, "platform")) == platforms.end()) {
        return refuse(to, frame, "login with an unknown platform");
    }
    if (!to.account) {
        logged_in_.emplace(people.at(*found).user_id, to.connection);
    } else if (to.account != found) {
        return refuse(to, frame, "login as another account");
    }
    to.account = found;
    to.user_id = frame.user_id = people.at(*found).user_id;
}

// The service's behaviour is not known: the connection stays open.
void gateway::refuse(session& to, gateway_frame& frame, std::string problem) {
    frame.problem = std::move(problem);
    send(to, {}, std::string(invalid_data), true);
}

void gateway::publish(const change& what, const state& in) {
    const auto send_to = [&](session& each) {
        if (const push made = push_of(what, in.people().at(*each.account)); !made.cmd.empty()) {
            send(each, made);
        }
    };
    if (what.in->type != chat_type::group) {
        for_each(what.in->first, send_to);
        if (what.in->type == chat_type::user && what.in->second != what.in->first) {
            for_each(what.in->second, send_to);
        }
        return;
    }
    for (auto& [connection, each] : sessions_) {
        if (each.account && in.has(*each.account, *what.in)) {
            send_to(each);
        }
    }
}

void gateway::publish(const board& shown, const directory& people, std::uint64_t now) {
    const std::string name = people.name_of(chat_type::bot, shown.bot_id);
    if (shown.in.type != chat_type::group) {
        const push made = push_of(shown, name, {chat_type::bot, shown.bot_id}, now);
        return for_each(shown.in.id, [&](session& each) { send(each, made); });
    }
    const push made = push_of(shown, name, shown.in, now);
    for (auto& [connection, each] : sessions_) {
        if (each.account && people.is_member(shown.in.id, each.user_id)) {
            send(each, made);
        }
    }
}

void gateway::send(const std::string& user_id, const push& what) {
    for_each(user_id, [&](session& each) { send(each, what); });
}

void gateway::send_raw(const std::string& user_id, const std::string& bytes, bool text) {
    for_each(user_id, [&](session& each) { send(each, {}, bytes, text); });
}

void gateway::send(session& to, const push& what) {
    send(to, what.cmd, frame_of(what, std::to_string(++to.last_seq)), false);
}

void gateway::send(session& to, std::string_view cmd, std::string bytes, bool text) {
    if (to.silent) {
        return;
    }
    gateway_action normal = action_of(kind::send, {});
    normal.frame.connection = to.connection;
    normal.frame.user_id = to.user_id;
    normal.frame.text = text;
    normal.frame.cmd = cmd;
    normal.frame.bytes = std::move(bytes);
    // A refusal is no push; the fault of the refused frame applies to it.
    const gateway_fault* f = cmd.empty() && is_service_text(normal.frame) ? nullptr : select(cmd, to.user_id, true);
    std::optional<gateway_action> held = std::exchange(to.swapped, std::nullopt);
    if (f == nullptr) {
        to.to({std::move(normal)});
    } else {
        send_with(to, std::move(normal), *f);
    }
    if (held) {
        to.to({std::move(*held)});
    }
}

void gateway::send_with(session& to, gateway_action normal, const gateway_fault& fault) {
    normal.frame.applied_fault = fault.what;
    switch (fault.what) {
    case action::drop:
        normal.what = kind::drop;
        break;
    case action::silence:
        to.silent = true;
        return;
    case action::replace:
        normal.frame.bytes = fault.body;
        normal.frame.text = fault.text;
        break;
    case action::insert: {
        gateway_action before = normal;
        before.frame.bytes = fault.body;
        before.frame.text = fault.text;
        before.frame.cmd.clear();
        to.to({std::move(before)});
        break;
    }
    case action::duplicate:
        to.to({normal});
        break;
    case action::swap:
        to.swapped = std::move(normal);
        return;
    case action::delay: {
        gateway_action pause = action_of(kind::wait, {});
        pause.delay = fault.delay;
        to.to({std::move(pause)});
        break;
    }
    case action::close:
    case action::disconnect:
    case action::reset:
    case action::half_open:
        normal.frame.bytes.clear();
        return end_with(to, std::move(normal.frame), fault);
    default:
        garble(normal.frame, fault.what);
        break;
    }
    to.to({std::move(normal)});
}

void gateway::end_with(session& to, gateway_frame frame, const gateway_fault& fault) {
    to.silent = true;
    frame.closed = fault.what != action::half_open;
    frame.applied_fault = fault.what;
    gateway_action ended = action_of(fault.what == action::close       ? kind::close
                                     : fault.what == action::reset     ? kind::reset
                                     : fault.what == action::half_open ? kind::half_open
                                                                       : kind::disconnect,
                                     std::move(frame));
    if (fault.what == action::close) {
        ended.close_code = fault.close_code;
        ended.frame.bytes = fault.body;
    }
    to.to({std::move(ended)});
}

// The client's commands are matched by name; a fault without a command is of the frames that are sent.
const gateway_fault* gateway::select(std::string_view cmd, const std::string& user_id, bool sent) {
    return faults_.select([&](const gateway_fault& f) {
        return (f.on.empty() ? sent : f.on == cmd) && (f.user_id.empty() || f.user_id == user_id);
    });
}

template <class Do> void gateway::for_each(const std::string& user_id, Do work) {
    const auto [first, last] = logged_in_.equal_range(user_id);
    for (auto each = first; each != last; ++each) {
        if (const auto found = sessions_.find(each->second); found != sessions_.end()) {
            work(found->second);
        }
    }
}

} // namespace testing::detail
YUNHU_NAMESPACE_END
