// Copyright (c) 2026 The yunhu authors
// SPDX-License-Identifier: BSL-1.0
#pragma once

#include "codec.hpp"

#include <yunhu/config.hpp>
#include <yunhu/requests.hpp>

#include <concepts>
#include <string_view>
#include <type_traits>

// From a request's type to its row in <yunhu/requests.hpp>, and from a row to its decoder.
YUNHU_NAMESPACE_BEGIN
namespace codec {

template <class Request, const auto& First, const auto&... Rest>
constexpr const auto& find_row(endpoints::row_list<First, Rest...> /*rows*/) noexcept {
    using row = std::remove_cvref_t<decltype(First)>;
    if constexpr (std::same_as<typename row::request_type, Request>) {
        return First;
    } else {
        return find_row<Request>(endpoints::row_list<Rest...>());
    }
}

/// The row of the endpoint that takes this request.
template <class Request> inline constexpr const auto& endpoint_of = find_row<Request>(endpoints::all());

template <class Request> using result_of = typename std::remove_cvref_t<decltype(endpoint_of<Request>)>::result_type;

/// Decodes the body of an HTTP 200 response as the result type and the wire format require.
[[nodiscard]] inline error_code decode(wire_format format, std::string_view body, call_info& into) {
    switch (format) {
    case wire_format::protobuf:
        return decode_status(body, into);
    case wire_format::json:
        return decode_json_status(body, into);
    case wire_format::plain:
        break;
    }
    return {};
}
[[nodiscard]] inline error_code decode(wire_format /*format*/, std::string_view body, message_page& into) {
    return decode_page(body, into);
}
[[nodiscard]] inline error_code decode(wire_format /*format*/, std::string_view body, edit_record_page& into) {
    return decode_edit_records(body, into);
}

} // namespace codec
YUNHU_NAMESPACE_END
