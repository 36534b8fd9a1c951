// Copyright (c) 2026 The yunhu authors
// SPDX-License-Identifier: BSL-1.0
#pragma once

#include "testing/state.hpp"

#include <yunhu/config.hpp>

#include <cstdint>
#include <functional>
#include <string>
#include <string_view>

YUNHU_NAMESPACE_BEGIN
namespace testing::detail {

enum class format : std::uint8_t { protobuf, json };

/// The media type of a body.
[[nodiscard]] std::string_view media_type(format of) noexcept;

/// What the application answers.
struct reply {
    int status = 200;
    std::string_view content_type;
    std::string body;
    std::int64_t code = 0;  ///< of the API; 0: the application never came to that
    std::string msg_id;     ///< of the request
    bool duplicate = false; ///< of a send
    std::string problem;    ///< of the request
};

/// A time and the number of a request, both chosen by the caller.
struct moment {
    std::uint64_t now; ///< ms since the epoch
    std::uint64_t number;
};

/// An endpoint: reads a body, changes the state, makes a reply.
struct endpoint {
    std::string path;
    format body;
    std::function<reply(state& on, std::string_view body, moment at)> act;

    [[nodiscard]] std::string_view name() const noexcept { return std::string_view(path).substr(path.rfind('/') + 1); }
};

/// Null for an unknown path. Besides the endpoints with a handler, each request of the proto has one, which checks the
/// shape and answers "success".
[[nodiscard]] const endpoint* find_endpoint(std::string_view path);
/// The same by the path's last part.
[[nodiscard]] const endpoint* find_endpoint_named(std::string_view name);

/// A refusal in JSON, as every endpoint gives for a bad token.
[[nodiscard]] reply refuse(int status, retry_decision why);

} // namespace testing::detail
YUNHU_NAMESPACE_END
