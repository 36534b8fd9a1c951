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

// Text format of a broadcast's journal: one record per line, each with its own checksum. Pure.
//
//     yunhu-broadcast 1 <fingerprint of the message> <number of targets, or -> <crc>
//     S <index> <chat type>:<chat id> <msg_id> <crc>    started: it may be sent from now on
//     + <index> <crc>                                   sent
//     - <index> <reason> <crc>                          failed: certainly not delivered
//     ? <index> <reason> <crc>                          unknown
//     ~ <index> <crc>                                   released: certainly not executed
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
/// The line, without its line feed, as a record; absent when it is not a valid one.
[[nodiscard]] std::optional<journal_header> parse_header(std::string_view line);
[[nodiscard]] std::optional<journal_record> parse_record(std::string_view line);

/// Parses a journal incrementally. An incomplete record at the end, left by a crash, is ignored; an invalid line that
/// is followed by a valid one is damage.
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
    [[nodiscard]] status finish() const;
    [[nodiscard]] const journal_header& header() const noexcept { return *header_; }
    [[nodiscard]] std::uint64_t good_bytes() const noexcept { return good_bytes_; }
    [[nodiscard]] std::uint64_t bad_line() const noexcept { return bad_line_; } ///< from 1

private:
    void line(std::string_view text);

    std::function<void(const journal_record&)> on_record_;
    std::string partial_line_;
    std::optional<journal_header> header_;
    std::uint64_t lines_ = 0;
    std::uint64_t good_bytes_ = 0;
    std::uint64_t bad_line_ = 0; ///< the first; 0: none
    bool other_version_ = false;
    bool damaged_ = false;
};

} // namespace detail
YUNHU_NAMESPACE_END
