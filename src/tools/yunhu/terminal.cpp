// Copyright (c) 2026 The yunhu authors
// SPDX-License-Identifier: BSL-1.0

#include "terminal.hpp"

#include <algorithm>
#include <clocale>
#include <cstdlib>
#include <cwchar>
#include <utility>

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

// Punctuation that begins or ends no line in Chinese.
bool belongs_to_the_next(std::string_view c) {
    constexpr std::string_view opening = "（“‘《【「";
    return c.size() == 3 && opening.find(c) != std::string_view::npos;
}
bool belongs_to_the_last(std::string_view c) {
    constexpr std::string_view closing = "，。；：！？、）”’》】」…";
    return c.size() == 3 && closing.find(c) != std::string_view::npos;
}

} // namespace

// The user's own locale may not be installed; this one always is, and the widths are the same in all of UTF-8.
void know_widths() {
    std::setlocale(LC_CTYPE, "C.UTF-8");
}

bool is_terminal(int fd) {
    return isatty(fd) == 1;
}

bool has_escapes(int fd) {
    const char* const term = std::getenv("TERM");
    return is_terminal(fd) && term != nullptr && *term != '\0' && std::string_view(term) != "dumb";
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

std::vector<std::string> wrap(std::string_view text, std::size_t columns) {
    std::vector<std::string> lines;
    std::string line;
    std::size_t used = 0;
    std::size_t break_at = 0; // bytes of the line that may stand alone
    std::string_view before;  // the character
    std::size_t before_columns = 0;
    const auto finish = [&](std::size_t bytes) {
        std::string rest = line.substr(bytes);
        rest.erase(0, rest.find_first_not_of(' '));
        line.resize(bytes);
        line.erase(line.find_last_not_of(' ') + 1);
        lines.push_back(std::exchange(line, std::move(rest)));
        used = columns_of(line);
        break_at = 0;
    };
    while (!text.empty()) {
        const character c = first_of(text);
        const std::string_view now = text.substr(0, c.bytes);
        text.remove_prefix(c.bytes);
        const bool beside_wide = c.columns == 2 || before_columns == 2;
        if (now == " " || before == "|" ||
            (beside_wide && !belongs_to_the_last(now) && !belongs_to_the_next(before) && before != " ")) {
            break_at = line.size();
        }
        line += now;
        used += c.columns;
        if (used > columns && now != " " && break_at > 0) {
            finish(break_at);
        }
        before = now;
        before_columns = c.columns;
    }
    if (!line.empty()) {
        finish(line.size());
    }
    return lines;
}

} // namespace cli
