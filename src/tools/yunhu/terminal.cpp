// Copyright (c) 2026 The yunhu authors
// SPDX-License-Identifier: BSL-1.0

#include "terminal.hpp"

#include <algorithm>
#include <clocale>
#include <cwchar>

#include <sys/ioctl.h>
#include <unistd.h>

namespace cli {
namespace {

struct character {
    std::size_t bytes;
    std::size_t columns;
};

// The first of the text, which is not empty.
character first_of(std::string_view text) {
    wchar_t code{};
    std::mbstate_t state{};
    const std::size_t bytes = std::mbrtowc(&code, text.data(), text.size(), &state);
    if (bytes == 0 || bytes > text.size()) {
        return {1, 1}; // not UTF-8, or a C library without the locale
    }
    return {bytes, static_cast<std::size_t>(std::max(wcwidth(code), 0))};
}

} // namespace

// The user's own locale may not be installed; this one always is, and the widths are the same in all of UTF-8.
void know_widths() {
    std::setlocale(LC_CTYPE, "C.UTF-8");
}

bool is_terminal(int fd) {
    return isatty(fd) == 1;
}

std::size_t terminal_columns(int fd) {
    winsize size{};
    return ioctl(fd, TIOCGWINSZ, &size) == 0 && size.ws_col > 0 ? size.ws_col : 80; // NOLINT: C's
}

std::size_t columns_of(std::string_view text) {
    std::size_t columns = 0;
    while (!text.empty()) {
        const character c = first_of(text);
        columns += c.columns;
        text.remove_prefix(c.bytes);
    }
    return columns;
}

std::string cut_to(std::string_view text, std::size_t columns) {
    // Three dots, not the one character for them: terminals with a Chinese font may show that in two columns.
    constexpr std::string_view dots = "...";
    std::size_t used = 0;
    std::size_t fits_with_dots = 0; // bytes
    for (std::size_t at = 0; at < text.size();) {
        const character c = first_of(text.substr(at));
        used += c.columns;
        at += c.bytes;
        if (used > columns) {
            return std::string(text.substr(0, fits_with_dots)).append(dots.substr(0, columns));
        }
        if (used + dots.size() <= columns) {
            fits_with_dots = at;
        }
    }
    return std::string(text);
}

} // namespace cli
