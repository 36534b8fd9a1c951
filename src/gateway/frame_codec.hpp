// Copyright (c) 2026 The yunhu authors
// SPDX-License-Identifier: BSL-1.0
#pragma once

#include "model/frame.hpp"

#include <yunhu/config.hpp>
#include <yunhu/secret.hpp>

#include <boost/system/result.hpp>

#include <cstddef>
#include <cstdint>
#include <span>
#include <string>
#include <string_view>

// Bytes <-> frames of the push gateway. Pure: knows neither WebSocket nor a socket.
YUNHU_NAMESPACE_BEGIN
namespace gateway {

/// Why a frame is ignored. Never contains bytes of the frame.
struct frame_error {
    std::string_view detail;
};

/// Size limit of a frame, unless another one is configured.
inline constexpr std::size_t default_max_frame = std::size_t{1} << 20U;

/// A frame with more mentions, tags or old tags is ignored. An item takes 2 bytes on the wire and over 100 decoded:
/// this bounds the memory that a queued frame can cost.
inline constexpr int max_frame_items = 10'000;

/// Ids are chosen by senders and kept in memory: a payload with a longer one can't be used.
inline constexpr std::size_t max_id_size = 256;

/// Decodes a frame from the gateway; `text`: it arrived as a text frame.
///
/// The command alone decides, in any case; `type_url` is not read. A payload that lacks what identifies it, as one that
/// is missing does, becomes an `unknown_event`. No bytes make it throw anything but `std::bad_alloc`.
[[nodiscard]] boost::system::result<frame, frame_error> decode_frame(std::span<const std::byte> bytes, bool text,
                                                                     std::size_t max_size = default_max_frame);

/// True if the gateway accepts the platform in a login: one of `windows`, `macos`, `android`, `linux`, `ios`,
/// `fuchsia`, `Web`.
[[nodiscard]] bool is_platform(std::string_view name) noexcept;

/// What a login sends. The token consists of visible ASCII characters; the other texts are UTF-8.
struct login {
    std::string_view user_id;
    std::string_view token;
    std::string_view platform;
    std::string_view device_id;
};

// The text frames to the gateway. `seq`: any number; the gateway does not echo it reliably.
[[nodiscard]] detail::secret_bytes encode_login(std::uint64_t seq, const login& as);
[[nodiscard]] std::string encode_heartbeat(std::uint64_t seq);
[[nodiscard]] std::string encode_input_info(std::uint64_t seq, std::string_view chat_id, std::string_view input,
                                            std::string_view device_id);

} // namespace gateway
YUNHU_NAMESPACE_END
