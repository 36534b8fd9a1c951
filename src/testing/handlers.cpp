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

reply unreadable(std::string_view problem) {
    reply made = refuse(400, bad_parameters);
    made.problem = "body: " + std::string(problem);
    return made;
}

// ---- protobuf

void set(wire::Status& status, retry_decision said, moment at) {
    status.set_number(at.number);
    status.set_code(said.code);
    status.set_msg(said.text.data(), said.text.size());
}

template <class Reply> reply in_protobuf(const Reply& message, retry_decision said, const std::string& msg_id) {
    reply made;
    made.content_type = media_type(format::protobuf);
    made.body = message.SerializeAsString();
    made.code = said.code;
    made.msg_id = msg_id;
    return made;
}

reply status_reply(retry_decision said, moment at, const std::string& msg_id) {
    wire::StatusReply message;
    set(*message.mutable_status(), said, at);
    return in_protobuf(message, said, msg_id);
}

reply list_reply(const listing& page, moment at, const std::string& msg_id = {}) {
    wire::ListReply message;
    set(*message.mutable_status(), page.said, at);
    for (const wire::Message* each : page.messages) {
        *message.add_msg() = *each;
    }
    message.set_total(page.messages.size());
    return in_protobuf(message, page.said, msg_id);
}

std::string name_of(const google::protobuf::MessageLite& message) {
    const std::string full = message.GetTypeName();
    return full.substr(full.rfind('.') + 1);
}

// Reads a request of its message's shape and lets it act.
template <class Request, reply (*Act)(state&, const Request&, moment)>
reply over_protobuf(state& on, std::string_view body, moment at) {
    static const message_shape& shape = message_shapes().at(name_of(Request()));
    if (const std::string_view problem = problem_of(body, shape); !problem.empty()) {
        return unreadable(problem);
    }
    Request request;
    if (!request.ParseFromArray(body.data(), static_cast<int>(body.size()))) {
        return unreadable("not a protobuf message");
    }
    return Act(on, request, at);
}

template <class Request> chat chat_of(const Request& request) {
    return {static_cast<chat_type>(request.chat_type()), request.chat_id()};
}

template <class Request> bool names_a_chat(const Request& request) {
    return !request.chat_id().empty() && request.chat_type() != 0;
}

reply send_message(state& on, const wire::SendMessageRequest& request, moment at) {
    bool duplicate = false;
    const retry_decision said = on.send(request, at.now, duplicate);
    reply made = status_reply(said, at, request.msg_id());
    made.duplicate = duplicate;
    return made;
}

reply edit_message(state& on, const wire::SendMessageRequest& request, moment at) {
    const retry_decision said = names_a_chat(request) ? on.edit(request, at.now) : bad_parameters;
    return status_reply(said, at, request.msg_id());
}

reply list_message_by_seq(state& on, const wire::ListMessageBySeqRequest& request, moment at) {
    return list_reply(
        names_a_chat(request) ? on.since(chat_of(request), request.msg_start()) : listing{bad_parameters, {}}, at);
}

reply list_message(state& on, const wire::ListMessageRequest& request, moment at) {
    return list_reply(names_a_chat(request) ? on.before(chat_of(request), request.msg_id(), request.msg_count())
                                            : listing{bad_parameters, {}},
                      at, request.msg_id());
}

reply list_message_by_mid_seq(state& on, const wire::ListMessageByMidSeqRequest& request, moment at) {
    const bool by_id = request.msg_seq() == -1;
    if (!names_a_chat(request) || request.msg_seq() < -1 || (by_id && request.msg_id().empty())) {
        return list_reply({bad_parameters, {}}, at, request.msg_id());
    }
    const auto seq = static_cast<std::uint64_t>(request.msg_seq());
    return list_reply(by_id ? on.around(chat_of(request), request.msg_id(), request.msg_count())
                            : on.around(chat_of(request), seq, request.msg_count()),
                      at, request.msg_id());
}

reply pic_list(state& on, const wire::PicListMessageByMidSeqRequest& request, moment at) {
    if (!names_a_chat(request)) {
        return list_reply({bad_parameters, {}}, at);
    }
    return list_reply(on.pictures(chat_of(request), request.image_id(), request.earlier_count(), request.later_count()),
                      at);
}

reply button_report(state& on, const wire::ButtonReportRequest& request, moment at) {
    if (!names_a_chat(request) || request.msg_id().empty()) {
        return status_reply(bad_parameters, at, request.msg_id());
    }
    button_press press;
    press.in = chat_of(request);
    press.msg_id = request.msg_id();
    press.user_id = request.user_id();
    press.button_value = request.button_value();
    return status_reply(on.report_button(std::move(press)), at, request.msg_id());
}

reply recall_msg(state& on, const wire::RecallMsgRequest& request, moment at) {
    if (!names_a_chat(request) || request.msg_id().empty()) {
        return status_reply(bad_parameters, at, request.msg_id());
    }
    const std::string* const msg_id = &request.msg_id();
    return status_reply(on.recall(chat_of(request), {&msg_id, 1}, at.now), at, request.msg_id());
}

reply recall_msg_batch(state& on, const wire::RecallMsgBatchRequest& request, moment at) {
    std::string joined;
    std::vector<const std::string*> msg_ids;
    for (const std::string& msg_id : request.msg_id()) {
        joined += (msg_ids.empty() ? "" : ",") + msg_id;
        msg_ids.push_back(&msg_id);
    }
    if (!names_a_chat(request)) {
        return status_reply(bad_parameters, at, joined);
    }
    return status_reply(on.recall(chat_of(request), msg_ids, at.now), at, joined);
}

// ---- JSON

reply in_json(const json::object& object, retry_decision said, const std::string& msg_id) {
    reply made;
    made.content_type = media_type(format::json);
    made.body = json::serialize(object);
    made.code = said.code;
    made.msg_id = msg_id;
    return made;
}

json::object object_of(retry_decision said) {
    return {{"code", said.code}, {"msg", said.text}};
}

// Reads an object's fields one by one; a wrong type and a field that nobody asked for are problems, absence is none.
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
    void fail_unless(bool fine, std::string_view name) {
        if (!fine && problem_.empty()) {
            problem_ = "wrong type of " + std::string(name);
        }
    }
    /// To be asked last. Empty: none.
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

template <reply (*Act)(state&, fields&, moment)> reply over_json(state& on, std::string_view body, moment at) {
    boost::system::error_code failed;
    const json::value value = json::parse(body, failed); // refuses what is not UTF-8
    if (failed || !value.is_object()) {
        return unreadable("not a JSON object");
    }
    fields request(value.get_object());
    return Act(on, request, at);
}

reply edit_record(state& on, fields& request, moment) {
    const std::string msg_id = request.text("msgId");
    const std::uint64_t size = request.number("size");
    const std::uint64_t page = request.number("page");
    if (const std::string problem = request.problem(); !problem.empty()) {
        return unreadable(problem);
    }
    const edit_listing found = on.edits(msg_id, size, page);
    json::object object = object_of(found.said);
    if (found.said.code == success.code) {
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
    return in_json(object, found.said, msg_id);
}

reply file_download_record(state& on, fields& request, moment) {
    download done;
    done.msg_id = request.text("msgId");
    done.download_path = request.text("downloadPath");
    if (const std::string problem = request.problem(); !problem.empty()) {
        return unreadable(problem);
    }
    const std::string msg_id = done.msg_id;
    const retry_decision said = msg_id.empty() ? bad_parameters : on.record_download(std::move(done));
    return in_json(object_of(said), said, msg_id);
}

reply msg_forward(state& on, fields& request, moment at) {
    const std::string msg_id = request.text("msgId");
    const auto from = static_cast<chat_type>(request.number("chatType"));
    std::vector<chat> receive;
    for (const json::value& each : request.array("receive")) {
        if (!each.is_object()) {
            return unreadable("wrong type of receive");
        }
        fields receiver(each.get_object());
        chat to;
        to.id = receiver.text("chatId");
        to.type = static_cast<chat_type>(receiver.number("chatType"));
        receive.push_back(std::move(to));
        if (const std::string problem = receiver.problem(); !problem.empty()) {
            return unreadable(problem);
        }
    }
    if (const std::string problem = request.problem(); !problem.empty()) {
        return unreadable(problem);
    }
    const retry_decision said = on.forward(from, msg_id, receive, at.now);
    return in_json(object_of(said), said, msg_id);
}

reply delete_msg(state& on, fields& request, moment) {
    chat in;
    in.id = request.text("chatId");
    in.type = static_cast<chat_type>(request.number("chatType"));
    const std::string msg_id = request.text("msgId");
    if (const std::string problem = request.problem(); !problem.empty()) {
        return unreadable(problem);
    }
    const bool complete = !in.id.empty() && in.type != chat_type{} && !msg_id.empty();
    const retry_decision said = complete ? on.remove(in, msg_id) : bad_parameters;
    return in_json(object_of(said), said, msg_id);
}

// The endpoint of a request that has no handler: checks the shape, changes nothing and answers "success".
endpoint without_handler(std::string path, const message_shape& shape) {
    return {std::move(path), format::protobuf, [&shape](state&, std::string_view body, moment at) {
                if (const std::string_view problem = problem_of(body, shape); !problem.empty()) {
                    return unreadable(problem);
                }
                return status_reply(success, at, std::string(text_of(body, shape, "msg_id")));
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
        {"/v1/msg/send-message", format::protobuf, &over_protobuf<wire::SendMessageRequest, send_message>},
        {"/v1/msg/edit-message", format::protobuf, &over_protobuf<wire::SendMessageRequest, edit_message>},
        {"/v1/msg/list-message-by-seq", format::protobuf,
         &over_protobuf<wire::ListMessageBySeqRequest, list_message_by_seq>},
        {"/v1/msg/list-message", format::protobuf, &over_protobuf<wire::ListMessageRequest, list_message>},
        {"/v1/msg/list-message-by-mid-seq", format::protobuf,
         &over_protobuf<wire::ListMessageByMidSeqRequest, list_message_by_mid_seq>},
        {"/v1/msg/list-message-edit-record", format::json, &over_json<edit_record>},
        {"/v1/msg/button-report", format::protobuf, &over_protobuf<wire::ButtonReportRequest, button_report>},
        {"/v1/msg/recall-msg", format::protobuf, &over_protobuf<wire::RecallMsgRequest, recall_msg>},
        {"/v1/msg/recall-msg-batch", format::protobuf, &over_protobuf<wire::RecallMsgBatchRequest, recall_msg_batch>},
        {"/v1/msg/file-download-record", format::json, &over_json<file_download_record>},
        {"/v1/msg/msg-forward", format::json, &over_json<msg_forward>},
        {"/v1/msg/pic-list-message-by-mid-seq", format::protobuf,
         &over_protobuf<wire::PicListMessageByMidSeqRequest, pic_list>},
        {"/v1/msg/delete", format::json, &over_json<delete_msg>},
    };
}

const std::vector<endpoint>& endpoints() {
    static const std::vector<endpoint> all = [] {
        std::vector<endpoint> made = with_handler();
        for (const auto& [name, shape] : message_shapes()) {
            std::string path = path_of(name);
            if (!path.empty() && std::ranges::find(made, path, &endpoint::path) == made.end()) {
                made.push_back(without_handler(std::move(path), shape));
            }
        }
        return made;
    }();
    return all;
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

reply refuse(int status, retry_decision why) {
    reply made = in_json(object_of(why), why, {});
    made.status = status;
    return made;
}

} // namespace testing::detail
YUNHU_NAMESPACE_END
