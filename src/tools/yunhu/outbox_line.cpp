// Copyright (c) 2026 The yunhu authors
// SPDX-License-Identifier: BSL-1.0

#include "fields.hpp"
#include "outbox_command.hpp"
#include "text_input.hpp"

#include <yunhu/requests.hpp>

#include <boost/json/parse.hpp>
#include <boost/system/error_code.hpp>

#include <chrono>
#include <utility>

namespace cli {
namespace {

std::string take_text(json::object& fields, std::string_view name) {
    const auto found = fields.find(name);
    if (found == fields.end()) {
        return {};
    }
    if (!found->value().is_string()) {
        throw bad_field(name, "must be a string");
    }
    std::string text(std::string_view(found->value().get_string()));
    fields.erase(found);
    return text;
}

} // namespace

yunhu::outbox_message read_outbox_line(std::string_view line) {
    if (is_not_utf8(line)) {
        throw bad_field("line", "must be UTF-8; it is UTF-16 or binary");
    }
    boost::system::error_code ec;
    json::value parsed = json::parse(line, ec);
    if (ec || !parsed.is_object()) {
        throw bad_field("line", ec ? message("must be JSON") : message("must be a JSON object"));
    }
    json::object fields = with_snake_case_names(parsed.get_object());
    yunhu::outbox_message m;
    m.key = take_text(fields, "key");
    if (m.key.empty()) {
        throw bad_field("key", "must not be empty");
    }
    m.account = take_text(fields, "account");
    m.delay = std::chrono::milliseconds(take_number(fields, "delay_ms", 0, longest_ms).value_or(0));
    constexpr std::int64_t most = 1000;
    m.priority = static_cast<int>(take_number(fields, "priority", -most, most).value_or(0));
    if (fields.contains("msg_id")) {
        throw bad_field("msg_id", "is not a field of this call"); // the outbox chooses it
    }
    yunhu::send_message_request any;
    any.content_type = yunhu::content_type::text;
    yunhu::send_message_request request = read_request(fields, std::move(any));
    m.to = std::move(request.chat);
    m.what = yunhu::draft(request.content_type, std::move(request.content));
    m.what.command_id = request.command_id;
    m.what.quote_msg_id = std::move(request.quote_msg_id);
    m.what.media = std::move(request.media);
    return m;
}

} // namespace cli
