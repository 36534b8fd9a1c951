// Copyright (c) 2026 The yunhu authors
// SPDX-License-Identifier: BSL-1.0

#include "request.hpp"

#include <yunhu/msg.pb.h>
#include <yunhu/version.hpp>

#include <stdexcept>
#include <utility>

namespace yunhu::bench {

std::string user_agent() {
    return "yunhu-cpp/" + std::string(version);
}

std::string host(std::uint16_t port) {
    return "127.0.0.1:" + std::to_string(port);
}

std::string request_head(std::uint16_t port, std::size_t body_size) {
    std::string head = "POST ";
    head.append(target).append(" HTTP/1.1\r\nhost: ").append(host(port));
    head.append("\r\nuser-agent: ").append(user_agent());
    head.append("\r\ncontent-type: ").append(media_type);
    head.append("\r\naccept: ").append(media_type);
    head.append("\r\ntoken: ").append(token);
    head.append("\r\ncontent-length: ").append(std::to_string(body_size)).append("\r\n\r\n");
    return head;
}

std::string id_source::next() {
    constexpr std::string_view digits = "0123456789abcdef";
    std::string id(32, '0');
    std::uint64_t bits = 0;
    for (std::size_t i = 0; i < id.size(); ++i) {
        if (i % 16 == 0) {
            bits = engine_();
        }
        id[i] = digits[bits & 15U];
        bits >>= 4U;
    }
    return id;
}

std::string request_body(std::string id) {
    wire::SendMessageRequest request;
    request.set_msg_id(std::move(id));
    request.set_chat_id(chat_id.data(), chat_id.size());
    request.set_chat_type(2); // a group
    request.mutable_content()->set_text(text.data(), text.size());
    request.set_content_type(1); // text
    return request.SerializeAsString();
}

bool is_success(std::string_view reply) {
    wire::StatusReply parsed;
    return parsed.ParseFromArray(reply.data(), static_cast<int>(reply.size())) && parsed.status().code() == 1;
}

void require_success(unsigned status, std::string_view reply) {
    if (status != 200 || !is_success(reply)) {
        throw std::runtime_error("the server refused a call: HTTP status " + std::to_string(status));
    }
}

} // namespace yunhu::bench
