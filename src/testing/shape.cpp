// Copyright (c) 2026 The yunhu authors
// SPDX-License-Identifier: BSL-1.0

#include "testing/shape.hpp"

#include <google/protobuf/io/coded_stream.h>

#include <cstdint>

YUNHU_NAMESPACE_BEGIN
namespace testing::detail {
namespace {

using google::protobuf::io::CodedInputStream;

// A set of field numbers; the API has none above 37.
template <class... Number> consteval std::uint64_t set_of(Number... numbers) {
    return ((std::uint64_t{1} << static_cast<unsigned>(numbers)) | ... | 0);
}

bool has(std::uint64_t set, std::uint32_t number) {
    return number < 64 && ((set >> number) & 1U) != 0;
}

struct field_sets {
    std::uint64_t texts;
    std::uint64_t numbers;
    std::uint64_t contents = 0;
    std::uint64_t medias = 0;
};

field_sets fields_of(shape of) {
    switch (of) {
    case shape::send_message:
        return {set_of(2, 3, 8), set_of(4, 6, 7), set_of(5), set_of(9)};
    case shape::by_seq:
        return {set_of(5), set_of(3, 4)};
    case shape::list_message:
        return {set_of(3, 5), set_of(2, 4)};
    case shape::by_mid_seq:
        return {set_of(5, 8), set_of(3, 4, 6, 7)};
    case shape::pictures:
        return {set_of(5), set_of(3, 4, 6, 7)};
    case shape::button_report:
        return {set_of(2, 4, 5, 6), set_of(3)};
    case shape::recall:
        return {set_of(2, 3), set_of(4)};
    case shape::content:
        return {set_of(1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 15, 16, 17, 19, 21, 23, 29, 32, 36, 37),
                set_of(18, 20, 22, 24, 25, 26, 33, 34)};
    case shape::media:
        return {set_of(1, 2, 3, 8, 9), set_of(5, 6, 7)};
    }
    return {};
}

} // namespace

std::string_view find_problem(std::string_view body, shape expected) {
    constexpr std::string_view broken = "not a protobuf message";
    constexpr std::uint32_t varint = 0;
    constexpr std::uint32_t sized = 2;
    const field_sets known = fields_of(expected);
    CodedInputStream in(reinterpret_cast<const std::uint8_t*>(body.data()), static_cast<int>(body.size()));
    while (in.CurrentPosition() < static_cast<int>(body.size())) {
        const std::uint32_t tag = in.ReadTag();
        const std::uint32_t number = tag >> 3U;
        const std::uint32_t type = tag & 7U;
        if (number == 0) {
            return broken;
        }
        if (type == varint && has(known.numbers, number)) {
            std::uint64_t value = 0;
            if (!in.ReadVarint64(&value)) {
                return broken;
            }
            continue;
        }
        if (type != sized || !has(known.texts | known.contents | known.medias, number)) {
            return "unknown field, or a field of another type";
        }
        std::uint32_t size = 0;
        if (!in.ReadVarint32(&size) || size > body.size() - static_cast<std::size_t>(in.CurrentPosition())) {
            return broken;
        }
        const std::string_view part = body.substr(static_cast<std::size_t>(in.CurrentPosition()), size);
        in.Skip(static_cast<int>(size));
        if (has(known.texts, number)) {
            if (!valid_utf8(part)) {
                return "text that is not UTF-8";
            }
        } else if (const auto problem = find_problem(part, has(known.medias, number) ? shape::media : shape::content);
                   !problem.empty()) {
            return problem;
        }
    }
    return {};
}

bool valid_utf8(std::string_view text) noexcept {
    struct range {
        unsigned char low, high;
    };
    for (std::size_t at = 0; at < text.size();) {
        const auto lead = static_cast<unsigned char>(text[at++]);
        std::size_t more = 0;
        range second{0x80,
                     0xBF}; // narrower after some leads: no overlong forms, surrogates or code points above U+10FFFF
        if (lead < 0x80) {
            continue;
        }
        if (lead >= 0xC2 && lead <= 0xDF) {
            more = 1;
        } else if (lead >= 0xE0 && lead <= 0xEF) {
            more = 2;
            second = lead == 0xE0 ? range{0xA0, 0xBF} : lead == 0xED ? range{0x80, 0x9F} : second;
        } else if (lead >= 0xF0 && lead <= 0xF4) {
            more = 3;
            second = lead == 0xF0 ? range{0x90, 0xBF} : lead == 0xF4 ? range{0x80, 0x8F} : second;
        } else {
            return false;
        }
        if (text.size() - at < more) {
            return false;
        }
        for (std::size_t i = 0; i < more; ++i) {
            const auto next = static_cast<unsigned char>(text[at++]);
            const range allowed = i == 0 ? second : range{0x80, 0xBF};
            if (next < allowed.low || next > allowed.high) {
                return false;
            }
        }
    }
    return true;
}

} // namespace testing::detail
YUNHU_NAMESPACE_END
