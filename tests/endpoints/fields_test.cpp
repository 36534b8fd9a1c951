// Copyright (c) 2026 The yunhu authors
// SPDX-License-Identifier: BSL-1.0

#include "endpoints/codec.hpp"
#include "schema.hpp"
#include "walk.hpp"

#include <gtest/gtest.h>

#include <memory>
#include <set>
#include <string>

// Every field, both ways. The wire's side is walked by reflection: a field that is added to msg.proto and forgotten in
// the codec fails here.
namespace yunhu::test {
namespace {

template <class Request> void expect_every_field_encoded(const std::string& wire) {
    const auto request = filled<Request>();
    const codec::encoded body = codec::encode(request);
    ASSERT_TRUE(body) << body.error().detail;
    const leaves seen = schema::of_the_api().read(wire, *body);
    EXPECT_EQ(seen, flattened(request));
    const std::set<std::string> set = paths(seen);
    for (const std::string& path : paths(schema::of_the_api().describe(wire))) {
        EXPECT_TRUE(set.contains(path)) << wire << ": " << path << " was not encoded";
    }
}

TEST(every_field, of_send_message) {
    expect_every_field_encoded<send_message_request>("SendMessageRequest");
}

TEST(every_field, of_edit_message) {
    expect_every_field_encoded<edit_message_request>("SendMessageRequest");
}

TEST(every_field, of_list_message_by_seq) {
    expect_every_field_encoded<list_message_by_seq_request>("ListMessageBySeqRequest");
}

TEST(every_field, of_list_message) {
    expect_every_field_encoded<list_message_request>("ListMessageRequest");
}

TEST(every_field, of_list_message_by_mid_seq) {
    expect_every_field_encoded<list_message_by_mid_seq_request>("ListMessageByMidSeqRequest");
}

TEST(every_field, of_pic_list_message_by_mid_seq) {
    expect_every_field_encoded<pic_list_message_by_mid_seq_request>("PicListMessageByMidSeqRequest");
}

TEST(every_field, of_button_report) {
    expect_every_field_encoded<button_report_request>("ButtonReportRequest");
}

TEST(every_field, of_recall_msg) {
    expect_every_field_encoded<recall_msg_request>("RecallMsgRequest");
}

TEST(every_field, of_recall_msg_batch) {
    expect_every_field_encoded<recall_msg_batch_request>("RecallMsgBatchRequest");
}

void flatten_status(const call_info& info, leaves& into) {
    into["status"];
    into["status.number"] = std::to_string(info.request_id);
    into["status.code"] = std::to_string(info.api_code.value_or(0));
    into["status.msg"] = info.api_msg;
}

TEST(every_field, of_a_list_reply) {
    const auto reply = schema::of_the_api().filled("ListReply", 2);
    message_page page;
    ASSERT_FALSE(codec::decode_page(reply->SerializeAsString(), page)) << page.detail;
    leaves seen = flattened(page.messages, "msg");
    flatten_status(page, seen);
    seen["total"] = std::to_string(page.total);
    EXPECT_EQ(seen, flatten(*reply));
    EXPECT_GT(seen.size(), 100U);
}

TEST(every_field, of_a_status_reply) {
    const auto reply = schema::of_the_api().filled("StatusReply", 1);
    call_info info;
    ASSERT_FALSE(codec::decode_status(reply->SerializeAsString(), info)) << info.detail;
    leaves seen;
    flatten_status(info, seen);
    EXPECT_EQ(seen, flatten(*reply));
}

// A sent message as the server lists it: the same Content both ways.
TEST(every_field, of_content_survives_a_round_trip) {
    const auto request = filled<send_message_request>();
    const codec::encoded body = codec::encode(request);
    ASSERT_TRUE(body);
    const auto sent = schema::of_the_api().make("SendMessageRequest");
    ASSERT_TRUE(sent->ParseFromString(*body));
    const auto reply = schema::of_the_api().make("ListReply");
    const auto field = [](const google::protobuf::Message& of, const char* name) {
        return of.GetDescriptor()->FindFieldByName(name);
    };
    auto* const status = reply->GetReflection()->MutableMessage(reply.get(), field(*reply, "status"));
    status->GetReflection()->SetInt32(status, field(*status, "code"), 1);
    auto* const item = reply->GetReflection()->AddMessage(reply.get(), field(*reply, "msg"));
    item->GetReflection()
        ->MutableMessage(item, field(*item, "content"))
        ->CopyFrom(sent->GetReflection()->GetMessage(*sent, field(*sent, "content")));
    message_page page;
    ASSERT_FALSE(codec::decode_page(reply->SerializeAsString(), page)) << page.detail;
    ASSERT_EQ(page.messages.size(), 1U);
    EXPECT_EQ(page.messages[0].content, *request.content);
}

} // namespace
} // namespace yunhu::test
