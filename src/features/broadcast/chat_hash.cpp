// Copyright (c) 2026 The yunhu authors
// SPDX-License-Identifier: BSL-1.0

#include "features/broadcast/chat_hash.hpp"

#include <boost/endian/conversion.hpp>

#include <bit>
#include <cstddef>
#include <cstring>
#include <random>

YUNHU_NAMESPACE_BEGIN
namespace detail {
namespace {

// Up to eight bytes, the first one lowest.
std::uint64_t word_of(std::string_view bytes) noexcept {
    std::array<unsigned char, sizeof(std::uint64_t)> buffer{};
    std::memcpy(buffer.data(), bytes.data(), bytes.size());
    return boost::endian::load_little_u64(buffer.data());
}

class sip_state {
public:
    explicit sip_state(const hash_key& key) noexcept
        : a_(key[0] ^ 0x736f6d6570736575U), b_(key[1] ^ 0x646f72616e646f6dU), c_(key[0] ^ 0x6c7967656e657261U),
          d_(key[1] ^ 0x7465646279746573U) {}

    void take(std::uint64_t word) noexcept {
        d_ ^= word;
        round();
        round();
        a_ ^= word;
    }

    /// The rest of the text, which has `size` bytes in all.
    [[nodiscard]] std::uint64_t finish(std::string_view text, std::size_t size) noexcept {
        constexpr std::size_t word = sizeof(std::uint64_t);
        for (; text.size() >= word; text.remove_prefix(word)) {
            take(word_of(text.substr(0, word)));
        }
        take(word_of(text) | static_cast<std::uint64_t>(size) << 56U);
        c_ ^= 0xffU;
        for (int i = 0; i < 4; ++i) {
            round();
        }
        return a_ ^ b_ ^ c_ ^ d_;
    }

private:
    void round() noexcept {
        a_ += b_;
        c_ += d_;
        b_ = std::rotl(b_, 13) ^ a_;
        d_ = std::rotl(d_, 16) ^ c_;
        a_ = std::rotl(a_, 32);
        c_ += b_;
        a_ += d_;
        b_ = std::rotl(b_, 17) ^ c_;
        d_ = std::rotl(d_, 21) ^ a_;
        c_ = std::rotl(c_, 32);
    }

    std::uint64_t a_, b_, c_, d_;
};

std::uint64_t random_word(std::random_device& source) {
    constexpr unsigned half = 32;
    return static_cast<std::uint64_t>(source()) << half | source();
}

} // namespace

std::uint64_t siphash(const hash_key& key, std::string_view text) noexcept {
    sip_state s(key);
    return s.finish(text, text.size());
}

std::uint64_t chat_hash::operator()(const chat& c) const noexcept {
    sip_state s(key_);
    const auto type = static_cast<std::uint64_t>(c.type);
    s.take(type);
    return s.finish(c.id, c.id.size() + sizeof(type));
}

chat_hash::chat_hash() : key_() {
    std::random_device source;
    for (std::uint64_t& part : key_) {
        part = random_word(source);
    }
}

} // namespace detail
YUNHU_NAMESPACE_END
