// Copyright (c) 2026 The yunhu authors
// SPDX-License-Identifier: BSL-1.0

#include "media/upload_token.hpp"

#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <string_view>

// For any token: a bucket that can stand in a path, or none.

namespace {

void require(bool condition) {
    if (!condition) {
        std::abort();
    }
}

} // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    const std::string_view token(reinterpret_cast<const char*>(data), size);
    const auto policy = yunhu::storage::parse_upload_token(token);
    require(policy.access_key.size() <= size);
    require(policy.bucket.size() <= 63);
    require(policy.bucket.find_first_of("/?#% \r\n") == std::string::npos && policy.bucket != "..");
    return 0;
}
