// Copyright (c) 2026 The yunhu authors
// SPDX-License-Identifier: BSL-1.0

#include "event_json.hpp"

#include <boost/json/value.hpp>

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <variant>

namespace cli {
namespace {

json::value text_or_null(std::string_view text) {
    return text.empty() ? json::value(nullptr) : json::value(tools::as_utf8(text));
}

json::value number_or_null(std::uint64_t number) {
    return number == 0 ? json::value(nullptr) : json::value(number);
}

json::value chat_or_null(const yunhu::chat& c) {
    return c.id.empty() ? json::value(nullptr) : json::value(chat_name(c));
}

// The kind of a board, as a message's kind.
yunhu::content_type content_type_of(yunhu::board_format format) {
    switch (format) {
    case yunhu::board_format::text:
        return yunhu::content_type::text;
    case yunhu::board_format::markdown:
        return yunhu::content_type::markdown;
    case yunhu::board_format::html:
        return yunhu::content_type::html;
    }
    return {};
}

// The keys of an event after "event", by its kind.
class event_fields {
public:
    explicit event_fields(json::object& line) : line_(line) {}

    void operator()(const yunhu::message_event& e) {
        add_message(e.chat, e.message);
        add_sender(e.message.sender);
        add_content(e.own, e.message);
        add("time", number_or_null(e.message.send_time));
    }
    void operator()(const yunhu::edit_event& e) {
        add_message(e.chat, e.message);
        add_sender(e.message.sender);
        add_content(e.own, e.message);
        add("time", number_or_null(e.message.edit_time));
    }
    void operator()(const yunhu::recall_event& e) {
        add_message(e.chat, e.message);
        add_sender(e.recalled_by.value_or(yunhu::sender()));
        add("time", number_or_null(e.message.msg_delete_time));
    }
    void operator()(const yunhu::blocked_event& e) {
        add("chat", chat_or_null(e.chat));
        add("msg_id", text_or_null(e.msg_id));
    }
    void operator()(const yunhu::stream_event& e) {
        add("chat", chat_or_null(e.chat));
        add("msg_id", text_or_null(e.msg_id));
        add("text", tools::as_utf8(e.text));
    }
    void operator()(const yunhu::draft_event& e) {
        add("chat", chat_or_null(e.chat));
        add("text", tools::as_utf8(e.text));
    }
    void operator()(const yunhu::board_event& e) {
        add("chat", chat_or_null(e.chat));
        add("sender", chat_or_null(yunhu::bot_chat(e.bot_id)));
        add("name", text_or_null(e.bot_name));
        add("text", tools::as_utf8(e.content));
        add("content_type", number_or_null(static_cast<std::uint64_t>(content_type_of(e.format))));
    }
    void operator()(const yunhu::request_event& /*e*/) {}
    void operator()(const yunhu::hang_up_event& e) {
        add("msg_id", text_or_null(e.msg_id));
        add("cmd", text_or_null(e.cmd));
    }
    void operator()(const yunhu::file_event& e) {
        add("sender", chat_or_null(yunhu::user(e.send_user_id)));
        add("text", tools::as_utf8(e.data));
    }
    void operator()(const yunhu::gap_event& e) {
        add("chat", chat_or_null(e.chat));
        add("from_seq", number_or_null(e.from_seq));
        add("to_seq", number_or_null(e.to_seq));
        add("reason", yunhu::to_string(e.reason));
    }
    void operator()(const yunhu::session_event& e) {
        add("state", yunhu::to_string(e.state));
        add_if(bool(e.reason), "reason", yunhu::name(e.reason));
        add_if(e.close_code != 0, "close_code", e.close_code);
        add_if(e.api_code.has_value(), "code", e.api_code.value_or(0));
        add_if(!e.text.empty(), "msg", tools::as_utf8(e.text));
        add_if(!e.detail.empty(), "detail", tools::as_utf8(e.detail));
    }
    void operator()(const yunhu::unknown_event& e) { add("cmd", text_or_null(e.cmd)); }

private:
    template <class Value> void add(std::string_view key, Value&& value) {
        line_.emplace(key, std::forward<Value>(value));
    }
    template <class Value> void add_if(bool present, std::string_view key, Value&& value) {
        if (present) {
            add(key, std::forward<Value>(value));
        }
    }
    void add_message(const yunhu::chat& in, const yunhu::message& m) {
        add("chat", chat_or_null(in));
        add("msg_id", text_or_null(m.msg_id));
        add("msg_seq", number_or_null(m.msg_seq));
    }
    void add_sender(const yunhu::sender& by) {
        add("sender", chat_or_null(yunhu::chat(by.chat_type, by.chat_id)));
        add("name", text_or_null(by.name));
    }
    void add_content(bool own, const yunhu::message& m) {
        add("own", own);
        add("text", tools::as_utf8(m.content->text));
        add("content_type", number_or_null(static_cast<std::uint64_t>(m.content_type)));
    }

    json::object& line_;
};

} // namespace

json::object to_json(const yunhu::event& e) {
    json::object line{{"event", yunhu::name(e)}};
    std::visit(event_fields(line), e);
    return line;
}

} // namespace cli
