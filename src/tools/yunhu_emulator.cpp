// Copyright (c) 2026 The yunhu authors
// SPDX-License-Identifier: BSL-1.0

// An emulated Yunhu: serves all endpoints over HTTPS and the gateway on this machine until it is interrupted.
//
//   yunhu-emulator --port 8443 --ca-out ca.pem --account ada:1:token-of-ada --account ben:2:token-of-ben
//   big ada: hello

#include "emulator/console.hpp"
#include "emulator/fault_spec.hpp"
#include "emulator/lines.hpp"

#include "standard_streams.hpp"
#include "token_argument.hpp"
#include "untrusted.hpp"

#include <yunhu/testing/emulator.hpp>

#include <CLI/CLI.hpp>

#include <algorithm>
#include <array>
#include <cerrno>
#include <csignal>
#include <cstdint>
#include <cstdlib>
#include <exception>
#include <fstream>
#include <iostream>
#include <mutex>
#include <span>
#include <stdexcept>
#include <string>
#include <string_view>
#include <system_error>
#include <utility>
#include <vector>

#include <fcntl.h>
#include <poll.h>
#include <sys/signalfd.h>
#include <unistd.h>

namespace {

using namespace emulator_cli;
using yunhu::testing::emulator;
using yunhu::testing::exchange;
using yunhu::testing::gateway_frame;

/// Appends lines to a file as they happen.
class live_journal {
public:
    explicit live_journal(const std::string& file)
        : file_(file.empty() ? -1 : ::open(file.c_str(), O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC, 0600)) {
        if (!file.empty() && file_ < 0) {
            throw std::system_error(errno, std::generic_category(), "cannot write " + file);
        }
    }
    live_journal(const live_journal&) = delete;
    live_journal& operator=(const live_journal&) = delete;
    ~live_journal() { file_ < 0 ? 0 : ::close(file_); }

    template <class Entry> void add(const Entry& entry) {
        if (file_ < 0 || failed_ != 0) {
            return;
        }
        const std::string line = journal_line(entry) + '\n';
        for (std::string_view rest = line; !rest.empty();) {
            const ssize_t done = ::write(file_, rest.data(), rest.size());
            if (done < 0 && errno != EINTR) {
                failed_ = errno;
                std::cerr << "yunhu-emulator: the journal ends here: " << std::generic_category().message(failed_)
                          << std::endl;
                return;
            }
            rest.remove_prefix(static_cast<std::size_t>(std::max<ssize_t>(done, 0)));
        }
    }
    [[nodiscard]] bool failed() const { return failed_ != 0; }

private:
    int file_;
    int failed_ = 0;
};

/// The terminal, which the emulator's thread and this one write to.
class screen {
public:
    explicit screen(bool shows) : shows_(shows) {}

    /// False if the output is lost, which does not end the emulator once a client knows where it listens.
    bool print(std::string_view text) {
        const std::lock_guard lock(mutex_);
        std::cout << text << std::endl;
        std::cout.clear();
        return !tools::error_of(std::cout);
    }
    template <class Entry> void show(const Entry& entry) {
        if (shows_) {
            print(shown_line(entry));
        }
    }
    void warn(std::string_view text) {
        const std::lock_guard lock(mutex_);
        std::cerr << "yunhu-emulator: " << tools::on_one_line(text) << std::endl;
    }

private:
    bool shows_;
    std::mutex mutex_;
};

struct arguments {
    yunhu::testing::emulator_options options;
    std::vector<yunhu::testing::fault> faults;
    std::vector<yunhu::testing::gateway_fault> gateway_faults;
    std::vector<yunhu::testing::group_profile> groups;
    std::vector<yunhu::testing::bot_profile> bots;
    std::string journal_file;
    std::string script_file;
    bool shows = false;
};

void perform(console& lines, screen& out, std::string_view line) {
    try {
        if (const std::string shown = lines.perform(line); !shown.empty()) {
            out.print(shown);
        }
    } catch (const std::exception& refused) {
        out.warn(refused.what());
    }
}

// A program in the background must not read the terminal: it would be stopped.
bool may_read_input() {
    return ::isatty(STDIN_FILENO) != 1 || ::tcgetpgrp(STDIN_FILENO) == ::getpgrp();
}

// Performs the lines of the standard input until a signal arrives.
void serve_until_interrupted(int signals, console& lines, screen& out) {
    constexpr int background_pause = 500; // ms
    constexpr std::size_t read_size = 4096;
    std::string input;
    bool open = true;
    while (!lines.ended()) {
        const bool reads = open && may_read_input();
        std::array<pollfd, 2> wanted{{{signals, POLLIN, 0}, {reads ? STDIN_FILENO : -1, POLLIN, 0}}};
        const int ready = ::poll(wanted.data(), wanted.size(), open && !reads ? background_pause : -1);
        if (ready < 0 && errno != EINTR) {
            throw std::system_error(errno, std::generic_category(), "poll");
        }
        if (ready <= 0) {
            continue;
        }
        if (wanted[0].revents != 0) {
            return;
        }
        if (wanted[1].revents != 0) {
            std::array<char, read_size> bytes{};
            const ssize_t size = ::read(STDIN_FILENO, bytes.data(), bytes.size());
            open = size > 0 || (size < 0 && (errno == EINTR || errno == EAGAIN));
            input.append(bytes.data(), static_cast<std::size_t>(std::max<ssize_t>(size, 0)));
            if (!open && !input.empty()) {
                input += '\n'; // a last line without an end
            }
        }
        for (auto end = input.find('\n'); end != input.npos && !lines.ended(); end = input.find('\n')) {
            perform(lines, out, std::string_view(input).substr(0, end));
            input.erase(0, end + 1);
        }
    }
}

void perform_script(const std::string& file, console& lines, screen& out) {
    std::ifstream in(file);
    if (!in) {
        throw std::system_error(errno, std::generic_category(), "cannot read " + file);
    }
    for (std::string line; !lines.ended() && std::getline(in, line);) {
        perform(lines, out, line);
    }
}

// Returns the exit code.
[[nodiscard]] int serve(arguments given) {
    sigset_t signals{};
    sigemptyset(&signals);
    sigaddset(&signals, SIGINT);
    sigaddset(&signals, SIGTERM);
    pthread_sigmask(SIG_BLOCK, &signals, nullptr); // before the emulator's thread starts and inherits the mask
    std::signal(SIGPIPE, SIG_IGN);                 // a reader of the output that has gone
    const int signal_fd = ::signalfd(-1, &signals, SFD_CLOEXEC);
    if (signal_fd < 0) {
        throw std::system_error(errno, std::generic_category(), "signalfd");
    }

    live_journal journal(given.journal_file);
    screen out(given.shows);
    given.options.on_exchange = [&](const exchange& e) {
        journal.add(e);
        out.show(e);
    };
    given.options.on_frame = [&](const gateway_frame& frame) {
        journal.add(frame);
        out.show(frame);
    };
    emulator server(given.options);
    for (yunhu::testing::group_profile& each : given.groups) {
        server.add_group(std::move(each));
    }
    for (yunhu::testing::bot_profile& each : given.bots) {
        server.add_bot(std::move(each));
    }
    for (const auto& each : given.faults) {
        try {
            server.inject(each);
        } catch (const std::invalid_argument& refused) {
            throw CLI::ValidationError("--fault", refused.what());
        }
    }
    for (const auto& each : given.gateway_faults) {
        server.inject(each);
    }
    if (!out.print("listening on " + server.base_url())) {
        return tools::output_lost; // nothing could find it
    }
    out.print(given.options.ca_out.empty() ? "CA:\n" + server.ca_pem() : "CA file: " + given.options.ca_out.string());
    out.print("gateway " + server.gateway_url());
    console lines(server);
    if (!given.script_file.empty()) {
        perform_script(given.script_file, lines, out);
    }
    serve_until_interrupted(signal_fd, lines, out);
    ::close(signal_fd);
    return journal.failed() ? tools::output_lost : EXIT_SUCCESS;
}

std::vector<std::string> split(const std::string& text, char at, std::size_t most) {
    std::vector<std::string> parts{{}};
    for (const char c : text) {
        if (c == at && parts.size() < most) {
            parts.emplace_back();
        } else {
            parts.back() += c;
        }
    }
    return parts;
}

// The tokens of --account are not left in the program's arguments, which other users can read.
void mask_accounts(std::span<char*> arguments) {
    constexpr std::string_view option = "--account";
    for (std::size_t i = 1; i < arguments.size(); ++i) {
        const std::string_view text = arguments[i];
        const bool follows = std::string_view(arguments[i - 1]) == option;
        if (!follows && !(text.starts_with(option) && text.substr(option.size()).starts_with('='))) {
            continue;
        }
        if (const auto colon = text.find(':', text.find(':') + 1); colon != text.npos) {
            yunhu::detail::wipe(arguments[i] + colon + 1, text.size() - colon - 1);
        }
    }
}

yunhu::testing::account parse_account(const std::string& text) {
    std::vector<std::string> parts = split(text, ':', 3);
    if (parts.size() != 3 || parts[0].empty() || parts[1].empty() || parts[2].empty()) {
        throw CLI::ValidationError("--account", "expected NAME:USER_ID:TOKEN");
    }
    return {parts[1], parts[0], yunhu::secret(std::move(parts[2]))};
}

yunhu::testing::group_profile parse_group(const std::string& text) {
    const std::vector<std::string> parts = split(text, ':', 3);
    yunhu::testing::group_profile parsed;
    parsed.id = parts[0];
    parsed.name = parts.size() > 1 ? parts[1] : std::string();
    if (parts.size() > 2) {
        parsed.members = split(parts[2], ',', parts[2].size() + 1);
    }
    if (parsed.id.empty()) {
        throw CLI::ValidationError("--group", "expected ID:NAME:USER_ID,USER_ID");
    }
    return parsed;
}

yunhu::testing::bot_profile parse_bot(const std::string& text) {
    const std::vector<std::string> parts = split(text, ':', 2);
    yunhu::testing::bot_profile parsed;
    parsed.id = parts[0];
    parsed.name = parts.size() > 1 ? parts[1] : std::string();
    if (parsed.id.empty()) {
        throw CLI::ValidationError("--bot", "expected ID:NAME");
    }
    return parsed;
}

template <class Parse> auto parse_all(const std::vector<std::string>& texts, const char* option, Parse parse) {
    std::vector<decltype(parse(std::string()))> all;
    for (const std::string& each : texts) {
        try {
            all.push_back(parse(each));
        } catch (const std::invalid_argument& refused) {
            throw CLI::ValidationError(option, refused.what());
        }
    }
    return all;
}

// Fails now instead of at the end.
void check_output_file(const std::string& option, const std::string& file) {
    if (const std::error_code why = file.empty() ? std::error_code() : tools::check_writable(file.c_str())) {
        throw CLI::ValidationError(option, "can't be written: " + why.message());
    }
}

int run(int argc, char** argv) {
    arguments given;
    yunhu::testing::emulator_options& options = given.options;
    std::vector<std::string> faults;
    std::vector<std::string> gateway_faults;
    std::vector<std::string> accounts;
    std::vector<std::string> groups;
    std::vector<std::string> bots;
    std::string ca_out;
    std::string state_dir;
    std::int64_t idle_ms = options.idle_timeout.count();
    bool any_position = false;
    bool show = false;
    bool quiet = false;

    CLI::App app("An emulated Yunhu for tests of bots. Listens on 127.0.0.1 over HTTPS.", "yunhu-emulator");
    app.add_option("--port", options.port, "port; 0: any free port");
    app.add_option_function<std::string>(
           "--token", [](const std::string& /*masked*/) {}, "token of the account")
        ->envname("YUNHU_TOKEN");
    app.add_option("--user-id", options.user_id, "id of the account");
    app.add_option("--user-name", options.user_name, "name of the account");
    const auto repeatable = [&app](const char* name, std::vector<std::string>& values, const char* text) {
        app.add_option(name, values, text)->expected(1)->take_all();
    };
    repeatable("--account", accounts, "an account, as NAME:USER_ID:TOKEN; repeatable");
    repeatable("--group", groups,
               "a group, as ID:NAME:USER_ID,USER_ID; repeatable;\na group that is not declared has all accounts");
    repeatable("--bot", bots, "a bot, as ID:NAME; repeatable");
    repeatable("--host-name", options.host_names, "further name in the certificate; repeatable");
    app.add_option("--ca-out", ca_out, "file for the CA that clients must trust (PEM)");
    app.add_option("--state", state_dir, "folder that keeps the CA and the messages");
    app.add_flag("--strict", options.strict, "refuse deviations from a correct client");
    app.add_flag("--any-position", any_position, "list-message-by-mid-seq: target at any position");
    app.add_option("--seed", options.seed, "seed of faults by probability");
    app.add_option("--read-rate", options.read_rate, "bytes a second read from clients; 0: no limit");
    app.add_option("--idle-timeout-ms", idle_ms, "closes connections after this idle time")->check(CLI::PositiveNumber);
    app.add_option("--journal", given.journal_file, "file to which events are appended (JSON lines)");
    app.add_option("--script", given.script_file, "file with console lines; /help lists them");
    CLI::Option* shown = app.add_flag("--show", show, "print events, also without a terminal");
    app.add_flag("--quiet", quiet, "do not print events")->excludes(shown);
    repeatable("--fault", faults,
               "a fault, as endpoint=E,action=A,nth=N,times=N,\nprobability=P,delay_ms=N,execute=BOOL,status=N,\n"
               "header=NAME:VALUE,body=TEXT; repeatable");
    repeatable("--gateway-fault", gateway_faults,
               "a fault of the gateway, as on=CMD,action=A,\nuser=USER_ID,nth=N,times=N,probability=P,\n"
               "delay_ms=N,code=N,text=BOOL,body_hex=HEX,\nbody=TEXT; repeatable");
    app.footer("Exit codes: 0 ended by a signal, 1 failure, 2 usage,\n7 the output could not be written.");
    try {
        yunhu::secret taken = tools::take_token(argc, argv);
        const bool has_token = !taken.empty();
        if (has_token) {
            options.token = std::move(taken);
        }
        app.parse(argc, argv);
        check_output_file("--ca-out", ca_out);
        check_output_file("--journal", given.journal_file);
        mask_accounts({argv, static_cast<std::size_t>(argc)});
        options.ca_out = ca_out;
        options.state_dir = state_dir;
        options.idle_timeout = std::chrono::milliseconds(idle_ms);
        options.mid_seq = any_position ? yunhu::testing::mid_seq_order::any_position : options.mid_seq;
        given.shows = show || (!quiet && ::isatty(STDOUT_FILENO) == 1);
        given.faults = parse_all(faults, "--fault", &parse_fault);
        given.gateway_faults = parse_all(gateway_faults, "--gateway-fault", &parse_gateway_fault);
        given.groups = parse_all(groups, "--group", &parse_group);
        given.bots = parse_all(bots, "--bot", &parse_bot);
        options.accounts = parse_all(accounts, "--account", &parse_account);
        std::ranges::for_each(accounts, [](std::string& text) { yunhu::detail::wipe(text); });
        if (!options.accounts.empty() && !has_token) { // the accounts are all there are
            const yunhu::testing::account first = options.accounts.front();
            options.accounts.erase(options.accounts.begin());
            options.user_id = first.user_id;
            options.user_name = first.name;
            options.token = first.token;
        }
        return serve(std::move(given));
    } catch (const CLI::ParseError& failed) {
        return app.exit(failed) == 0 ? EXIT_SUCCESS : 2;
    } catch (const std::invalid_argument& failed) { // two accounts with one token, for example
        std::cerr << "yunhu-emulator: " << failed.what() << '\n';
        return 2;
    } catch (const std::exception& failed) {
        std::cerr << "yunhu-emulator: " << failed.what() << '\n';
        return EXIT_FAILURE;
    }
}

} // namespace

int main(int argc, char** argv) {
    const tools::standard_streams streams;
    return tools::report_lost_output("yunhu-emulator", run(argc, argv));
}
