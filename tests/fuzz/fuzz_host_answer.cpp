// Copyright (c) 2026 The yunhu authors
// SPDX-License-Identifier: BSL-1.0

#include "media/storage_hosts.hpp"
#include "media/storage_reply.hpp"

#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <string_view>

// For any answer of the storage: hosts of the storage only, and identifiers that can stand in a path.

namespace {

void require(bool condition) {
    if (!condition) {
        std::abort();
    }
}

} // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    using namespace yunhu::storage;
    const std::string_view body(reinterpret_cast<const char*>(data), size);
    for (const std::string& host : parse_host_answer(body).hosts) {
        require(is_storage_host(host) && host.find_first_of("/:@ \r\n") == std::string::npos);
    }
    const std::string named = host_in_text(body);
    require(named.empty() || is_storage_host(named));
    for (const int status : {200, 400, 401, 579, 612, 701}) {
        const storage_decision made = decide(status, body, true);
        require(made.step != storage_step::use_host || is_storage_host(made.host));
        require(made.text.size() <= 256);
    }
    if (const auto session = parse_parts_session(body)) {
        require(is_upload_id(session->upload_id));
    }
    static_cast<void>(parse_stored_object(body));
    static_cast<void>(parse_stored_part(body, 1));
    static_cast<void>(parse_part_list(body));
    return 0;
}
