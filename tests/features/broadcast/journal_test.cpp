// Copyright (c) 2026 The yunhu authors
// SPDX-License-Identifier: BSL-1.0

#include "features/broadcast/journal_state.hpp"
#include "features/broadcast/journal_text.hpp"

#include <yunhu/requests.hpp>

#include <gtest/gtest.h>

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

// A broadcast's journal as text: what is written is read again, whatever its end looks like.
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

std::string sample_text() {
    std::string text = to_line(header_of_sample());
    for (const journal_record& r : sample()) {
        append_line(r, text);
    }
    return text;
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

TEST(broadcast_journal, what_is_written_is_read) {
    const std::string text = sample_text();
    for (const std::size_t piece : {std::string::npos, std::size_t{1}, std::size_t{7}, std::size_t{64}}) {
        const reading r(text, piece);
        EXPECT_EQ(r.end, status::good);
        EXPECT_EQ(r.reader.good_bytes(), text.size());
        EXPECT_EQ(r.reader.header().message, "0123456789abcdef");
        EXPECT_EQ(r.reader.header().total, 9U);
        ASSERT_EQ(r.records.size(), sample().size());
        for (std::size_t i = 0; i < r.records.size(); ++i) {
            EXPECT_TRUE(same(r.records[i], sample()[i])) << i;
        }
    }
    journal_header open = header_of_sample();
    open.total.reset();
    EXPECT_EQ(reading(to_line(open)).reader.header().total, std::nullopt);
}

TEST(broadcast_journal, cut_off_after_every_byte) {
    const std::string text = sample_text();
    for (std::size_t size = 0; size <= text.size(); ++size) {
        const std::string_view cut = std::string_view(text).substr(0, size);
        const reading r(cut);
        const auto whole_lines = static_cast<std::size_t>(std::count(cut.begin(), cut.end(), '\n'));
        if (whole_lines == 0) {
            EXPECT_EQ(r.end, status::empty) << size;
            EXPECT_EQ(r.reader.good_bytes(), 0U);
            continue;
        }
        EXPECT_EQ(r.end, status::good) << size;
        EXPECT_EQ(r.reader.good_bytes(), cut.rfind('\n') + 1);
        ASSERT_EQ(r.records.size(), whole_lines - 1);
        for (std::size_t i = 0; i < r.records.size(); ++i) {
            EXPECT_TRUE(same(r.records[i], sample()[i]));
        }
    }
}

TEST(broadcast_journal, every_changed_byte_is_noticed) {
    const std::string text = sample_text();
    const std::size_t header_size = to_line(header_of_sample()).size();
    for (std::size_t at = 0; at < text.size(); ++at) {
        for (const char flip : {'\x01', '\x10'}) {
            std::string changed = text;
            changed[at] = static_cast<char>(changed[at] ^ flip);
            const reading r(changed);
            if (at < header_size) {
                EXPECT_NE(r.end, status::good) << at;
            } else if (r.end == status::good) { // in the last line, which might be unfinished, or what ends the
                                                // one before
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

TEST(broadcast_journal, garbage_at_the_end_is_left_out) {
    const std::string text = sample_text();
    for (const std::string& tail : {std::string(4096, '\0'), std::string(100, '\n'),
                                    std::string("S 9 2:g x 00000000\n"), std::string("\0\n\0\n", 4)}) {
        const reading r(text + tail);
        EXPECT_EQ(r.end, status::good);
        EXPECT_EQ(r.reader.good_bytes(), text.size());
        EXPECT_EQ(r.records.size(), sample().size());
    }
}

TEST(broadcast_journal, other_files_are_not_taken_for_one) {
    EXPECT_EQ(reading("").end, status::empty);
    EXPECT_EQ(reading("yunhu-broadc").end, status::empty);
    EXPECT_EQ(reading("yunhu-broadcast 1 0123").end, status::empty);
    EXPECT_EQ(reading("group:a").end, status::not_a_journal);
    EXPECT_EQ(reading("group:a\ngroup:b\n").end, status::not_a_journal);
    EXPECT_EQ(reading("\n").end, status::not_a_journal);
    EXPECT_EQ(reading("yunhu-broadcast 1 0123 5 00000000\n").end, status::not_a_journal);
    EXPECT_EQ(reading(std::string(1'000'000, 'x')).end, status::not_a_journal);
    EXPECT_EQ(reading("yunhu-broadcast 2 whatever comes 1fd2cf1b\n").end, status::other_version);
}

TEST(broadcast_journal, the_last_word_counts) {
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
    EXPECT_TRUE(state.matches(2, group("whoever")));
    state.apply(record(kind::started, 1));
    EXPECT_EQ(state.of(1), last::started);
    EXPECT_EQ(state.size(), 4U);
}

TEST(broadcast_journal, many_targets) {
    constexpr std::uint64_t many = 20'000;
    std::string text = to_line(header_of_sample());
    for (std::uint64_t i = 0; i < many; ++i) {
        append_line(record(kind::started, i), text);
        if (i >= 32) {
            append_line(record(kind::sent, i - 32), text);
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
