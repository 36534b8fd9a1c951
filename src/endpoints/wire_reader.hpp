// Copyright (c) 2026 The yunhu authors
// SPDX-License-Identifier: BSL-1.0
#pragma once

#include <yunhu/config.hpp>

#include <cstddef>
#include <cstdint>
#include <string_view>

YUNHU_NAMESPACE_BEGIN
namespace codec {

/// Wire types of protobuf.
enum class wire_type : std::uint8_t { varint = 0, fixed64 = 1, sized = 2, group = 3, end_group = 4, fixed32 = 5 };

/// One field as it is on the wire.
struct wire_field {
    std::uint32_t number = 0;
    wire_type type{};
    std::uint64_t value = 0;    ///< of a varint; of a fixed64 its bits
    std::string_view payload{}; ///< of a sized field
};

/// Reads the fields of a message one after the other, without building anything. Groups are skipped as one field.
class wire_reader {
public:
    explicit wire_reader(std::string_view bytes) noexcept : at_(bytes.data()), end_(bytes.data() + bytes.size()) {}

    /// False at the end, and at bytes that are no field.
    [[nodiscard]] bool next(wire_field& into) noexcept;
    /// How many of the fields that are left have that number.
    [[nodiscard]] std::size_t count(std::uint32_t number) const noexcept {
        wire_reader rest(*this);
        std::size_t found = 0;
        for (wire_field field; rest.next(field);) {
            found += field.number == number ? 1 : 0;
        }
        return found;
    }
    /// All bytes were fields.
    [[nodiscard]] bool at_end() const noexcept { return at_ == end_; }

private:
    [[nodiscard]] bool read_varint(std::uint64_t& into) noexcept;
    [[nodiscard]] bool read_varint_slowly(std::uint64_t& into) noexcept;
    [[nodiscard]] bool read_tag(wire_field& into) noexcept;
    [[nodiscard]] bool read_value(wire_field& into) noexcept;
    [[nodiscard]] bool skip(std::uint64_t bytes) noexcept;
    [[nodiscard]] bool skip_group(std::uint32_t number) noexcept;

    const char* at_;
    const char* end_;
};

inline bool wire_reader::read_varint(std::uint64_t& into) noexcept {
    if (at_ != end_ && static_cast<signed char>(*at_) >= 0) { // most tags, sizes and values
        into = static_cast<unsigned char>(*at_++);
        return true;
    }
    return read_varint_slowly(into);
}

inline bool wire_reader::read_varint_slowly(std::uint64_t& into) noexcept {
    into = 0;
    for (unsigned shift = 0; shift < 64 && at_ != end_; shift += 7) {
        const auto byte = static_cast<unsigned char>(*at_++);
        into |= static_cast<std::uint64_t>(byte & 0x7FU) << shift;
        if (byte < 0x80) {
            return true;
        }
    }
    return false;
}

inline bool wire_reader::read_tag(wire_field& into) noexcept {
    std::uint64_t tag = 0;
    if (!read_varint(tag) || tag > UINT32_MAX || (tag & 7U) > static_cast<unsigned>(wire_type::fixed32)) {
        return false;
    }
    into.number = static_cast<std::uint32_t>(tag >> 3U);
    into.type = static_cast<wire_type>(tag & 7U);
    return into.number != 0;
}

inline bool wire_reader::skip(std::uint64_t bytes) noexcept {
    if (bytes > static_cast<std::uint64_t>(end_ - at_)) {
        return false;
    }
    at_ += bytes;
    return true;
}

inline bool wire_reader::read_value(wire_field& into) noexcept {
    switch (into.type) {
    case wire_type::varint:
        return read_varint(into.value);
    case wire_type::fixed64: {
        const char* const begin = at_;
        if (!skip(8)) {
            return false;
        }
        into.value = 0;
        for (unsigned i = 0; i < 8; ++i) { // least significant byte first
            into.value |= std::uint64_t{static_cast<unsigned char>(begin[i])} << (8 * i);
        }
        return true;
    }
    case wire_type::fixed32:
        return skip(4);
    case wire_type::sized: {
        std::uint64_t size = 0;
        if (!read_varint(size)) {
            return false;
        }
        const char* const begin = at_;
        if (!skip(size)) {
            return false;
        }
        into.payload = {begin, static_cast<std::size_t>(size)};
        return true;
    }
    case wire_type::group:
        return skip_group(into.number);
    case wire_type::end_group:
        break; // of no group
    }
    return false;
}

// Without recursion; groups in a group are counted. As deep as protobuf accepts.
inline bool wire_reader::skip_group(std::uint32_t number) noexcept {
    constexpr std::size_t max_depth = 100;
    std::uint32_t open[max_depth] = {number};
    std::size_t depth = 1;
    while (depth > 0) {
        wire_field inner;
        if (!read_tag(inner)) {
            return false;
        }
        if (inner.type == wire_type::end_group) {
            if (inner.number != open[--depth]) {
                return false;
            }
        } else if (inner.type == wire_type::group) {
            if (depth == max_depth) {
                return false;
            }
            open[depth++] = inner.number;
        } else if (!read_value(inner)) {
            return false;
        }
    }
    return true;
}

inline bool wire_reader::next(wire_field& into) noexcept {
    const char* const begin = at_;
    if (at_ == end_) {
        return false;
    }
    if (!read_tag(into) || !read_value(into)) {
        at_ = begin; // not at the end
        return false;
    }
    return true;
}

} // namespace codec
YUNHU_NAMESPACE_END
