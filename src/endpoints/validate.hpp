// Copyright (c) 2026 The yunhu authors
// SPDX-License-Identifier: BSL-1.0
#pragma once

#include "endpoints/codec.hpp"
#include "endpoints/schema.hpp"

#include <yunhu/config.hpp>
#include <yunhu/secret.hpp>

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <type_traits>
#include <utility>
#include <vector>

// The constraints of a request, checked before any I/O: the rules of its schema. Constraints that only the server knows
// are left to it.
YUNHU_NAMESPACE_BEGIN
namespace codec {

/// Applies rules to fields; keeps the first violation.
class validator {
public:
    void field(std::string_view name, rule must, const std::string& value) { text({}, name, must, value); }
    void field(std::string_view name, rule must, const secret& value);
    void field(std::string_view name, rule must, const std::vector<std::string>& values);
    void field(std::string_view name, rule must, const std::vector<yunhu::chat>& values);
    void field(std::string_view name, rule must, const indirect<content>& value);
    void field(std::string_view name, rule must, const indirect<media>& value);
    template <class Number>
    requires std::is_integral_v<Number> || std::is_enum_v<Number>
    void field(std::string_view name, rule must, Number value) {
        number({}, name, must, static_cast<std::uint64_t>(value));
    }
    /// A part of a request, such as a paging: the rules of its own fields.
    template <class Part>
    requires requires { schema<Part>::fields; }
    void field(std::string_view /*name*/, rule /*must*/, const Part& value) {
        for_each_field<Part>([&]<class Field>(const Field& each) { field(each.name, each.must, Field::of(value)); });
    }
    void chat(std::string_view prefix, const yunhu::chat& value);
    /// A constraint of the whole request: its message, or an empty text.
    void whole(std::string_view violation);

    [[nodiscard]] std::optional<validation_error> result() { return std::move(first_); }

private:
    void text(std::string_view prefix, std::string_view name, rule must, std::string_view value);
    void number(std::string_view prefix, std::string_view name, rule must, std::uint64_t value);
    template <class Part> void texts(std::string_view prefix, const Part& part);
    void fail(std::string_view prefix, std::string_view name, std::string_view constraint);

    std::optional<validation_error> first_;
};

} // namespace codec
YUNHU_NAMESPACE_END
