// Copyright (c) 2026 The yunhu authors
// SPDX-License-Identifier: BSL-1.0

#include "testing/handlers.hpp"

#include "testing/handler_support.hpp"
#include "testing/shape.hpp"

#include <algorithm>
#include <iterator>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

YUNHU_NAMESPACE_BEGIN
namespace testing::detail {
namespace {

// For the journal.
template <class Request> response about(response result, const Request& request) {
    result.in = chat_of(request);
    if constexpr (requires { request.content(); }) {
        result.text = request.content().text();
    }
    return result;
}

response send_message(state& store, const wire::SendMessageRequest& request, const request_context& context) {
    bool duplicate = false;
    const api_status status = store.send(context.account, request, context.now, duplicate);
    response result = about(status_response(status, context, request.msg_id()), request);
    result.duplicate = duplicate;
    return result;
}

response edit_message(state& store, const wire::SendMessageRequest& request, const request_context& context) {
    const api_status status = has_chat(request) ? store.edit(context.account, request, context.now) : bad_parameters;
    return about(status_response(status, context, request.msg_id()), request);
}

response list_message_by_seq(state& store, const wire::ListMessageBySeqRequest& request,
                             const request_context& context) {
    return list_response(has_chat(request) ? store.since(context.account, chat_of(request), request.msg_start())
                                           : listing{bad_parameters, {}},
                         context);
}

response list_message(state& store, const wire::ListMessageRequest& request, const request_context& context) {
    return list_response(has_chat(request)
                             ? store.before(context.account, chat_of(request), request.msg_id(), request.msg_count())
                             : listing{bad_parameters, {}},
                         context, request.msg_id());
}

response list_message_by_mid_seq(state& store, const wire::ListMessageByMidSeqRequest& request,
                                 const request_context& context) {
    const bool by_id = request.msg_seq() == -1 && !request.msg_id().empty();
    const bool oldest = request.msg_seq() == -1 && request.msg_id().empty() && !context.strict;
    if (!has_chat(request) || request.msg_seq() < (by_id || oldest ? -1 : 0)) {
        return list_response({bad_parameters, {}}, context, request.msg_id());
    }
    const state::extent wanted{request.reserved(), request.msg_count(), context.mid_seq};
    const auto seq = oldest ? 0 : static_cast<std::uint64_t>(request.msg_seq());
    return list_response(by_id ? store.around(context.account, chat_of(request), request.msg_id(), wanted)
                               : store.around(context.account, chat_of(request), seq, wanted),
                         context, request.msg_id());
}

response pic_list(state& store, const wire::PicListMessageByMidSeqRequest& request, const request_context& context) {
    if (!has_chat(request)) {
        return list_response({bad_parameters, {}}, context);
    }
    return list_response(store.pictures(context.account, chat_of(request), request.image_id(), request.earlier_count(),
                                        request.later_count()),
                         context);
}

response button_report(state& store, const wire::ButtonReportRequest& request, const request_context& context) {
    if (!has_chat(request) || request.msg_id().empty()) {
        return status_response(bad_parameters, context, request.msg_id());
    }
    button_press press;
    press.in = chat_of(request);
    press.msg_id = request.msg_id();
    press.user_id = request.user_id();
    press.button_value = request.button_value();
    return status_response(store.report_button(context.account, std::move(press)), context, request.msg_id());
}

// Clients of the service leave out the type of the chat, and the message is found without it.
bool names_chat(const std::string& chat_id, std::uint64_t type, const request_context& context) {
    return !chat_id.empty() && (type != 0 || !context.strict);
}

response noted(response result, std::uint64_t type) {
    if (type == 0 && result.code == success.code) {
        result.note = "body: no chat_type";
    }
    return result;
}

response recall_msg(state& store, const wire::RecallMsgRequest& request, const request_context& context) {
    if (!names_chat(request.chat_id(), request.chat_type(), context) || request.msg_id().empty()) {
        return status_response(bad_parameters, context, request.msg_id());
    }
    const std::string* const msg_id = &request.msg_id();
    const api_status status = store.recall(context.account, chat_of(request), {&msg_id, 1}, context.now);
    return noted(about(status_response(status, context, request.msg_id()), request), request.chat_type());
}

response recall_msg_batch(state& store, const wire::RecallMsgBatchRequest& request, const request_context& context) {
    std::string joined;
    std::vector<const std::string*> msg_ids;
    for (const std::string& msg_id : request.msg_id()) {
        joined += (msg_ids.empty() ? "" : ",") + msg_id;
        msg_ids.push_back(&msg_id);
    }
    if (!names_chat(request.chat_id(), request.chat_type(), context)) {
        return status_response(bad_parameters, context, joined);
    }
    const api_status status = store.recall(context.account, chat_of(request), msg_ids, context.now);
    return noted(about(status_response(status, context, joined), request), request.chat_type());
}

// The endpoint of a request that has no handler: checks the shape, changes nothing and answers "success".
endpoint without_handler(std::string path, const message_shape& shape) {
    return {std::move(path), format::protobuf, [&shape](state&, std::string_view body, const request_context& context) {
                std::string note;
                if (std::string problem = check_shape(body, shape, context, note); !problem.empty()) {
                    return bad_request(std::move(problem));
                }
                response result = status_response(success, context, std::string(text_of(body, shape, "msg_id")));
                result.note = note;
                return result;
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
        {"/v1/msg/button-report", format::protobuf, &handle_protobuf<wire::ButtonReportRequest, button_report>},
        {"/v1/msg/recall-msg", format::protobuf, &handle_protobuf<wire::RecallMsgRequest, recall_msg>},
        {"/v1/msg/recall-msg-batch", format::protobuf, &handle_protobuf<wire::RecallMsgBatchRequest, recall_msg_batch>},
        {"/v1/msg/pic-list-message-by-mid-seq", format::protobuf,
         &handle_protobuf<wire::PicListMessageByMidSeqRequest, pic_list>},
    };
}

const std::vector<endpoint>& endpoints() {
    static const std::vector<endpoint>& every = []() -> const std::vector<endpoint>& {
        auto& all = *new std::vector<endpoint>(with_handler()); // never destroyed: an emulator may live until the exit
        for (auto* more : {&json_endpoints, &account_endpoints, &lookup_endpoints, &action_endpoints, &group_endpoints,
                           &login_endpoints, &own_bot_endpoints}) {
            std::ranges::move(more(), std::back_inserter(all));
        }
        for (const auto& [name, shape] : message_shapes()) {
            std::string path = shape.file == "yunhu/msg.proto" ? path_of(name) : std::string();
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

// As `endpoint_info::name`: the last part of the path, or the last two where several endpoints share it. Those of
// messages keep the short name.
const endpoint* find_endpoint_named(std::string_view name) {
    const auto that_end_with = [](std::string_view last) {
        std::vector<const endpoint*> found;
        for (const endpoint& each : endpoints()) {
            if (each.path.ends_with('/' + std::string(last))) {
                found.push_back(&each);
            }
        }
        return found;
    };
    const std::size_t slash = name.rfind('/');
    if (slash != std::string_view::npos &&
        (std::ranges::count(name, '/') > 1 || that_end_with(name.substr(slash + 1)).size() < 2)) {
        return nullptr;
    }
    std::vector<const endpoint*> found = that_end_with(name);
    if (found.size() > 1) {
        std::erase_if(found, [](const endpoint* each) { return !each->path.starts_with("/v1/msg/"); });
    }
    return found.size() == 1 ? found.front() : nullptr;
}

response error_response(int http_status, api_status status) {
    response result = json_response(status_object(status), status, {});
    result.status = http_status;
    return result;
}

response bad_request(std::string problem) {
    const std::string text = std::string(bad_parameters.text) + ": " + problem;
    response result = error_response(400, {bad_parameters.code, text});
    result.problem = std::move(problem);
    return result;
}

void set_status(wire::Status& field, api_status status, const request_context& context) {
    field.set_number(context.number);
    field.set_code(status.code);
    field.set_msg(status.text.data(), status.text.size());
}

response status_response(api_status status, const request_context& context, const std::string& msg_id) {
    wire::StatusReply message;
    set_status(*message.mutable_status(), status, context);
    return protobuf_response(message, status, msg_id);
}

response list_response(const listing& page, const request_context& context, const std::string& msg_id) {
    wire::ListReply message;
    set_status(*message.mutable_status(), page.status, context);
    for (const stored_message* each : page.messages) {
        wire::Message& added = *message.add_msg();
        added = each->message;
        added.set_direction(each->direction_for(context.account));
    }
    message.set_total(page.messages.size());
    return protobuf_response(message, page.status, msg_id);
}

std::string message_name(const google::protobuf::MessageLite& message) {
    const std::string full = message.GetTypeName();
    return full.substr(full.rfind('.') + 1);
}

std::string check_shape(std::string_view body, const message_shape& shape, const request_context& context,
                        std::string& note) {
    const std::string_view deviation = find_deviation(body, shape);
    const std::string_view problem = context.strict || deviation.empty() ? deviation : find_problem(body, shape);
    const std::string_view found = problem.empty() ? deviation : problem;
    const std::string text = found.empty() ? std::string() : "body: " + std::string(found);
    note = problem.empty() ? text : std::string();
    return problem.empty() ? std::string() : text;
}

} // namespace testing::detail
YUNHU_NAMESPACE_END
