// Copyright (c) 2026 The yunhu authors
// SPDX-License-Identifier: BSL-1.0

#include "features/outbox/outbox_items.hpp"

#include <yunhu/detail/send_body.hpp>
#include <yunhu/requests.hpp>

#include <openssl/evp.h>

#include <array>
#include <cstddef>
#include <memory>
#include <string_view>
#include <utility>

YUNHU_NAMESPACE_BEGIN
namespace detail {

namespace {

constexpr std::size_t max_key = 512;

failure invalid_item(std::size_t index, std::string_view detail) {
    call_info info;
    info.detail = "messages[" + std::to_string(index) + "]: " + std::string(detail);
    return {errc::invalid_request, std::move(info)};
}

// A text is preceded by its length: no two messages give the same bytes.
std::string digest_of(std::string_view account, std::string_view body) {
    const std::unique_ptr<EVP_MD_CTX, decltype(&EVP_MD_CTX_free)> context(EVP_MD_CTX_new(), &EVP_MD_CTX_free);
    std::array<unsigned char, EVP_MAX_MD_SIZE> hash{};
    unsigned size = 0;
    const std::string length = std::to_string(account.size()) + ":";
    EVP_DigestInit_ex(context.get(), EVP_sha256(), nullptr);
    for (const std::string_view part : {std::string_view(length), account, body}) {
        EVP_DigestUpdate(context.get(), part.data(), part.size());
    }
    EVP_DigestFinal_ex(context.get(), hash.data(), &size);
    return {reinterpret_cast<const char*>(hash.data()), size}; // NOLINT: bytes to chars
}

} // namespace

result<std::vector<outbox_item>> outbox_items_of(std::vector<outbox_message> messages) {
    std::vector<outbox_item> items;
    items.reserve(messages.size());
    for (std::size_t i = 0; i < messages.size(); ++i) {
        outbox_message& m = messages[i];
        if (m.key.empty() || m.key.size() > max_key || m.key.find('\0') != std::string::npos) {
            return invalid_item(i, "key must not be empty, and at most 512 bytes");
        }
        if (m.account.find('\0') != std::string::npos) {
            return invalid_item(i, "account must not contain control characters");
        }
        if (m.delay.count() < 0) {
            return invalid_item(i, "delay must not be negative");
        }
        send_message_request request(m.to, std::move(m.what));
        outbox_item item;
        item.msg_id = std::exchange(request.msg_id, "-");
        const result<std::string> without_id = encode_send(request);
        if (without_id.has_error()) {
            return invalid_item(i, without_id.error().detail);
        }
        request.msg_id = item.msg_id;
        item.body = encode_send(request).value();
        item.digest = digest_of(m.account, *without_id);
        item.key = std::move(m.key);
        item.account = std::move(m.account);
        item.to = std::move(m.to);
        item.delay = m.delay;
        item.priority = m.priority;
        items.push_back(std::move(item));
    }
    return items;
}

} // namespace detail
YUNHU_NAMESPACE_END
