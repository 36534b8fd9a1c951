// Copyright (c) 2026 The yunhu authors
// SPDX-License-Identifier: BSL-1.0

#include "calls.hpp"
#include "command.hpp"
#include "endpoint_options.hpp"
#include "exit_code.hpp"
#include "fields.hpp"
#include "help.hpp"
#include "message.hpp"
#include "print.hpp"
#include "progress.hpp"
#include "run.hpp"
#include "targets.hpp"
#include "to_json.hpp"
#ifdef YUNHU_OUTBOX
#include "outbox_command.hpp"
#endif

#include <yunhu/broadcast.hpp>

#include <CLI/CLI.hpp>

#include <boost/asio/io_context.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/system/error_code.hpp>

#include <charconv>
#include <chrono>
#include <cmath>
#include <cstddef>
#include <cstdint>
#include <iostream>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <system_error>
#include <utility>
#include <vector>

namespace cli {
namespace {

struct broadcast_settings {
    std::string targets;
    std::string journal;
    std::string outbox; // a store; empty: none
    std::string key;
    std::string account;
    std::size_t concurrency = yunhu::broadcast_options().concurrency;
    double rate = 0; // 0: none
    bool retry_failed = false;
    bool resend_missing = false;
    std::uint64_t max_consecutive_failures = yunhu::broadcast_options().max_consecutive_failures;
    std::int64_t outage_timeout_ms =
        std::chrono::duration_cast<std::chrono::milliseconds>(yunhu::broadcast_options().outage_timeout).count();
};

// Throws `bad_field`.
yunhu::draft draft_of(const json::object& fields) {
    yunhu::send_message_request any;
    any.content_type = yunhu::content_type::text;
    yunhu::send_message_request message = read_request(fields, std::move(any));
    yunhu::draft what(message.content_type, std::move(message.content));
    what.command_id = message.command_id;
    what.quote_msg_id = std::move(message.quote_msg_id);
    what.media = std::move(message.media);
    return what;
}

// Shared by its coroutine and by the timer that draws the bar.
class broadcast_run : public std::enable_shared_from_this<broadcast_run> {
public:
    // `lines`: where the targets are in their file.
    broadcast_run(asio::io_context& io, bool json, std::vector<std::size_t> lines)
        : json_(json), lines_(std::move(lines)), timer_(io) {}

    asio::awaitable<int> run(yunhu::client client, yunhu::draft what, yunhu::broadcast_targets to,
                             yunhu::broadcast_options options) {
        const auto self = shared_from_this();
        options.monitor = monitor_;
        options.on_outcome = [self](const yunhu::broadcast_outcome& o) { self->print(o); };
        options.on_pause = [self](const yunhu::failure& why, std::chrono::nanoseconds pause) {
            self->print_pause(why, pause);
        };
        if (bar_.is_shown()) {
            draw();
        }
        auto end = co_await yunhu::broadcast(std::move(client), std::move(what), std::move(to), std::move(options),
                                             yunhu::as_result);
        ended_ = true;
        timer_.cancel();
        bar_.clear();
        co_return end.has_error() ? report(with_line(end.error()), yunhu::retry_class::safe) : report(*end);
    }

    // The first Ctrl-C.
    void stop() {
        monitor_.stop();
        bar_.clear();
        std::cerr << translated("yunhu: stops; {0} messages are still in flight (Ctrl-C again aborts them)",
                                {std::to_string(monitor_.progress().in_flight)})
                  << std::endl;
    }

private:
    void draw() {
        const yunhu::broadcast_progress now = monitor_.progress();
        const auto total = now.total.value_or(0);
        bar_.draw(total == 0 ? 0 : static_cast<double>(now.done()) / static_cast<double>(total),
                  translated("{0} of {1}, {2} failed, {3} unknown",
                             {std::to_string(now.done()), std::to_string(total), std::to_string(now.failed),
                              std::to_string(now.unknown)}));
        timer_.expires_after(std::chrono::milliseconds(100));
        timer_.async_wait([self = shared_from_this()](const yunhu::error_code&) {
            if (!self->ended_) {
                self->draw();
            }
        });
    }

    void print(const yunhu::broadcast_outcome& o) {
        if (o.state == yunhu::broadcast_state::sent) {
            return;
        }
        if (o.state == yunhu::broadcast_state::failed) {
            const bool answered = o.problem
                                      ? exit_code_of(*o.problem, yunhu::retry_class::non_idempotent) == refused_by_api
                                      : o.reason == "refused" || o.reason == "bad_request";
            (answered ? refused_ : not_sent_) = true;
        }
        bar_.clear();
        if (json_) {
            std::cout << tools::json_line(json::object{
                             {"state", yunhu::to_string(o.state)},
                             {"target", chat_name(o.target)},
                             {"msg_id", tools::as_utf8(o.msg_id)},
                             {"reason", tools::as_utf8(o.reason)},
                             {"earlier", o.earlier},
                         })
                      << std::endl;
            return;
        }
        std::cout << state_name(o.state).translated() << "  " << tools::on_one_line(chat_name(o.target));
        for (const std::string& part : {o.msg_id, o.reason}) {
            std::cout << (part.empty() ? "" : "  ") << tools::on_one_line(part);
        }
        std::cout << std::endl;
    }

    // Only the first pause of an outage: the progress shows that it lasts.
    void print_pause(const yunhu::failure& why, std::chrono::nanoseconds pause) {
        const std::uint64_t done = monitor_.progress().done();
        if (std::exchange(done_before_pause_, done) == done) {
            return;
        }
        bar_.clear();
        print_failure(std::cerr, why);
        std::cerr << translated("yunhu: pauses for {0} s, then goes on",
                                {std::to_string(std::chrono::ceil<std::chrono::seconds>(pause).count())})
                  << std::endl;
    }

    // The library names a target by its number, counted from 0; people look for a line.
    [[nodiscard]] yunhu::failure with_line(yunhu::failure failed) const {
        constexpr std::string_view name = "targets[";
        std::size_t index = 0;
        if (failed.detail.starts_with(name)) {
            const char* const end = failed.detail.data() + failed.detail.size();
            const auto read = std::from_chars(failed.detail.data() + name.size(), end, index);
            if (read.ec == std::errc() && read.ptr != end && *read.ptr == ']' && index < lines_.size()) {
                failed.detail = "targets, line " + std::to_string(lines_[index]) + std::string(read.ptr + 1, end);
            }
        }
        return failed;
    }

    static message state_name(yunhu::broadcast_state state) {
        switch (state) {
        case yunhu::broadcast_state::sent:
            return "sent";
        case yunhu::broadcast_state::unknown:
            return "unknown";
        case yunhu::broadcast_state::duplicate:
            return "duplicate";
        case yunhu::broadcast_state::failed:
            break;
        }
        return "failed";
    }

    int report(const yunhu::failure& failed, yunhu::retry_class retry) const {
        // The journal's file failed: that is neither the command line nor the server.
        const bool is_file = failed.code.category() == boost::system::system_category() && !is_cancelled(failed);
        if (json_) {
            json::object error = to_json(failed);
            if (is_file) {
                error["kind"] = "output_lost";
            }
            std::cout << tools::json_line(json::object{{"error", std::move(error)}}) << std::endl;
        } else {
            print_failure(std::cerr, failed);
        }
        return is_file ? output_lost : exit_code_of(failed, retry);
    }

    int report(const yunhu::broadcast_summary& s) const {
        const std::uint64_t left = s.total.value_or(s.done()) - s.done();
        if (json_) {
            std::cout << tools::json_line(json::object{{"summary",
                                                        {{"end", yunhu::to_string(s.end)},
                                                         {"targets", s.total.value_or(s.done())},
                                                         {"sent", s.sent},
                                                         {"failed", s.failed},
                                                         {"unknown", s.unknown},
                                                         {"duplicates", s.duplicates},
                                                         {"left", left}}}})
                      << std::endl;
        } else {
            std::cout << translated("{0} sent, {1} failed, {2} unknown, {3} duplicates, {4} left",
                                    {std::to_string(s.sent), std::to_string(s.failed), std::to_string(s.unknown),
                                     std::to_string(s.duplicates), std::to_string(left)})
                      << std::endl;
        }
        if (left > 0) {
            std::cerr << message("yunhu: interrupted; repeat the command to continue").translated() << std::endl;
        }
        if (s.why) {
            return report(*s.why, yunhu::retry_class::safe);
        }
        if (s.end != yunhu::broadcast_end::finished) {
            return interrupted;
        }
        if (s.unknown > 0) {
            std::cerr << message("yunhu: messages with an unknown outcome may have arrived; --resend-missing resends "
                                 "those that are not found")
                             .translated()
                      << std::endl;
            return outcome_unknown;
        }
        return refused_ ? refused_by_api : not_sent_ ? transport : fine;
    }

    bool json_;
    std::vector<std::size_t> lines_;
    std::optional<std::uint64_t> done_before_pause_;
    asio::steady_timer timer_;
    yunhu::broadcast_monitor monitor_;
    progress_bar bar_;
    bool ended_ = false;
    bool refused_ = false;
    bool not_sent_ = false;
};

int run_broadcast(const settings& common, const broadcast_settings& how, const json::object& fields) {
    yunhu::draft what = draft_of(fields);
    std::vector<std::size_t> lines;
#ifdef YUNHU_OUTBOX
    if (!how.outbox.empty()) {
        if (!how.journal.empty()) {
            throw bad_field("journal", "must not be given with --outbox");
        }
        outbox_broadcast into;
        into.store = how.outbox;
        into.name = how.key;
        into.account = how.account;
        return broadcast_into_outbox(common, into, std::move(what), read_targets(how.targets, lines));
    }
#endif
    if (!how.key.empty() || !how.account.empty()) {
        throw bad_field(how.key.empty() ? "account" : "key", "is an option of --outbox");
    }
    if (how.journal.empty()) {
        throw bad_field("journal", "must be given, unless --outbox is");
    }
    if (common.token.empty()) {
        throw bad_field("token", "must be given by --token or YUNHU_TOKEN");
    }
    yunhu::broadcast_targets to(read_targets(how.targets, lines));
    yunhu::broadcast_options options;
    options.concurrency = how.concurrency;
    options.journal = how.journal;
    options.retry_failed = how.retry_failed;
    options.resend_missing = how.resend_missing;
    options.max_consecutive_failures = how.max_consecutive_failures;
    options.outage_timeout = std::chrono::milliseconds(how.outage_timeout_ms);
    options.call = common.call_options();
    yunhu::client_config config = common.config();
    if (how.rate > 0) {
        constexpr double bursts_a_second = 20; // a late timer must not slow hundreds a second down
        const auto burst = static_cast<unsigned>(std::ceil(how.rate / bursts_a_second));
        config.rate_limits.emplace_back(yunhu::endpoints::send_message, how.rate, burst);
    }
    asio::io_context io;
    const auto job = std::make_shared<broadcast_run>(io, common.json, std::move(lines));
    return run_to_end(
        io, job->run(yunhu::client(io, std::move(config)), std::move(what), std::move(to), std::move(options)),
        [job] { job->stop(); });
}

} // namespace

command broadcast_command(CLI::App& program) {
    const auto how = std::make_shared<broadcast_settings>();
    CLI::App* app =
        program.add_subcommand("broadcast", message("Send one message to many chats, once to each").translated());
    app->add_option("targets", how->targets,
                    message("file with one conversation per line, e.g. group:big; # begins a comment").translated())
        ->type_name("FILE")
        ->required();
    app->add_option("--journal", how->journal,
                    message("journal of the messages sent, from which an interrupted run continues").translated())
        ->type_name("FILE");
#ifdef YUNHU_OUTBOX
    app->add_option("--outbox", how->outbox,
                    message("stores the messages for the workers of an outbox instead: sqlite:FILE or postgres:URI")
                        .translated())
        ->type_name("STORE");
    app->add_option("--key", how->key,
                    message("with --outbox: the name of this broadcast; repeated with it, each chat still gets one "
                            "message")
                        .translated())
        ->type_name("NAME");
    app->add_option("--account", how->account, message("with --outbox: name of the account that sends").translated())
        ->type_name("NAME");
#endif
    app->add_option("--concurrency", how->concurrency, message("maximum number of messages in flight").translated())
        ->check(CLI::Range(std::size_t{1}, std::size_t{100'000}))
        ->capture_default_str();
    app->add_option("--rate", how->rate,
                    message("maximum number of messages per second; if absent, unlimited").translated())
        ->check(CLI::Range(0.001, 1'000'000.0))
        ->type_name("N");
    app->add_flag("--retry-failed", how->retry_failed,
                  message("resend to conversations that failed in an earlier run").translated());
    app->add_flag(
        "--resend-missing", how->resend_missing,
        message("resend where the outcome is unknown and the message is not found; a chat may receive it twice")
            .translated());
    app->add_option("--max-consecutive-failures", how->max_consecutive_failures,
                    message("consecutive failures after which the run ends; 0: never").translated())
        ->type_name("N")
        ->capture_default_str();
    app->add_option(
           "--outage-timeout", how->outage_timeout_ms,
           message("how long trouble of network, server or account may last until the run ends, in ms").translated())
        ->check(CLI::Range(std::int64_t{0}, longest_ms))
        ->type_name("MS")
        ->capture_default_str();
    const endpoint_options draft_options(*app, *find_call("send-message"), {"chat", "msg_id"});
    app->footer(
        message(
            "Prints every conversation without the message, then the totals. Exit codes: 0 all sent, 6 some unknown,\n"
            "otherwise 3 some refused, otherwise 5 some not sent, 130 stopped by Ctrl-C. No message is sent twice:\n"
            "repeat the command to continue.")
            .translated() +
        "\n" + example_footer("broadcast targets.txt --text hello --journal hello.journal --rate 20"));
    return {
        app,
        [how, draft_options](const settings& common) { return run_broadcast(common, *how, draft_options.fields()); },
        false};
}

} // namespace cli
