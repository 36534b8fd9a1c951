// Copyright (c) 2026 The yunhu authors
// SPDX-License-Identifier: BSL-1.0

#include "message.hpp"

#include <algorithm>
#include <cstdlib>

namespace cli {
namespace {

std::string_view variable(const char* name) {
    const char* value = std::getenv(name);
    return value == nullptr ? std::string_view() : value;
}

// Null if the catalogue does not have it.
const catalogue_entry* entry_or_null(std::string_view english) {
    const auto* found = std::ranges::find(catalogue, english, &catalogue_entry::english);
    return found == std::end(catalogue) ? nullptr : found;
}

} // namespace

language language_of(std::string_view lc_all, std::string_view lc_messages, std::string_view lang) {
    const std::string_view locale = !lc_all.empty() ? lc_all : !lc_messages.empty() ? lc_messages : lang;
    const std::string_view name = locale.substr(0, locale.find_first_of(".@"));
    std::string encoding;
    if (const std::size_t dot = locale.find('.'); dot != std::string_view::npos) {
        for (const char c : locale.substr(dot + 1, locale.find('@') - dot - 1)) {
            if (c != '-') {
                encoding += static_cast<char>(c >= 'A' && c <= 'Z' ? c - 'A' + 'a' : c);
            }
        }
    }
    const bool chinese = name == "zh" || name.starts_with("zh_");
    return chinese && (encoding.empty() || encoding == "utf8") ? language::chinese : language::english;
}

language users_language() {
    static const language chosen = language_of(variable("LC_ALL"), variable("LC_MESSAGES"), variable("LANG"));
    return chosen;
}

std::string message::translated() const {
    return std::string(users_language() == language::chinese ? chinese_ : english_);
}

std::string translated(message text, std::initializer_list<std::string> parts) {
    std::string result;
    const std::string frame = text.translated();
    for (std::size_t i = 0; i < frame.size(); ++i) {
        if (frame[i] == '{' && i + 2 < frame.size() && frame[i + 2] == '}') {
            result += parts.begin()[frame[i + 1] - '0'];
            i += 2;
        } else {
            result += frame[i];
        }
    }
    return result;
}

std::string translated(std::string_view english) {
    if (const catalogue_entry* whole = entry_or_null(english)) {
        return message(*whole).translated();
    }
    for (const std::string_view after_name : {": ", " "}) {
        const std::size_t at = english.find(after_name);
        const std::size_t rest = at + after_name.size();
        const catalogue_entry* known = at == std::string_view::npos ? nullptr : entry_or_null(english.substr(rest));
        if (known != nullptr) {
            return std::string(english.substr(0, rest)).append(message(*known).translated());
        }
    }
    return std::string(english);
}

} // namespace cli
