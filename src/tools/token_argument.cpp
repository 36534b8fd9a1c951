// Copyright (c) 2026 The yunhu authors
// SPDX-License-Identifier: BSL-1.0

#include "token_argument.hpp"

#include <cstdlib>
#include <cstring>
#include <span>
#include <string_view>

namespace tools {
namespace {

constexpr const char* variable = "YUNHU_TOKEN";

yunhu::secret take(char* text) {
    yunhu::secret token(text);
    yunhu::detail::wipe(text, std::strlen(text));
    return token;
}

// Leaves a text that is no token, so that the parser still sees a value.
yunhu::secret take_value(char* text) {
    yunhu::secret token = take(text);
    if (!token.empty()) {
        *text = '*';
    }
    return token;
}

} // namespace

yunhu::secret take_token(int argc, char** argv) {
    constexpr std::string_view option = "--token";
    yunhu::secret token;
    if (char* const value = std::getenv(variable); value != nullptr) {
        token = take(value);
        unsetenv(variable);
    }
    const std::span arguments(argv, static_cast<std::size_t>(argc));
    for (std::size_t i = 1; i < arguments.size() && std::string_view(arguments[i]) != "--"; ++i) {
        const std::string_view text = arguments[i];
        if (text == option && i + 1 < arguments.size()) {
            token = take_value(arguments[++i]);
        } else if (text.starts_with(option) && text.substr(option.size()).starts_with('=')) {
            token = take_value(arguments[i] + option.size() + 1);
        }
    }
    return token;
}

} // namespace tools
