// Copyright (c) 2026 The yunhu authors
// SPDX-License-Identifier: BSL-1.0

#include "features/broadcast/journal_text.hpp"

#include "features/broadcast/journal_format_1.hpp"

#include <boost/algorithm/hex.hpp>
#include <boost/crc.hpp>
#include <boost/endian/conversion.hpp>
#include <boost/json.hpp>
#include <boost/system/error_code.hpp>

#include <algorithm>
#include <array>
#include <iterator>
#include <utility>

YUNHU_NAMESPACE_BEGIN
namespace detail {
namespace {

namespace json = boost::json;
using kind = journal_record::kind;

constexpr std::string_view magic = "yunhu-broadcast ";
constexpr std::string_view format_1 = "1 ";
constexpr std::string_view format_2 = "2 ";

constexpr std::array<std::pair<kind, std::string_view>, 5> names{{{kind::started, "started"},
                                                                  {kind::sent, "sent"},
                                                                  {kind::failed, "failed"},
                                                                  {kind::unknown, "unknown"},
                                                                  {kind::released, "released"}}};

// --- checksums -------------------------------------------------------------------------------------------------------

std::string checksum(std::string_view text) {
    boost::crc_32_type crc;
    crc.process_bytes(text.data(), text.size());
    std::array<unsigned char, 4> bytes{};
    boost::endian::store_big_u32(bytes.data(), crc.checksum());
    std::string hex;
    boost::algorithm::hex_lower(bytes, std::back_inserter(hex));
    return hex;
}

std::string with_checksum(std::string text) {
    const std::string sum = checksum(text);
    return std::move(text.append(" ").append(sum).append("\n"));
}

// The line without its checksum, if that is correct.
std::optional<std::string_view> verified(std::string_view line) {
    constexpr std::size_t sum_size = 9; // with its space
    if (line.size() < sum_size || line[line.size() - sum_size] != ' ') {
        return std::nullopt;
    }
    const std::string_view text = line.substr(0, line.size() - sum_size);
    return line.substr(line.size() - sum_size + 1) == checksum(text) ? std::optional(text) : std::nullopt;
}

// --- members of a JSON object ----------------------------------------------------------------------------------------

std::optional<std::uint64_t> number(const json::object& of, std::string_view name) {
    const json::value* const member = of.if_contains(name);
    if (member == nullptr) {
        return std::nullopt;
    }
    boost::system::error_code ec;
    const auto n = member->to_number<std::uint64_t>(ec);
    return ec ? std::nullopt : std::optional(n);
}

bool read(const json::object& of, std::string_view name, std::string& into) {
    const json::value* const member = of.if_contains(name);
    if (member == nullptr || !member->is_string()) {
        return false;
    }
    into = std::string_view(member->get_string());
    return true;
}

// Calls `read_object` with the text as a JSON object; nothing when it is not one.
template <class Function> auto with_object(std::string_view text, Function read_object)
    -> decltype(read_object(json::object())) {
    std::array<unsigned char, 2048> buffer;
    json::monotonic_resource memory(buffer.data(), buffer.size());
    json::parse_options options;
    options.allow_invalid_utf8 = true; // the writer does not refuse it either
    boost::system::error_code ec;
    const json::value parsed = json::parse(text, ec, &memory, options);
    const json::object* const object = parsed.if_object();
    return !ec && object != nullptr ? read_object(*object) : std::nullopt;
}

std::optional<journal_header> header_from(const json::object& object) {
    journal_header header;
    if (!read(object, "message", header.message)) {
        return std::nullopt;
    }
    const json::value* const total = object.if_contains("total");
    if (total == nullptr || !total->is_null()) {
        header.total = number(object, "total");
        if (!header.total) {
            return std::nullopt;
        }
    }
    return header;
}

std::optional<journal_record> record_from(const json::object& object) {
    std::string state;
    const auto index = number(object, "index");
    if (!read(object, "state", state) || !index) {
        return std::nullopt;
    }
    const auto* const found =
        std::find_if(names.begin(), names.end(), [&](const auto& known) { return known.second == state; });
    if (found == names.end()) {
        return std::nullopt;
    }
    journal_record record;
    record.what = found->first;
    record.index = *index;
    bool valid = true;
    if (record.what == kind::started) {
        const auto type = number(object, "chat_type");
        valid = type && read(object, "chat_id", record.target.id) && read(object, "msg_id", record.msg_id) &&
                !record.msg_id.empty();
        record.target.type = static_cast<chat_type>(type.value_or(0));
    } else if (record.what == kind::failed || record.what == kind::unknown) {
        valid = read(object, "reason", record.reason);
    }
    return valid ? std::optional(std::move(record)) : std::nullopt;
}

} // namespace

// --- writing ---------------------------------------------------------------------------------------------------------

std::string to_line(const journal_header& header) {
    json::object object{{"message", header.message}, {"total", nullptr}};
    if (header.total) {
        object["total"] = *header.total;
    }
    return with_checksum(std::string(magic).append(format_2).append(json::serialize(object)));
}

bool append_line(const journal_record& record, std::string& out) {
    const auto* const name =
        std::find_if(names.begin(), names.end(), [&](const auto& known) { return known.first == record.what; });
    json::object object{{"state", name->second}, {"index", record.index}};
    switch (record.what) {
    case kind::started:
        object["chat_type"] = static_cast<std::uint64_t>(record.target.type);
        object["chat_id"] = record.target.id;
        object["msg_id"] = record.msg_id;
        break;
    case kind::failed:
    case kind::unknown:
        object["reason"] = record.reason;
        break;
    case kind::sent:
    case kind::released:
        break;
    }
    const std::string line = with_checksum(json::serialize(object));
    if (line.size() - 1 > max_journal_line_bytes) { // the bound is without the line's end
        return false;
    }
    out += line;
    return true;
}

std::string upgrade_lines(const journal_header& header) {
    return to_line(header).append(journal_format_1::guard).append("\n");
}

// --- reading ---------------------------------------------------------------------------------------------------------

std::optional<journal_header> parse_header(std::string_view line) {
    auto text = verified(line);
    if (!text || !text->starts_with(magic)) {
        return std::nullopt;
    }
    text->remove_prefix(magic.size());
    if (text->starts_with(format_1)) {
        return journal_format_1::parse_header(text->substr(format_1.size()));
    }
    if (text->starts_with(format_2)) {
        return with_object(text->substr(format_2.size()), header_from);
    }
    return std::nullopt;
}

std::optional<journal_record> parse_record(std::string_view line) {
    const auto text = verified(line);
    if (!text) {
        return std::nullopt;
    }
    return text->starts_with('{') ? with_object(*text, record_from) : journal_format_1::parse_record(*text);
}

namespace {

// Editors add a carriage return to each line and a byte order mark to the file.
std::string_view without_line_end(std::string_view line) {
    return line.substr(0, line.size() - (line.ends_with('\r') ? 1 : 0));
}

std::string_view without_mark(std::string_view first_line) {
    constexpr std::string_view byte_order_mark = "\xEF\xBB\xBF";
    return first_line.substr(first_line.starts_with(byte_order_mark) ? byte_order_mark.size() : 0);
}

} // namespace

void journal_reader::feed(std::string_view bytes) {
    while (!bytes.empty()) {
        const std::size_t end = bytes.find('\n');
        const std::string_view piece = bytes.substr(0, end);
        if (end == std::string_view::npos) {
            // Two bytes above the bound are enough to reject the line: one may be the carriage return.
            constexpr std::size_t kept = max_journal_line_bytes + 2;
            partial_line_.append(piece.substr(0, kept - std::min(partial_line_.size(), kept)));
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
    const std::size_t size = text.size() + 1;
    text = without_line_end(text);
    if (++lines_ == 1) {
        first_line(text);
        good_bytes_ = header_ ? size : 0;
    } else {
        later_line(text, size);
    }
}

void journal_reader::first_line(std::string_view text) {
    text = without_mark(text);
    header_ = parse_header(text);
    other_version_ = !header_ && verified(text) && text.starts_with(magic);
    needs_upgrade_ = header_ && header_->format == 1;
}

void journal_reader::later_line(std::string_view text, std::size_t size) {
    if (!header_) {
        return;
    }
    if (text.size() > max_journal_line_bytes) {
        // Version 0.1 wrote such a record for a very long chat id. Taken for an unfinished write, its target would be
        // sent to again.
        bad_line_ = bad_line_ == 0 ? lines_ : bad_line_;
        damaged_ = true;
    } else if (bad_line_ == 0 && accept(text)) {
        good_bytes_ += size;
    } else if (bad_line_ == 0) {
        bad_line_ = lines_;
    } else if (parse_record(text)) {
        damaged_ = true;
    }
}

// Whether the line is valid.
bool journal_reader::accept(std::string_view text) {
    if (text == journal_format_1::guard) {
        needs_upgrade_ = false;
        return true;
    }
    if (text.starts_with(magic)) {
        const auto again = parse_header(text); // of `upgrade_lines`
        return again && again->format == 2 && again->message == header_->message;
    }
    const auto record = parse_record(text);
    if (record) {
        on_record_(*record);
    }
    return record.has_value();
}

journal_reader::status journal_reader::finish() {
    const std::string_view rest = without_line_end(partial_line_);
    const bool first = lines_ == 0;
    if (first) {
        header_ = parse_header(without_mark(rest));
        needs_upgrade_ = header_ && header_->format == 1;
        unterminated_ = header_.has_value();
    } else if (header_ && !rest.empty() && rest.size() <= max_journal_line_bytes) {
        unterminated_ = bad_line_ == 0 && accept(rest);
        damaged_ = damaged_ || (bad_line_ != 0 && parse_record(rest));
    }
    if (unterminated_) {
        good_bytes_ += partial_line_.size();
    }
    if (!header_) {
        const bool begins = first && magic.starts_with(without_mark(rest).substr(0, magic.size()));
        return begins ? status::empty : other_version_ ? status::other_version : status::not_a_journal;
    }
    return damaged_ ? status::damaged : status::good;
}

} // namespace detail
YUNHU_NAMESPACE_END
