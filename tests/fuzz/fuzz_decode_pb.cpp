// Copyright (c) 2026 The yunhu authors
// SPDX-License-Identifier: BSL-1.0

#include "decoded.hpp"
#include "endpoints/endpoint_table.hpp"
#include "endpoints/wire_text.hpp"

#include <concepts>
#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <type_traits>

// Both decoders of protobuf responses, and the inspection of a response of unknown type.

using yunhu::test::check;
using yunhu::test::field;
using yunhu::test::require;

namespace {

void check_page(std::string_view body) {
    yunhu::message_page page;
    const yunhu::error_code ec = yunhu::test::decode_bounded(body, &yunhu::codec::decode_page, page);
    check(ec, page, page.unreadable);
    require(!ec || (page.messages.empty() && page.unreadable == 0));
}

template <const auto& Row> void check_lookup(std::string_view body) {
    using result = typename std::remove_cvref_t<decltype(Row)>::result_type;
    if constexpr (Row.format == yunhu::wire_format::protobuf && std::derived_from<result, yunhu::lookup_info>) {
        result found;
        const yunhu::error_code ec = yunhu::test::decode_bounded(body, &yunhu::codec::decode_fields<result>, found);
        check(ec, found, found.unreadable);
        require(!ec || found.unreadable == 0);
    }
}

// The replies of all calls with fields.
template <const auto&... Rows> void check_lookups(std::string_view body, yunhu::endpoints::row_list<Rows...> /*rows*/) {
    (..., check_lookup<Rows>(body));
}

} // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    const std::string_view body(reinterpret_cast<const char*>(data), size);

    yunhu::call_info status;
    check(yunhu::test::decode_bounded(body, &yunhu::codec::decode_status, status), status);
    check_page(body);

    yunhu::call_info seen;
    yunhu::codec::peek_status(body, seen);
    require(seen.api_code == status.api_code);

    // As a message of a page, and as a field of one, of its sender and of its content.
    const std::string success = field(1, "\x10\x01");
    check_page(success + yunhu::test::many(field(2, body), {}));
    check_lookups(body, yunhu::codec::every_row());
    check_lookups(success + field(2, body), yunhu::codec::every_row());
    check_lookups(success + yunhu::test::many(field(2, body), {}), yunhu::codec::every_row());
    check_lookups(success + field(2, field(2, body)), yunhu::codec::every_row());
    const std::string fields = yunhu::test::many(body, {});
    check_page(success + field(2, fields));
    check_page(success + field(2, field(2, fields)));
    check_page(success + field(2, field(5, fields)));
    return 0;
}
