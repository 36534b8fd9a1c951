// Copyright (c) 2026 The yunhu authors
// SPDX-License-Identifier: BSL-1.0

// Edit records, button reports, downloads, and custom endpoints.

#include "fixture.hpp"

#include "support/strict_emulator.hpp"

#include <stdexcept>

YUNHU_NAMESPACE_BEGIN
namespace testing::test {
namespace {

class records_test : public emulator_test {
protected:
    json::object edit_records(const std::string& msg_id, std::uint64_t size, std::uint64_t page) {
        return call_json("list-message-edit-record", {{"msgId", msg_id}, {"size", size}, {"page", page}});
    }

    std::vector<std::string> old_texts(std::uint64_t size, std::uint64_t page) {
        std::vector<std::string> texts;
        const json::object reply = edit_records("a", size, page);
        const json::value& list = reply.at("data").at("list");
        if (list.is_array()) {
            for (const json::value& each : list.as_array()) {
                const json::value old = json::parse(each.at("contentOld").as_string());
                texts.emplace_back(old.at("text").as_string());
            }
        }
        return texts;
    }

    int press(const chat& in, const std::string& msg_id, const std::string& user_id, const std::string& value) {
        wire::ButtonReportRequest request;
        address(request, in);
        request.set_msg_id(msg_id);
        request.set_user_id(user_id);
        request.set_button_value(value);
        return call("button-report", request).status().code();
    }

    std::int64_t record_download(const std::string& msg_id, const std::string& path) {
        return call_json("file-download-record", {{"msgId", msg_id}, {"downloadPath", path}}).at("code").as_int64();
    }
};

using texts = std::vector<std::string>;

TEST_F(records_test, edits_are_recorded_newest_first_in_pages) {
    ASSERT_EQ(send(big, "a", "v1"), 1);
    for (const std::string text : {"v2", "v3", "v4"}) {
        ASSERT_EQ(call("edit-message", text_request(big, "a", text)).status().code(), 1);
    }
    EXPECT_EQ(edit_records("a", 2, 1).at("data").at("total"), 3);
    EXPECT_EQ(old_texts(2, 1), (texts{"v3", "v2"}));
    EXPECT_EQ(old_texts(2, 2), (texts{"v1"}));
    EXPECT_EQ(old_texts(2, 3), texts());
    EXPECT_EQ(old_texts(3, 2), texts());
    EXPECT_EQ(old_texts(UINT64_MAX, UINT64_MAX), texts());
    EXPECT_EQ(old_texts(UINT64_MAX, 1), (texts{"v3", "v2", "v1"}));
}

TEST_F(records_test, an_edit_record_has_every_field) {
    auto request = text_request(big, "a", "old");
    request.mutable_content()->add_mentioned_id("1");
    request.mutable_content()->set_quote_msg_text("me: hi");
    request.mutable_content()->set_file_size(UINT64_MAX);
    ASSERT_EQ(call("send-message", request).status().code(), 1);
    auto edit = text_request(big, "a", "new");
    edit.set_content_type(3);
    ASSERT_EQ(call("edit-message", edit).status().code(), 1);
    const json::object reply = edit_records("a", 10, 1);
    EXPECT_EQ(reply.at("code"), 1);
    EXPECT_EQ(reply.at("msg"), "success");
    const json::object& record = reply.at("data").at("list").at(0).as_object();
    const message stored = server.messages(big)[0];
    EXPECT_GT(record.at("id").to_number<std::uint64_t>(), 0U);
    EXPECT_EQ(record.at("msgId"), "a");
    EXPECT_EQ(record.at("contentType"), 1);
    EXPECT_EQ(record.at("createTime").to_number<std::uint64_t>(), stored.send_time);
    EXPECT_EQ(record.at("msgTime").to_number<std::uint64_t>(), stored.edit_time);
    EXPECT_EQ(
        json::parse(record.at("contentOld").as_string()),
        (json::object{
            {"text", "old"}, {"quoteMsgText", "me: hi"}, {"fileSize", UINT64_MAX}, {"mentionedId", json::array{"1"}}}));
}

TEST_F(records_test, a_message_without_edits_has_a_null_list) {
    ASSERT_EQ(send(big, "a"), 1);
    const json::object reply = edit_records("a", 10, 1);
    EXPECT_EQ(reply.at("data"), (json::object{{"list", nullptr}, {"total", 0}}));
    EXPECT_EQ(edit_records("unknown", 10, 1).at("code"), -1);
    EXPECT_EQ(edit_records("unknown", 10, 1).count("data"), 0U);
    EXPECT_EQ(edit_records("", 10, 1).at("code"), 1100);
    EXPECT_EQ(edit_records("a", 0, 1).at("code"), 1100);
    EXPECT_EQ(edit_records("a", 10, 0).at("code"), 1100);
}

TEST_F(records_test, button_reports_are_recorded) {
    ASSERT_EQ(send(big, "a"), 1);
    ASSERT_EQ(send(big, "gone"), 1);
    ASSERT_EQ(recall(big, "gone"), 1);
    EXPECT_EQ(press(big, "a", "42", "测试"), 1);
    EXPECT_EQ(press(big, "unknown", "42", "x"), -1);
    EXPECT_EQ(press(group("other"), "a", "42", "x"), -1);
    EXPECT_EQ(press(big, "gone", "42", "x"), -1);
    EXPECT_EQ(press(big, "", "42", "x"), 1100);
    EXPECT_EQ(press(group(""), "a", "42", "x"), 1100);
    button_press expected;
    expected.in = big;
    expected.msg_id = "a";
    expected.user_id = "42";
    expected.button_value = "测试";
    EXPECT_EQ(server.button_reports(), std::vector<button_press>{expected});
}

TEST_F(records_test, downloads_of_files_are_recorded) {
    ASSERT_EQ(send(big, "text"), 1);
    message file;
    file.msg_id = "file";
    file.content_type = content_type::file;
    server.deliver(big, file);
    EXPECT_EQ(record_download("file", "/tmp/云湖.txt"), 1);
    EXPECT_EQ(record_download("text", "/tmp/x"), -1);
    EXPECT_EQ(record_download("unknown", "/tmp/x"), -1);
    EXPECT_EQ(record_download("", "/tmp/x"), 1100);
    download expected;
    expected.msg_id = "file";
    expected.download_path = "/tmp/云湖.txt";
    EXPECT_EQ(server.downloads(), std::vector<download>{expected});
}

TEST_F(records_test, a_custom_endpoint_is_served) {
    server.serve("/v1/msg/echo", [](std::string_view body) { return std::string(body) + "!"; });
    const response in_json = post("echo", json_type, "{}");
    EXPECT_EQ(in_json.status, 200);
    EXPECT_EQ(in_json.body, "{}!");
    EXPECT_EQ(in_json.header("content-type"), json_type);
    EXPECT_EQ(post("echo", protobuf_type, "x").header("content-type"), protobuf_type);
    EXPECT_EQ(post("echo", "text/plain", "x").header("content-type"), protobuf_type);
    EXPECT_EQ(post("echo", "text/plain", " {}").header("content-type"), json_type);
    EXPECT_EQ(server.journal()[0].endpoint, "echo");
    EXPECT_TRUE(server.journal()[0].executed);
    EXPECT_EQ(server.journal()[0].note, "");
    EXPECT_TRUE(server.journal()[2].executed);
    EXPECT_EQ(server.journal()[2].note, "headers: content-type does not match the endpoint");
}

TEST_F(records_test, a_strict_emulator_checks_the_type_of_a_custom_request) {
    emulator strict(yunhu::test::strict());
    strict.serve("/v1/msg/echo", [](std::string_view body) { return std::string(body); });
    http_client to_strict(strict.port(), strict.ca_pem());
    to_strict.send(valid_request("echo", "text/plain", "x"));
    EXPECT_EQ(to_strict.read().status, 400);
    EXPECT_FALSE(strict.journal()[0].executed);
}

TEST_F(records_test, a_handler_can_call_the_emulator_and_can_throw) {
    server.serve("/own/deliver", [this](std::string_view body) {
        message m;
        m.content->text = std::string(body);
        return server.deliver(big, m).msg_id;
    });
    server.serve("/own/throw", [](std::string_view) -> std::string { throw std::runtime_error("no"); });
    server.serve("/own/throw_number", [](std::string_view) -> std::string { throw 42; });
    client.send(request_text("POST", "/own/deliver", valid_headers(json_type, 2), "hi"));
    EXPECT_EQ(client.read().status, 200);
    EXPECT_EQ(server.messages(big)[0].content->text, "hi");
    for (const char* const path : {"/own/throw", "/own/throw_number"}) {
        client.send(request_text("POST", path, valid_headers(json_type, 2), "hi"));
        EXPECT_EQ(client.read().status, 500);
    }
}

TEST_F(records_test, a_handler_can_drop_all_connections) {
    server.serve("/own/drop", [this](std::string_view) {
        server.drop_connections();
        return std::string();
    });
    client.send(request_text("POST", "/own/drop", valid_headers(json_type, 2), "hi"));
    EXPECT_EQ(client.read_to_end(), ending::truncated);
    EXPECT_EQ(server.connections_open(), 0U);
}

} // namespace
} // namespace testing::test
YUNHU_NAMESPACE_END
