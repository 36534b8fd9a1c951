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

// A broadcast's journal as text: one record a line, each with a checksum of its own. Pure.
//
//     yunhu-broadcast 1 <fingerprint of the message> <number of targets, or -> <crc>
//     S <index> <chat type>:<chat id> <msg_id> <crc>    started: it may leave from now on
//     + <index> <crc>                                   sent
//     - <index> <reason> <crc>                          failed: it did not arrive
//     ? <index> <reason> <crc>                          unknown
//     ~ <index> <crc>                                   it did not leave after all
YUNHU_NAMESPACE_BEGIN
namespace detail {

struct journal_header {
    std::string message; ///< its fingerprint
    std::optional<std::uint64_t> total;
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
void append_line(const journal_record& record, std::string& out);
/// None: the line, which has no end any more, is not one of a journal.
[[nodiscard]] std::optional<journal_header> parse_header(std::string_view line);
[[nodiscard]] std::optional<journal_record> parse_record(std::string_view line);

/// Reads a journal in pieces of any size. What a writer left unfinished at the end is recognised and left out; a bad
/// line that is followed by a good one is damage.
class journal_reader {
public:
    explicit journal_reader(std::function<void(const journal_record&)> tell) : tell_(std::move(tell)) {}

    void feed(std::string_view bytes);

    enum class retry_decision : std::uint8_t {
        empty,         ///< nothing, or a header that was not finished
        good,          ///< the first `good_bytes` are a journal
        not_a_journal, ///< it begins as none does
        other_version, ///< a later library's
        damaged,       ///< at `bad_line`
    };
    [[nodiscard]] retry_decision finish() const;
    [[nodiscard]] const journal_header& header() const noexcept { return *header_; }
    [[nodiscard]] std::uint64_t good_bytes() const noexcept { return good_bytes_; }
    [[nodiscard]] std::uint64_t bad_line() const noexcept { return bad_line_; } ///< from 1

private:
    void line(std::string_view text);

    std::function<void(const journal_record&)> tell_;
    std::string rest_; ///< of a line whose end has not come
    std::optional<journal_header> header_;
    std::uint64_t lines_ = 0;
    std::uint64_t good_bytes_ = 0;
    std::uint64_t bad_line_ = 0; ///< the first; 0: none
    bool other_version_ = false;
    bool damaged_ = false;
};

} // namespace detail
YUNHU_NAMESPACE_END
