// Copyright (c) 2026 The yunhu authors
// SPDX-License-Identifier: BSL-1.0

#include "program_test.hpp"

#include <yunhu/requests.hpp>

#include <signal.h>

#include <algorithm>
#include <chrono>
#include <fstream>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace {

class OutboxProgram : public ProgramTest {
protected:
    [[nodiscard]] std::string store() const { return "sqlite:" + (directory() / "outbox.db").string(); }

    [[nodiscard]] finished outbox(const std::string& action, std::vector<std::string> more = {},
                                  std::string_view input = {}) const {
        more.insert(more.begin(), {"outbox", action, "--store", store()});
        return yunhu_program(std::move(more), input);
    }

    [[nodiscard]] json::object status() const { return reply({"outbox", "status", "--store", store()}); }
};

std::string lines(int from, int to) {
    std::string all;
    for (int i = from; i < to; ++i) {
        const std::string n = std::to_string(i);
        all += R"({"key":"k)" + n + R"(","chat":"group:g)" + n + R"(","text":"number )" + n + "\"}\n";
    }
    return all;
}

TEST_F(OutboxProgram, stores_sends_and_counts) {
    EXPECT_EQ(outbox("init").exit_code, 0);
    const finished stored = outbox("enqueue", {}, lines(0, 20));
    EXPECT_EQ(stored.exit_code, 0) << stored.err;
    EXPECT_EQ(stored.out, "20 stored, 0 known, 0 conflicts, 0 invalid\n");
    EXPECT_EQ(outbox("enqueue", {"--json"}, lines(10, 25)).out,
              "{\"created\":5,\"known\":10,\"conflicts\":0,\"invalid\":0}\n");
    EXPECT_EQ(status().at("queued"), 25);
    const finished worked = outbox("worker", {"--until-empty"});
    EXPECT_EQ(worked.exit_code, 0) << worked.err;
    EXPECT_EQ(worked.out, "25 sent, 0 failed, 0 unknown, 0 released\n");
    const json::object end = status();
    EXPECT_EQ(end.at("sent"), 25);
    EXPECT_EQ(end.at("queued"), 0);
    EXPECT_EQ(server().duplicates(), 0U);
    EXPECT_EQ(server().messages(yunhu::group("g24")).size(), 1U);
    const finished listed = outbox("list", {"--state", "sent"});
    EXPECT_EQ(std::count(listed.out.begin(), listed.out.end(), '\n'), 25);
    EXPECT_EQ(listed.out.find("number"), std::string::npos) << "no text of a message";
}

TEST_F(OutboxProgram, a_broadcast_into_it_can_be_repeated) {
    const std::string targets = (directory() / "targets.txt").string();
    const auto broadcast = [&](const std::string& name, const std::string& text) {
        return yunhu_program({"broadcast", targets, "--outbox", store(), "--key", name, "--text", text});
    };
    const auto write_targets = [&](int count) {
        std::ofstream out(targets);
        for (int i = 0; i < count; ++i) {
            out << "group:g" << i << '\n';
        }
    };
    EXPECT_EQ(outbox("init").exit_code, 0);
    write_targets(600);
    const finished first = broadcast("news 7", "hello");
    EXPECT_EQ(first.exit_code, 0) << first.err;
    EXPECT_EQ(first.out, "600 stored, 0 known, 0 conflicts\n");
    write_targets(601);
    EXPECT_EQ(broadcast("news 7", "hello").out, "1 stored, 600 known, 0 conflicts\n");
    const finished other = broadcast("news 7", "hello again");
    EXPECT_EQ(other.exit_code, 2) << "the name is another message's";
    EXPECT_EQ(other.out, "0 stored, 0 known, 601 conflicts\n");
    EXPECT_EQ(outbox("worker", {"--until-empty"}).exit_code, 0);
    EXPECT_EQ(status().at("sent"), 601);
    EXPECT_EQ(broadcast("news 7", "hello").out, "0 stored, 601 known, 0 conflicts\n") << "also after they were sent";
    EXPECT_EQ(broadcast("news 8", "hello").out, "601 stored, 0 known, 0 conflicts\n") << "another broadcast";
    EXPECT_EQ(server().messages(yunhu::group("g600")).size(), 1U);
}

TEST_F(OutboxProgram, a_broadcast_into_it_needs_a_name) {
    const std::string targets = (directory() / "targets.txt").string();
    std::ofstream(targets) << "group:g\n";
    const auto refused = [&](std::vector<std::string> more) {
        std::vector<std::string> all{"broadcast", targets, "--text", "hello"};
        all.insert(all.end(), more.begin(), more.end());
        const finished end = yunhu_program(std::move(all));
        EXPECT_EQ(end.exit_code, 2);
        const std::size_t rule = end.err.find("): ");
        return rule == std::string::npos ? end.err : end.err.substr(rule + 3, end.err.find(';') - rule - 3);
    };
    EXPECT_EQ(refused({"--outbox", store()}), "key: must be given with --outbox: the name of this broadcast");
    EXPECT_EQ(refused({"--outbox", store(), "--journal", targets, "--key", "a"}),
              "journal: must not be given with --outbox");
    EXPECT_EQ(refused({"--journal", targets, "--key", "a"}), "key: is an option of --outbox");
    EXPECT_EQ(refused({"--journal", targets, "--account", "a"}), "account: is an option of --outbox");
    EXPECT_EQ(refused({}), "journal: must be given, unless --outbox is");
}

TEST_F(OutboxProgram, names_lines_that_are_not_stored) {
    EXPECT_EQ(outbox("init").exit_code, 0);
    const finished end = outbox("enqueue", {},
                                "{\"key\":\"a\",\"chat\":\"group:g\",\"text\":\"x\"}\n"
                                "not json\n"
                                "{\"chat\":\"group:g\",\"text\":\"x\"}\n"
                                "{\"key\":\"a\",\"chat\":\"group:g\",\"text\":\"another\"}\n");
    EXPECT_EQ(end.exit_code, 2);
    EXPECT_EQ(end.out, "1 stored, 0 known, 1 conflicts, 2 invalid\n");
    EXPECT_EQ(end.err, "yunhu: line 2: line: must be JSON\nyunhu: line 3: key: must not be empty\n");
}

TEST_F(OutboxProgram, an_unknown_message_is_listed_and_sent_again_by_a_person) {
    yunhu::testing::fault lost(yunhu::endpoints::send_message);
    lost.what = yunhu::testing::fault::action::close_before;
    lost.times = 1;
    server().inject(lost);
    EXPECT_EQ(outbox("init").exit_code, 0);
    EXPECT_EQ(outbox("enqueue", {}, lines(0, 1)).exit_code, 0);
    EXPECT_EQ(outbox("worker", {"--until-empty", "--lease", "1000"}).exit_code, 0);
    const finished listed = outbox("list", {"--state", "unknown"});
    EXPECT_EQ(listed.out.rfind("unknown  k0  group:g0  ", 0), 0U) << listed.out;
    const finished early = outbox("resend", {"k0"});
    EXPECT_EQ(early.exit_code, 2);
    EXPECT_EQ(early.out, "k0  quarantined\n");
    EXPECT_EQ(status().at("unknown"), 1);
    EXPECT_EQ(outbox("resend", {}).exit_code, 2) << "without a key";
}

TEST_F(OutboxProgram, a_worker_ends_with_sigterm) {
    EXPECT_EQ(outbox("init", {"--rate", "1000", "--burst", "10"}).exit_code, 0);
    EXPECT_EQ(outbox("enqueue", {}, lines(0, 5)).exit_code, 0);
    process worker({PROGRAM_YUNHU, "outbox", "worker", "--store", store()}, environment());
    ASSERT_TRUE(server().wait_until([&] { return server().requests() >= 5; }, std::chrono::seconds(60)));
    worker.send_signal(SIGTERM);
    const finished end = worker.wait();
    EXPECT_EQ(end.exit_code, 0) << end.err;
    EXPECT_EQ(end.out, "5 sent, 0 failed, 0 unknown, 0 released\n");
}

TEST_F(OutboxProgram, refuses_what_it_can_not_do) {
    const finished unprepared = outbox("status");
    EXPECT_EQ(unprepared.exit_code, 2);
    EXPECT_NE(unprepared.err.find("the store is not prepared"), std::string::npos) << unprepared.err;
    EXPECT_EQ(yunhu_program({"outbox", "status", "--store", "redis:x"}).exit_code, 2);
    EXPECT_EQ(outbox("dance").exit_code, 2);
    EXPECT_EQ(outbox("init").exit_code, 0);
    const finished repaired = outbox("repair");
    EXPECT_EQ(repaired.exit_code, 0);
    EXPECT_EQ(repaired.out, "0 messages are now unknown, and will be looked up\n");
}

} // namespace
