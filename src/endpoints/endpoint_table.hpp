// Copyright (c) 2026 The yunhu authors
// SPDX-License-Identifier: BSL-1.0
#pragma once

#include "codec.hpp"

#include <yunhu/actions.hpp>
#include <yunhu/config.hpp>
#include <yunhu/login.hpp>
#include <yunhu/lookups.hpp>
#include <yunhu/own_bots.hpp>
#include <yunhu/requests.hpp>

#include <concepts>
#include <string_view>
#include <type_traits>

// From a request's type to its row in the public header, and from a row to its decoder.
YUNHU_NAMESPACE_BEGIN
namespace codec {

template <class... Lists> struct joined_rows;
template <const auto&... Rows> struct joined_rows<endpoints::row_list<Rows...>> {
    using type = endpoints::row_list<Rows...>;
};
template <const auto&... First, const auto&... Second, class... Rest>
struct joined_rows<endpoints::row_list<First...>, endpoints::row_list<Second...>, Rest...>
    : joined_rows<endpoints::row_list<First..., Second...>, Rest...> {};

/// The rows of all endpoints that the library knows.
using every_row = joined_rows<endpoints::all, endpoints::lookups, endpoints::actions, endpoints::own_bots,
                              endpoints::login_calls>::type;

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
template <class Request> inline constexpr const auto& endpoint_of = find_row<Request>(every_row());

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

/// Of a request's replies.
template <class Request> inline constexpr json_rules json_rules_of{};
template <> inline constexpr json_rules json_rules_of<member_is_removed_request>{.also_success = 2};
template <> inline constexpr json_rules json_rules_of<edit_my_group_nickname_request>{.code_may_be_missing = true};
template <> inline constexpr json_rules json_rules_of<email_login_request>{.must_have = "token"};
template <> inline constexpr json_rules json_rules_of<verification_login_request>{.must_have = "token"};
template <> inline constexpr json_rules json_rules_of<reset_bot_token_request>{.must_have = "token"};

/// Decodes the body of an HTTP 200 response to that request.
template <class Request> [[nodiscard]] error_code decode_for(std::string_view body, result_of<Request>& into) {
    constexpr bool is_json = endpoint_of<Request>.format == wire_format::json;
    constexpr bool is_lookup = std::derived_from<result_of<Request>, lookup_info>;
    if constexpr (is_lookup && is_json) {
        return decode_json_fields(body, into, json_rules_of<Request>);
    } else if constexpr (is_lookup) {
        return decode_fields(body, into);
    } else if constexpr (is_json && std::same_as<result_of<Request>, acknowledged>) {
        return decode_json_status(body, into, json_rules_of<Request>);
    } else {
        return decode(endpoint_of<Request>.format, body, into);
    }
}

} // namespace codec
YUNHU_NAMESPACE_END
