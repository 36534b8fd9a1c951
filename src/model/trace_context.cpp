// Copyright (c) 2026 The yunhu authors
// SPDX-License-Identifier: BSL-1.0

#include <yunhu/trace_context.hpp>

#include <algorithm>

YUNHU_NAMESPACE_BEGIN
namespace {

// The W3C format allows lower case only; `isxdigit` and Boost.Algorithm accept upper case.
bool is_hex(std::string_view text) {
    return std::ranges::all_of(text, [](char c) { return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'f'); });
}

bool is_id(std::string_view text) {
    return is_hex(text) && text.find_first_not_of('0') != std::string_view::npos;
}

} // namespace

bool trace_context::valid() const noexcept {
    constexpr std::size_t trace_id = 3;
    constexpr std::size_t trace_id_size = 32;
    constexpr std::size_t parent_id = 36;
    constexpr std::size_t parent_id_size = 16;
    constexpr std::size_t flags = 53;
    if (size_ != length) {
        return false;
    }
    const std::string_view all = text();
    return all.starts_with("00-") && all[parent_id - 1] == '-' && all[flags - 1] == '-' &&
           is_id(all.substr(trace_id, trace_id_size)) && is_id(all.substr(parent_id, parent_id_size)) &&
           is_hex(all.substr(flags));
}

YUNHU_NAMESPACE_END
