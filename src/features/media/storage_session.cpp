// Copyright (c) 2026 The yunhu authors
// SPDX-License-Identifier: BSL-1.0

#include "features/media/storage_session.hpp"

#include "endpoints/wire_reader.hpp"
#include "media/json_reading.hpp"
#include "media/storage_hosts.hpp"
#include "runtime/client_access.hpp"
#include "runtime/client_core.hpp"

#include <algorithm>
#include <array>
#include <stdexcept>

YUNHU_NAMESPACE_BEGIN
namespace detail {
namespace {

constexpr std::uint64_t token_margin = 60; // seconds
constexpr std::size_t max_cached = 1'000;

// The endpoints of the tokens, one for each kind.
endpoint<std::string, std::string> token_endpoint(upload_kind kind) {
    static constexpr auto row = [](literal path) {
        return endpoint_info(http_method::get, path, wire_format::json, retry_class::safe);
    };
    static constexpr std::array<endpoint_info, 5> rows{
        row("/v1/misc/qiniu-token"), row("/v1/misc/qiniu-token2"), row("/v1/misc/qiniu-token-video"),
        row("/v1/misc/qiniu-token-audio"), row("/v1/misc/qiniu-token-group-disk")};
    const auto* const found = std::ranges::find(rows, route_of(kind).token_path, &endpoint_info::path);
    return {*found, [](const std::string&) { return encoded_request(); },
            [](std::string_view body) {
                const auto answer = storage::parse_object(body);
                const boost::json::object* const data = answer ? storage::object_in(*answer, "data") : nullptr;
                const std::string_view token = data != nullptr ? storage::text_in(*data, "token") : std::string_view();
                if (!storage::is_usable_token(token)) {
                    throw std::runtime_error("data.token is missing");
                }
                return std::string(token);
            }};
}

endpoint<std::string, storage::host_list> hosts_endpoint() {
    static constexpr endpoint_info row =
        endpoint_info(http_method::get, "/v4/query", wire_format::plain, retry_class::safe).at("https://api.qiniu.com");
    return {row, [](const std::string& query) { return encoded_request(query, std::string()); },
            [](std::string_view body) { return storage::parse_host_answer(body); }};
}

endpoint<std::string, boost::json::object> settings_endpoint() {
    static constexpr endpoint_info row(http_method::get, "/v1/misc/setting", wire_format::json, retry_class::safe);
    return {row, [](const std::string&) { return encoded_request(); },
            [](std::string_view body) {
                auto answer = storage::parse_object(body);
                const boost::json::object* const data = answer ? storage::object_in(*answer, "data") : nullptr;
                return data != nullptr ? *data : boost::json::object();
            }};
}

// Of the account's profile one field.
endpoint<std::string, bool> profile_endpoint() {
    static constexpr endpoint_info row(http_method::get, "/v1/user/info", wire_format::protobuf, retry_class::safe);
    return {row, [](const std::string&) { return encoded_request(); },
            [](std::string_view body) {
                constexpr std::uint32_t profile_field = 2;
                constexpr std::uint32_t vip_field = 9;
                bool is_vip = false;
                codec::wire_reader answer(body);
                for (codec::wire_field field; answer.next(field);) {
                    codec::wire_reader profile(field.number == profile_field ? field.payload : std::string_view());
                    for (codec::wire_field inner; profile.next(inner);) {
                        is_vip = inner.number == vip_field ? inner.value != 0 : is_vip;
                    }
                }
                return is_vip;
            }};
}

} // namespace

std::uint64_t seconds_now() {
    const auto since_epoch = std::chrono::system_clock::now().time_since_epoch();
    return static_cast<std::uint64_t>(std::chrono::duration_cast<std::chrono::seconds>(since_epoch).count());
}

const upload_route& route_of(upload_kind kind) noexcept {
    static constexpr upload_route image{"/v1/misc/qiniu-token", "chat68", "upload-z2.qiniup.com", "chat-img.jwznb.com",
                                        ""};
    static constexpr upload_route file{"/v1/misc/qiniu-token2", "chat68-file", "upload-z2.qiniup.com",
                                       "chat-file.jwznb.com", "disk/"};
    static constexpr upload_route video{"/v1/misc/qiniu-token-video", "chat68-video", "upload-cn-east-2.qiniup.com",
                                        "chat-video1.jwznb.com", ""};
    static constexpr upload_route audio{"/v1/misc/qiniu-token-audio", "chat68-audio", "upload-z2.qiniup.com",
                                        "chat-audio1.jwznb.com", ""};
    static constexpr upload_route sticker{"/v1/misc/qiniu-token", "chat68", "upload-z2.qiniup.com",
                                          "chat-img.jwznb.com", "expression/"};
    static constexpr upload_route disk{"/v1/misc/qiniu-token-group-disk", "chat68-file", "upload-z2.qiniup.com",
                                       "chat-file.jwznb.com", "disk/"};
    switch (kind) {
    case upload_kind::image:
        return image;
    case upload_kind::video:
        return video;
    case upload_kind::audio:
        return audio;
    case upload_kind::sticker:
        return sticker;
    case upload_kind::group_disk:
        return disk;
    case upload_kind::by_content:
    case upload_kind::file:
        break;
    }
    return file;
}

std::optional<upload_grant> storage_cache::token(const std::shared_ptr<const credentials>& account, upload_kind kind,
                                                 std::uint64_t now) const {
    const std::lock_guard lock(mutex_);
    const auto found = tokens_.find({account, kind});
    if (found == tokens_.end() || found->second.policy.deadline < now + token_margin) {
        return std::nullopt;
    }
    return found->second;
}

void storage_cache::keep(const std::shared_ptr<const credentials>& account, upload_kind kind,
                         const upload_grant& grant) {
    const std::lock_guard lock(mutex_);
    if (tokens_.size() >= max_cached) {
        tokens_.clear();
    }
    tokens_.insert_or_assign({account, kind}, grant);
}

void storage_cache::forget(const std::shared_ptr<const credentials>& account, upload_kind kind) {
    const std::lock_guard lock(mutex_);
    tokens_.erase({account, kind});
}

std::vector<std::string> storage_cache::hosts(const std::string& bucket) const {
    const std::lock_guard lock(mutex_);
    std::vector<std::string> all;
    const auto found = hosts_.find(bucket);
    if (found == hosts_.end() || found->second.until < std::chrono::steady_clock::now()) {
        return all;
    }
    if (const auto first = preferred_.find(bucket); first != preferred_.end()) {
        all.push_back(first->second);
    }
    std::ranges::copy_if(found->second.hosts, std::back_inserter(all),
                         [&all](const std::string& host) { return all.empty() || host != all.front(); });
    return all;
}

void storage_cache::keep(const std::string& bucket, std::vector<std::string> hosts, std::chrono::seconds ttl) {
    const std::lock_guard lock(mutex_);
    if (hosts_.size() >= max_cached) {
        hosts_.clear();
    }
    hosts_.insert_or_assign(bucket, known_hosts{std::move(hosts), std::chrono::steady_clock::now() + ttl});
}

void storage_cache::prefer(const std::string& bucket, const std::string& host) {
    const std::lock_guard lock(mutex_);
    if (preferred_.size() >= max_cached) {
        preferred_.clear();
    }
    preferred_.insert_or_assign(bucket, host);
}

coroutine<upload_grant> get_upload_token(client from, upload_kind kind, bool renew) {
    const call_source& source = client_access::source(from);
    const auto cache = source.core->feature_state<storage_cache>();
    if (renew) {
        cache->forget(source.account, kind);
    } else if (auto kept = cache->token(source.account, kind, seconds_now())) {
        co_return std::move(*kept);
    }
    const endpoint<std::string, std::string> where = token_endpoint(kind);
    auto answer = co_await from.call(where, std::string(), as_result);
    if (!answer) {
        co_return answer.error();
    }
    upload_grant made;
    static_cast<call_info&>(made) = *answer;
    made.policy = storage::parse_upload_token(answer->value);
    made.token = secret(std::move(answer->value));
    if (made.policy.bucket.empty()) {
        made.policy.bucket = route_of(kind).bucket;
    }
    cache->keep(source.account, kind, made);
    co_return made;
}

asio::awaitable<std::vector<std::string>> get_upload_hosts(client from, std::string access_key, std::string bucket,
                                                           std::string_view fallback) {
    const auto cache = client_access::core(from)->feature_state<storage_cache>();
    std::vector<std::string> hosts = cache->hosts(bucket);
    if (hosts.empty() && !access_key.empty()) {
        const endpoint<std::string, storage::host_list> where = hosts_endpoint();
        std::string query = "?ak=" + percent_encode(access_key) + "&bucket=" + percent_encode(bucket);
        auto answer = co_await from.call(where, std::move(query), as_result);
        if (answer && !answer->value.hosts.empty()) {
            constexpr std::uint64_t longest = 86'400;
            constexpr std::uint64_t usual = 3'600;
            const std::uint64_t ttl = answer->value.ttl == 0 ? usual : std::min(answer->value.ttl, longest);
            cache->keep(bucket, std::move(answer->value.hosts), std::chrono::seconds(ttl));
            hosts = cache->hosts(bucket);
        }
    }
    if (std::ranges::find(hosts, fallback) == hosts.end()) {
        hosts.emplace_back(fallback);
    }
    co_return hosts;
}

namespace {

size_limits limits_in(const boost::json::object& data, upload_kind kind) {
    constexpr std::uint64_t megabyte = 1U << 20U;
    const auto limit = [&data](std::string_view name, std::string_view other = {}) {
        const std::uint64_t megabytes = std::max(storage::number_in(data, name), storage::number_in(data, other));
        return std::min<std::uint64_t>(megabytes, 1U << 20U) * megabyte;
    };
    size_limits made;
    switch (kind) {
    case upload_kind::image:
    case upload_kind::sticker:
        made.normal = limit("imageSizeLimitNormal");
        made.vip = limit("imageSizeLimitVip");
        break;
    case upload_kind::video:
        made.normal = limit("videoSizeLimitNormal");
        made.vip = limit("videoSizeLimitVip");
        break;
    case upload_kind::audio: // none is stated
        break;
    case upload_kind::by_content:
    case upload_kind::file:
    case upload_kind::group_disk:
        made.normal = limit("fileSizeLimitNormal");
        made.vip = limit("fileSizeLimitVip", "fileeSizeLimitVip"); // the service writes it with two e
        break;
    }
    return made;
}

} // namespace

coroutine<size_limits> get_size_limits(client from, upload_kind kind) {
    const endpoint<std::string, boost::json::object> where = settings_endpoint();
    auto answer = co_await from.call(where, std::string(), as_result);
    if (!answer) {
        co_return answer.error();
    }
    size_limits made = limits_in(answer->value, kind);
    static_cast<call_info&>(made) = *answer;
    co_return made;
}

coroutine<account_class> get_account_class(client from) {
    const endpoint<std::string, bool> where = profile_endpoint();
    auto answer = co_await from.call(where, std::string(), as_result);
    if (!answer) {
        co_return answer.error();
    }
    account_class made;
    static_cast<call_info&>(made) = *answer;
    made.is_vip = answer->value;
    co_return made;
}

} // namespace detail
YUNHU_NAMESPACE_END
