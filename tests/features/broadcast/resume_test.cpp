// Copyright (c) 2026 The yunhu authors
// SPDX-License-Identifier: BSL-1.0

#include "features/broadcast/support.hpp"

#include "features/broadcast/journal_file.hpp"
#include "features/broadcast/journal_text.hpp"

#include "support/strict_emulator.hpp"

#include <boost/algorithm/string/replace.hpp>
#include <boost/asio/bind_cancellation_slot.hpp>
#include <boost/asio/cancellation_signal.hpp>

#include <gtest/gtest.h>

#include <algorithm>
#include <cerrno>
#include <csignal>
#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <optional>
#include <sstream>
#include <string>
#include <utility>
#include <vector>

#include <sys/resource.h>

// A broadcast that is resumed from its journal.
namespace yunhu::test {
namespace {

using action = testing::fault::action;

class resumed : public ::testing::Test {
protected:
    yunhu::test::strict_emulator server;
    asio::io_context context;
    client bot{context, config_for(server)};
    temporary_directory folder;

    [[nodiscard]] broadcast_options options() const {
        broadcast_options o;
        o.journal = folder / "journal";
        o.concurrency = 4;
        return o;
    }
    ended_broadcast go(std::vector<chat> to, const broadcast_options& with) {
        return run_broadcast(context, bot, text("hello everybody"), std::move(to), with);
    }
    std::string validation_error(const draft& what, broadcast_targets to) {
        const std::uint64_t before = server.requests();
        const std::string file = read_file(folder / "journal");
        const auto end = run_broadcast(context, bot, what, std::move(to), options());
        EXPECT_FALSE(end.summary.has_value());
        EXPECT_EQ(server.requests(), before);
        EXPECT_EQ(read_file(folder / "journal"), file) << "the file is unchanged";
        return end.refused ? end.refused->detail : "";
    }
    void each_once(std::size_t count) const {
        for (const chat& c : chats(count)) {
            EXPECT_EQ(server.messages(c).size(), 1U) << c.id;
        }
        EXPECT_EQ(server.duplicates(), 0U);
    }
};

TEST_F(resumed, a_finished_broadcast_sends_nothing) {
    EXPECT_EQ(go(chats(20), options()).summary->sent, 20U);
    const std::uint64_t before = server.requests();
    const auto again = go(chats(20), options());
    EXPECT_EQ(again.summary->end, broadcast_end::finished);
    EXPECT_EQ(again.summary->sent, 20U);
    EXPECT_EQ(again.summary->earlier, 20U);
    EXPECT_EQ(again.summary->requests, 0U);
    EXPECT_TRUE(again.outcomes.empty());
    EXPECT_EQ(server.requests(), before);
    each_once(20);
}

TEST_F(resumed, stopped_and_resumed) {
    broadcast_options o = options();
    std::size_t outcomes = 0;
    for (int round = 0; round < 5; ++round) {
        o.monitor.emplace();
        o.on_outcome = [&](const broadcast_outcome&) {
            if (++outcomes % 15 == 0) {
                o.monitor->stop();
            }
        };
        EXPECT_EQ(go(chats(100), o).summary->end, broadcast_end::stopped);
    }
    o.monitor.reset();
    o.on_outcome = nullptr;
    const auto last = go(chats(100), o);
    EXPECT_EQ(last.summary->end, broadcast_end::finished);
    EXPECT_EQ(last.summary->sent, 100U);
    EXPECT_EQ(last.summary->lookups, 0U);
    each_once(100);
}

TEST_F(resumed, cancelled_with_targets_in_flight) {
    server.inject(of_sends(action::stall, 7)); // after the message was stored
    broadcast_options o = options();
    asio::cancellation_signal signal;
    std::optional<result<broadcast_summary>> end;
    o.on_outcome = [&](const broadcast_outcome& out) {
        if (out.index == 30) {
            signal.emit(asio::cancellation_type::terminal);
        }
    };
    broadcast(bot, text("hello everybody"), chats(60), o,
              as_result(asio::bind_cancellation_slot(signal.slot(),
                                                     [&](result<broadcast_summary> r) { end = std::move(r); })));
    ASSERT_TRUE(drive(context, [&] { return end.has_value(); }));
    EXPECT_EQ((*end)->end, broadcast_end::cancelled);
    EXPECT_LT((*end)->done(), 60U);
    const auto last = go(chats(60), options());
    EXPECT_EQ(last.summary->sent + last.summary->unknown, 60U);
    EXPECT_GE(last.summary->lookups, 1U) << "at least the stalled one";
    for (const broadcast_outcome& out : last.outcomes) {
        EXPECT_EQ(server.messages(out.target).size(), out.state == broadcast_state::sent ? 1U : 0U);
    }
    EXPECT_EQ(server.duplicates(), 0U);
}

TEST_F(resumed, another_message_or_other_targets_are_refused) {
    EXPECT_EQ(go(chats(5), options()).summary->sent, 5U);
    EXPECT_EQ(validation_error(text("another"), chats(5)), "journal: it belongs to another message");
    EXPECT_EQ(validation_error(markdown("hello everybody"), chats(5)), "journal: it belongs to another message");
    EXPECT_EQ(validation_error(text("hello everybody"), chats(6)), "journal: it is of 5 targets, not of 6");
    auto others = chats(5);
    std::swap(others[1], others[3]);
    EXPECT_EQ(validation_error(text("hello everybody"), others), "journal: targets[1] differs from the journal's");
}

TEST_F(resumed, a_generator_with_other_targets_ends_the_broadcast) {
    EXPECT_EQ(go(chats(5), options()).summary->sent, 5U);
    int given = 0;
    const broadcast_targets others([&given]() { return std::optional(group("x" + std::to_string(given++))); });
    const auto end = run_broadcast(context, bot, text("hello everybody"), others, options());
    EXPECT_EQ(end.summary->end, broadcast_end::failed);
    EXPECT_EQ(end.summary->why->detail, "journal: targets[0] differs from the journal's");
    EXPECT_EQ(server.requests(), 5U);
}

TEST_F(resumed, other_files_are_refused_and_not_changed) {
    write_file(folder / "journal", "group:a\ngroup:b\n");
    EXPECT_EQ(validation_error(text("hello"), chats(2)), "journal: the file is not one of a broadcast");
    write_file(folder / "journal", "g"); // an incomplete line
    EXPECT_EQ(validation_error(text("hello"), chats(2)), "journal: the file is not one of a broadcast");
    broadcast_options o = options();
    for (const char* const path : {"/dev/null", "/dev/full", "/proc/self", "/no/such/folder/journal"}) {
        o.journal = path;
        const auto end = go(chats(2), o);
        ASSERT_TRUE(end.refused.has_value()) << path;
        EXPECT_EQ(end.refused->detail.rfind("journal: ", 0), 0U) << end.refused->detail;
    }
    EXPECT_EQ(server.requests(), 0U);
}

TEST_F(resumed, a_damaged_journal_is_refused) {
    EXPECT_EQ(go(chats(5), options()).summary->sent, 5U);
    std::string file = read_file(folder / "journal");
    file[file.find("\n{") + 4] ^= 1;
    write_file(folder / "journal", file);
    EXPECT_EQ(validation_error(text("hello everybody"), chats(5)), "journal: damaged at line 2");
}

// An editor on Windows writes CRLF. If such a journal were refused as another file, a user would start a new one.
TEST_F(resumed, a_journal_with_crlf_line_ends_is_accepted) {
    EXPECT_EQ(go(chats(5), options()).summary->sent, 5U);
    std::string file = read_file(folder / "journal");
    boost::algorithm::replace_all(file, "\n", "\r\n");
    write_file(folder / "journal", file);
    for (int run = 0; run < 2; ++run) {
        const auto again = go(chats(5), options());
        ASSERT_TRUE(again.summary.has_value()) << again.refused->detail;
        EXPECT_EQ(again.summary->earlier, 5U);
        EXPECT_EQ(again.summary->requests, 0U);
    }
    each_once(5);
}

// A dropped record would be worse: its target would be sent to a second time.
TEST_F(resumed, a_journal_that_lost_its_last_line_feed_is_continued) {
    EXPECT_EQ(go(chats(3), options()).summary->sent, 3U);
    const std::string whole = read_file(folder / "journal");
    for (const std::string& mark : {std::string(), std::string("\xEF\xBB\xBF")}) {
        std::string lines; // as of a broadcast that was stopped after its first target
        std::size_t at = 0;
        for (int line = 0; line < 3; ++line) {
            const std::size_t end = whole.find('\n', at);
            lines += whole.substr(at, end + 1 - at);
            at = end + 1;
        }
        lines.pop_back();
        write_file(folder / "journal", mark + lines);
        for (int run = 0; run < 2; ++run) {
            const auto again = go(chats(3), options());
            ASSERT_TRUE(again.summary.has_value()) << again.refused->detail;
            EXPECT_EQ(again.summary->end, broadcast_end::finished);
        }
        EXPECT_TRUE(read_file(folder / "journal").starts_with(mark + lines + "\n{"));
    }
}

TEST_F(resumed, a_lock_that_is_not_possible_is_not_one_in_use) {
    const auto failed = [](int why) { return detail::lock_failure({why, boost::system::system_category()}); };
    EXPECT_EQ(failed(EWOULDBLOCK).code, errc::invalid_request);
    EXPECT_EQ(failed(EWOULDBLOCK).detail, "journal: in use by another broadcast");
    for (const int why : {ENOLCK, ENOTSUP}) {
        EXPECT_EQ(failed(why).code, error_code(why, boost::system::system_category()));
        EXPECT_EQ(failed(why).detail, "journal: can't be locked");
    }
}

TEST_F(resumed, a_journal_of_0_1_is_continued) {
    const std::string old = R"(yunhu-broadcast 1 24f164d43421f5058382363d783adf5a 3 864c3e0c
S 0 2:g0 b4fd2b174edc199850b0c11bb0814001 4671cbac
S 1 2:g1 b4fd2b174edc199850b0c11bb0814002 b573c089
+ 0 7804641d
)";
    write_file(folder / "journal", old);
    const auto end = go(chats(3), options());
    ASSERT_TRUE(end.summary.has_value()) << end.refused->detail;
    EXPECT_EQ(end.summary->sent, 2U);
    EXPECT_EQ(end.summary->unknown, 1U) << "it was started; the server does not have it";
    EXPECT_EQ(end.summary->requests, 1U);
    EXPECT_EQ(end.summary->lookups, 1U);
    EXPECT_TRUE(read_file(folder / "journal").starts_with(old + "yunhu-broadcast 2 ")) << "it is only appended to";
    const auto again = go(chats(3), options());
    EXPECT_EQ(again.summary->sent, 2U);
    EXPECT_EQ(again.summary->requests, 0U);
}

// A record that the reader rejects is cut off as an unfinished write, and its target is sent to again.
TEST_F(resumed, the_longest_chat_id_is_sent_once) {
    const std::vector<chat> longest{group(std::string(detail::max_chat_id_bytes, '"'))};
    EXPECT_EQ(go(longest, options()).summary->sent, 1U);
    EXPECT_EQ(go(longest, options()).summary->requests, 0U);
    EXPECT_EQ(server.messages(longest[0]).size(), 1U);
}

TEST_F(resumed, a_longer_chat_id_is_refused_before_it_is_sent) {
    const chat longer = group(std::string(detail::max_chat_id_bytes + 1, 'g'));
    const std::string expected = "targets[0]: chat_id must be at most 8192 bytes";
    EXPECT_EQ(validation_error(text("hello everybody"), std::vector<chat>{longer}), expected);
    bool given = false;
    const broadcast_targets generated(
        [&] { return std::exchange(given, true) ? std::nullopt : std::optional(longer); });
    const auto end = run_broadcast(context, bot, text("hello everybody"), generated, options());
    ASSERT_EQ(end.outcomes.size(), 1U);
    EXPECT_EQ(end.outcomes[0].state, broadcast_state::failed);
    EXPECT_EQ(end.outcomes[0].problem->detail, expected);
    EXPECT_EQ(server.requests(), 0U);
}

TEST_F(resumed, a_journal_in_use_is_refused) {
    server.inject(of_sends(action::stall));
    asio::cancellation_signal signal;
    bool ended = false;
    broadcast(bot, text("hello everybody"), chats(5), options(),
              as_result(asio::bind_cancellation_slot(signal.slot(),
                                                     [&](const result<broadcast_summary>&) { ended = true; })));
    ASSERT_TRUE(drive(context, [&] { return server.requests() > 3; }));
    EXPECT_EQ(validation_error(text("hello everybody"), chats(5)), "journal: in use by another broadcast");
    signal.emit(asio::cancellation_type::terminal);
    ASSERT_TRUE(drive(context, [&] { return ended; }));
    server.clear_faults();
    EXPECT_EQ(go(chats(5), options()).summary->done(), 5U) << "the lock is released";
}

// As after SIGKILL: the journal has only started records, or half a line at its end.
TEST_F(resumed, targets_without_an_outcome_are_looked_up_and_not_sent_again) {
    EXPECT_EQ(go(chats(30), options()).summary->sent, 30U);
    std::istringstream lines(read_file(folder / "journal"));
    std::string starts;
    for (std::string line; std::getline(lines, line);) {
        if (line.find("\"sent\"") == std::string::npos) {
            starts += line + '\n';
        }
    }
    for (const std::string& tail : {std::string(), std::string("{\"state\":\"sent\",\"ind"), std::string(512, '\0')}) {
        write_file(folder / "journal", starts + tail);
        const auto end = go(chats(30), options());
        EXPECT_EQ(end.summary->sent, 30U);
        EXPECT_EQ(end.summary->lookups, 30U);
        EXPECT_EQ(end.summary->requests, 0U);
    }
    each_once(30);
}

TEST_F(resumed, failed_targets_are_reported_again_and_sent_again_with_retry_failed) {
    testing::fault no = of_sends(action::response, 2);
    no.status = 400;
    server.inject(no);
    EXPECT_EQ(go(chats(5), options()).summary->failed, 1U);
    const auto again = go(chats(5), options());
    ASSERT_EQ(again.outcomes.size(), 1U);
    EXPECT_TRUE(again.outcomes[0].earlier);
    EXPECT_EQ(again.outcomes[0].reason, "bad_request");
    EXPECT_EQ(again.summary->requests, 0U);
    broadcast_options retry = options();
    retry.retry_failed = true;
    EXPECT_EQ(go(chats(5), retry).summary->sent, 5U);
    EXPECT_EQ(go(chats(5), retry).summary->requests, 0U);
    each_once(5);
}

TEST_F(resumed, an_unknown_message_that_has_arrived_since_is_found) {
    server.inject(of_sends(action::close_before, 1));
    const auto first = go(chats(1), options());
    EXPECT_EQ(first.summary->unknown, 1U);
    message late;
    late.msg_id = first.outcomes.at(0).msg_id;
    late.content->text = "hello everybody";
    server.deliver(chats(1)[0], late);
    const auto again = go(chats(1), options());
    EXPECT_EQ(again.summary->sent, 1U);
    EXPECT_EQ(again.summary->requests, 0U);
}

// The second send certainly failed, but the first may still arrive: its id must be kept.
TEST_F(resumed, a_failed_second_send_leaves_the_target_unknown) {
    server.inject(of_sends(action::close_before, 1));
    testing::fault no = of_sends(action::response, 2);
    no.status = 400;
    server.inject(no);
    broadcast_options o = options();
    o.resend_missing = true;
    o.retry_failed = true;
    const auto first = go(chats(1), o);
    EXPECT_EQ(first.summary->unknown, 1U);
    EXPECT_EQ(first.summary->requests, 2U);
    const auto again = go(chats(1), o);
    EXPECT_EQ(again.summary->sent, 1U);
    EXPECT_EQ(again.outcomes.at(0).msg_id, first.outcomes.at(0).msg_id) << "with the same id";
    each_once(1);
}

TEST_F(resumed, the_journal_contains_neither_text_nor_token) {
    server.inject(of_sends(action::close_before, 3));
    EXPECT_EQ(go(chats(5), options()).summary->done(), 5U);
    const std::string file = read_file(folder / "journal");
    EXPECT_NE(file.find("\"g3\""), std::string::npos);
    EXPECT_EQ(file.find("hello"), std::string::npos);
    EXPECT_EQ(file.find(server.options().token.reveal()), std::string::npos);
    using std::filesystem::perms;
    EXPECT_EQ(std::filesystem::status(folder / "journal").permissions() & (perms::group_all | perms::others_all),
              perms::none);
}

TEST_F(resumed, synced_to_the_disk) {
    broadcast_options o = options();
    o.sync = durability::power_loss;
    EXPECT_EQ(go(chats(20), o).summary->sent, 20U);
    EXPECT_EQ(go(chats(20), o).summary->requests, 0U);
    each_once(20);
}

// A full disk, by the process's limit of a file's size.
TEST_F(resumed, a_write_error_ends_the_broadcast_and_the_journal_stays_valid) {
    struct rlimit before {};
    ASSERT_EQ(getrlimit(RLIMIT_FSIZE, &before), 0);
    const auto old = std::signal(SIGXFSZ, SIG_IGN);
    struct rlimit small = before;
    small.rlim_cur = 2000;
    ASSERT_EQ(setrlimit(RLIMIT_FSIZE, &small), 0);
    const auto end = go(chats(200), options());
    ASSERT_EQ(setrlimit(RLIMIT_FSIZE, &before), 0);
    std::signal(SIGXFSZ, old);
    ASSERT_TRUE(end.summary.has_value());
    EXPECT_EQ(end.summary->end, broadcast_end::failed);
    EXPECT_EQ(end.summary->why->detail, "journal: can't be written");
    EXPECT_EQ(end.summary->why->code, boost::system::errc::file_too_large) << "it is no mistake in the request";
    EXPECT_TRUE(end.summary->why->cause);
    EXPECT_EQ(end.summary->in_flight, 0U);
    EXPECT_LT(end.summary->requests, 200U);
    const auto last = go(chats(200), options());
    EXPECT_EQ(last.summary->end, broadcast_end::finished);
    EXPECT_EQ(last.summary->sent, 200U);
    each_once(200);
}

} // namespace
} // namespace yunhu::test
