// Copyright (c) 2026 The yunhu authors
// SPDX-License-Identifier: BSL-1.0

#include "endpoints/codec.hpp"

#include <gtest/gtest.h>

#include <cstddef>
#include <cstdint>
#include <limits>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

// JSON replies: whole, cut, with members of a wrong type.
namespace yunhu::test {
namespace {

using namespace std::string_literals;

constexpr std::string_view sample =
    R"({"code":1,"data":{"list":[{"id":1018684,"msgId":"123123123123123123123123",)"
    R"("contentType":1,"contentOld":"{\"text\":\"测试原始编辑文本\"}",)"
    R"("createTime":1231231231230,"msgTime":1231231231231}],"total":1},"msg":"success"})";

struct outcome : call_info {
    error_code ec;
};

outcome status_of(std::string_view body) {
    outcome made;
    made.ec = codec::decode_json_status(body, made);
    return made;
}

struct page_outcome : edit_record_page {
    error_code ec;
};

page_outcome page_of(std::string_view body) {
    page_outcome made;
    made.ec = codec::decode_edit_records(body, made);
    return made;
}

// The detail of the failure for `data`, or an empty text.
std::string complaint_about(const std::string& data) {
    const page_outcome page = page_of(R"({"code":1,"data":)" + data + "}");
    EXPECT_EQ(page.ec, page.detail.empty() ? error_code() : errc::bad_response) << data;
    if (page.ec) {
        EXPECT_TRUE(page.records.empty()) << data;
    }
    return page.detail;
}

// Why a record, the fourth of a list, is left out of its page. The others are delivered.
std::string complaint_about_record(const std::string& record) {
    const page_outcome page =
        page_of(R"({"code":1,"data":{"list":[{"id":1},{"id":2},{"id":3},)" + record + R"(,{"id":5}],"total":5}})");
    EXPECT_FALSE(page.ec) << record;
    EXPECT_EQ(page.records.size(), 4U) << record;
    EXPECT_EQ(page.records.back().id, 5U) << record;
    EXPECT_EQ(page.unreadable, 1U) << record;
    EXPECT_EQ(page.total, 5) << record;
    return page.detail;
}

// contentOld with that text, decoded.
std::optional<content> content_of(const std::string& text) {
    std::string escaped;
    for (const char c : text) {
        if (c == '"' || c == '\\') {
            escaped += '\\';
        }
        escaped += c;
    }
    page_outcome page = page_of(R"({"code":1,"data":{"list":[{"contentOld":")" + escaped + R"("}]}})");
    EXPECT_FALSE(page.ec) << page.detail;
    EXPECT_EQ(page.records.at(0).content_old_raw, text);
    return std::move(page.records.at(0).content_old);
}

TEST(json_status, success) {
    const outcome seen = status_of(R"({"code":1,"msg":"success"})");
    EXPECT_FALSE(seen.ec);
    EXPECT_EQ(seen.api_code, 1);
    EXPECT_EQ(seen.api_msg, "success");
    EXPECT_EQ(seen.detail, "");
    EXPECT_FALSE(status_of(" \r\n{\"code\" : 1}\n").ec);
}

TEST(json_status, refusals) {
    EXPECT_EQ(status_of(R"({"code":-101,"msg":"未登录"})").ec, errc::not_authenticated);
    EXPECT_EQ(status_of(R"({"code":1100,"msg":"x"})").ec, errc::bad_request);
    EXPECT_EQ(status_of(R"({"code":-1,"msg":"x"})").ec, errc::refused);
    EXPECT_EQ(status_of(R"({"code":0,"msg":"x"})").ec, errc::refused);
    EXPECT_EQ(status_of(R"({"code":-101,"msg":"未登录"})").api_msg, "未登录");
}

TEST(json_status, does_not_touch_what_the_caller_knows) {
    call_info info;
    info.msg_id = "mine";
    EXPECT_FALSE(codec::decode_json_status(R"({"code":1,"msgId":"other"})", info));
    EXPECT_EQ(info.msg_id, "mine");
}

TEST(json_status, an_empty_body_is_no_success) {
    EXPECT_EQ(status_of("").ec, errc::empty_response);
    EXPECT_EQ(status_of("").detail, "the body is empty");
    EXPECT_EQ(page_of("").ec, errc::empty_response);
}

TEST(json_status, wrong_types_are_named) {
    const std::vector<std::pair<std::string, std::string>> cases{
        {R"({})", "code is missing"},
        {R"({"msg":"success"})", "code is missing"},
        {R"({"Code":1})", "code is missing"},
        {R"({"code":"1"})", "code is not a number"},
        {R"({"code":null})", "code is not a number"},
        {R"({"code":true})", "code is not a number"},
        {R"({"code":[1]})", "code is not a number"},
        {R"({"code":{}})", "code is not a number"},
        {R"({"code":1.0})", "code is not a 64-bit integer"},
        {R"({"code":1e0})", "code is not a 64-bit integer"},
        {R"({"code":9223372036854775808})", "code is not a 64-bit integer"},
        {R"({"code":99999999999999999999999})", "code is not a 64-bit integer"},
        {R"({"code":1,"msg":5})", "msg is not a string"},
        {R"({"code":1,"msg":{}})", "msg is not a string"},
        {R"([])", "the body is not a JSON object"},
        {R"([{"code":1}])", "the body is not a JSON object"},
        {R"(1)", "the body is not a JSON object"},
        {R"("code")", "the body is not a JSON object"},
        {R"(null)", "the body is not a JSON object"}};
    for (const auto& [body, detail] : cases) {
        EXPECT_EQ(status_of(body).ec, errc::bad_response) << body;
        EXPECT_EQ(status_of(body).detail, detail) << body;
        EXPECT_EQ(page_of(body).ec, errc::bad_response) << body;
        EXPECT_EQ(page_of(body).detail, detail) << body;
    }
}

TEST(json_status, a_code_is_kept_although_its_text_is_wrong) {
    const outcome seen = status_of(R"({"code":-9,"msg":[]})");
    EXPECT_EQ(seen.ec, errc::bad_response);
    EXPECT_EQ(seen.api_code, -9);
}

TEST(json_status, a_text_may_be_null_or_absent) {
    EXPECT_FALSE(status_of(R"({"code":1,"msg":null})").ec);
    EXPECT_FALSE(status_of(R"({"code":1})").ec);
}

TEST(json_status, codes_keep_64_bits) {
    EXPECT_EQ(status_of(R"({"code":-9223372036854775808})").api_code, std::numeric_limits<std::int64_t>::min());
    EXPECT_EQ(status_of(R"({"code":9223372036854775807})").api_code, std::numeric_limits<std::int64_t>::max());
    EXPECT_EQ(status_of(R"({"code":4294967297})").ec, errc::refused) << "must not become 1 in 32 bits";
}

TEST(json_status, what_is_not_json_is_bad) {
    for (const std::string& body :
         {"<html>"s, "{"s, "{\"code\":1"s, "{\"code\":1}}"s, "{\"code\":1} x"s, "{\"code\":1}{\"code\":1}"s,
          "{\"code\":1,}"s, "{'code':1}"s, "{code:1}"s, "{\"code\":01}"s, "{\"code\":+1}"s, "{\"code\":NaN}"s,
          "{\"code\":1}\0"s, "\0"s, "404 page not found"s, " "s, "\x0a\x02\x10\x01"s, "/*c*/{\"code\":1}"s}) {
        const outcome seen = status_of(body);
        EXPECT_EQ(seen.ec, errc::bad_response) << body;
        EXPECT_TRUE(seen.detail.starts_with("the body is not JSON")) << body << ": " << seen.detail;
    }
}

TEST(json_status, behind_a_byte_order_mark) {
    EXPECT_FALSE(status_of("\xef\xbb\xbf{\"code\":1}").ec);
    EXPECT_EQ(status_of("\xef\xbb\xbf{\"code\":-101}").ec, errc::not_authenticated);
    EXPECT_EQ(status_of("\xff\xfe{\0"s).detail, "the body is UTF-16 text");
    EXPECT_EQ(status_of("\x1f\x8b\x08").detail, "the body is compressed (gzip), which the request does not accept");
}

TEST(json_status, duplicate_members_and_unknown_ones_do_no_harm) {
    EXPECT_EQ(status_of(R"({"code":1,"code":-101})").ec, errc::not_authenticated);
    EXPECT_FALSE(status_of(R"({"code":1,"new":{"a":[1,2,{"b":null}]},"msg":"success"})").ec);
}

TEST(json_status, survives_deep_nesting) {
    EXPECT_EQ(status_of(R"({"code":1,"x":)" + std::string(100'000, '[')).ec, errc::bad_response);
    EXPECT_EQ(status_of(R"({"code":1,"x":)" + std::string(33, '[') + std::string(33, ']') + "}").ec,
              errc::bad_response);
    std::string objects = R"({"code":1,"x":)";
    for (int i = 0; i < 100'000; ++i) {
        objects += R"({"x":)";
    }
    EXPECT_EQ(status_of(objects).ec, errc::bad_response);
}

TEST(json_status, never_quotes_the_body) {
    for (const std::string& body :
         {R"({"code":"s3cret"})"s, R"({"s3cret")"s, "s3cret"s, R"(["s3cret"])"s, R"({"code":1,"msg":["s3cret"]})"s}) {
        EXPECT_EQ(status_of(body).detail.find("s3cret"), std::string::npos);
    }
    EXPECT_EQ(complaint_about_record(R"({"contentOld":["s3cret"]})"), "data.list[3].contentOld is not a string");
}

TEST(edit_records, every_field) {
    const page_outcome page = page_of(sample);
    ASSERT_FALSE(page.ec) << page.detail;
    EXPECT_EQ(page.api_code, 1);
    EXPECT_EQ(page.api_msg, "success");
    EXPECT_EQ(page.total, 1);
    EXPECT_EQ(page.unreadable, 0U);
    edit_record meant;
    meant.id = 1018684;
    meant.msg_id = "123123123123123123123123";
    meant.content_type = content_type::text;
    meant.content_old_raw = R"({"text":"测试原始编辑文本"})";
    meant.content_old.emplace().text = "测试原始编辑文本";
    meant.create_time = 1231231231230;
    meant.msg_time = 1231231231231;
    EXPECT_EQ(page.records, std::vector<edit_record>{meant});
}

TEST(edit_records, a_cut_reply_is_never_a_success) {
    for (std::size_t size = 0; size < sample.size(); ++size) {
        const std::string part(sample.substr(0, size));
        const page_outcome seen = page_of(part);
        EXPECT_EQ(seen.ec, size == 0 ? errc::empty_response : errc::bad_response) << size;
        EXPECT_TRUE(seen.records.empty());
    }
}

TEST(edit_records, an_empty_list_may_be_null_or_absent) {
    for (const std::string data : {R"({"list":[],"total":0})", R"({"list":null,"total":0})", R"({"total":0})", "{}",
                                   "null", R"({"list":[],"total":null})"}) {
        EXPECT_EQ(complaint_about(data), "");
    }
}

TEST(edit_records, a_refusal_needs_no_data) {
    EXPECT_EQ(page_of(R"({"code":-101,"msg":"未登录"})").ec, errc::not_authenticated);
    EXPECT_EQ(page_of(R"({"code":-1,"data":5})").ec, errc::refused);
}

TEST(edit_records, wrong_types_are_named_by_their_path) {
    EXPECT_EQ(page_of(R"({"code":1})").detail, "data is missing");
    EXPECT_EQ(page_of(R"({"code":1})").ec, errc::bad_response);
    EXPECT_EQ(complaint_about("[]"), "data is not an object");
    EXPECT_EQ(complaint_about(R"({"list":{}})"), "data.list is not an array");
    EXPECT_EQ(complaint_about(R"({"list":"x"})"), "data.list is not an array");
    EXPECT_EQ(complaint_about(R"({"list":[],"total":"1"})"), "data.total is not a number");
    EXPECT_EQ(complaint_about(R"({"total":1.5})"), "data.total is not a 64-bit integer");
    EXPECT_EQ(complaint_about(R"({"total":1e3})"), "data.total is not a 64-bit integer");
    EXPECT_EQ(complaint_about(R"({"total":9223372036854775808})"), "data.total is not a 64-bit integer");
    EXPECT_EQ(complaint_about(R"({"total":18446744073709551616})"), "data.total is not a 64-bit integer");
}

TEST(edit_records, a_record_that_can_not_be_read_is_left_out_and_counted) {
    EXPECT_EQ(complaint_about_record("1"), "data.list[3] is not an object");
    EXPECT_EQ(complaint_about_record("null"), "data.list[3] is not an object");
    EXPECT_EQ(complaint_about_record("[]"), "data.list[3] is not an object");
    EXPECT_EQ(complaint_about_record(R"({"id":null})"), "data.list[3].id is not a number");
    EXPECT_EQ(complaint_about_record(R"({"id":"1"})"), "data.list[3].id is not a number");
    EXPECT_EQ(complaint_about_record(R"({"id":-1})"), "data.list[3].id is negative");
    EXPECT_EQ(complaint_about_record(R"({"msgId":1})"), "data.list[3].msgId is not a string");
    EXPECT_EQ(complaint_about_record(R"({"contentType":"1"})"), "data.list[3].contentType is not a number");
    EXPECT_EQ(complaint_about_record(R"({"contentType":null})"), "data.list[3].contentType is not a number");
    EXPECT_EQ(complaint_about_record(R"({"contentOld":null})"), "data.list[3].contentOld is not a string");
    EXPECT_EQ(complaint_about_record(R"({"contentOld":{}})"), "data.list[3].contentOld is not a string");
    EXPECT_EQ(complaint_about_record(R"({"createTime":[]})"), "data.list[3].createTime is not a number");
    EXPECT_EQ(complaint_about_record(R"({"msgTime":true})"), "data.list[3].msgTime is not a number");
}

TEST(edit_records, the_first_unreadable_record_is_named) {
    const page_outcome page = page_of(R"({"code":1,"data":{"list":[{"id":1},null,{"id":"x"},5]}})");
    ASSERT_FALSE(page.ec) << page.detail;
    EXPECT_EQ(page.records.size(), 1U);
    EXPECT_EQ(page.unreadable, 3U);
    EXPECT_EQ(page.detail, "data.list[1] is not an object");
}

TEST(edit_records, negative_numbers_keep_their_sign) {
    const page_outcome page = page_of(R"({"code":1,"data":{"list":[{"contentType":-1}],"total":-1}})");
    ASSERT_FALSE(page.ec) << page.detail;
    EXPECT_EQ(page.total, -1);
    EXPECT_EQ(page.records.at(0).content_type, content_type{-1});
}

TEST(edit_records, keep_64_bits_and_open_enumerations) {
    const page_outcome page = page_of(
        R"({"code":1,"data":{"list":[{"id":18446744073709551615,"contentType":999,"createTime":9007199254740993}],)"
        R"("total":9223372036854775807}})");
    ASSERT_FALSE(page.ec) << page.detail;
    EXPECT_EQ(page.records.at(0).id, std::numeric_limits<std::uint64_t>::max());
    EXPECT_EQ(page.records.at(0).content_type, content_type{999});
    EXPECT_EQ(page.records.at(0).create_time, 9007199254740993U);
    EXPECT_EQ(page.total, std::numeric_limits<std::int64_t>::max());
}

TEST(edit_records, a_badly_encoded_text_does_not_fail_the_page) {
    const page_outcome page =
        page_of("{\"code\":1,\"data\":{\"list\":[{\"contentOld\":\"{\\\"text\\\":\\\"\xff\\\"}\"}]}}");
    ASSERT_FALSE(page.ec) << page.detail;
    ASSERT_TRUE(page.records.at(0).content_old);
    EXPECT_EQ(page.records.at(0).content_old->text, "\xff");
}

TEST(content_old, that_is_no_object_stays_raw) {
    for (const std::string text : {"", "plain text", "[1]", "\"x\"", "null", "{\"text\":", "{} x"}) {
        EXPECT_EQ(content_of(text), std::nullopt) << text;
    }
    const std::string deep(100'000, '[');
    EXPECT_EQ(content_of(deep), std::nullopt);
    EXPECT_EQ(content_of("{}"), content());
}

TEST(content_old, is_read_in_either_spelling) {
    content meant;
    meant.image_url = "u";
    meant.file_size = 5;
    meant.quote_msg_text = "q";
    EXPECT_EQ(content_of(R"({"imageUrl":"u","fileSize":5,"quoteMsgText":"q"})"), meant);
    EXPECT_EQ(content_of(R"({"image_url":"u","file_size":5,"quote_msg_text":"q"})"), meant);
}

TEST(content_old, is_read_by_other_names_of_the_api) {
    content meant;
    meant.mentioned_id = {"1", "2"};
    meant.file_url = "f";
    meant.image = "i";
    meant.video_url = "v";
    meant.audio_url = "a";
    meant.post_content_type = "2";
    meant.room_name = "c";
    EXPECT_EQ(content_of(R"({"at":["1","2"],"fileKey":"f","stickerUrl":"i","video":"v","audio":"a","postType":"2",)"
                         R"("callText":"c"})"),
              meant);
    EXPECT_EQ(content_of(R"({"mentionedId":["1","2"],"file_key":"f","sticker_url":"i","video":"v","audio":"a",)"
                         R"("post_type":"2","call_text":"c"})"),
              meant);
}

TEST(content_old, an_empty_other_name_does_not_erase) {
    content meant;
    meant.image = "i";
    meant.file_size = 5;
    EXPECT_EQ(content_of(R"({"image":"i","stickerUrl":"","fileSize":5,"file_size":0})"), meant);
}

TEST(content_old, keeps_json_texts_as_text) {
    content meant;
    meant.buttons = R"([[{"text":"a","actionType":3}]])";
    meant.form = R"({"k":{"v":1}})";
    EXPECT_EQ(content_of(R"({"buttons":[[{"text":"a","actionType":3}]],"form":{"k":{"v":1}}})"), meant);
    meant = content();
    meant.buttons = "[[]]";
    EXPECT_EQ(content_of(R"({"buttons":"[[]]"})"), meant);
}

TEST(content_old, skips_unknown_members_and_wrong_types) {
    content meant;
    meant.text = "t";
    EXPECT_EQ(content_of(R"({"new":1,"text":"t","fileSize":"5","width":-1,"height":1.5,"at":"1","image":{"a":1},)"
                         R"("tip":null,"buttons":7})"),
              meant);
    meant.mentioned_id = {"1"};
    EXPECT_EQ(content_of(R"({"text":"t","at":[2,"1",null]})"), meant);
}

TEST(content_old, keeps_64_bits) {
    content meant;
    meant.sticker_item_id = std::numeric_limits<std::uint64_t>::max();
    EXPECT_EQ(content_of(R"({"stickerItemId":18446744073709551615})"), meant);
}

} // namespace
} // namespace yunhu::test
