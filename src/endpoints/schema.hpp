// Copyright (c) 2026 The yunhu authors
// SPDX-License-Identifier: BSL-1.0
#pragma once

#include "endpoints/action_schema.hpp"
#include "endpoints/content_schema.hpp"
#include "endpoints/login_schema.hpp"
#include "endpoints/lookup_schema.hpp"
#include "endpoints/own_bot_schema.hpp"
#include "endpoints/schema_field.hpp"

#include <yunhu/config.hpp>
#include <yunhu/requests.hpp>

#include <cstdint>
#include <string_view>
#include <tuple>

// One schema per request: all that is known of its fields, written once. Validation, both encodings and the program's
// subcommands, options and help walk it.
YUNHU_NAMESPACE_BEGIN
namespace codec {

/// The message if the content lacks a field that the API's guide requires for its kind; else an empty text. Kinds
/// without a requirement pass.
[[nodiscard]] std::string_view missing_content(const send_message_request& request) noexcept;

// Send and edit are the same message on the wire.
template <class Request> struct message_schema {
    using request = Request;
    static constexpr std::tuple fields{
        field<&request::msg_id>{
            .name = "msg_id",
            .number = 2,
            .must = rule::id,
            .help = {"id of the message; when sending, generated if absent", "消息 id；发送时不写就自动生成"}},
        chat_fields<&request::chat>{3, 4},
        field<&request::content, presence::always>{.name = "content", .number = 5},
        field<&request::content_type>{.name = "content_type",
                                      .number = 6,
                                      .must = rule::not_zero,
                                      .help = {"kind of the message; text if absent", "消息类型，不写就是 text"},
                                      .program_default = 1},
        field<&request::command_id>{
            .name = "command_id", .number = 7, .help = {"the bot command to use", "要使用的机器人指令"}},
        field<&request::quote_msg_id>{.name = "quote_msg_id",
                                      .number = 8,
                                      .must = rule::optional_id,
                                      .help = {"the message to quote", "要引用的消息"}},
        field<&request::media>{.name = "media", .number = 9},
    };
};

template <> struct schema<send_message_request> : message_schema<send_message_request> {
    static constexpr bilingual summary{"Send a message", "发送消息"};
    static constexpr std::string_view example = "--chat group:big --text hi --mentioned-id 123 --mentioned-id 456";
    static std::string_view violation(const send_message_request& request) noexcept { return missing_content(request); }
};

// The server decides which kinds can be edited.
template <> struct schema<edit_message_request> : message_schema<edit_message_request> {
    static constexpr bilingual summary{"Replace the content of a message", "编辑消息：替换它的内容"};
    static constexpr std::string_view example =
        "--chat group:big --msg-id 5040d27f --content-type markdown --text '**hi**'";
};

template <> struct schema<list_message_by_seq_request> {
    using request = list_message_by_seq_request;
    static constexpr bilingual summary{"List the messages after a sequence number", "列出某个序号之后的新消息"};
    static constexpr std::string_view example = "--chat group:big --msg-start 1234";
    static constexpr std::tuple fields{
        field<&request::msg_start>{.name = "msg_start",
                                   .number = 3,
                                   .help = {"messages after this msg_seq; 0 (the default): the newest ones",
                                            "列出比这个 msg_seq 新的；0（不写）：最新的"}},
        chat_fields<&request::chat>{5, 4},
    };
};

template <> struct schema<list_message_request> {
    using request = list_message_request;
    static constexpr bilingual summary{"List the messages before one, or the newest",
                                       "列出某条消息之前的消息，或最新的消息"};
    static constexpr std::string_view example = "--chat group:big --msg-count 30 --msg-id 5040d27f";
    static constexpr std::tuple fields{
        field<&request::msg_count>{.name = "msg_count",
                                   .number = 2,
                                   .must = rule::not_zero,
                                   .help = {"number of messages; 20 if absent", "多少条，不写就是 20"},
                                   .program_default = 20},
        field<&request::msg_id>{
            .name = "msg_id",
            .number = 3,
            .must = rule::optional_id,
            .help = {"messages before this one; the newest ones if absent", "列出比这条消息旧的；不写：最新的"}},
        chat_fields<&request::chat>{5, 4},
    };
};

template <> struct schema<list_message_by_mid_seq_request> {
    using request = list_message_by_mid_seq_request;
    static constexpr bilingual summary{"List messages around one, or look one up by its id",
                                       "列出某条消息附近的消息，或按 id 查一条消息"};
    static constexpr std::string_view example = "--chat group:big --msg-seq -1 --msg-id 5040d27f --msg-count 1";
    static constexpr std::tuple fields{
        field<&request::msg_seq>{.name = "msg_seq",
                                 .number = 3,
                                 .help = {"sequence number of the message; -1 (the default): found by msg_id",
                                          "按序号找消息；-1（不写也是）：按 msg_id 找"},
                                 .program_default = std::uint64_t(-1)},
        chat_fields<&request::chat>{5, 4},
        field<&request::reserved>{.name = "reserved",
                                  .number = 6,
                                  .help = {"undocumented; \"unknown\" in the API", "API 没有说明含义"},
                                  .alias = "unknown"},
        field<&request::msg_count>{.name = "msg_count",
                                   .number = 7,
                                   .must = rule::not_zero,
                                   .help = {"number of further messages; 1 if absent", "除了它还要多少条，不写就是 1"},
                                   .program_default = 1},
        field<&request::msg_id>{
            .name = "msg_id", .number = 8, .must = rule::optional_id, .help = {"the message", "消息"}},
    };
    static std::string_view violation(const request& r) noexcept {
        return r.msg_seq == -1 && r.msg_id.empty() ? "msg_id must not be empty" : "";
    }
};

template <> struct schema<list_message_edit_record_request> {
    using request = list_message_edit_record_request;
    static constexpr bilingual summary{"List the earlier versions of a message", "列出一条消息编辑前的各个版本"};
    static constexpr std::string_view example = "--msg-id 5040d27f --size 10 --page 1";
    static constexpr std::tuple fields{
        field<&request::msg_id>{.name = "msg_id", .must = rule::id, .help = {"the message", "消息"}},
        field<&request::size>{.name = "size",
                              .must = rule::not_zero,
                              .help = {"records per page; 20 if absent", "每页多少条，不写就是 20"},
                              .program_default = 20},
        field<&request::page>{
            .name = "page", .must = rule::not_zero, .help = {"page number; 1 if absent", "第几页，不写就是 1"}},
    };
};

template <> struct schema<button_report_request> {
    using request = button_report_request;
    static constexpr bilingual summary{"Report that a button was pressed", "上报按钮被点击"};
    static constexpr std::string_view example = "--chat group:big --msg-id 5040d27f --user-id 123 --button-value yes";
    static constexpr std::tuple fields{
        field<&request::msg_id>{.name = "msg_id", .number = 2, .must = rule::id, .help = {"the message", "消息"}},
        chat_fields<&request::chat>{4, 3},
        field<&request::user_id>{
            .name = "user_id", .number = 5, .must = rule::id, .help = {"user who pressed the button", "谁点了按钮"}},
        field<&request::button_value>{.name = "button_value", .number = 6, .help = {"the button's value", "按钮的值"}},
    };
};

template <> struct schema<recall_msg_request> {
    using request = recall_msg_request;
    static constexpr bilingual summary{"Recall a message for all users", "撤回消息，所有人都看不到"};
    static constexpr std::string_view example = "--chat group:big --msg-id 5040d27f";
    static constexpr std::tuple fields{
        field<&request::msg_id>{.name = "msg_id", .number = 2, .must = rule::id, .help = {"the message", "消息"}},
        chat_fields<&request::chat>{3, 4},
    };
};

template <> struct schema<recall_msg_batch_request> {
    using request = recall_msg_batch_request;
    static constexpr bilingual summary{"Recall messages of one conversation for all users", "批量撤回一个会话里的消息"};
    static constexpr std::string_view example = "--chat group:big --msg-id 5040d27f --msg-id e22342a5";
    static constexpr std::tuple fields{
        field<&request::msg_id>{
            .name = "msg_id", .number = 2, .must = rule::id, .help = {"a message; may be repeated", "消息，可以重复"}},
        chat_fields<&request::chat>{3, 4},
    };
};

template <> struct schema<file_download_record_request> {
    using request = file_download_record_request;
    static constexpr bilingual summary{"Record that a file was downloaded", "记录文件已下载"};
    static constexpr std::string_view example = "--msg-id 5040d27f --download-path /home/me/a.txt";
    static constexpr std::tuple fields{
        field<&request::msg_id>{.name = "msg_id", .must = rule::id, .help = {"the message", "消息"}},
        field<&request::download_path>{.name = "download_path",
                                       .help = {"path where the file was saved", "文件保存在哪里"}},
    };
};

template <> struct schema<msg_forward_request> {
    using request = msg_forward_request;
    static constexpr bilingual summary{"Forward a message", "转发消息"};
    static constexpr std::string_view example =
        "--msg-id 5040d27f --chat-type group --receive user:123 --receive group:small";
    static constexpr std::tuple fields{
        field<&request::msg_id>{.name = "msg_id", .must = rule::id, .help = {"the message", "消息"}},
        field<&request::chat_type>{.name = "chat_type",
                                   .must = rule::not_zero,
                                   .help = {"kind of the chat that the message is in", "消息所在会话的类型"}},
        field<&request::receive>{.name = "receive",
                                 .must = rule::id,
                                 .help = {"a conversation to forward to; may be repeated", "转发到哪个会话，可以重复"}},
    };
};

template <> struct schema<pic_list_message_by_mid_seq_request> {
    using request = pic_list_message_by_mid_seq_request;
    static constexpr bilingual summary{"List the picture messages around one", "列出某条图片消息附近的图片消息"};
    static constexpr std::string_view example = "--chat group:big --image-id 110617 --earlier-count 10";
    static constexpr std::tuple fields{
        field<&request::image_id>{
            .name = "image_id", .number = 3, .help = {"msg_seq of a picture message", "一条图片消息的 msg_seq"}},
        chat_fields<&request::chat>{5, 4},
        field<&request::earlier_count>{
            .name = "earlier_count",
            .number = 6,
            .help = {"number of earlier messages; 10 if absent", "更早的要多少条，不写就是 10"},
            .program_default = 10},
        field<&request::later_count>{.name = "later_count",
                                     .number = 7,
                                     .help = {"number of later messages; 0 if absent", "更晚的要多少条，不写就是 0"}},
    };
    static std::string_view violation(const request& r) noexcept {
        return r.earlier_count == 0 && r.later_count == 0 ? "one of earlier_count and later_count must be > 0" : "";
    }
};

template <> struct schema<delete_msg_request> {
    using request = delete_msg_request;
    static constexpr bilingual summary{"Remove a message from the account's own view", "删除消息，只对自己生效"};
    static constexpr std::string_view example = "--chat group:big --msg-id 5040d27f";
    static constexpr std::tuple fields{
        chat_fields<&request::chat>{},
        field<&request::msg_id>{.name = "msg_id", .must = rule::id, .help = {"the message", "消息"}},
    };
};

} // namespace codec
YUNHU_NAMESPACE_END
