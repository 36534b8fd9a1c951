// Copyright (c) 2026 The yunhu authors
// SPDX-License-Identifier: BSL-1.0

#include "message.hpp"

#include <algorithm>
#include <cstdlib>
#include <optional>

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

std::string filled(std::string_view frame, const std::vector<std::string>& parts) {
    std::string result;
    for (std::size_t i = 0; i < frame.size(); ++i) {
        if (frame[i] == '{' && i + 2 < frame.size() && frame[i + 2] == '}') {
            result += parts.at(static_cast<std::size_t>(frame[i + 1] - '0'));
            i += 2;
        } else {
            result += frame[i];
        }
    }
    return result;
}

// The arguments of the frame's `{0}`, `{1}` and so on in the text, in this order; none if the text is not of the frame.
std::optional<std::vector<std::string>> parts_of(std::string_view frame, std::string_view text) {
    std::vector<std::string> parts;
    for (std::size_t at = frame.find('{');; at = frame.find('{')) {
        const std::string_view fixed = frame.substr(0, at);
        if (!text.starts_with(fixed)) {
            return std::nullopt;
        }
        text.remove_prefix(fixed.size());
        if (at == std::string_view::npos) {
            return text.empty() ? std::optional(parts) : std::nullopt;
        }
        frame.remove_prefix(at + 3);
        const std::string_view after = frame.substr(0, frame.find('{'));
        const std::size_t end = after.empty() ? text.size() : text.find(after);
        if (end == std::string_view::npos) {
            return std::nullopt;
        }
        parts.emplace_back(text.substr(0, end));
        text.remove_prefix(end);
    }
}

// A message about a field, as a whole. Only frames that begin with words can be recognised by them.
std::optional<std::string> known_translation(std::string_view english) {
    if (const catalogue_entry* whole = entry_or_null(english)) {
        return message(*whole).translated();
    }
    constexpr std::size_t min_prefix = 10; // characters before the first place
    for (const catalogue_entry& entry : catalogue) {
        const std::size_t place = entry.english.find('{');
        if (place != std::string_view::npos && place >= min_prefix) {
            if (const auto parts = parts_of(entry.english, english)) {
                return filled(message(entry).translated(), *parts);
            }
        }
    }
    return std::nullopt;
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

std::string message::english(const std::vector<std::string>& parts) const {
    return filled(english_, parts);
}

std::string translated(message text, const std::vector<std::string>& parts) {
    return filled(text.translated(), parts);
}

std::string translated(std::string_view english) {
    if (const auto whole = known_translation(english)) {
        return *whole;
    }
    for (const std::string_view after_name : {": ", " "}) {
        const std::size_t at = english.find(after_name);
        const std::size_t rest = at + after_name.size();
        const auto known = at == std::string_view::npos ? std::nullopt : known_translation(english.substr(rest));
        if (known) {
            return std::string(english.substr(0, rest)).append(*known);
        }
    }
    return std::string(english);
}

} // namespace cli
