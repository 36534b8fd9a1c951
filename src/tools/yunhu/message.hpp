// Copyright (c) 2026 The yunhu authors
// SPDX-License-Identifier: BSL-1.0
#pragma once

#include "catalogue.hpp"

#include <initializer_list>
#include <string>
#include <string_view>

// What people read, in their language. Machines (JSON, names of options and of errors) know English only.
namespace cli {

enum class language { english, chinese };

/// The language for those values of LC_ALL, LC_MESSAGES and LANG, of which the first that is not empty counts: Chinese
/// for zh, zh_CN.UTF-8 and the like. A locale with another encoding gets English: everything here is UTF-8.
[[nodiscard]] language language_of(std::string_view lc_all, std::string_view lc_messages, std::string_view lang);

/// The user's language: chosen by the environment when first asked for, and kept.
[[nodiscard]] language users_language();

/// An English text that is in the catalogue: what has no Chinese does not compile.
class phrase {
public:
    // NOLINTNEXTLINE(google-explicit-constructor): `phrase` in a signature is all that a text needs
    consteval phrase(const char* english) : entry_(&find_entry(english)) {}

    [[nodiscard]] constexpr std::string_view english() const { return entry_->english; }
    /// In the user's language.
    [[nodiscard]] std::string said() const;

private:
    const catalogue_entry* entry_;
};

/// The phrase with `{0}`, `{1}` and so on replaced by the parts.
[[nodiscard]] std::string said(phrase text, std::initializer_list<std::string> parts);

/// What the library says of a field or of an error, in the user's language where the catalogue knows it: the text as it
/// is, or what follows a name, as in `msg_id is empty` or `chat: is given twice`.
[[nodiscard]] std::string translated(std::string_view english);

} // namespace cli
