// Copyright (c) 2026 The yunhu authors
// SPDX-License-Identifier: BSL-1.0

#include "features/inbox/cursor_text.hpp"

#include <charconv>
#include <optional>
#include <utility>

YUNHU_NAMESPACE_BEGIN
namespace detail {
namespace {

constexpr std::string_view magic = "yunhu-cursors";
constexpr std::uint64_t version = 1;
constexpr std::string_view end_word = "end";
constexpr std::string_view hex_digits = "0123456789ABCDEF";

void append_id(std::string& to, std::string_view id) {
    for (const char c : id) {
        const auto byte = static_cast<unsigned char>(c);
        if (byte <= 0x20 || byte == 0x7F || c == '%') {
            to += '%';
            to += hex_digits[byte >> 4U];
            to += hex_digits[byte & 0xFU];
        } else {
            to += c;
        }
    }
}

std::optional<std::string> read_id(std::string_view text) {
    std::string made;
    made.reserve(text.size());
    for (std::size_t i = 0; i < text.size(); ++i) {
        if (text[i] != '%') {
            made += text[i];
            continue;
        }
        if (i + 2 >= text.size()) {
            return std::nullopt;
        }
        const std::size_t high = hex_digits.find(text[i + 1]);
        const std::size_t low = hex_digits.find(text[i + 2]);
        if (high == std::string_view::npos || low == std::string_view::npos) {
            return std::nullopt;
        }
        made += static_cast<char>(high << 4U | low);
        i += 2;
    }
    return made;
}

/// The words of a line, one after the other.
class words {
public:
    explicit words(std::string_view line) : rest_(line) {}

    [[nodiscard]] std::string_view next() {
        const std::size_t space = rest_.find(' ');
        const std::string_view word = rest_.substr(0, space);
        rest_ = space == std::string_view::npos ? std::string_view() : rest_.substr(space + 1);
        return word;
    }
    [[nodiscard]] std::optional<std::uint64_t> number() {
        const std::string_view word = next();
        std::uint64_t value = 0;
        const auto [end, ec] = std::from_chars(word.data(), word.data() + word.size(), value);
        if (word.empty() || ec != std::errc() || end != word.data() + word.size()) {
            return std::nullopt;
        }
        return value;
    }
    [[nodiscard]] bool done() const noexcept { return rest_.empty(); }

private:
    std::string_view rest_;
};

std::optional<chat_cursor> read_line(std::string_view line) {
    words w(line);
    const auto type = w.number();
    const auto seq = w.number();
    const auto time = w.number();
    if (!type || !seq || !time) {
        return std::nullopt;
    }
    std::optional<std::string> id = read_id(w.next());
    if (!id || id->empty() || !w.done()) {
        return std::nullopt;
    }
    return chat_cursor(chat(static_cast<chat_type>(*type), *std::move(id)), *seq, *time);
}

cursor_text_error damaged(std::size_t line) {
    return {"damaged at line " + std::to_string(line)};
}

} // namespace

std::string write_cursors(const inbox_cursors& cursors) {
    std::string made;
    made.append(magic).append(" ").append(std::to_string(version)).append(" ");
    made.append(std::to_string(cursors.since)).append("\n");
    for (const chat_cursor& c : cursors.chats) {
        made.append(std::to_string(static_cast<std::uint64_t>(c.chat.type))).append(" ");
        made.append(std::to_string(c.msg_seq)).append(" ").append(std::to_string(c.time)).append(" ");
        append_id(made, c.chat.id);
        made.append("\n");
    }
    made.append(end_word).append(" ").append(std::to_string(cursors.chats.size())).append("\n");
    return made;
}

boost::system::result<inbox_cursors, cursor_text_error> read_cursors(std::string_view text, std::size_t max_chats) {
    inbox_cursors made;
    bool ended = false;
    std::size_t line_number = 0;
    while (!text.empty()) {
        ++line_number;
        const std::size_t newline = text.find('\n');
        const std::string_view line = text.substr(0, newline);
        text.remove_prefix(newline == std::string_view::npos ? text.size() : newline + 1);
        if (line_number == 1) {
            words w(line);
            if (w.next() != magic) {
                return cursor_text_error{"the file is not one of cursors"};
            }
            const auto format = w.number();
            if (format && *format != version) {
                return cursor_text_error{"the file is of another version"};
            }
            const auto since = w.number();
            if (!format || !since || !w.done()) {
                return damaged(line_number);
            }
            made.since = *since;
            continue;
        }
        if (ended || newline == std::string_view::npos) {
            return damaged(line_number);
        }
        words w(line);
        ended = w.next() == end_word && w.number() == made.chats.size() && w.done();
        if (ended) {
            continue;
        }
        std::optional<chat_cursor> c = read_line(line);
        if (!c) {
            return damaged(line_number);
        }
        if (made.chats.size() >= max_chats) {
            return cursor_text_error{"the file has too many chats"};
        }
        made.chats.push_back(*std::move(c));
    }
    if (line_number == 0) {
        return cursor_text_error{"the file is not one of cursors"};
    }
    if (!ended) {
        return damaged(line_number + 1);
    }
    return made;
}

} // namespace detail
YUNHU_NAMESPACE_END
