// Copyright (c) 2026 The yunhu authors
// SPDX-License-Identifier: BSL-1.0
#pragma once

#include <yunhu/config.hpp>

#include <concepts>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

YUNHU_NAMESPACE_BEGIN

/// Action of a button: `actionType` of the API. Values that the library does not know are kept.
enum class button_action : std::uint64_t { open_url = 1, copy = 2, report = 3 };

/// A button below a message.
struct button {
    button() = default;
    button(std::string shown, button_action what, std::string carried, std::string target)
        : text(std::move(shown)), action(what), value(std::move(carried)), url(std::move(target)) {}
    bool operator==(const button&) const = default;

    std::string text; ///< label
    button_action action{};
    std::string value; ///< text to copy or to report
    std::string url;   ///< URL to open
};

// The functions below may be called from any thread. Arguments are moved or copied; results are values.

/// A button that opens a URL. Parameters: the label; the URL, not validated.
[[nodiscard]] inline button url_button(std::string text, std::string url) {
    return {std::move(text), button_action::open_url, {}, std::move(url)};
}
/// A button that copies a text. Parameters: the label; the text.
[[nodiscard]] inline button copy_button(std::string text, std::string copied) {
    return {std::move(text), button_action::copy, std::move(copied), {}};
}
/// A button that reports to the message's sender (`client::button_report`). Parameters: the label; the value reported.
[[nodiscard]] inline button report_button(std::string text, std::string value) {
    return {std::move(text), button_action::report, std::move(value), {}};
}

/// A row of buttons.
struct button_row {
    button_row() = default;
    bool operator==(const button_row&) const = default;

    std::vector<button> buttons;
};

/// Creates a row of buttons. Parameters: the buttons, from left to right. Variadic, because GCC 12 can't compile a
/// braced list in a `co_await` expression.
template <std::same_as<button>... Button> [[nodiscard]] button_row row(Button... each) {
    button_row made;
    made.buttons.reserve(sizeof...(each));
    (made.buttons.push_back(std::move(each)), ...);
    return made;
}

/// Serialises rows to the JSON text of `content.buttons`. Parameters: the rows, from top to bottom. Errors: none.
[[nodiscard]] YUNHU_EXPORT std::string buttons_to_json(const std::vector<button_row>& rows);
/// Parses a received `content.buttons`; unknown fields are ignored. Parameters: the JSON text; an empty one has no
/// rows. Errors: absent if the text is not a JSON array of arrays of objects, if a field has the wrong type, or if it
/// has too many parts for its size; an invalid text never throws.
[[nodiscard]] YUNHU_EXPORT std::optional<std::vector<button_row>> parse_buttons(std::string_view json);

YUNHU_NAMESPACE_END
