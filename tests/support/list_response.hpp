// Copyright (c) 2026 The yunhu authors
// SPDX-License-Identifier: BSL-1.0
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace yunhu::test {

/// A message in a response, as a server may list it: any number, also none (0).
struct listed_message {
    listed_message(std::string msg_id, std::uint64_t msg_seq) : id(std::move(msg_id)), seq(msg_seq) {}

    std::string id;
    std::uint64_t seq;
};

namespace wire {

inline std::string varint(std::uint64_t n) {
    std::string bytes;
    for (; n >= 0x80; n >>= 7U) {
        bytes += static_cast<char>(n | 0x80U);
    }
    return bytes += static_cast<char>(n);
}

inline std::string number(unsigned field, std::uint64_t n) {
    return n == 0 ? std::string() : varint(field << 3U) + varint(n);
}

inline std::string bytes(unsigned field, std::string_view value) {
    return varint(field << 3U | 2U).append(varint(value.size())).append(value);
}

} // namespace wire

/// The protobuf body of a successful list-message, with messages that the emulator would not store.
inline std::string list_response(const std::vector<listed_message>& messages) {
    std::string body = wire::bytes(1, wire::number(2, 1) + wire::bytes(3, "success"));
    for (const listed_message& m : messages) {
        body += wire::bytes(2, wire::bytes(1, m.id) + wire::number(4, 1) +
                                   wire::bytes(5, wire::bytes(1, "number " + std::to_string(m.seq))) +
                                   wire::number(10, m.seq));
    }
    return body;
}

} // namespace yunhu::test
