// Copyright (c) 2026 The yunhu authors
// SPDX-License-Identifier: BSL-1.0

#include "decoded.hpp"
#include "endpoints/endpoint_table.hpp"

#include <concepts>
#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <type_traits>

// Both decoders of JSON responses.

using yunhu::test::check;
using yunhu::test::require;

namespace {

void check_both(std::string_view body) {
    yunhu::call_info status;
    check(yunhu::test::decode_bounded(body, &yunhu::codec::decode_json_status, status), status);

    yunhu::edit_record_page page;
    const yunhu::error_code ec = yunhu::test::decode_bounded(body, &yunhu::codec::decode_edit_records, page);
    check(ec, page, page.unreadable);
    require(!ec || (page.records.empty() && page.unreadable == 0));
}

template <const auto& Row> void check_lookup(std::string_view body) {
    using result = typename std::remove_cvref_t<decltype(Row)>::result_type;
    if constexpr (Row.format == yunhu::wire_format::json && std::derived_from<result, yunhu::lookup_info>) {
        const auto decode = [](std::string_view bytes, result& into) {
            return yunhu::codec::decode_json_fields(bytes, into, yunhu::codec::json_rules());
        };
        result found;
        const yunhu::error_code ec = yunhu::test::decode_bounded<result>(body, decode, found);
        check(ec, found, found.unreadable);
        require(!ec || found.unreadable == 0);
    }
}

// The replies of all calls with fields.
template <const auto&... Rows> void check_lookups(std::string_view body, yunhu::endpoints::row_list<Rows...> /*rows*/) {
    (..., check_lookup<Rows>(body));
}

std::string escaped(std::string_view text) {
    std::string made;
    for (const char c : text) {
        made.append(c == '"' || c == '\\' ? 1 : 0, '\\') += c;
    }
    return made;
}

} // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    const std::string_view body(reinterpret_cast<const char*>(data), size);
    check_both(body);
    check_lookups(body, yunhu::codec::every_row());
    for (const std::string_view name : {"list", "instructions"}) { // "list" also in the place of own bots' object
        const std::string before = R"({"code":1,"data":{")" + std::string(name) + R"(":[)";
        check_lookups(before + yunhu::test::many(body, ",") + "]}}", yunhu::codec::every_row());
    }

    // As a record of a page, and as a member of the content of one.
    const std::string list = R"({"code":1,"data":{"list":[)";
    check_both(list + yunhu::test::many(body, ",") + "]}}");
    check_both(list + R"({"contentOld":"{)" + yunhu::test::many(escaped(body), ",") + R"(}"}]}})");
    check_both(list + R"({"contentOld":"{\"at\":[)" + yunhu::test::many(escaped(body), ",") + R"(]}"}]}})");
    return 0;
}
