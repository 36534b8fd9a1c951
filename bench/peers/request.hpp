// Copyright (c) 2026 The yunhu authors
// SPDX-License-Identifier: BSL-1.0
#pragma once

#include <cstddef>
#include <cstdint>
#include <random>
#include <string>
#include <string_view>

/// The call of every peer, as the library's client writes it: a short text to a group.
namespace yunhu::bench {

inline constexpr std::string_view token = "test-token";
inline constexpr std::string_view target = "/v1/msg/send-message";
inline constexpr std::string_view media_type = "application/x-protobuf";
inline constexpr std::string_view chat_id = "big";
inline constexpr std::string_view text = "hello";

[[nodiscard]] std::string user_agent();
[[nodiscard]] std::string host(std::uint16_t port);
/// The request head for a body of `body_size` bytes, byte for byte as the library's client writes it.
[[nodiscard]] std::string request_head(std::uint16_t port, std::size_t body_size);

/// Generates message ids: 32 hex digits from a generator that is seeded once.
class id_source {
public:
    id_source() : engine_(std::random_device()()) {}
    [[nodiscard]] std::string next();

private:
    std::mt19937_64 engine_;
};

/// The protobuf body of the request.
[[nodiscard]] std::string request_body(std::string id);
/// Whether the body of a response says success.
[[nodiscard]] bool is_success(std::string_view reply);
/// Throws unless the response is a success.
void require_success(unsigned status, std::string_view reply);

} // namespace yunhu::bench
