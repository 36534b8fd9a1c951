// Copyright (c) 2026 The yunhu authors
// SPDX-License-Identifier: BSL-1.0

#include "figure.hpp"

#include "benchmarks.hpp"
#include "endpoints/codec.hpp"

#include <yunhu/msg.pb.h>
#include <yunhu/results.hpp>

#include <stdexcept>
#include <string>

namespace yunhu::bench {
namespace {

const std::string an_id = "0123456789abcdef0123456789abcdef";
const std::string a_url = "https://chat-img.example/2024/05/0123456789abcdef.jpg";
const std::string a_name = "a name of some length";
const std::string a_text =
    "a message with a sentence or two, which is what people write to each other most of the time";

void fill(wire::Content& c) {
    c.set_text(a_text);
    c.set_buttons(R"([[{"text":"ok","actionType":3,"value":"1","url":""}]])");
    c.set_image_url(a_url);
    c.set_file_name(a_name);
    c.set_file_url(a_url);
    c.add_mentioned_id("7356666");
    c.add_mentioned_id("7356667");
    c.set_form(R"({"a":{"value":"1"}})");
    c.set_quote_msg_text(a_text);
    c.set_image(a_url);
    c.set_post_id("12345");
    c.set_post_title(a_name);
    c.set_post_content(a_text);
    c.set_post_content_type("1");
    c.set_expression_id("123");
    c.set_quote_image_url(a_url);
    c.set_quote_image_name(a_name);
    c.set_file_size(1'234'567);
    c.set_video_url(a_url);
    c.set_video_time(123);
    c.set_audio_url(a_url);
    c.set_audio_time(12);
    c.set_quote_video_url(a_url);
    c.set_quote_video_time(34);
    c.set_sticker_item_id(56);
    c.set_sticker_pack_id(78);
    c.set_room_name(a_name);
    c.set_call_status_text(a_name);
    c.set_width(1920);
    c.set_height(1080);
    c.set_bot_llm_params("{}");
    c.set_tip(a_text);
}

void fill(wire::Message& m, std::uint64_t number) {
    m.set_msg_id(an_id);
    wire::Sender& s = *m.mutable_sender();
    s.set_chat_id("7356666");
    s.set_chat_type(1);
    s.set_name(a_name);
    s.set_avatar_url(a_url);
    s.set_is_vip(true);
    s.add_tag_old("old");
    wire::Tag& t = *s.add_tag();
    t.set_id(1);
    t.set_group_id("big");
    t.set_text(a_name);
    t.set_color("#FF00FF00");
    m.set_direction("left");
    m.set_content_type(1);
    fill(*m.mutable_content());
    m.set_send_time(1'700'000'000'000 + number);
    wire::Cmd& c = *m.mutable_cmd();
    c.set_cmd_id(123);
    c.set_name(a_name);
    c.set_type(1);
    m.set_msg_delete_time(1'700'000'000'000);
    m.set_quote_msg_id(an_id);
    m.set_msg_seq(number);
    m.set_edit_time(1'700'000'000'000);
}

std::string list_reply(std::uint64_t messages) {
    wire::ListReply reply;
    reply.mutable_status()->set_number(123456);
    reply.mutable_status()->set_code(1);
    reply.mutable_status()->set_msg("success");
    for (std::uint64_t i = 0; i < messages; ++i) {
        fill(*reply.add_msg(), i + 1);
    }
    reply.set_total(messages);
    return reply.SerializeAsString();
}

} // namespace

figures measure_decoding(const server_ports& /*server*/, const effort& how) {
    constexpr std::size_t messages = 31;
    const std::string body = list_reply(messages);
    const auto require = [](bool decoded) {
        if (!decoded) {
            throw std::runtime_error("a list reply was not decoded");
        }
    };
    const auto ours = [&](benchmark::State& state) {
        while (state.KeepRunning()) {
            message_page page;
            require(!codec::decode_page(body, page) && page.messages.size() == messages);
            benchmark::DoNotOptimize(page);
        }
    };
    const auto protobuf = [&](benchmark::State& state) {
        while (state.KeepRunning()) {
            wire::ListReply reply;
            require(reply.ParseFromArray(body.data(), static_cast<int>(body.size())) && reply.msg_size() == messages);
            benchmark::DoNotOptimize(reply);
        }
    };
    const auto results = run_benchmarks({{"ours", ours}, {"protobuf", protobuf}}, how);
    return {{"decode of a list reply with 31 full messages / protobuf's own parse",
             results.at("ours").cpu_us,
             "us",
             results.at("protobuf").cpu_us,
             2.0,
             {std::to_string(body.size()) + " bytes"}}};
}

} // namespace yunhu::bench
