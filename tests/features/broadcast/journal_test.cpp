// Copyright (c) 2026 The yunhu authors
// SPDX-License-Identifier: BSL-1.0

#include "features/broadcast/journal_format_1.hpp"
#include "features/broadcast/journal_state.hpp"
#include "features/broadcast/journal_text.hpp"

#include <yunhu/requests.hpp>

#include <boost/algorithm/string/replace.hpp>
#include <boost/crc.hpp>

#include <gtest/gtest.h>

#include <algorithm>
#include <array>
#include <cstddef>
#include <cstdint>
#include <cstdio>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

// The text of a broadcast's journal: every record is read as it was written, and damage is recognised.
namespace yunhu::test {
namespace {

using detail::journal_header;
using detail::journal_reader;
using detail::journal_record;
using detail::journal_state;
using kind = journal_record::kind;
using status = journal_reader::status;

journal_record record(kind what, std::uint64_t index, std::string reason = {}) {
    journal_record r;
    r.what = what;
    r.index = index;
    r.reason = std::move(reason);
    if (what == kind::started) {
        r.target = group("big group %\n" + std::to_string(index));
        r.msg_id = "id " + std::to_string(index);
    }
    return r;
}

std::vector<journal_record> sample() {
    return {record(kind::started, 0), record(kind::started, 1),           record(kind::sent, 0),
            record(kind::started, 7), record(kind::failed, 1, "refused"), record(kind::unknown, 7, "outcome_unknown"),
            record(kind::started, 8), record(kind::released, 8)};
}

journal_header header_of_sample() {
    journal_header h;
    h.message = "0123456789abcdef";
    h.total = 9;
    return h;
}

// The file of `sample()` as version 0.1 wrote it, and as it is written now.
constexpr std::string_view sample_of_0_1 = R"(yunhu-broadcast 1 0123456789abcdef 9 85ad058a
S 0 2:big%20group%20%25%0a0 id%200 ab749ec2
S 1 2:big%20group%20%25%0a1 id%201 e103ab60
+ 0 7804641d
S 7 2:big%20group%20%25%0a7 id%207 874010ed
- 1 refused c451a729
? 7 outcome_unknown ef3e4584
S 8 2:big%20group%20%25%0a8 id%208 955e3911
~ 8 1ca80074
)";
constexpr std::string_view sample_of_0_2 = R"(yunhu-broadcast 2 {"message":"0123456789abcdef","total":9} 8b7ba261
{"state":"started","index":0,"chat_type":2,"chat_id":"big group %\n0","msg_id":"id 0"} 999f218f
{"state":"started","index":1,"chat_type":2,"chat_id":"big group %\n1","msg_id":"id 1"} 26f3ce11
{"state":"sent","index":0} 12bb5d33
{"state":"started","index":7,"chat_type":2,"chat_id":"big group %\n7","msg_id":"id 7"} 137ba3d7
{"state":"failed","index":1,"reason":"refused"} f58e5ab1
{"state":"unknown","index":7,"reason":"outcome_unknown"} cad91812
{"state":"started","index":8,"chat_type":2,"chat_id":"big group %\n8","msg_id":"id 8"} 62af4eb8
{"state":"released","index":8} 0025c45d
)";

std::string sample_text() {
    std::string text = to_line(header_of_sample());
    for (const journal_record& r : sample()) {
        EXPECT_TRUE(append_line(r, text));
    }
    return text;
}

std::string checksummed(std::string_view text_and_space) {
    boost::crc_32_type crc;
    crc.process_bytes(text_and_space.data(), text_and_space.size() - 1);
    std::array<char, 9> hex{};
    std::snprintf(hex.data(), hex.size(), "%08x", crc.checksum());
    return std::string(text_and_space) + hex.data();
}

bool same(const journal_record& a, const journal_record& b) {
    return a.what == b.what && a.index == b.index && a.target == b.target && a.msg_id == b.msg_id &&
           a.reason == b.reason;
}

struct reading {
    explicit reading(std::string_view text, std::size_t piece = std::string::npos)
        : reader([this](const journal_record& r) { records.push_back(r); }) {
        for (; !text.empty(); text.remove_prefix(std::min(piece, text.size()))) {
            reader.feed(text.substr(0, piece));
        }
        end = reader.finish();
    }

    std::vector<journal_record> records;
    journal_reader reader;
    status end{};
};

void expect_sample(const reading& r, std::size_t bytes) {
    EXPECT_EQ(r.end, status::good);
    EXPECT_EQ(r.reader.good_bytes(), bytes);
    EXPECT_EQ(r.reader.header().message, "0123456789abcdef");
    EXPECT_EQ(r.reader.header().total, 9U);
    ASSERT_EQ(r.records.size(), sample().size());
    for (std::size_t i = 0; i < r.records.size(); ++i) {
        EXPECT_TRUE(same(r.records[i], sample()[i])) << i;
    }
}

std::string with_crlf(std::string_view text) {
    return boost::algorithm::replace_all_copy(std::string(text), "\n", "\r\n");
}

TEST(broadcast_journal, records_are_read_as_written) {
    const std::string text = sample_text();
    for (const std::size_t piece : {std::string::npos, std::size_t{1}, std::size_t{7}, std::size_t{64}}) {
        expect_sample(reading(text, piece), text.size());
        expect_sample(reading(with_crlf(text), piece), with_crlf(text).size());
    }
    journal_header open = header_of_sample();
    open.total.reset();
    EXPECT_EQ(reading(to_line(open)).reader.header().total, std::nullopt);
}

TEST(broadcast_journal, the_format_is_the_golden_one) {
    EXPECT_EQ(sample_text(), sample_of_0_2);
}

TEST(broadcast_journal, a_file_of_0_1_is_read) {
    const reading r(sample_of_0_1);
    expect_sample(r, sample_of_0_1.size());
    EXPECT_TRUE(r.reader.needs_upgrade());
    expect_sample(reading(with_crlf(sample_of_0_1)), with_crlf(sample_of_0_1).size());
    EXPECT_EQ(reading("yunhu-broadcast 1 0123456789abcdef - 9f77d1f7\n").reader.header().total, std::nullopt);
}

// Version 0.1 must not take the later lines for an unfinished write, cut them off, and send again: an invalid line that
// is followed by a valid one makes it refuse the file.
TEST(broadcast_journal, a_file_of_0_1_is_continued_so_that_0_1_refuses_it) {
    std::string text(sample_of_0_1);
    const std::string upgrade = upgrade_lines(header_of_sample());
    for (std::size_t size = 0; size < upgrade.size(); ++size) { // an unfinished upgrade is repeated
        const reading cut(text + upgrade.substr(0, size));
        const std::size_t first_line = upgrade.find('\n');
        const bool whole = size + 1 == upgrade.size(); // but for its line feed
        expect_sample(cut, text.size() + (whole                ? size
                                          : size > first_line  ? first_line + 1
                                          : size == first_line ? size
                                                               : 0));
        EXPECT_EQ(cut.reader.needs_upgrade(), !whole);
        EXPECT_EQ(cut.reader.unterminated(), whole || size == first_line);
    }
    text += upgrade;
    EXPECT_FALSE(reading(text).reader.needs_upgrade());
    EXPECT_TRUE(append_line(record(kind::failed, 7, "later"), text));
    const reading r(text);
    EXPECT_EQ(r.end, status::good);
    EXPECT_EQ(r.reader.good_bytes(), text.size());
    ASSERT_EQ(r.records.size(), sample().size() + 1);
    EXPECT_TRUE(same(r.records.back(), record(kind::failed, 7, "later")));
    // The reader of 0.1 accepts the records of format 1 only, and the last line of the upgrade is one.
    const std::string_view guard = detail::journal_format_1::guard;
    EXPECT_TRUE(upgrade.ends_with(std::string(guard) + "\n"));
    EXPECT_TRUE(detail::parse_record(guard));
    EXPECT_FALSE(detail::journal_format_1::parse_record(upgrade.substr(0, upgrade.find('\n'))));
}

TEST(broadcast_journal, a_second_header_must_be_of_the_same_message) {
    journal_header other = header_of_sample();
    other.message = "another";
    const reading r(sample_text() + to_line(other) + sample_text());
    EXPECT_EQ(r.end, status::damaged);
    EXPECT_EQ(r.reader.bad_line(), sample().size() + 2);
}

// A long id needs the most bytes when each of them must be escaped.
TEST(broadcast_journal, writer_and_reader_have_the_same_bound) {
    journal_record r = record(kind::started, 0);
    r.target.id = std::string(detail::max_chat_id_bytes, '\x01');
    std::string text = to_line(header_of_sample());
    ASSERT_TRUE(append_line(r, text));
    EXPECT_EQ(reading(text).records.size(), 1U);

    r = record(kind::failed, 0);
    std::string shortest;
    ASSERT_TRUE(append_line(r, shortest));
    r.reason = std::string(detail::max_journal_line_bytes - (shortest.size() - 1), 'x');
    text = to_line(header_of_sample());
    ASSERT_TRUE(append_line(r, text));
    for (const std::size_t piece : {std::string::npos, std::size_t{1000}}) {
        EXPECT_EQ(reading(text, piece).records.size(), 1U);
        EXPECT_EQ(reading(with_crlf(text), piece).records.size(), 1U);
    }
    r.reason += 'x';
    const std::string before = text;
    EXPECT_FALSE(append_line(r, text));
    EXPECT_EQ(text, before);
}

// Version 0.1 wrote such a line for a chat id of 64 KB; taken for an unfinished write, it would be sent again.
TEST(broadcast_journal, a_line_above_the_bound_is_damage) {
    for (const std::size_t piece : {std::string::npos, std::size_t{1000}}) {
        const reading r(std::string(sample_of_0_1) + "S 9 2:" + std::string(65'536, 'g') + " id 00000000\n", piece);
        EXPECT_EQ(r.end, status::damaged);
        EXPECT_EQ(r.reader.bad_line(), sample().size() + 2);
    }
}

TEST(broadcast_journal, records_with_other_members_are_not_valid) {
    for (const std::string_view line :
         {R"({"state":"sent"} )", R"({"state":"sent","index":-1} )", R"({"state":"sent","index":1.5} )",
          R"({"state":"sent","index":"1"} )", R"({"state":"lost","index":1} )", R"({"state":1,"index":1} )",
          R"({"state":"failed","index":1} )", R"({"state":"started","index":1} )", R"([1] )", R"({"state" )",
          R"({"state":"started","index":1,"chat_type":2,"chat_id":"g","msg_id":""} )"}) {
        EXPECT_FALSE(detail::parse_record(checksummed(line))) << line;
    }
    EXPECT_TRUE(detail::parse_record(checksummed(R"({"state":"sent","index":1} )")));
}

TEST(broadcast_journal, cut_off_after_every_byte) {
    const std::string text = sample_text();
    for (std::size_t size = 0; size <= text.size(); ++size) {
        const std::string_view cut = std::string_view(text).substr(0, size);
        const reading r(cut);
        // A line that lacks its line feed only is whole, too.
        const bool unterminated = size < text.size() && text[size] == '\n';
        const auto whole_lines =
            static_cast<std::size_t>(std::count(cut.begin(), cut.end(), '\n')) + (unterminated ? 1 : 0);
        EXPECT_EQ(r.reader.unterminated(), unterminated);
        if (whole_lines == 0) {
            EXPECT_EQ(r.end, status::empty) << size;
            EXPECT_EQ(r.reader.good_bytes(), 0U);
            continue;
        }
        EXPECT_EQ(r.end, status::good) << size;
        EXPECT_EQ(r.reader.good_bytes(), unterminated ? size : cut.rfind('\n') + 1);
        ASSERT_EQ(r.records.size(), whole_lines - 1);
        for (std::size_t i = 0; i < r.records.size(); ++i) {
            EXPECT_TRUE(same(r.records[i], sample()[i]));
        }
    }
}

// Editors drop the last line feed, and write CRLF and a byte order mark.
TEST(broadcast_journal, a_file_that_was_edited_is_read) {
    for (const std::string& text : {sample_text(), std::string(sample_of_0_1), with_crlf(sample_text())}) {
        for (const std::string& mark : {std::string(), std::string("\xEF\xBB\xBF")}) {
            for (std::string_view end : {"", "\n", "\r\n"}) {
                if (!text.ends_with(end) || (end == "\n" && text.ends_with("\r\n"))) {
                    continue;
                }
                const std::string edited = mark + text.substr(0, text.size() - end.size());
                for (const std::size_t piece : {std::string::npos, std::size_t{1}, std::size_t{7}}) {
                    const reading r(edited, piece);
                    expect_sample(r, edited.size());
                    EXPECT_EQ(r.reader.unterminated(), !end.empty());
                }
            }
        }
    }
    EXPECT_EQ(reading("\xEF\xBB\xBF").end, status::empty);
    EXPECT_EQ(reading("\xEF\xBB\xBFyunhu-broad").end, status::empty);
    EXPECT_EQ(reading("\xEF\xBB\xBF\xEF\xBB\xBFyunhu-broad").end, status::not_a_journal);
}

TEST(broadcast_journal, an_unterminated_valid_line_behind_an_invalid_one_is_damage) {
    std::string text = sample_text() + "nonsense\n";
    ASSERT_TRUE(append_line(record(kind::sent, 7), text));
    text.pop_back();
    const reading r(text);
    EXPECT_EQ(r.end, status::damaged);
    EXPECT_EQ(r.reader.bad_line(), sample().size() + 2);
}

TEST(broadcast_journal, every_changed_byte_is_detected) {
    const std::string text = sample_text();
    const std::size_t header_size = to_line(header_of_sample()).size();
    for (std::size_t at = 0; at < text.size(); ++at) {
        for (const char flip : {'\x01', '\x10'}) {
            std::string changed = text;
            changed[at] = static_cast<char>(changed[at] ^ flip);
            const reading r(changed);
            if (at < header_size) {
                EXPECT_NE(r.end, status::good) << at;
            } else if (r.end == status::good) { // in the last line, which may be unfinished, or the line feed before
                EXPECT_GE(r.records.size(), sample().size() - 2) << at;
                EXPECT_LT(r.records.size(), sample().size()) << at;
                EXPECT_GE(at, r.reader.good_bytes());
            } else {
                EXPECT_EQ(r.end, status::damaged) << at;
                EXPECT_GT(r.reader.bad_line(), 1U);
            }
        }
    }
}

TEST(broadcast_journal, garbage_at_the_end_is_ignored) {
    const std::string text = sample_text();
    for (const std::string& tail : {std::string(4096, '\0'), std::string(100, '\n'),
                                    std::string("S 9 2:g x 00000000\n"), std::string("\0\n\0\n", 4)}) {
        const reading r(text + tail);
        EXPECT_EQ(r.end, status::good);
        EXPECT_EQ(r.reader.good_bytes(), text.size());
        EXPECT_EQ(r.records.size(), sample().size());
    }
}

TEST(broadcast_journal, other_files_are_not_journals) {
    EXPECT_EQ(reading("").end, status::empty);
    EXPECT_EQ(reading("yunhu-broadc").end, status::empty);
    EXPECT_EQ(reading("yunhu-broadcast 1 0123").end, status::empty);
    EXPECT_EQ(reading("group:a").end, status::not_a_journal);
    EXPECT_EQ(reading("group:a\ngroup:b\n").end, status::not_a_journal);
    EXPECT_EQ(reading("\n").end, status::not_a_journal);
    EXPECT_EQ(reading("yunhu-broadcast 1 0123 5 00000000\n").end, status::not_a_journal);
    EXPECT_EQ(reading(std::string(1'000'000, 'x')).end, status::not_a_journal);
    EXPECT_EQ(reading("yunhu-broadcast 3 of a later version 55d5c459\n").end, status::other_version);
}

TEST(broadcast_journal, the_last_record_counts) {
    journal_state state;
    for (const journal_record& r : sample()) {
        state.apply(r);
    }
    using last = journal_state::last;
    EXPECT_EQ(state.of(0), last::sent);
    EXPECT_EQ(state.of(1), last::failed);
    EXPECT_EQ(state.of(7), last::unknown);
    EXPECT_EQ(state.of(8), last::nothing);
    EXPECT_EQ(state.of(2), last::nothing);
    EXPECT_EQ(state.msg_id(7), "id 7");
    EXPECT_EQ(state.reason(7), "outcome_unknown");
    EXPECT_EQ(state.msg_id(0), "");
    EXPECT_TRUE(state.matches(7, group("big group %\n7")));
    EXPECT_FALSE(state.matches(7, group("big group %\n8")));
    EXPECT_TRUE(state.matches(2, group("any")));
    state.apply(record(kind::started, 1));
    EXPECT_EQ(state.of(1), last::started);
    EXPECT_EQ(state.size(), 4U);
}

TEST(broadcast_journal, many_targets) {
    constexpr std::uint64_t many = 20'000;
    std::string text = to_line(header_of_sample());
    for (std::uint64_t i = 0; i < many; ++i) {
        ASSERT_TRUE(append_line(record(kind::started, i), text));
        if (i >= 32) {
            ASSERT_TRUE(append_line(record(kind::sent, i - 32), text));
        }
    }
    journal_state state;
    journal_reader reader([&state](const journal_record& r) { state.apply(r); });
    for (std::string_view rest = text; !rest.empty(); rest.remove_prefix(std::min<std::size_t>(rest.size(), 65'536))) {
        reader.feed(rest.substr(0, 65'536));
    }
    EXPECT_EQ(reader.finish(), status::good);
    EXPECT_EQ(state.size(), many);
    EXPECT_EQ(state.of(many - 33), journal_state::last::sent);
    EXPECT_EQ(state.of(many - 32), journal_state::last::started);
}

} // namespace
} // namespace yunhu::test
