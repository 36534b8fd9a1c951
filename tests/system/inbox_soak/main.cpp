// Copyright (c) 2026 The yunhu authors
// SPDX-License-Identifier: BSL-1.0

#include "listener.hpp"
#include "record.hpp"
#include "talk.hpp"

#include <CLI/CLI.hpp>

#include <chrono>
#include <exception>
#include <fstream>
#include <iostream>

namespace yunhu::inbox_soak {
namespace {

struct options {
    std::size_t events = 100'000;
    std::size_t chats = 200;
    std::size_t restarts = 20; ///< of the inbox
    double faults = 0.01;
    std::uint64_t seed = 1;
};

/// Pages of this process that are in memory, in MiB.
std::size_t resident_mib() {
    std::ifstream file("/proc/self/statm");
    std::size_t all = 0;
    std::size_t resident = 0;
    file >> all >> resident;
    constexpr std::size_t pages_per_mib = 256;
    return resident / pages_per_mib;
}

int run(const options& with) {
    testing::emulator_options people;
    people.user_id = "1";
    people.accounts = {testing::account("2", "ben"), testing::account("3", "cem")};
    people.journal_limit = 1'000;
    people.seed = with.seed;
    record heard;
    people.on_frame = [&heard](const testing::gateway_frame& f) {
        using action = testing::gateway_fault::action;
        if (f.applied_fault == action::drop || f.applied_fault == action::truncate) {
            heard.destroyed(f.bytes);
        }
    };
    testing::emulator server(people);
    server.add_bot([] {
        testing::bot_profile bot;
        bot.id = "99";
        bot.name = "Bo";
        return bot;
    }());
    listener ear(server, heard);
    // The inbox begins with what happens after its first login.
    if (!ear.run_until([&] { return ear.stats().logins == 1 && ear.stats().saves > 0; })) {
        std::cerr << "no login\n";
        return 1;
    }
    inject_faults(server, with.faults);
    talk people_talk(server, heard, with.chats, with.seed);
    constexpr std::size_t burst = 20;
    const std::size_t between_restarts = with.events / (with.restarts + 1) + 1;
    for (std::size_t i = 1; i <= with.events; ++i) {
        people_talk.act();
        if (i % burst == 0) {
            ear.poll();
        }
        // People do not talk faster than a bot can hear, or everything would be caught up and nothing pushed.
        if (heard.outstanding() > 10 * burst && heard.gaps() == 0 &&
            !ear.run_until([&] { return heard.outstanding() < burst; })) {
            break;
        }
        if (i % between_restarts == 0) {
            ear.restart();
        } else if (i % (between_restarts / 2 + 1) == 0) {
            server.drop_connections(); // as a restart of the server does
        }
    }
    server.clear_faults();
    server.drop_connections(); // those that became silent
    (void)ear.run_until([&] { return heard.outstanding() == 0 || heard.gaps() != 0; });
    // Then edits and recalls. Between two looks at all messages, which take long, the inbox needs its time.
    constexpr int looks = 30;
    bool complete = heard.missing() == 0;
    for (int i = 0; !complete && i < looks; ++i) {
        ear.run_for(std::chrono::seconds(1));
        complete = heard.missing() == 0;
    }
    const inbox_stats numbers = ear.stats();
    std::cout << "actions " << with.events << "  events " << heard.events() << "  missing " << heard.missing()
              << "  violations " << heard.violations().size() << "  heard again after a restart " << heard.again()
              << "\nlogins " << numbers.logins << "  losses " << numbers.losses << "  frames " << numbers.frames
              << "  unreadable " << numbers.ignored << "  duplicates " << numbers.duplicates << "  gaps of messages "
              << heard.gaps() << "  requests " << numbers.catch_up_requests << "  resident " << resident_mib()
              << " MiB (with the emulator)\n";
    for (const auto& [reason, count] : heard.gap_reasons()) {
        std::cout << "gaps (" << reason << ") " << count << '\n';
    }
    for (const std::string& text : heard.violations()) {
        std::cerr << text << '\n';
    }
    for (const std::string& text : heard.name_missing(20)) {
        std::cerr << "missing: " << text << '\n';
    }
    return complete && heard.violations().empty() ? 0 : 1;
}

} // namespace
} // namespace yunhu::inbox_soak

int main(int argc, char** argv) {
    yunhu::inbox_soak::options with;
    CLI::App app("Many events under random faults: none lost without a gap, none twice, none out of order");
    app.add_option("--events", with.events)->capture_default_str();
    app.add_option("--chats", with.chats)->capture_default_str();
    app.add_option("--restarts", with.restarts, "of the inbox, which goes on from its cursors")->capture_default_str();
    app.add_option("--faults", with.faults, "probability of each fault")->capture_default_str();
    app.add_option("--seed", with.seed)->capture_default_str();
    CLI11_PARSE(app, argc, argv);
    try {
        return yunhu::inbox_soak::run(with);
    } catch (const std::exception& e) {
        std::cerr << e.what() << '\n';
        return 1;
    }
}
