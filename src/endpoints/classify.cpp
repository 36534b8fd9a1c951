// Copyright (c) 2026 The yunhu authors
// SPDX-License-Identifier: BSL-1.0

#include "endpoints/codec.hpp"

#include <utility>

YUNHU_NAMESPACE_BEGIN
namespace codec {

error_code classify(std::int64_t api_code) noexcept {
    switch (api_code) {
    case 1:
        return {};
    case -101:
        return errc::not_authenticated;
    case 1100:
        return errc::bad_request;
    default:
        return errc::refused;
    }
}

void peek_status(std::string_view body, call_info& into) noexcept {
    try {
        // Parses a JSON object after any prefix, too.
        call_info seen;
        static_cast<void>(decode_status(body, seen));
        if (seen.api_code) {
            into.request_id = seen.request_id;
            into.api_code = seen.api_code;
            into.api_msg = std::move(seen.api_msg);
        }
    } catch (...) {
        // Out of memory: the call's own failure is reported without them.
    }
}

error_code classify_status(int status) noexcept {
    switch (status) {
    case 400:
        return errc::bad_request;
    case 401:
    case 403:
        return errc::not_authenticated;
    case 429:
        return errc::throttled;
    default:
        return status >= 500 ? errc::server_error : errc::unexpected_status;
    }
}

} // namespace codec
YUNHU_NAMESPACE_END
