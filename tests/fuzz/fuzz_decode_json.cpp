// Copyright (c) 2026 The yunhu authors
// SPDX-License-Identifier: BSL-1.0

#include "decoded.hpp"

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>

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

    // As a record of a page, and as a member of the content of one.
    const std::string list = R"({"code":1,"data":{"list":[)";
    check_both(list + yunhu::test::many(body, ",") + "]}}");
    check_both(list + R"({"contentOld":"{)" + yunhu::test::many(escaped(body), ",") + R"(}"}]}})");
    check_both(list + R"({"contentOld":"{\"at\":[)" + yunhu::test::many(escaped(body), ",") + R"(]}"}]}})");
    return 0;
}
