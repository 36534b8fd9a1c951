// Copyright (c) 2026 The yunhu authors
// SPDX-License-Identifier: BSL-1.0
#pragma once

#include <yunhu/config.hpp>
#include <yunhu/endpoint.hpp>
#include <yunhu/error.hpp>
#include <yunhu/lookups.hpp>
#include <yunhu/requests.hpp>
#include <yunhu/results.hpp>

#include <boost/system/result.hpp>

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <utility>

// The single encode/decode layer: request -> body, body -> result. Protobuf and Boost.JSON live behind it only.
YUNHU_NAMESPACE_BEGIN
namespace codec {

/// Why a request is refused before any I/O: names the field, never its value.
struct validation_error {
    std::string detail;
};

/// The body of a request, or why there is none.
using encoded = boost::system::result<std::string, validation_error>;

/// The first constraint that the request violates. Instantiated in encode.cpp for the request of every row.
template <class Request> [[nodiscard]] std::optional<validation_error> validate(const Request& request);
/// Validates the request and makes its body. Instantiated as `validate` is.
template <class Request> [[nodiscard]] encoded encode(const Request& request);

/// Why a body is refused that would take more memory than `detail::max_decoded`.
inline constexpr std::string_view too_many_parts =
    "the body has too many parts for its size: decoded it would take too much memory";

// Each reads the body of an HTTP 200 response and fills `request_id`, `api_code` and `api_msg` of `call_info` as far as
// they are readable. Returns empty_response, bad_response (`detail` gives the reason, never the content),
// not_authenticated, bad_request, refused; or no error. A body that would take more than `detail::max_decoded` is a bad
// response. No bytes make it throw.
//
// Of a page, a message or record that can't be read is left out and counted in `unreadable`; `detail` names the first.
[[nodiscard]] error_code decode_status(std::string_view body, call_info& into);              // protobuf {1: Status}
[[nodiscard]] error_code decode_json_status(std::string_view body, call_info& into);         // JSON {code, msg}
[[nodiscard]] error_code decode_page(std::string_view body, message_page& into);             // protobuf list reply
[[nodiscard]] error_code decode_edit_records(std::string_view body, edit_record_page& into); // JSON

/// What one endpoint's JSON replies do differently.
struct json_rules {
    std::int64_t also_success = 1;    ///< another code that is no error
    bool code_may_be_missing = false; ///< when the text is "success"
    std::string_view must_have{};     ///< a member of `data` that must be a text which is not empty; empty: none
};
[[nodiscard]] error_code decode_json_status(std::string_view body, call_info& into, const json_rules& rules);

// The reply of a look-up, by the `wire_fields` of its result; of a list, records that can't be read are left out.
// Instantiated for the result of every row.
template <class Result> [[nodiscard]] error_code decode_fields(std::string_view body, Result& into);
template <class Result>
[[nodiscard]] error_code decode_json_fields(std::string_view body, Result& into, const json_rules& rules);

/// After a failure: only the `call_info` remains.
template <class Result> void forget_fields(Result& into) {
    call_info kept = std::move(into);
    into = Result();
    static_cast<call_info&>(into) = std::move(kept);
}

/// Reads code and text of the API from the body of any HTTP status; leaves `into` alone if it has none.
void peek_status(std::string_view body, call_info& into) noexcept;

/// The error code for a code of the API; none for 1.
[[nodiscard]] error_code classify(std::int64_t api_code) noexcept;
/// The error code for an HTTP status but 200.
[[nodiscard]] error_code classify_status(int status) noexcept;

} // namespace codec
YUNHU_NAMESPACE_END
