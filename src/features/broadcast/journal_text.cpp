// Copyright (c) 2026 The yunhu authors
// SPDX-License-Identifier: BSL-1.0

#include "features/broadcast/journal_text.hpp"

#include <boost/crc.hpp>

#include <algorithm>
#include <array>
#include <charconv>
#include <utility>

YUNHU_NAMESPACE_BEGIN
namespace detail {
namespace {

constexpr std::string_view magic = "yunhu-broadcast ";
constexpr std::string_view version = "1";
constexpr std::size_t max_line = 64 * 1024;
constexpr std::string_view digits = "0123456789abcdef";

std::uint32_t checksum(std::string_view text) {
    boost::crc_32_type crc;
    crc.process_bytes(text.data(), text.size());
    return crc.checksum();
}

// Appends checksum and line feed to the line that begins at `from`.
void append_checksum(std::string& out, std::size_t from) {
    const std::uint32_t sum = checksum(std::string_view(out).substr(from));
    out += ' ';
    for (int shift = 28; shift >= 0; shift -= 4) {
        out += digits[(sum >> static_cast<unsigned>(shift)) & 0xFU];
    }
    out += '\n';
}

template <class Number> std::optional<Number> parse_number(std::string_view text, int base = 10) {
    Number n{};
    const char* const begin = text.data();
    const char* const end = begin + text.size();
    const auto [at, ec] = std::from_chars(begin, end, n, base);
    return ec == std::errc() && at == end && !text.empty() ? std::optional(n) : std::nullopt;
}

// The line without its checksum, if that is correct.
std::optional<std::string_view> verified(std::string_view line) {
    constexpr std::size_t sum_size = 9; // with its space
    if (line.size() < sum_size || line[line.size() - sum_size] != ' ') {
        return std::nullopt;
    }
    const std::string_view text = line.substr(0, line.size() - sum_size);
    const auto sum = parse_number<std::uint32_t>(line.substr(line.size() - sum_size + 1), 16);
    return sum && *sum == checksum(text) ? std::optional(text) : std::nullopt;
}

// Removes and returns the first word; words are separated by one space.
std::string_view word(std::string_view& text) {
    const std::size_t end = std::min(text.find(' '), text.size());
    const std::string_view taken = text.substr(0, end);
    text.remove_prefix(std::min(end + 1, text.size()));
    return taken;
}

bool must_be_escaped(char c) {
    const auto byte = static_cast<unsigned char>(c);
    return byte <= 0x20 || byte == 0x7F || c == '%';
}

void append_escaped(std::string_view text, std::string& out) {
    for (const char c : text) {
        if (must_be_escaped(c)) {
            const auto byte = static_cast<unsigned char>(c);
            out += '%';
            out += digits[byte >> 4U];
            out += digits[byte & 0xFU];
        } else {
            out += c;
        }
    }
}

std::optional<std::string> unescaped(std::string_view text) {
    std::string out;
    while (!text.empty()) {
        if (text.front() != '%') {
            out += text.front();
            text.remove_prefix(1);
            continue;
        }
        const auto byte = text.size() < 3 ? std::nullopt : parse_number<std::uint8_t>(text.substr(1, 2), 16);
        if (!byte) {
            return std::nullopt;
        }
        out += static_cast<char>(*byte);
        text.remove_prefix(3);
    }
    return out;
}

bool is_kind(char c) {
    return std::string_view("S+-?~").find(c) != std::string_view::npos;
}

bool parse_target(std::string_view text, chat& into) {
    const std::size_t colon = text.find(':');
    if (colon == std::string_view::npos) {
        return false;
    }
    const auto type = parse_number<std::uint64_t>(text.substr(0, colon));
    auto id = unescaped(text.substr(colon + 1));
    if (!type || !id) {
        return false;
    }
    into = chat(static_cast<chat_type>(*type), std::move(*id));
    return true;
}

} // namespace

std::string to_line(const journal_header& header) {
    std::string out(magic);
    out.append(version).append(" ").append(header.message).append(" ");
    out += header.total ? std::to_string(*header.total) : "-";
    append_checksum(out, 0);
    return out;
}

void append_line(const journal_record& record, std::string& out) {
    const std::size_t from = out.size();
    out += static_cast<char>(record.what);
    out += ' ';
    out += std::to_string(record.index);
    switch (record.what) {
    case journal_record::kind::started:
        out += ' ';
        out += std::to_string(static_cast<std::uint64_t>(record.target.type));
        out += ':';
        append_escaped(record.target.id, out);
        out += ' ';
        append_escaped(record.msg_id, out);
        break;
    case journal_record::kind::failed:
    case journal_record::kind::unknown:
        out += ' ';
        append_escaped(record.reason, out);
        break;
    case journal_record::kind::sent:
    case journal_record::kind::released:
        break;
    }
    append_checksum(out, from);
}

std::optional<journal_header> parse_header(std::string_view line) {
    auto text = verified(line);
    if (!text || !text->starts_with(magic)) {
        return std::nullopt;
    }
    text->remove_prefix(magic.size());
    if (word(*text) != version) {
        return std::nullopt;
    }
    journal_header header;
    header.message = word(*text);
    if (*text != "-") {
        header.total = parse_number<std::uint64_t>(*text);
        if (!header.total) {
            return std::nullopt;
        }
    }
    return header;
}

std::optional<journal_record> parse_record(std::string_view line) {
    auto text = verified(line);
    if (!text) {
        return std::nullopt;
    }
    const std::string_view what = word(*text);
    const auto index = parse_number<std::uint64_t>(word(*text));
    if (what.size() != 1 || !is_kind(what.front()) || !index) {
        return std::nullopt;
    }
    journal_record record;
    record.what = static_cast<journal_record::kind>(what.front());
    record.index = *index;
    bool good = true;
    switch (record.what) {
    case journal_record::kind::started: {
        good = parse_target(word(*text), record.target);
        auto id = unescaped(*text);
        good = good && id && !id->empty();
        record.msg_id = std::move(id).value_or("");
        break;
    }
    case journal_record::kind::failed:
    case journal_record::kind::unknown: {
        auto reason = unescaped(*text);
        good = reason.has_value();
        record.reason = std::move(reason).value_or("");
        break;
    }
    case journal_record::kind::sent:
    case journal_record::kind::released:
        good = text->empty();
        break;
    }
    return good ? std::optional(std::move(record)) : std::nullopt;
}

void journal_reader::feed(std::string_view bytes) {
    while (!bytes.empty()) {
        const std::size_t end = bytes.find('\n');
        const std::string_view piece = bytes.substr(0, end);
        if (end == std::string_view::npos) {
            // One byte above the limit is enough to reject the line.
            partial_line_.append(piece.substr(0, max_line + 1 - std::min(partial_line_.size(), max_line + 1)));
            return;
        }
        bytes.remove_prefix(end + 1);
        if (partial_line_.empty()) {
            line(piece);
        } else {
            partial_line_.append(piece);
            line(partial_line_);
            partial_line_.clear();
        }
    }
}

void journal_reader::line(std::string_view text) {
    ++lines_;
    if (lines_ == 1) {
        header_ = parse_header(text);
        if (header_) {
            good_bytes_ = text.size() + 1;
        } else {
            other_version_ = verified(text) && text.starts_with(magic);
        }
        return;
    }
    const auto record = text.size() > max_line ? std::nullopt : parse_record(text);
    if (!record) {
        bad_line_ = bad_line_ == 0 ? lines_ : bad_line_;
    } else if (bad_line_ != 0) {
        damaged_ = true;
    } else {
        good_bytes_ += text.size() + 1;
        if (header_) {
            on_record_(*record);
        }
    }
}

journal_reader::status journal_reader::finish() const {
    if (lines_ == 0) {
        const std::string_view prefix = std::string_view(partial_line_).substr(0, magic.size());
        return magic.starts_with(prefix) ? status::empty : status::not_a_journal;
    }
    if (!header_) {
        return other_version_ ? status::other_version : status::not_a_journal;
    }
    return damaged_ ? status::damaged : status::good;
}

} // namespace detail
YUNHU_NAMESPACE_END
