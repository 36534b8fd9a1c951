// Copyright (c) 2026 The yunhu authors
// SPDX-License-Identifier: BSL-1.0
#pragma once

#include "media/upload_token.hpp"

#include <yunhu/client.hpp>
#include <yunhu/config.hpp>
#include <yunhu/detail/coroutine_operation.hpp>
#include <yunhu/detail/operation.hpp>
#include <yunhu/secret.hpp>
#include <yunhu/upload.hpp>

#include <chrono>
#include <cstdint>
#include <map>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

YUNHU_NAMESPACE_BEGIN
namespace detail {

/// What is fixed for a kind of upload.
struct upload_route {
    std::string_view token_path;
    std::string_view bucket; ///< if the token does not say it
    std::string_view fallback_host;
    std::string_view media_host; ///< that serves it
    std::string_view key_prefix;
};
[[nodiscard]] const upload_route& route_of(upload_kind kind) noexcept;

/// A token of the storage, with what it says.
struct upload_grant : call_info {
    upload_grant() = default;

    secret token;
    storage::upload_policy policy;
};

/// The greatest sizes in bytes; 0: unknown.
struct size_limits : call_info {
    size_limits() = default;

    std::uint64_t normal = 0;
    std::uint64_t vip = 0;
};

/// Which of the two limits is the account's.
struct account_class : call_info {
    account_class() = default;

    bool is_vip = false;
};

/// What uploads of a client share: tokens until their deadline, hosts until their end. Thread-safe.
class storage_cache {
public:
    [[nodiscard]] std::optional<upload_grant> token(const std::shared_ptr<const credentials>& account, upload_kind kind,
                                                    std::uint64_t now) const;
    void keep(const std::shared_ptr<const credentials>& account, upload_kind kind, const upload_grant& grant);
    void forget(const std::shared_ptr<const credentials>& account, upload_kind kind);

    [[nodiscard]] std::vector<std::string> hosts(const std::string& bucket) const;
    void keep(const std::string& bucket, std::vector<std::string> hosts, std::chrono::seconds ttl);
    /// The host that accepted an upload, or that the storage asked to use: from now on the first one.
    void prefer(const std::string& bucket, const std::string& host);

private:
    using token_key = std::pair<std::shared_ptr<const credentials>, upload_kind>;
    struct known_hosts {
        std::vector<std::string> hosts;
        std::chrono::steady_clock::time_point until;
    };

    mutable std::mutex mutex_;
    std::map<token_key, upload_grant> tokens_;
    std::map<std::string, known_hosts, std::less<>> hosts_;
    std::map<std::string, std::string, std::less<>> preferred_;
};

/// The token of a kind, from the cache or the service; `renew`: from the service.
[[nodiscard]] coroutine<upload_grant> get_upload_token(client from, upload_kind kind, bool renew);
/// The hosts of a bucket, the best one first, the fallback last; at least one.
[[nodiscard]] boost::asio::awaitable<std::vector<std::string>>
get_upload_hosts(client from, std::string access_key, std::string bucket, std::string_view fallback);
[[nodiscard]] coroutine<size_limits> get_size_limits(client from, upload_kind kind);
[[nodiscard]] coroutine<account_class> get_account_class(client from);

/// Seconds since the epoch.
[[nodiscard]] std::uint64_t seconds_now();

} // namespace detail
YUNHU_NAMESPACE_END
