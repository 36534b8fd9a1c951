// Copyright (c) 2026 The yunhu authors
// SPDX-License-Identifier: BSL-1.0
#pragma once

#include "testing/handlers.hpp"
#include "testing/http_text.hpp"

#include <yunhu/config.hpp>
#include <yunhu/testing/emulator.hpp>

#include <cstdint>
#include <map>
#include <optional>
#include <set>
#include <string>
#include <string_view>
#include <utility>

YUNHU_NAMESPACE_BEGIN
namespace testing::detail {

/// A request to one of the hosts besides the API's.
struct media_request {
    std::string_view host; ///< without a port, lower case
    std::string_view method;
    std::string_view target;
    const header_list& headers;
    std::string_view body;
    std::uint64_t now; ///< seconds since the epoch
};

/// The storage service and the hosts that serve its contents. Shares no code with the library's. No I/O, no lock.
class media_store {
public:
    explicit media_store(std::uint64_t seed) : ids_(seed) {}

    /// Whether the emulator plays that host.
    [[nodiscard]] static bool plays(std::string_view host);
    [[nodiscard]] response process(const media_request& request);

    /// A token for uploads into that bucket.
    [[nodiscard]] std::string issue_token(const std::string& bucket, std::uint64_t now);
    void put(const std::string& bucket, const std::string& key, std::string bytes, std::string content_type);
    [[nodiscard]] std::optional<std::string> content(const std::string& bucket, const std::string& key) const;
    /// The only upload host that takes contents of the bucket; the others name it.
    void set_region(const std::string& bucket, const std::string& host) { regions_[bucket] = host; }
    void expire_tokens() { tokens_.clear(); }
    void forget_uploads() { uploads_.clear(); }
    /// Larger contents of chat-file are redirected; 0: none.
    void redirect_above(std::uint64_t bytes) { redirect_above_ = bytes; }

private:
    struct object {
        std::string bytes;
        std::string content_type;
        std::string hash;
    };
    struct session {
        std::string bucket;
        std::string key;
        std::map<std::uint64_t, std::string> parts;
    };
    using place = std::pair<std::string, std::string>; // bucket, key

    response hosts_of(std::string_view target);
    response form(const media_request& request);
    response parts(const media_request& request);
    response serve(const media_request& request);
    [[nodiscard]] std::optional<std::string> bucket_of(std::string_view token) const;
    [[nodiscard]] std::optional<response> refuse_region(const std::string& bucket, std::string_view host) const;
    response store(const std::string& bucket, const std::string& key, std::string bytes, std::string content_type);

    std::uint64_t ids_;
    std::map<std::string, std::string, std::less<>> tokens_; // to the bucket
    std::map<place, object> objects_;
    std::map<std::string, session, std::less<>> uploads_;
    std::map<std::string, std::string> regions_;
    std::uint64_t redirect_above_ = 0;
};

} // namespace testing::detail
YUNHU_NAMESPACE_END
