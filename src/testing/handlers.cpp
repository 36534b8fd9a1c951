// Copyright (c) 2026 The yunhu authors
// SPDX-License-Identifier: BSL-1.0

#include "testing/handlers.hpp"

#include "testing/shape.hpp"

#include <boost/json/array.hpp>
#include <boost/json/object.hpp>
#include <boost/json/parse.hpp>
#include <boost/json/serialize.hpp>
#include <boost/system/error_code.hpp>

#include <algorithm>
#include <utility>
#include <vector>

YUNHU_NAMESPACE_BEGIN
namespace testing::detail {
namespace {

namespace json = boost::json;

response body_error(std::string_view problem) {
    response result = error_response(400, bad_parameters);
    result.problem = "body: " + std::string(problem);
    return result;
}

// ---- protobuf

void set_status(wire::Status& field, api_status status, request_context context) {
    field.set_number(context.number);
    field.set_code(status.code);
    field.set_msg(status.text.data(), status.text.size());
}

template <class Message>
response protobuf_response(const Message& message, api_status status, const std::string& msg_id) {
    response result;
    result.content_type = media_type(format::protobuf);
    result.body = message.SerializeAsString();
    result.code = status.code;
    result.msg_id = msg_id;
    return result;
}

response status_response(api_status status, request_context context, const std::string& msg_id) {
    wire::StatusReply message;
    set_status(*message.mutable_status(), status, context);
    return protobuf_response(message, status, msg_id);
}

response list_response(const listing& page, request_context context, const std::string& msg_id = {}) {
    wire::ListReply message;
    set_status(*message.mutable_status(), page.status, context);
    for (const wire::Message* each : page.messages) {
        *message.add_msg() = *each;
    }
    message.set_total(page.messages.size());
    return protobuf_response(message, page.status, msg_id);
}

std::string message_name(const google::protobuf::MessageLite& message) {
    const std::string full = message.GetTypeName();
    return full.substr(full.rfind('.') + 1);
}

// Parses a request of its message's shape and passes it to its handler.
template <class Request, response (*Handler)(state&, const Request&, request_context)>
response handle_protobuf(state& store, std::string_view body, request_context context) {
    static const message_shape& shape = message_shapes().at(message_name(Request()));
    if (const std::string_view problem = find_problem(body, shape); !problem.empty()) {
        return body_error(problem);
    }
    Request request;
    if (!request.ParseFromArray(body.data(), static_cast<int>(body.size()))) {
        return body_error("not a protobuf message");
    }
    return Handler(store, request, context);
}

template <class Request> chat chat_of(const Request& request) {
    return {static_cast<chat_type>(request.chat_type()), request.chat_id()};
}

template <class Request> bool has_chat(const Request& request) {
    return !request.chat_id().empty() && request.chat_type() != 0;
}

response send_message(state& store, const wire::SendMessageRequest& request, request_context context) {
    bool duplicate = false;
    const api_status status = store.send(request, context.now, duplicate);
    response result = status_response(status, context, request.msg_id());
    result.duplicate = duplicate;
    return result;
}

response edit_message(state& store, const wire::SendMessageRequest& request, request_context context) {
    const api_status status = has_chat(request) ? store.edit(request, context.now) : bad_parameters;
    return status_response(status, context, request.msg_id());
}

response list_message_by_seq(state& store, const wire::ListMessageBySeqRequest& request, request_context context) {
    return list_response(
        has_chat(request) ? store.since(chat_of(request), request.msg_start()) : listing{bad_parameters, {}}, context);
}

response list_message(state& store, const wire::ListMessageRequest& request, request_context context) {
    return list_response(has_chat(request) ? store.before(chat_of(request), request.msg_id(), request.msg_count())
                                           : listing{bad_parameters, {}},
                         context, request.msg_id());
}

response list_message_by_mid_seq(state& store, const wire::ListMessageByMidSeqRequest& request,
                                 request_context context) {
    const bool by_id = request.msg_seq() == -1;
    if (!has_chat(request) || request.msg_seq() < -1 || (by_id && request.msg_id().empty())) {
        return list_response({bad_parameters, {}}, context, request.msg_id());
    }
    const auto seq = static_cast<std::uint64_t>(request.msg_seq());
    return list_response(by_id ? store.around(chat_of(request), request.msg_id(), request.msg_count())
                               : store.around(chat_of(request), seq, request.msg_count()),
                         context, request.msg_id());
}

response pic_list(state& store, const wire::PicListMessageByMidSeqRequest& request, request_context context) {
    if (!has_chat(request)) {
        return list_response({bad_parameters, {}}, context);
    }
    return list_response(
        store.pictures(chat_of(request), request.image_id(), request.earlier_count(), request.later_count()), context);
}

response button_report(state& store, const wire::ButtonReportRequest& request, request_context context) {
    if (!has_chat(request) || request.msg_id().empty()) {
        return status_response(bad_parameters, context, request.msg_id());
    }
    button_press press;
    press.in = chat_of(request);
    press.msg_id = request.msg_id();
    press.user_id = request.user_id();
    press.button_value = request.button_value();
    return status_response(store.report_button(std::move(press)), context, request.msg_id());
}

response recall_msg(state& store, const wire::RecallMsgRequest& request, request_context context) {
    if (!has_chat(request) || request.msg_id().empty()) {
        return status_response(bad_parameters, context, request.msg_id());
    }
    const std::string* const msg_id = &request.msg_id();
    return status_response(store.recall(chat_of(request), {&msg_id, 1}, context.now), context, request.msg_id());
}

response recall_msg_batch(state& store, const wire::RecallMsgBatchRequest& request, request_context context) {
    std::string joined;
    std::vector<const std::string*> msg_ids;
    for (const std::string& msg_id : request.msg_id()) {
        joined += (msg_ids.empty() ? "" : ",") + msg_id;
        msg_ids.push_back(&msg_id);
    }
    if (!has_chat(request)) {
        return status_response(bad_parameters, context, joined);
    }
    return status_response(store.recall(chat_of(request), msg_ids, context.now), context, joined);
}

// ---- JSON

response json_response(const json::object& object, api_status status, const std::string& msg_id) {
    response result;
    result.content_type = media_type(format::json);
    result.body = json::serialize(object);
    result.code = status.code;
    result.msg_id = msg_id;
    return result;
}

json::object status_object(api_status status) {
    return {{"code", status.code}, {"msg", status.text}};
}

// Reads the fields of an object one by one. A wrong type is a problem, and so is a field that is not read; a missing
// field is none.
class fields {
public:
    explicit fields(const json::object& object) : object_(object) {}

    std::string text(std::string_view name) {
        const json::value* value = take(name);
        if (value == nullptr || !value->is_string()) {
            fail_unless(value == nullptr, name);
            return {};
        }
        return std::string(value->get_string());
    }
    std::uint64_t number(std::string_view name) {
        boost::system::error_code inexact;
        const json::value* value = take(name);
        const bool is_number = value != nullptr && (value->is_int64() || value->is_uint64());
        const auto read = is_number ? value->to_number<std::uint64_t>(inexact) : 0;
        fail_unless(value == nullptr || (is_number && !inexact), name);
        return read;
    }
    const json::array& array(std::string_view name) {
        static const json::array none;
        const json::value* value = take(name);
        fail_unless(value == nullptr || value->is_array(), name);
        return value != nullptr && value->is_array() ? value->get_array() : none;
    }
    void fail_unless(bool valid, std::string_view name) {
        if (!valid && problem_.empty()) {
            problem_ = "wrong type of " + std::string(name);
        }
    }
    /// Must be called after all fields are read. Empty: the object is valid.
    [[nodiscard]] std::string problem() const {
        return problem_.empty() && taken_ != object_.size() ? "unknown field" : problem_;
    }

private:
    const json::value* take(std::string_view name) {
        const json::value* value = object_.if_contains(name);
        taken_ += value != nullptr ? 1 : 0;
        return value;
    }

    const json::object& object_;
    std::size_t taken_ = 0;
    std::string problem_;
};

template <response (*Handler)(state&, fields&, request_context)>
response handle_json(state& store, std::string_view body, request_context context) {
    boost::system::error_code failed;
    const json::value value = json::parse(body, failed); // text must be UTF-8
    if (failed || !value.is_object()) {
        return body_error("not a JSON object");
    }
    fields request(value.get_object());
    return Handler(store, request, context);
}

response edit_record(state& store, fields& request, request_context) {
    const std::string msg_id = request.text("msgId");
    const std::uint64_t size = request.number("size");
    const std::uint64_t page = request.number("page");
    if (const std::string problem = request.problem(); !problem.empty()) {
        return body_error(problem);
    }
    const edit_listing found = store.edits(msg_id, size, page);
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

response file_download_record(state& store, fields& request, request_context) {
    download done;
    done.msg_id = request.text("msgId");
    done.download_path = request.text("downloadPath");
    if (const std::string problem = request.problem(); !problem.empty()) {
        return body_error(problem);
    }
    const std::string msg_id = done.msg_id;
    const api_status status = msg_id.empty() ? bad_parameters : store.record_download(std::move(done));
    return json_response(status_object(status), status, msg_id);
}

response msg_forward(state& store, fields& request, request_context context) {
    const std::string msg_id = request.text("msgId");
    const auto from = static_cast<chat_type>(request.number("chatType"));
    std::vector<chat> receive;
    for (const json::value& each : request.array("receive")) {
        if (!each.is_object()) {
            return body_error("wrong type of receive");
        }
        fields receiver(each.get_object());
        chat to;
        to.id = receiver.text("chatId");
        to.type = static_cast<chat_type>(receiver.number("chatType"));
        receive.push_back(std::move(to));
        if (const std::string problem = receiver.problem(); !problem.empty()) {
            return body_error(problem);
        }
    }
    if (const std::string problem = request.problem(); !problem.empty()) {
        return body_error(problem);
    }
    const api_status status = store.forward(from, msg_id, receive, context.now);
    return json_response(status_object(status), status, msg_id);
}

response delete_msg(state& store, fields& request, request_context) {
    chat in;
    in.id = request.text("chatId");
    in.type = static_cast<chat_type>(request.number("chatType"));
    const std::string msg_id = request.text("msgId");
    if (const std::string problem = request.problem(); !problem.empty()) {
        return body_error(problem);
    }
    const bool complete = !in.id.empty() && in.type != chat_type{} && !msg_id.empty();
    const api_status status = complete ? store.remove(in, msg_id) : bad_parameters;
    return json_response(status_object(status), status, msg_id);
}

// The endpoint of a request that has no handler: checks the shape, changes nothing and answers "success".
endpoint without_handler(std::string path, const message_shape& shape) {
    return {std::move(path), format::protobuf, [&shape](state&, std::string_view body, request_context context) {
                if (const std::string_view problem = find_problem(body, shape); !problem.empty()) {
                    return body_error(problem);
                }
                return status_response(success, context, std::string(text_of(body, shape, "msg_id")));
            }};
}

// `RecallMsgRequest` -> `/v1/msg/recall-msg`; empty if the message is not a request.
std::string path_of(std::string_view message) {
    constexpr std::string_view suffix = "Request";
    if (!message.ends_with(suffix)) {
        return {};
    }
    message.remove_suffix(suffix.size());
    std::string path = "/v1/msg/";
    for (std::size_t i = 0; i < message.size(); ++i) {
        const char c = message[i];
        const bool upper = c >= 'A' && c <= 'Z';
        path += upper && i > 0 ? "-" : "";
        path += upper ? static_cast<char>(c - 'A' + 'a') : c;
    }
    return path;
}

std::vector<endpoint> with_handler() {
    return {
        {"/v1/msg/send-message", format::protobuf, &handle_protobuf<wire::SendMessageRequest, send_message>},
        {"/v1/msg/edit-message", format::protobuf, &handle_protobuf<wire::SendMessageRequest, edit_message>},
        {"/v1/msg/list-message-by-seq", format::protobuf,
         &handle_protobuf<wire::ListMessageBySeqRequest, list_message_by_seq>},
        {"/v1/msg/list-message", format::protobuf, &handle_protobuf<wire::ListMessageRequest, list_message>},
        {"/v1/msg/list-message-by-mid-seq", format::protobuf,
         &handle_protobuf<wire::ListMessageByMidSeqRequest, list_message_by_mid_seq>},
        {"/v1/msg/list-message-edit-record", format::json, &handle_json<edit_record>},
        {"/v1/msg/button-report", format::protobuf, &handle_protobuf<wire::ButtonReportRequest, button_report>},
        {"/v1/msg/recall-msg", format::protobuf, &handle_protobuf<wire::RecallMsgRequest, recall_msg>},
        {"/v1/msg/recall-msg-batch", format::protobuf, &handle_protobuf<wire::RecallMsgBatchRequest, recall_msg_batch>},
        {"/v1/msg/file-download-record", format::json, &handle_json<file_download_record>},
        {"/v1/msg/msg-forward", format::json, &handle_json<msg_forward>},
        {"/v1/msg/pic-list-message-by-mid-seq", format::protobuf,
         &handle_protobuf<wire::PicListMessageByMidSeqRequest, pic_list>},
        {"/v1/msg/delete", format::json, &handle_json<delete_msg>},
    };
}

const std::vector<endpoint>& endpoints() {
    static const std::vector<endpoint>& every = []() -> const std::vector<endpoint>& {
        auto& all = *new std::vector<endpoint>(with_handler()); // never destroyed: an emulator may live until the exit
        for (const auto& [name, shape] : message_shapes()) {
            std::string path = path_of(name);
            if (!path.empty() && std::ranges::find(all, path, &endpoint::path) == all.end()) {
                all.push_back(without_handler(std::move(path), shape));
            }
        }
        return all;
    }();
    return every;
}

} // namespace

std::string_view media_type(format of) noexcept {
    return of == format::protobuf ? "application/x-protobuf" : "application/json";
}

const endpoint* find_endpoint(std::string_view path) {
    const auto found = std::ranges::find(endpoints(), path, &endpoint::path);
    return found == endpoints().end() ? nullptr : &*found;
}

const endpoint* find_endpoint_named(std::string_view name) {
    const auto found = std::ranges::find(endpoints(), name, &endpoint::name);
    return found == endpoints().end() ? nullptr : &*found;
}

response error_response(int http_status, api_status status) {
    response result = json_response(status_object(status), status, {});
    result.status = http_status;
    return result;
}

} // namespace testing::detail
YUNHU_NAMESPACE_END
