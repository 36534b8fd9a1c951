// Copyright (c) 2026 The yunhu authors
// SPDX-License-Identifier: BSL-1.0

#include <yunhu/requests.hpp>

#include <pthread.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <atomic>
#include <cerrno>
#include <cstddef>
#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <system_error>

YUNHU_NAMESPACE_BEGIN
namespace {

constexpr std::size_t id_size = 16; // of a UUID, in bytes

// A table and not `boost::algorithm::hex`, which writes digit by digit through an output iterator: every message sent
// needs an id.
constexpr auto hex_pairs = [] {
    constexpr std::string_view digits = "0123456789abcdef";
    std::array<std::array<char, 2>, 256> pairs{};
    for (std::size_t byte = 0; byte < pairs.size(); ++byte) {
        pairs[byte] = {digits[byte >> 4U], digits[byte & 0xFU]};
    }
    return pairs;
}();

// Number of forks in the ancestry of this process. Bytes drawn before a fork are shared with the parent.
const std::atomic<unsigned>& forks() {
    static std::atomic<unsigned> count{0};
    [[maybe_unused]] static const int registered =
        pthread_atfork(nullptr, nullptr, [] { count.fetch_add(1, std::memory_order_relaxed); });
    return count;
}

// Random bytes of the operating system, buffered for several ids to save system calls.
class random_bytes {
public:
    void draw(std::span<std::uint8_t, id_size> into) {
        const unsigned now = forks().load(std::memory_order_relaxed);
        if (used_ == bytes_.size() || drawn_after_ != now) {
            if (getentropy(bytes_.data(), bytes_.size()) != 0) {
                throw std::system_error(errno, std::generic_category(), "getentropy");
            }
            drawn_after_ = now;
            used_ = 0;
        }
        const auto from = std::span(bytes_).subspan(used_, id_size);
        std::copy(from.begin(), from.end(), into.begin());
        std::fill(from.begin(), from.end(), std::uint8_t{0}); // used bytes must not remain in memory
        used_ += id_size;
    }

private:
    std::array<std::uint8_t, 16 * id_size> bytes_{}; // maximum of `getentropy`
    std::size_t used_ = bytes_.size();
    unsigned drawn_after_ = 0; ///< forks
};

} // namespace

std::string new_msg_id() {
    thread_local random_bytes source;
    std::array<std::uint8_t, id_size> id{};
    source.draw(id);
    id[6] = static_cast<std::uint8_t>((id[6] & 0x0FU) | 0x40U); // version 4
    id[8] = static_cast<std::uint8_t>((id[8] & 0x3FU) | 0x80U); // variant of RFC 4122

    std::array<char, 2 * id_size> hex{};
    for (std::size_t i = 0; i < id.size(); ++i) {
        std::copy_n(hex_pairs[id[i]].begin(), 2, &hex[2 * i]);
    }
    return {hex.data(), hex.size()};
}

YUNHU_NAMESPACE_END
