// Copyright (c) 2026 The yunhu authors
// SPDX-License-Identifier: BSL-1.0

#include "schema.hpp"

#include <google/protobuf/descriptor.h>

#include <gtest/gtest.h>

#include <map>
#include <string>

// The numbers and types of msg.proto against the API's tables, written down here once more.
namespace yunhu::test {
namespace {

using table = std::map<int, std::string>;

// Texts are declared `bytes`: the same on the wire as `string`.
table numbers_of(const std::string& message) {
    const google::protobuf::Descriptor& type = schema::of_the_api().describe(message);
    table made;
    for (int i = 0; i < type.field_count(); ++i) {
        const google::protobuf::FieldDescriptor& field = *type.field(i);
        const std::string kind =
            field.message_type() != nullptr ? field.message_type()->name() : std::string(field.type_name());
        made[field.number()] = (field.is_repeated() ? "repeated " : "") + kind + ' ' + field.name();
    }
    return made;
}

TEST(proto, status) {
    EXPECT_EQ(numbers_of("Status"), (table{{1, "uint64 number"}, {2, "int32 code"}, {3, "bytes msg"}}));
}

TEST(proto, content) {
    const table meant{{1, "bytes text"},
                      {2, "bytes buttons"},
                      {3, "bytes image_url"},
                      {4, "bytes file_name"},
                      {5, "bytes file_url"},
                      {6, "repeated bytes mentioned_id"},
                      {7, "bytes form"},
                      {8, "bytes quote_msg_text"},
                      {9, "bytes image"},
                      {10, "bytes post_id"},
                      {11, "bytes post_title"},
                      {12, "bytes post_content"},
                      {13, "bytes post_content_type"},
                      {15, "bytes expression_id"},
                      {16, "bytes quote_image_url"},
                      {17, "bytes quote_image_name"},
                      {18, "uint64 file_size"},
                      {19, "bytes video_url"},
                      {20, "uint64 video_time"},
                      {21, "bytes audio_url"},
                      {22, "uint64 audio_time"},
                      {23, "bytes quote_video_url"},
                      {24, "uint64 quote_video_time"},
                      {25, "uint64 sticker_item_id"},
                      {26, "uint64 sticker_pack_id"},
                      {29, "bytes room_name"},
                      {32, "bytes call_status_text"},
                      {33, "uint64 width"},
                      {34, "uint64 height"},
                      {36, "bytes bot_llm_params"},
                      {37, "bytes tip"}};
    EXPECT_EQ(numbers_of("Content"), meant);
}

TEST(proto, media) {
    const table meant{{1, "bytes file_key"},      {2, "bytes file_hash"},    {3, "bytes file_type"},
                      {5, "uint64 image_height"}, {6, "uint64 image_width"}, {7, "uint64 file_size"},
                      {8, "bytes file_key2"},     {9, "bytes file_suffix"}};
    EXPECT_EQ(numbers_of("Media"), meant);
}

TEST(proto, message_and_its_parts) {
    const table message{
        {1, "bytes msg_id"},       {2, "Sender sender"},    {3, "bytes direction"},  {4, "uint64 content_type"},
        {5, "Content content"},    {6, "uint64 send_time"}, {7, "Cmd cmd"},          {8, "uint64 msg_delete_time"},
        {9, "bytes quote_msg_id"}, {10, "uint64 msg_seq"},  {12, "uint64 edit_time"}};
    EXPECT_EQ(numbers_of("Message"), message);
    const table sender{{1, "bytes chat_id"},    {2, "uint64 chat_type"}, {3, "bytes name"},
                       {4, "bytes avatar_url"}, {5, "bool is_vip"},      {6, "repeated bytes tag_old"},
                       {7, "repeated Tag tag"}};
    EXPECT_EQ(numbers_of("Sender"), sender);
    EXPECT_EQ(numbers_of("Tag"),
              (table{{1, "uint64 id"}, {2, "bytes group_id"}, {3, "bytes text"}, {4, "bytes color"}}));
    EXPECT_EQ(numbers_of("Cmd"), (table{{1, "uint64 cmd_id"}, {2, "bytes name"}, {4, "uint64 type"}}));
}

TEST(proto, requests) {
    EXPECT_EQ(numbers_of("SendMessageRequest"), (table{{2, "bytes msg_id"},
                                                       {3, "bytes chat_id"},
                                                       {4, "uint64 chat_type"},
                                                       {5, "Content content"},
                                                       {6, "uint64 content_type"},
                                                       {7, "uint64 command_id"},
                                                       {8, "bytes quote_msg_id"},
                                                       {9, "Media media"}}));
    EXPECT_EQ(numbers_of("ListMessageBySeqRequest"),
              (table{{3, "uint64 msg_start"}, {4, "uint64 chat_type"}, {5, "bytes chat_id"}}));
    EXPECT_EQ(numbers_of("ListMessageRequest"),
              (table{{2, "uint64 msg_count"}, {3, "bytes msg_id"}, {4, "uint64 chat_type"}, {5, "bytes chat_id"}}));
    EXPECT_EQ(numbers_of("ListMessageByMidSeqRequest"), (table{{3, "int64 msg_seq"},
                                                               {4, "uint64 chat_type"},
                                                               {5, "bytes chat_id"},
                                                               {6, "uint64 reserved"},
                                                               {7, "uint64 msg_count"},
                                                               {8, "bytes msg_id"}}));
    EXPECT_EQ(numbers_of("PicListMessageByMidSeqRequest"), (table{{3, "uint64 image_id"},
                                                                  {4, "uint64 chat_type"},
                                                                  {5, "bytes chat_id"},
                                                                  {6, "uint64 earlier_count"},
                                                                  {7, "uint64 later_count"}}));
    EXPECT_EQ(numbers_of("ButtonReportRequest"), (table{{2, "bytes msg_id"},
                                                        {3, "uint64 chat_type"},
                                                        {4, "bytes chat_id"},
                                                        {5, "bytes user_id"},
                                                        {6, "bytes button_value"}}));
    EXPECT_EQ(numbers_of("RecallMsgRequest"),
              (table{{2, "bytes msg_id"}, {3, "bytes chat_id"}, {4, "uint64 chat_type"}}));
    EXPECT_EQ(numbers_of("RecallMsgBatchRequest"),
              (table{{2, "repeated bytes msg_id"}, {3, "bytes chat_id"}, {4, "uint64 chat_type"}}));
}

TEST(proto, replies) {
    EXPECT_EQ(numbers_of("StatusReply"), (table{{1, "Status status"}}));
    EXPECT_EQ(numbers_of("ListReply"), (table{{1, "Status status"}, {2, "repeated Message msg"}, {3, "uint64 total"}}));
}

} // namespace
} // namespace yunhu::test
