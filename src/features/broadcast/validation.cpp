// Copyright (c) 2026 The yunhu authors
// SPDX-License-Identifier: BSL-1.0

#include "features/broadcast/validation.hpp"

#include "endpoints/codec.hpp"
#include "features/broadcast/journal_file.hpp"

#include <boost/algorithm/hex.hpp>

#include <openssl/evp.h>

#include <array>
#include <cstddef>
#include <iterator>

YUNHU_NAMESPACE_BEGIN
namespace detail {

std::string fingerprint(const draft& what) {
    const codec::encoded bytes = codec::encode(send_message_request(group("-"), what, "-"));
    if (!bytes) {
        throw error(invalid_broadcast(bytes.error().detail));
    }
    std::array<unsigned char, EVP_MAX_MD_SIZE> hash{};
    EVP_Digest(bytes->data(), bytes->size(), hash.data(), nullptr, EVP_sha256(), nullptr);
    constexpr std::size_t kept = 16;
    std::string hex;
    boost::algorithm::hex_lower(hash.begin(), hash.begin() + kept, std::back_inserter(hex));
    return hex;
}

std::optional<std::string> validate_target(const chat& to, std::uint64_t index) {
    const auto refused = codec::validate(list_message_by_seq_request(to, 0));
    std::string detail = refused ? refused->detail : std::string();
    if (detail.empty() && to.id.size() > max_chat_id_bytes) { // its record would not fit in a line of the journal
        detail = "chat_id must be at most " + std::to_string(max_chat_id_bytes) + " bytes";
    }
    return detail.empty() ? std::nullopt : std::optional("targets[" + std::to_string(index) + "]: " + detail);
}

void validate(const broadcast_options& options) {
    if (options.concurrency == 0) {
        throw error(invalid_broadcast("concurrency must be at least 1"));
    }
    if (options.outage_timeout.count() < 0) {
        throw error(invalid_broadcast("outage_timeout must not be negative"));
    }
}

} // namespace detail
YUNHU_NAMESPACE_END
