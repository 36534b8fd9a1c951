// Copyright (c) 2026 The yunhu authors
// SPDX-License-Identifier: BSL-1.0
#pragma once

#include <yunhu/config.hpp>

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

YUNHU_NAMESPACE_BEGIN
namespace storage {

/// Whether an upload may go to that host: a name of the storage. What a server says may be forged.
[[nodiscard]] bool is_storage_host(std::string_view host);
/// Whether a download may come from that host.
[[nodiscard]] bool is_media_host(std::string_view host);
/// Whether the host answers only to a known `Referer`.
[[nodiscard]] bool needs_referer(std::string_view host);

/// The upload hosts of a bucket, the best one first.
struct host_list {
    std::vector<std::string> hosts; ///< allowed ones only; empty: use the fallback
    std::uint64_t ttl = 0;          ///< seconds; 0: not said
};

/// Reads the answer of `/v4/query`.
[[nodiscard]] host_list parse_host_answer(std::string_view body);

/// The host in `please use <host>`, if it is allowed; else empty.
[[nodiscard]] std::string host_in_text(std::string_view text);

} // namespace storage
YUNHU_NAMESPACE_END
