// Copyright (c) 2026 The yunhu authors
// SPDX-License-Identifier: BSL-1.0

// The endpoints of an account, and those that the catch-up of a session needs.

#include "testing/handler_support.hpp"
#include "testing/media_store.hpp"

#include <boost/algorithm/hex.hpp>
#include <boost/json/object.hpp>

#include <openssl/evp.h>

#include <array>
#include <cstddef>
#include <iterator>
#include <utility>
#include <vector>

#include <yunhu/push.pb.h>

YUNHU_NAMESPACE_BEGIN
namespace testing::detail {
namespace {

constexpr std::uint64_t milliseconds = 1000;
constexpr const char* image_bucket = "chat68";
constexpr const char* file_bucket = "chat68-file";
constexpr const char* video_bucket = "chat68-video";
constexpr const char* audio_bucket = "chat68-audio";

// Clients compare it only; that it is another digest than its name says can't be seen.
std::string digest_of(const std::string& bytes) {
    constexpr std::size_t size = 16;
    std::array<unsigned char, EVP_MAX_MD_SIZE> digest{};
    unsigned int written = 0;
    EVP_Digest(bytes.data(), bytes.size(), digest.data(), &written, EVP_sha256(), nullptr);
    std::string text;
    boost::algorithm::hex_lower(digest.begin(), digest.begin() + size, std::back_inserter(text));
    return text;
}

response user_info(state& store, std::string_view, const request_context& context) {
    const account& own = store.people().at(context.account);
    wire::UserInfoReply reply;
    set_status(*reply.mutable_status(), success, context);
    reply.mutable_user()->set_id(own.user_id);
    reply.mutable_user()->set_name(own.name);
    return protobuf_response(reply, success);
}

void fill(wire::Conversation& to, const conversation_entry& from, const state& store, const std::string& user_id) {
    const chat seen = from.in->seen_by(user_id);
    const wire::Message& last = from.last->message;
    to.set_chat_id(seen.id);
    to.set_chat_type(static_cast<std::uint64_t>(seen.type));
    to.set_name(store.people().name_of(seen.type, seen.id));
    to.set_chat_content(last.content().text());
    to.set_timestamp_ms(from.changed);
    to.set_send_timestamp(last.send_time() / milliseconds);
    const auto& marks = store.relations().read;
    const auto mark = marks.find({user_id, seen.id});
    if (mark == marks.end() || mark->second < last.msg_seq()) {
        to.set_unread_msg(from.unread);
        to.set_at(from.mentioned ? 1 : 0);
    }
}

response conversation_list(state& store, const wire::ConversationListRequest& request, const request_context& context) {
    wire::ConversationListReply reply;
    for (const conversation_entry& each : store.conversations(context.account)) {
        fill(*reply.add_data(), each, store, store.people().at(context.account).user_id);
    }
    reply.set_total(static_cast<std::uint64_t>(reply.data_size()));
    reply.set_md5(digest_of(reply.SerializeAsString()));
    if (reply.md5() == request.md5()) {
        reply.clear_data(); // nothing changed
    }
    set_status(*reply.mutable_status(), success, context);
    return protobuf_response(reply, success);
}

response list_message_by_update(state& store, const wire::ListMessageByUpdateRequest& request,
                                const request_context& context) {
    return list_response(
        has_chat(request) ? store.updates(context.account, chat_of(request), request.update_time(), request.msg_count())
                          : listing{bad_parameters, {}},
        context);
}

response configure_distribution(state&, std::string_view, const request_context& context) {
    boost::json::object reply = status_object(success);
    reply["data"] = {{"websocketUrl", context.gateway_url}};
    return json_response(reply, success, {});
}

template <const char* const& Bucket> response upload_token(state&, std::string_view, const request_context& context) {
    boost::json::object reply = status_object(success);
    reply["data"] = {{"token", context.media.issue_token(Bucket, context.now / milliseconds)}};
    return json_response(reply, success, {});
}

// In MB. The odd name is the service's.
response size_limits(state&, std::string_view, const request_context&) {
    boost::json::object reply = status_object(success);
    reply["data"] = {{"fileSizeLimitNormal", 40}, {"fileeSizeLimitVip", 1024},  {"imageSizeLimitNormal", 40},
                     {"imageSizeLimitVip", 50},   {"videoSizeLimitNormal", 40}, {"videoSizeLimitVip", 200}};
    return json_response(reply, success, {});
}

} // namespace

std::vector<endpoint> account_endpoints() {
    return {
        {"/v1/user/info", format::protobuf, &user_info, "GET"},
        {"/v1/misc/configure-distribution", format::json, &configure_distribution, "GET"},
        {"/v1/misc/setting", format::json, &size_limits, "GET"},
        {"/v1/misc/qiniu-token", format::json, &upload_token<image_bucket>, "GET"},
        {"/v1/misc/qiniu-token2", format::json, &upload_token<file_bucket>, "GET"},
        {"/v1/misc/qiniu-token-video", format::json, &upload_token<video_bucket>, "GET"},
        {"/v1/misc/qiniu-token-audio", format::json, &upload_token<audio_bucket>, "GET"},
        {"/v1/misc/qiniu-token-group-disk", format::json, &upload_token<file_bucket>, "GET"},
        {"/v1/conversation/list", format::protobuf, &handle_protobuf<wire::ConversationListRequest, conversation_list>},
        {"/v1/msg/list-message-by-update", format::protobuf,
         &handle_protobuf<wire::ListMessageByUpdateRequest, list_message_by_update>},
    };
}

} // namespace testing::detail
YUNHU_NAMESPACE_END
