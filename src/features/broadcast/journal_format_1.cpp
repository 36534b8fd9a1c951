// Copyright (c) 2026 The yunhu authors
// SPDX-License-Identifier: BSL-1.0

#include "features/broadcast/journal_format_1.hpp"

#include <boost/url/pct_string_view.hpp>

#include <algorithm>
#include <charconv>
#include <cstddef>
#include <cstdint>
#include <string>
#include <system_error>
#include <utility>

YUNHU_NAMESPACE_BEGIN
namespace detail::journal_format_1 {
namespace {

std::optional<std::uint64_t> parse_number(std::string_view text) {
    std::uint64_t n = 0;
    const auto [at, ec] = std::from_chars(text.data(), text.data() + text.size(), n);
    return ec == std::errc() && at == text.data() + text.size() ? std::optional(n) : std::nullopt;
}

// Removes and returns the first word; words are separated by one space.
std::string_view word(std::string_view& text) {
    const std::size_t end = std::min(text.find(' '), text.size());
    const std::string_view taken = text.substr(0, end);
    text.remove_prefix(std::min(end + 1, text.size()));
    return taken;
}

std::optional<std::string> unescaped(std::string_view text) {
    const auto checked = boost::urls::make_pct_string_view(text);
    return checked ? std::optional(checked->decode()) : std::nullopt;
}

std::optional<chat> parse_target(std::string_view text) {
    const std::size_t colon = std::min(text.find(':'), text.size());
    const auto type = parse_number(text.substr(0, colon));
    auto id = unescaped(text.substr(std::min(colon + 1, text.size())));
    if (colon == text.size() || !type || !id) {
        return std::nullopt;
    }
    return chat(static_cast<chat_type>(*type), std::move(*id));
}

bool parse_started(std::string_view text, journal_record& into) {
    auto target = parse_target(word(text));
    auto id = unescaped(text);
    if (!target || !id || id->empty()) {
        return false;
    }
    into.target = std::move(*target);
    into.msg_id = std::move(*id);
    return true;
}

bool parse_reason(std::string_view text, journal_record& into) {
    auto reason = unescaped(text);
    if (!reason) {
        return false;
    }
    into.reason = std::move(*reason);
    return true;
}

} // namespace

std::optional<journal_header> parse_header(std::string_view text) {
    journal_header header;
    header.format = 1;
    header.message = word(text);
    if (text != "-") {
        header.total = parse_number(text);
        if (!header.total) {
            return std::nullopt;
        }
    }
    return header;
}

std::optional<journal_record> parse_record(std::string_view text) {
    const std::string_view kind = word(text);
    const auto index = parse_number(word(text));
    if (kind.size() != 1 || !index) {
        return std::nullopt;
    }
    journal_record record;
    record.what = static_cast<journal_record::kind>(kind.front());
    record.index = *index;
    bool valid = false;
    switch (record.what) {
    case journal_record::kind::started:
        valid = parse_started(text, record);
        break;
    case journal_record::kind::failed:
    case journal_record::kind::unknown:
        valid = parse_reason(text, record);
        break;
    case journal_record::kind::sent:
    case journal_record::kind::released:
        valid = text.empty();
        break;
    }
    return valid ? std::optional(std::move(record)) : std::nullopt;
}

} // namespace detail::journal_format_1
YUNHU_NAMESPACE_END
