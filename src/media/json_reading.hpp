// Copyright (c) 2026 The yunhu authors
// SPDX-License-Identifier: BSL-1.0
#pragma once

#include <yunhu/config.hpp>

#include <boost/json/object.hpp>
#include <boost/json/parse.hpp>
#include <boost/json/value.hpp>
#include <boost/system/error_code.hpp>

#include <cstdint>
#include <limits>
#include <optional>
#include <string_view>

// Lenient access to the JSON of the storage: a missing field or one of another type is none.
YUNHU_NAMESPACE_BEGIN
namespace storage {

[[nodiscard]] inline std::optional<boost::json::object> parse_object(std::string_view text) {
    boost::system::error_code ec;
    boost::json::value parsed = boost::json::parse({text.data(), text.size()}, ec);
    if (ec || !parsed.is_object()) {
        return std::nullopt;
    }
    return std::move(parsed.get_object());
}

[[nodiscard]] inline const boost::json::value* find(const boost::json::object& in, std::string_view name) {
    return in.if_contains({name.data(), name.size()});
}

[[nodiscard]] inline std::string_view text_in(const boost::json::object& in, std::string_view name) {
    const boost::json::value* const found = find(in, name);
    if (found == nullptr || !found->is_string()) {
        return {};
    }
    return {found->get_string().data(), found->get_string().size()};
}

/// 0 if it is absent, negative or too large.
[[nodiscard]] inline std::uint64_t number_in(const boost::json::object& in, std::string_view name) {
    const boost::json::value* const found = find(in, name);
    if (found == nullptr || !found->is_number()) {
        return 0;
    }
    boost::system::error_code ec;
    const auto number = found->to_number<std::uint64_t>(ec);
    if (!ec) {
        return number;
    }
    // 9e18 is far beyond any size or time, and exact in both types.
    return found->is_double() && found->get_double() >= 0 && found->get_double() < 9e18
               ? static_cast<std::uint64_t>(found->get_double())
               : 0;
}

[[nodiscard]] inline const boost::json::object* object_in(const boost::json::object& in, std::string_view name) {
    const boost::json::value* const found = find(in, name);
    return found != nullptr && found->is_object() ? &found->get_object() : nullptr;
}

[[nodiscard]] inline const boost::json::array* array_in(const boost::json::object& in, std::string_view name) {
    const boost::json::value* const found = find(in, name);
    return found != nullptr && found->is_array() ? &found->get_array() : nullptr;
}

} // namespace storage
YUNHU_NAMESPACE_END
