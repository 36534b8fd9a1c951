// Copyright (c) 2026 The yunhu authors
// SPDX-License-Identifier: BSL-1.0
#pragma once

#include <yunhu/config.hpp>
#include <yunhu/endpoint.hpp>
#include <yunhu/error.hpp>
#include <yunhu/requests.hpp>
#include <yunhu/results.hpp>

#include <boost/system/result.hpp>

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>

// The single encode/decode layer: request -> body, body -> result. Protobuf and Boost.JSON live behind it only.
YUNHU_NAMESPACE_BEGIN
namespace codec {

/// Why a request is refused before any I/O; names the field, never its value.
struct validation_error {
    std::string detail;
};

/// The body of a request, or why there is none.
using encoded = boost::system::result<std::string, validation_error>;

// One pair an endpoint: `encode` checks the request and makes its body.
[[nodiscard]] encoded encode(const send_message_request& request);
[[nodiscard]] encoded encode(const edit_message_request& request);
[[nodiscard]] encoded encode(const list_message_by_seq_request& request);
[[nodiscard]] encoded encode(const list_message_request& request);
[[nodiscard]] encoded encode(const list_message_by_mid_seq_request& request);
[[nodiscard]] encoded encode(const list_message_edit_record_request& request);
[[nodiscard]] encoded encode(const button_report_request& request);
[[nodiscard]] encoded encode(const recall_msg_request& request);
[[nodiscard]] encoded encode(const recall_msg_batch_request& request);
[[nodiscard]] encoded encode(const file_download_record_request& request);
[[nodiscard]] encoded encode(const msg_forward_request& request);
[[nodiscard]] encoded encode(const pic_list_message_by_mid_seq_request& request);
[[nodiscard]] encoded encode(const delete_msg_request& request);

/// A page with more messages or records is a bad answer. An empty one takes 2 bytes on the wire and over 1 KB decoded:
/// this bounds what a hostile body can make of itself.
inline constexpr std::size_t max_page_items = 100'000;

// Each reads the body of an HTTP 200 reply; fills `request_id`, `api_code` and `api_msg` of `call_info` as far as they
// can be read. Returns the error of the three layers: empty_answer, bad_answer (`detail` says what was wrong, never
// what it contained), not_authenticated, bad_request, refused; or none. Never throws for what the bytes are.
[[nodiscard]] error_code decode_status(std::string_view body, call_info& into);              // protobuf {1: Status}
[[nodiscard]] error_code decode_json_status(std::string_view body, call_info& into);         // JSON {code, msg}
[[nodiscard]] error_code decode_page(std::string_view body, message_page& into);             // protobuf list reply
[[nodiscard]] error_code decode_edit_records(std::string_view body, edit_record_page& into); // JSON

/// Reads code and text of the API from any body, whatever its HTTP status; leaves `into` alone where there are none.
void peek_status(std::string_view body, call_info& into) noexcept;

/// The error code for a code of the API; none for 1.
[[nodiscard]] error_code classify(std::int64_t api_code) noexcept;

} // namespace codec
YUNHU_NAMESPACE_END
