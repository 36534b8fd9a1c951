// Copyright (c) 2026 The yunhu authors
// SPDX-License-Identifier: BSL-1.0

#include "gateway/frame_codec.hpp"

#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <span>
#include <variant>

// A frame from the gateway. The first byte says whether it arrives as a text frame.

namespace {

void require(bool condition) {
    if (!condition) {
        std::abort();
    }
}

} // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    if (size == 0) {
        return 0;
    }
    using namespace yunhu::gateway;
    const std::span bytes(reinterpret_cast<const std::byte*>(data + 1), size - 1);
    const auto decoded = decode_frame(bytes, (data[0] & 1U) != 0);
    if (!decoded) {
        require(!decoded.error().detail.empty());
        return 0;
    }
    const frame& f = *decoded;
    if (const auto* const m = std::get_if<pushed_message>(&f)) {
        require(!m->message.msg_id.empty() && m->message.direction.empty());
        require((m->what == pushed_message::kind::recall) ==
                (m->message.msg_delete_time != 0 && m->what != pushed_message::kind::blocked));
        require(m->message.content->mentioned_id.size() <= max_frame_items);
        require(m->message.sender.tag.size() <= max_frame_items);
    } else if (const auto* const u = std::get_if<yunhu::unknown_event>(&f)) {
        require(u->frame.size() == size - 1 && u->cmd.size() <= size);
    } else if (const auto* const r = std::get_if<rejection>(&f)) {
        require(r->code != 1);
    }
    return 0;
}
