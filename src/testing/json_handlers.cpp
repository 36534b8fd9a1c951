// Copyright (c) 2026 The yunhu authors
// SPDX-License-Identifier: BSL-1.0

// The endpoints with JSON bodies.

#include "testing/handler_support.hpp"
#include "testing/json_fields.hpp"

#include <boost/json/array.hpp>
#include <boost/json/object.hpp>

#include <utility>
#include <vector>

YUNHU_NAMESPACE_BEGIN
namespace testing::detail {
namespace {

namespace json = boost::json;

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
