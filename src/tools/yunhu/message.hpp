// Copyright (c) 2026 The yunhu authors
// SPDX-License-Identifier: BSL-1.0
#pragma once

#include "catalogue.hpp"

#include "endpoints/schema_field.hpp"

#include <string>
#include <string_view>
#include <vector>

// Texts for people, in their language. JSON, names of options and names of errors are English only.
namespace cli {

enum class language { english, chinese };

/// The language for these values of LC_ALL, LC_MESSAGES and LANG; the first that is not empty counts. Chinese for zh,
/// zh_CN.UTF-8 and the like. A locale with another encoding gets English, because all texts here are UTF-8.
[[nodiscard]] language language_of(std::string_view lc_all, std::string_view lc_messages, std::string_view lang);

/// The user's language, by the environment at the first use.
[[nodiscard]] language users_language();

/// A text for people, in both languages.
class message {
public:
    /// An English text of the catalogue. A text without a translation does not compile.
    // NOLINTNEXTLINE(google-explicit-constructor): a parameter of this type takes a literal
    consteval message(const char* english) : message(find_entry(english)) {}
    explicit constexpr message(const catalogue_entry& entry) : english_(entry.english), chinese_(entry.chinese) {}
    /// A text of a schema.
    explicit constexpr message(const yunhu::codec::bilingual& text) : english_(text.english), chinese_(text.chinese) {}

    [[nodiscard]] constexpr std::string_view english() const { return english_; }
    /// With `{0}`, `{1}` and so on replaced by the parts.
    [[nodiscard]] std::string english(const std::vector<std::string>& parts) const;
    /// In the user's language.
    [[nodiscard]] std::string translated() const;

private:
    std::string_view english_;
    std::string_view chinese_;
};

/// The message with `{0}`, `{1}` and so on replaced by the parts.
[[nodiscard]] std::string translated(message text, const std::vector<std::string>& parts);

/// A message of the library about a field or an error, in the user's language if the catalogue has it: the whole text,
/// or the part after a name, as in `msg_id must not be empty` or `chat: must be one of user or a number, not grp`.
[[nodiscard]] std::string translated(std::string_view english);

} // namespace cli
