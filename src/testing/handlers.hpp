// Copyright (c) 2026 The yunhu authors
// SPDX-License-Identifier: BSL-1.0
#pragma once

#include "testing/state.hpp"

#include <yunhu/config.hpp>

#include <cstdint>
#include <functional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

YUNHU_NAMESPACE_BEGIN
namespace testing::detail {

class media_store;

enum class format : std::uint8_t { protobuf, json };

/// The media type of a body.
[[nodiscard]] std::string_view media_type(format of) noexcept;

/// The response of the application, before a fault is applied.
struct response {
    int status = 200;
    std::string_view content_type;                            ///< empty: `headers` has it, or there is none
    std::vector<std::pair<std::string, std::string>> headers; ///< further ones
    std::string body;
    std::int64_t code = 0;  ///< of the API; 0: the request did not get so far
    std::string msg_id;     ///< of the request
    chat in;                ///< of send, edit and recall
    std::string text;       ///< of send and edit
    bool duplicate = false; ///< a send with a known `msg_id`
    std::string problem;    ///< why the request was refused as invalid; empty: it was not
    std::string note;       ///< the deviation that a strict emulator refuses; empty: none
};

/// The inputs of a handler besides the body: it reads no clock and counts nothing.
struct request_context {
    std::uint64_t now; ///< ms since the epoch
    std::uint64_t number;
    account_index account;
    bool strict;
    mid_seq_order mid_seq;
    std::string_view gateway_url;
    std::string_view verification_code;
    media_store& media;
};

/// An endpoint. The handler parses the body, changes the state and makes the response.
struct endpoint {
    std::string path;
    format body;
    std::function<response(state& store, std::string_view body, const request_context& at)> handle;
    std::string_view method = "POST";
    bool needs_token = true;
    bool holds_secrets = false; ///< the journal masks what the body has
};

/// Null for an unknown path. Besides the endpoints with a handler, each request of the proto has one, which checks the
/// shape and answers "success".
[[nodiscard]] const endpoint* find_endpoint(std::string_view path);
/// The same by the path's last part or parts: `send-message`, `group/info`.
[[nodiscard]] const endpoint* find_endpoint_named(std::string_view name);

/// The body of a request with a password or a code, for the journal: its values are masked. A body that is not a JSON
/// object is masked as a whole.
[[nodiscard]] std::string with_masked_secrets(std::string_view body);

/// An error in JSON, the form that every endpoint uses for a bad token.
[[nodiscard]] response error_response(int http_status, api_status status);
/// HTTP 400. The reason is in the text of the body, too.
[[nodiscard]] response bad_request(std::string problem);

} // namespace testing::detail
YUNHU_NAMESPACE_END
