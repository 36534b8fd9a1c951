// Copyright (c) 2026 The yunhu authors
// SPDX-License-Identifier: BSL-1.0

// The thirteen subcommands against the program `yunhu-emulator`: every field arrives.

#include "program_test.hpp"

#include <gmock/gmock.h>

#include <algorithm>

namespace {

const json::object& only_message(const json::object& page) {
    EXPECT_EQ(page.at("msg").as_array().size(), 1U);
    return page.at("msg").as_array().at(0).as_object();
}

const json::object* find(const json::object& page, std::string_view msg_id) {
    for (const json::value& m : page.at("msg").as_array()) {
        if (m.at("msg_id").as_string() == msg_id) {
            return &m.get_object();
        }
    }
    return nullptr;
}

// Both programs, as a user has them.
class Programs : public ::testing::Test {
protected:
    Programs()
        : emulator_(
              {PROGRAM_EMULATOR, "--port", "0", "--token", test_token, "--ca-out", (directory_ / "ca").string()}) {
        const std::string said = "listening on ";
        for (auto line = emulator_.read_line(); line; line = emulator_.read_line()) {
            if (const std::size_t at = line->find(said); at != std::string::npos) {
                url_ = line->substr(at + said.size());
                break;
            }
        }
        EXPECT_THAT(url_, ::testing::StartsWith("https://127.0.0.1:"));
    }

    json::object call(std::vector<std::string> arguments) {
        const std::vector<std::string> common{"--base-url", url_, "--ca-file", (directory_ / "ca").string(), "--json"};
        arguments.insert(arguments.begin(), PROGRAM_YUNHU);
        arguments.insert(arguments.end(), common.begin(), common.end());
        const finished end = run(arguments, {"YUNHU_TOKEN=" + test_token});
        EXPECT_EQ(end.exit_code, 0) << arguments[1] << ": " << end.out << end.err;
        EXPECT_EQ((end.out + end.err).find(test_token), std::string::npos);
        return json::parse(end.out).as_object();
    }

    // The response of a protobuf endpoint with a status only.
    void acknowledged(std::vector<std::string> arguments) {
        const json::object r = call(std::move(arguments));
        EXPECT_EQ(r.at("status").at("code"), 1);
        EXPECT_EQ(r.at("status").at("msg"), "success");
        EXPECT_TRUE(r.at("status").at("number").is_number());
    }

    // The same of a JSON endpoint.
    void acknowledged_in_json(std::vector<std::string> arguments) {
        const json::object r = call(std::move(arguments));
        EXPECT_EQ(r.at("code"), 1);
        EXPECT_EQ(r.at("msg"), "success");
    }

    std::string sent(std::vector<std::string> arguments) {
        arguments.insert(arguments.begin(), {"send-message", "--chat", "group:big"});
        const json::object r = call(std::move(arguments));
        EXPECT_EQ(r.at("status").at("code"), 1);
        return std::string(r.at("msg_id").as_string());
    }

    temporary_directory directory_;
    process emulator_;
    std::string url_;
};

TEST_F(Programs, TalkThroughAllThirteenEndpoints) {
    const std::string hello = sent({"--text", "hello"});
    acknowledged({"edit-message", "--chat", "group:big", "--msg-id", hello, "--content-type", "markdown", "--text",
                  "**hello**", "--mentioned-id", "123", "--mentioned-id", "456"});

    const json::object records = call({"list-message-edit-record", "--msg-id", hello, "--size", "10", "--page", "1"});
    EXPECT_EQ(records.at("code"), 1);
    EXPECT_EQ(records.at("data").at("total"), 1);
    const json::object& record = records.at("data").at("list").as_array().at(0).as_object();
    EXPECT_EQ(record.at("msgId"), json::value(hello));
    EXPECT_EQ(record.at("contentType"), 1);
    EXPECT_EQ(json::parse(record.at("contentOld").as_string()).at("text"), "hello");
    EXPECT_TRUE(record.contains("id") && record.contains("createTime") && record.contains("msgTime"));

    const std::string question =
        sent({"--text", "Lunch?", "--buttons", R"([[{"text":"Yes","actionType":3,"value":"yes"}]])"});
    acknowledged({"button-report", "--chat", "group:big", "--msg-id", question, "--user-id", "7356666",
                  "--button-value", "yes"});

    const json::object around = call({"list-message-by-mid-seq", "--chat", "group:big", "--msg-seq", "-1", "--msg-id",
                                      question, "--msg-count", "1", "--unknown", "0"});
    ASSERT_NE(find(around, question), nullptr);
    EXPECT_EQ(find(around, question)->at("content").at("buttons"),
              R"([[{"text":"Yes","actionType":3,"value":"yes"}]])");

    const json::object news = call({"list-message-by-seq", "--chat", "group:big", "--msg-start", "1"});
    EXPECT_EQ(only_message(news).at("msg_id"), json::value(question));
    const json::object page = call({"list-message", "--chat", "2:big", "--msg-count", "5", "--msg-id", question});
    EXPECT_EQ(only_message(page).at("msg_id"), json::value(hello));
    EXPECT_EQ(only_message(page).at("content").at("mentioned_id"), json::array({"123", "456"}));

    const std::string picture = sent({"--content-type", "image", "--image", "cat.png"});
    const json::object pictures = call({"pic-list-message-by-mid-seq", "--chat", "group:big", "--image-id", "3",
                                        "--earlier-count", "10", "--later-count", "0"});
    EXPECT_EQ(only_message(pictures).at("msg_id"), json::value(picture));

    const std::string file =
        sent({"--content-type", "4", "--file-url", "n.bin", "--file-name", "n.txt", "--file-size", "9007199254740993"});
    acknowledged_in_json({"file-download-record", "--msg-id", file, "--download-path", "/home/me/n.txt"});
    acknowledged_in_json(
        {"msg-forward", "--msg-id", file, "--chat-type", "group", "--receive", "user:123", "--receive", "group:small"});
    for (const std::string there : {"user:123", "group:small"}) {
        const json::object received = call({"list-message", "--chat", there, "--msg-count", "5"});
        EXPECT_EQ(only_message(received).at("content").at("file_name"), "n.txt");
        EXPECT_EQ(only_message(received).at("content").at("file_size"), 9007199254740993);
    }

    acknowledged_in_json({"delete", "--chat", "group:big", "--msg-id", file});
    EXPECT_EQ(find(call({"list-message", "--chat", "group:big"}), file), nullptr);
    acknowledged({"recall-msg", "--chat", "group:big", "--msg-id", picture});
    acknowledged({"recall-msg-batch", "--chat", "group:big", "--msg-id", hello, "--msg-id", question});
    const json::object last = call({"list-message-by-mid-seq", "--chat", "group:big", "--msg-id", hello});
    EXPECT_GT(find(last, hello)->at("msg_delete_time").to_number<std::uint64_t>(), 0U);
}

TEST_F(ProgramTest, SendsEveryFieldThatItIsGiven) {
    const std::vector<std::pair<std::string, std::string>> texts{
        {"text", "[a,b]"}, // not a list of two
        {"buttons", "[[]]"},
        {"image_url", "u1"},
        {"file_name", "n"},
        {"file_url", "u2"},
        {"form", "{}"},
        {"quote_msg_text", "q"},
        {"image", "-i"}, // not an option
        {"post_id", "p1"},
        {"post_title", "p2"},
        {"post_content", "p3"},
        {"post_content_type", "2"},
        {"expression_id", "e"},
        {"quote_image_url", "u3"},
        {"quote_image_name", "n2"},
        {"video_url", "v"},
        {"audio_url", "a"},
        {"quote_video_url", "u4"},
        {"room_name", "r"},
        {"call_status_text", "c"},
        {"bot_llm_params", "b"},
        {"tip", "t"},
    };
    const std::vector<std::string> numbers{"file_size",       "video_time",      "audio_time", "quote_video_time",
                                           "sticker_item_id", "sticker_pack_id", "width",      "height"};
    const std::string quoted(
        reply({"send-message", "--chat", "bot:9", "--text", "quote me", "--msg-id", "q1"}).at("msg_id").as_string());
    std::vector<std::string> arguments{
        "send-message",     "--chat",         "bot:9", "--content-type", "200", "--command-id",
        "9007199254740993", "--quote-msg-id", quoted};
    const auto add = [&](std::string name, const std::string& value) {
        std::ranges::replace(name, '_', '-');
        arguments.push_back("--" + name);
        arguments.push_back(value);
    };
    for (const auto& [name, value] : texts) {
        add(name, value);
    }
    for (std::size_t i = 0; i < numbers.size(); ++i) {
        add(numbers[i], std::to_string(18446744073709551615U - i));
    }
    add("mentioned_id", "1");
    add("mentioned_id", "[2,3]");
    const std::string msg_id(reply(arguments).at("msg_id").as_string());

    EXPECT_EQ(server().journal().at(1).msg_id, msg_id);
    const json::object page = reply({"list-message", "--chat", "bot:9", "--msg-count", "1"});
    const json::object& m = only_message(page);
    EXPECT_EQ(m.at("content_type"), 200);
    EXPECT_EQ(m.at("quote_msg_id"), json::value(quoted));
    const json::object& content = m.at("content").as_object();
    EXPECT_EQ(content.size(), texts.size() + numbers.size() + 1);
    for (const auto& [name, value] : texts) {
        EXPECT_EQ(content.at(name), json::value(value)) << name;
    }
    for (std::size_t i = 0; i < numbers.size(); ++i) {
        EXPECT_EQ(content.at(numbers[i]).to_number<std::uint64_t>(), 18446744073709551615U - i) << numbers[i];
    }
    EXPECT_EQ(content.at("mentioned_id"), json::array({"1", "[2,3]"}));
}

TEST_F(ProgramTest, ShowsEveryFieldOfAMessage) {
    yunhu::message m;
    m.msg_id = "m1";
    m.sender.chat_id = "123";
    m.sender.chat_type = static_cast<yunhu::chat_type>(77);
    m.sender.name = "N";
    m.sender.avatar_url = "https://a";
    m.sender.is_vip = true;
    m.sender.tag_old = {"old"};
    yunhu::tag label;
    label.id = 5;
    label.group_id = "g";
    label.text = "label";
    label.color = "#FFFFFFFF";
    m.sender.tag = {label};
    m.direction = "left";
    m.content_type = yunhu::content_type::text;
    m.content->text = "bad \xFF byte";
    m.send_time = 18446744073709551615U;
    m.cmd.emplace();
    m.cmd->cmd_id = 9007199254740993;
    m.cmd->name = "go";
    m.cmd->type = yunhu::cmd_type::direct;
    m.msg_delete_time = 8;
    m.quote_msg_id = "m0";
    m.edit_time = 9;
    server().deliver(yunhu::group("big"), m);

    const json::object page = reply({"list-message", "--chat", "group:big"});
    const json::object& shown = only_message(page);
    EXPECT_EQ(shown.at("msg_id"), "m1");
    EXPECT_EQ(shown.at("sender"), json::parse(R"({"chat_id":"123","chat_type":77,"name":"N","avatar_url":"https://a",
        "is_vip":true,"tag_old":["old"],"tag":[{"id":5,"group_id":"g","text":"label","color":"#FFFFFFFF"}]})"));
    EXPECT_EQ(shown.at("direction"), "left");
    EXPECT_EQ(shown.at("content").at("text"), "bad \xEF\xBF\xBD byte");
    EXPECT_EQ(shown.at("send_time").to_number<std::uint64_t>(), 18446744073709551615U);
    EXPECT_EQ(shown.at("cmd"), json::parse(R"({"cmd_id":9007199254740993,"name":"go","type":2})"));
    EXPECT_EQ(shown.at("msg_delete_time"), 8);
    EXPECT_EQ(shown.at("quote_msg_id"), "m0");
    EXPECT_EQ(shown.at("msg_seq"), 1);
    EXPECT_EQ(shown.at("edit_time"), 9);
    EXPECT_EQ(page.at("total"), 1);

    const finished table = yunhu_program({"list-message", "--chat", "group:big"});
    EXPECT_THAT(table.out, ::testing::HasSubstr("N [text] bad \xEF\xBF\xBD byte (edited) (recalled)"));
}

} // namespace
