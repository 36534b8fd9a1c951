// Copyright (c) 2026 The yunhu authors
// SPDX-License-Identifier: BSL-1.0

#include "endpoints/codec.hpp"

#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <string_view>

// Both decoders of JSON responses.

namespace {

void require(bool condition) {
    if (!condition) {
        std::abort();
    }
}

// The postconditions of every decoder, for any bytes.
void check(const yunhu::error_code& ec, const yunhu::call_info& info) {
    if (!ec) {
        require(info.api_code == 1);
    }
    if (ec == yunhu::errc::bad_response || ec == yunhu::errc::empty_response) {
        require(!info.detail.empty());
    } else {
        require(info.detail.empty() && ec == yunhu::codec::classify(info.api_code.value()));
    }
}

} // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    const std::string_view body(reinterpret_cast<const char*>(data), size);

    yunhu::call_info status;
    check(yunhu::codec::decode_json_status(body, status), status);

    yunhu::edit_record_page page;
    const yunhu::error_code ec = yunhu::codec::decode_edit_records(body, page);
    check(ec, page);
    require(!ec || page.records.empty());
    return 0;
}
