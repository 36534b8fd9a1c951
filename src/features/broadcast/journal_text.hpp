// Copyright (c) 2026 The yunhu authors
// SPDX-License-Identifier: BSL-1.0
#pragma once

#include <yunhu/config.hpp>
#include <yunhu/types.hpp>

#include <cstddef>
#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <string_view>

// Text format of a broadcast's journal: one record per line, a JSON object and its checksum. Pure.
//
//     yunhu-broadcast 2 {"message":"<fingerprint>","total":<number of targets, or null>} <crc>
//     {"state":"started","index":7,"chat_type":2,"chat_id":"big","msg_id":"..."} <crc>    it may be sent from now on
//     {"state":"sent","index":7} <crc>
//     {"state":"failed","index":7,"reason":"bad_request"} <crc>     certainly not delivered
//     {"state":"unknown","index":7,"reason":"not_found"} <crc>
//     {"state":"released","index":7} <crc>                          certainly not executed
//
// A line may end with CRLF, the file may begin with a byte order mark and lack its last line feed: editors do that.
// Format 1, which version 0.1 wrote, is read as well: see journal_format_1.hpp.
YUNHU_NAMESPACE_BEGIN
namespace detail {

/// Bound of a line without its end, for the writer and for the reader.
inline constexpr std::size_t max_journal_line_bytes = 64 * 1024;
/// Bound of a target's chat id.
inline constexpr std::size_t max_chat_id_bytes = 8 * 1024;
// JSON needs up to six bytes for one.
static_assert(6 * max_chat_id_bytes + 4096 <= max_journal_line_bytes, "the record of every target must fit in a line");

struct journal_header {
    std::string message; ///< its fingerprint
    std::optional<std::uint64_t> total;
    unsigned format = 2;
};

struct journal_record {
    enum class kind : char { started = 'S', sent = '+', failed = '-', unknown = '?', released = '~' };

    kind what{};
    std::uint64_t index = 0;
    chat target;        ///< of started
    std::string msg_id; ///< of started
    std::string reason; ///< of failed and unknown: the name of an error
};

[[nodiscard]] std::string to_line(const journal_header& header);
/// Appends the record's line; false, and nothing is appended, when it would be longer than `max_journal_line_bytes`.
[[nodiscard]] bool append_line(const journal_record& record, std::string& out);
/// Lines that continue a journal of format 1 in this format.
[[nodiscard]] std::string upgrade_lines(const journal_header& header);
/// The line, without its end, as a header or a record of either format; absent when it is not a valid one.
[[nodiscard]] std::optional<journal_header> parse_header(std::string_view line);
[[nodiscard]] std::optional<journal_record> parse_record(std::string_view line);

/// Parses a journal incrementally. An incomplete record at the end, left by a crash, is ignored; a complete one counts,
/// even if its line feed is missing. An invalid line that is followed by a valid one is damage, and so is a line above
/// the bound.
class journal_reader {
public:
    explicit journal_reader(std::function<void(const journal_record&)> on_record) : on_record_(std::move(on_record)) {}

    void feed(std::string_view bytes);

    enum class status : std::uint8_t {
        empty,         ///< no complete header
        good,          ///< the first `good_bytes` are valid
        not_a_journal, ///< the header is not a journal's
        other_version, ///< written by another version of the library
        damaged,       ///< at `bad_line`
    };
    [[nodiscard]] status finish(); ///< once, after the last bytes
    [[nodiscard]] const journal_header& header() const noexcept { return *header_; }
    [[nodiscard]] std::uint64_t good_bytes() const noexcept { return good_bytes_; }
    [[nodiscard]] std::uint64_t bad_line() const noexcept { return bad_line_; } ///< from 1
    /// Whether the last valid line lacks its line feed, which must be written before a record.
    [[nodiscard]] bool unterminated() const noexcept { return unterminated_; }
    /// Whether `upgrade_lines` must be written before a record.
    [[nodiscard]] bool needs_upgrade() const noexcept { return needs_upgrade_; }

private:
    void line(std::string_view text);
    void first_line(std::string_view text);
    void later_line(std::string_view text, std::size_t size);
    [[nodiscard]] bool accept(std::string_view text);

    std::function<void(const journal_record&)> on_record_;
    std::string partial_line_;
    std::optional<journal_header> header_;
    std::uint64_t lines_ = 0;
    std::uint64_t good_bytes_ = 0;
    std::uint64_t bad_line_ = 0; ///< the first; 0: none
    bool unterminated_ = false;
    bool needs_upgrade_ = false;
    bool other_version_ = false;
    bool damaged_ = false;
};

} // namespace detail
YUNHU_NAMESPACE_END
