// Copyright (c) 2026 The yunhu authors
// SPDX-License-Identifier: BSL-1.0

// The endpoints with JSON bodies.

#include "testing/handler_support.hpp"

#include <boost/json/array.hpp>
#include <boost/json/object.hpp>
#include <boost/json/parse.hpp>
#include <boost/json/serialize.hpp>
#include <boost/system/error_code.hpp>

#include <charconv>
#include <system_error>
#include <utility>
#include <vector>

YUNHU_NAMESPACE_BEGIN
namespace testing::detail {
namespace {

namespace json = boost::json;

// Reads the fields of an object one by one. A wrong type is a problem. For a strict emulator so is a number as text, a
// text as number, a null and a field that is not read; a missing field is none.
class fields {
public:
    fields(const json::object& object, bool strict) : object_(object), strict_(strict) {}

    std::string text(std::string_view name) {
        const json::value* value = take(name);
        if (value == nullptr || value->is_string()) {
            return value == nullptr ? std::string() : std::string(value->get_string());
        }
        deviate(value->is_number(), name);
        return value->is_number() ? json::serialize(*value) : std::string();
    }
    std::uint64_t number(std::string_view name) {
        const json::value* value = take(name);
        if (value == nullptr) {
            return 0;
        }
        boost::system::error_code inexact;
        std::uint64_t read = 0;
        bool exact = false;
        if (value->is_int64() || value->is_uint64()) {
            read = value->to_number<std::uint64_t>(inexact);
            exact = !inexact;
        } else if (value->is_string()) {
            const json::string& digits = value->get_string();
            const auto [end, failed] = std::from_chars(digits.data(), digits.data() + digits.size(), read);
            deviate(failed == std::errc() && end == digits.data() + digits.size() && !digits.empty(), name);
            return read;
        }
        fail_unless(exact, name);
        return read;
    }
    const json::array& array(std::string_view name) {
        static const json::array& none = *new json::array(); // never destroyed: an emulator may live until the exit
        const json::value* value = take(name);
        fail_unless(value == nullptr || value->is_array(), name);
        return value != nullptr && value->is_array() ? value->get_array() : none;
    }
    void fail_unless(bool valid, std::string_view name) {
        if (!valid && problem_.empty()) {
            problem_ = "body: wrong type of " + std::string(name);
        }
    }
    /// Must be called after all fields are read. Empty: the object is valid.
    [[nodiscard]] std::string problem() {
        if (problem_.empty() && taken_ != object_.size()) {
            (strict_ ? problem_ : note_) = "body: unknown field";
        }
        return problem_;
    }
    /// The deviation that a strict emulator refuses.
    [[nodiscard]] const std::string& note() const { return note_; }
    void add_note(const std::string& note) { note_ = note.empty() ? note_ : note; }

private:
    const json::value* take(std::string_view name) {
        const json::value* value = object_.if_contains(name);
        taken_ += value != nullptr ? 1 : 0;
        if (value != nullptr && value->is_null() && !strict_) {
            deviate(true, name);
            return nullptr;
        }
        return value;
    }
    // A value of another type, which some clients send and the service reads.
    void deviate(bool readable, std::string_view name) {
        fail_unless(readable && !strict_, name);
        note_ = "body: wrong type of " + std::string(name);
    }

    const json::object& object_;
    bool strict_;
    std::size_t taken_ = 0;
    std::string problem_;
    std::string note_;
};

template <response (*Handler)(state&, fields&, const request_context&)>
response handle_json(state& store, std::string_view body, const request_context& context) {
    boost::system::error_code failed;
    const json::value value = json::parse(body, failed); // text must be UTF-8
    if (failed || !value.is_object()) {
        return bad_request("body: not a JSON object");
    }
    fields request(value.get_object(), context.strict);
    response result = Handler(store, request, context);
    result.note = result.problem.empty() ? request.note() : std::string();
    return result;
}

response edit_record(state& store, fields& request, const request_context& context) {
    const std::string msg_id = request.text("msgId");
    const std::uint64_t size = request.number("size");
    const std::uint64_t page = request.number("page");
    if (const std::string problem = request.problem(); !problem.empty()) {
        return bad_request(problem);
    }
    const edit_listing found = store.edits(context.account, msg_id, size, page);
    json::object object = status_object(found.status);
    if (found.status.code == success.code) {
        json::array list;
        for (const old_version* each : found.records) {
            list.push_back({{"id", each->id},
                            {"msgId", msg_id},
                            {"contentType", each->content_type},
                            {"contentOld", each->content},
                            {"createTime", each->create_time},
                            {"msgTime", each->edit_time}});
        }
        json::object data{{"total", found.total}};
        data["list"] = list.empty() ? json::value(nullptr) : json::value(std::move(list)); // null, as Go writes it
        object["data"] = std::move(data);
    }
    return json_response(object, found.status, msg_id);
}

response file_download_record(state& store, fields& request, const request_context& context) {
    download done;
    done.msg_id = request.text("msgId");
    done.download_path = request.text("downloadPath");
    if (const std::string problem = request.problem(); !problem.empty()) {
        return bad_request(problem);
    }
    const std::string msg_id = done.msg_id;
    const api_status status = msg_id.empty() ? bad_parameters : store.record_download(context.account, std::move(done));
    return json_response(status_object(status), status, msg_id);
}

response msg_forward(state& store, fields& request, const request_context& context) {
    const std::string msg_id = request.text("msgId");
    const auto from = static_cast<chat_type>(request.number("chatType"));
    std::vector<chat> receive;
    for (const json::value& each : request.array("receive")) {
        if (!each.is_object()) {
            return bad_request("body: wrong type of receive");
        }
        fields receiver(each.get_object(), context.strict);
        chat to;
        to.id = receiver.text("chatId");
        to.type = static_cast<chat_type>(receiver.number("chatType"));
        receive.push_back(std::move(to));
        if (const std::string problem = receiver.problem(); !problem.empty()) {
            return bad_request(problem);
        }
        request.add_note(receiver.note());
    }
    if (const std::string problem = request.problem(); !problem.empty()) {
        return bad_request(problem);
    }
    const api_status status = store.forward(context.account, from, msg_id, receive, context.now);
    return json_response(status_object(status), status, msg_id);
}

response delete_msg(state& store, fields& request, const request_context& context) {
    chat in;
    in.id = request.text("chatId");
    in.type = static_cast<chat_type>(request.number("chatType"));
    const std::string msg_id = request.text("msgId");
    if (const std::string problem = request.problem(); !problem.empty()) {
        return bad_request(problem);
    }
    const bool complete = !in.id.empty() && in.type != chat_type{} && !msg_id.empty();
    const api_status status = complete ? store.remove(context.account, in, msg_id) : bad_parameters;
    return json_response(status_object(status), status, msg_id);
}

} // namespace

response json_response(const boost::json::object& object, api_status status, const std::string& msg_id) {
    response result;
    result.content_type = media_type(format::json);
    result.body = boost::json::serialize(object);
    result.code = status.code;
    result.msg_id = msg_id;
    return result;
}

boost::json::object status_object(api_status status) {
    return {{"code", status.code}, {"msg", status.text}};
}

std::vector<endpoint> json_endpoints() {
    return {
        {"/v1/msg/list-message-edit-record", format::json, &handle_json<edit_record>},
        {"/v1/msg/file-download-record", format::json, &handle_json<file_download_record>},
        {"/v1/msg/msg-forward", format::json, &handle_json<msg_forward>},
        {"/v1/msg/delete", format::json, &handle_json<delete_msg>},
    };
}

} // namespace testing::detail
YUNHU_NAMESPACE_END
