// Copyright (c) 2026 The yunhu authors
// SPDX-License-Identifier: BSL-1.0

#include "media/digest.hpp"

#include <openssl/evp.h>

#include <algorithm>
#include <array>
#include <new>
#include <optional>
#include <utility>

YUNHU_NAMESPACE_BEGIN
namespace storage {
namespace {

constexpr std::size_t qetag_block = qetag_block_size;
constexpr std::size_t sha1_size = 20;
constexpr char one_block_mark = 0x16;
constexpr char many_blocks_mark = static_cast<char>(0x96);

// Any failure of OpenSSL here is that of an allocation, or of a build without the algorithm.
void require_digest(bool done) {
    if (!done) {
        throw std::bad_alloc();
    }
}

} // namespace

struct free_digest_context {
    void operator()(EVP_MD_CTX* context) const noexcept { EVP_MD_CTX_free(context); }
};

/// A running digest of OpenSSL.
class evp_digest {
public:
    explicit evp_digest(const EVP_MD* algorithm) : algorithm_(algorithm), context_(EVP_MD_CTX_new()) {
        require_digest(context_ != nullptr);
        restart();
    }

    void restart() { require_digest(EVP_DigestInit_ex(context_.get(), algorithm_, nullptr) == 1); }
    void update(std::string_view bytes) {
        require_digest(EVP_DigestUpdate(context_.get(), bytes.data(), bytes.size()) == 1);
    }
    [[nodiscard]] std::string finish() {
        std::array<unsigned char, EVP_MAX_MD_SIZE> value{};
        unsigned int size = 0;
        require_digest(EVP_DigestFinal_ex(context_.get(), value.data(), &size) == 1);
        return {reinterpret_cast<const char*>(value.data()), size};
    }

private:
    const EVP_MD* algorithm_;
    std::unique_ptr<EVP_MD_CTX, free_digest_context> context_;
};

namespace {

std::string hex_of(std::string_view bytes) {
    constexpr std::string_view digits = "0123456789abcdef";
    std::string text;
    for (const char c : bytes) {
        const auto byte = static_cast<unsigned char>(c);
        text += digits[byte >> 4U];
        text += digits[byte & 0xFU];
    }
    return text;
}

int value_of(char c) noexcept {
    if (c >= 'A' && c <= 'Z') {
        return c - 'A';
    }
    if (c >= 'a' && c <= 'z') {
        return c - 'a' + 26;
    }
    if (c >= '0' && c <= '9') {
        return c - '0' + 52;
    }
    if (c == '-' || c == '+') {
        return 62;
    }
    return c == '_' || c == '/' ? 63 : -1;
}

} // namespace

std::string encode_base64url(std::string_view bytes, bool padded) {
    constexpr std::string_view alphabet = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";
    std::string text;
    for (std::size_t i = 0; i < bytes.size(); i += 3) {
        const std::size_t count = std::min<std::size_t>(3, bytes.size() - i);
        std::uint32_t group = 0;
        for (std::size_t k = 0; k < 3; ++k) {
            group = (group << 8U) | (k < count ? static_cast<unsigned char>(bytes[i + k]) : 0U);
        }
        for (std::size_t k = 0; k < 4; ++k) {
            if (k <= count) {
                text += alphabet[(group >> (18U - 6U * static_cast<unsigned>(k))) & 0x3FU];
            } else if (padded) {
                text += '=';
            }
        }
    }
    return text;
}

std::optional<std::string> decode_base64(std::string_view text) {
    while (!text.empty() && text.back() == '=') {
        text.remove_suffix(1);
    }
    if (text.size() % 4 == 1) {
        return std::nullopt;
    }
    std::string bytes;
    std::uint32_t group = 0;
    unsigned bits = 0;
    for (const char c : text) {
        const int value = value_of(c);
        if (value < 0) {
            return std::nullopt;
        }
        group = ((group << 6U) | static_cast<std::uint32_t>(value)) & 0xFFFFFFU;
        bits += 6;
        if (bits >= 8) {
            bits -= 8;
            bytes += static_cast<char>((group >> bits) & 0xFFU);
        }
    }
    return bytes;
}

struct content_digest::state {
    std::optional<evp_digest> md5;
    evp_digest block{EVP_sha1()};
    std::string block_sums; ///< of the complete blocks
    std::size_t in_block = 0;
    std::uint64_t size = 0;
};

content_digest::content_digest(digests wanted) : state_(std::make_unique<state>()) {
    if (wanted == digests::all) {
        state_->md5.emplace(EVP_md5());
    }
}
content_digest::content_digest(content_digest&&) noexcept = default;
content_digest& content_digest::operator=(content_digest&&) noexcept = default;
content_digest::~content_digest() = default;

void content_digest::update(std::string_view bytes) {
    state& s = *state_;
    if (s.md5) {
        s.md5->update(bytes);
    }
    s.size += bytes.size();
    while (!bytes.empty()) {
        if (s.in_block == qetag_block) { // not before: a content of one full block has the form of a small one
            s.block_sums += s.block.finish();
            s.block.restart();
            s.in_block = 0;
        }
        const std::string_view piece = bytes.substr(0, qetag_block - s.in_block);
        s.block.update(piece);
        s.in_block += piece.size();
        bytes.remove_prefix(piece.size());
    }
}

std::uint64_t content_digest::size() const noexcept {
    return state_->size;
}

content_names content_digest::finish() {
    state& s = *state_;
    std::string sum = s.block.finish();
    std::string blocks = s.block_sums + sum;
    char mark = one_block_mark;
    if (!s.block_sums.empty()) {
        mark = many_blocks_mark;
        evp_digest all(EVP_sha1());
        all.update(blocks);
        sum = all.finish();
    }
    return {s.md5 ? hex_of(s.md5->finish()) : std::string(), encode_base64url(mark + sum, false), s.size,
            std::move(blocks)};
}

std::string qetag_of_block(std::string_view blocks, std::uint64_t number) {
    const std::string_view sum = number < blocks.size() / sha1_size
                                     ? blocks.substr(static_cast<std::size_t>(number) * sha1_size, sha1_size)
                                     : std::string_view();
    return sum.empty() ? std::string() : encode_base64url(one_block_mark + std::string(sum), false);
}

struct part_digest::state {
    evp_digest md5{EVP_md5()};
};

part_digest::part_digest() : state_(std::make_unique<state>()) {}
part_digest::part_digest(part_digest&&) noexcept = default;
part_digest& part_digest::operator=(part_digest&&) noexcept = default;
part_digest::~part_digest() = default;

void part_digest::update(std::string_view bytes) {
    state_->md5.update(bytes);
}

std::string part_digest::finish() {
    return hex_of(state_->md5.finish());
}

content_names names_of(std::string_view content) {
    content_digest digest;
    digest.update(content);
    return digest.finish();
}

} // namespace storage
YUNHU_NAMESPACE_END
