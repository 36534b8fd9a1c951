// Copyright (c) 2026 The yunhu authors
// SPDX-License-Identifier: BSL-1.0

#include "calls.hpp"
#include "command.hpp"
#include "exit_code.hpp"
#include "fields.hpp"
#include "help.hpp"
#include "lines.hpp"
#include "message.hpp"
#include "output.hpp"
#include "run.hpp"
#include "text_input.hpp"
#include "to_json.hpp"

#include <CLI/CLI.hpp>

#include <boost/asio/detached.hpp>
#include <boost/asio/io_context.hpp>

#include <chrono>
#include <cstddef>
#include <cstdlib>
#include <iostream>
#include <memory>
#include <string>
#include <utility>
#include <vector>

namespace cli {
namespace {

struct say_settings {
    std::string chat;
    std::vector<std::string> words;
    std::vector<std::string> seen; // by the parser's check: the words as given, then those that it made of them
    const CLI::Option* text = nullptr;

    // CLI11 takes `[a,b]` for a list of words.
    [[nodiscard]] std::vector<std::string> given() const { return {seen.begin(), seen.end() - words_made()}; }

private:
    [[nodiscard]] std::ptrdiff_t words_made() const { return static_cast<std::ptrdiff_t>(text->count()); }
};

const call& sending() {
    return *find_call(yunhu::endpoints::send_message.name());
}

json::object fields_of(const std::string& chat, const std::string& text) {
    return {{"chat", chat}, {"text", text}};
}

// Sends each line of standard input, one after the other, until one fails.
class line_sender {
public:
    line_sender(const settings& common, std::string chat, yunhu::client client)
        : common_(common), chat_(std::move(chat)), client_(std::move(client)) {}

    asio::awaitable<int> send_lines() {
        int code = fine;
        while (code == fine && !stopped_) {
            waits_ = true;
            auto next = co_await lines_.next();
            waits_ = false;
            if (!next) {
                code = report_lost_input(lines_);
                break;
            }
            if (next->number == 1) {
                remove_byte_order_mark(next->text);
            }
            if (next->text.ends_with('\r')) {
                next->text.pop_back();
            }
            if (!next->text.empty()) {
                auto sent = call_and_print(common_, &sending(), client_, fields_of(chat_, next->text));
                code = co_await std::move(sent); // not in one expression: GCC 12 would destroy the settings twice
            }
        }
        co_await client_.async_shutdown(std::chrono::seconds(0)); // idle connections keep run() busy
        co_return code == fine&& stopped_ ? interrupted : code;
    }

    void stop() {
        if (waits_) { // a thread that waits for a line can't be interrupted
            std::_Exit(report_lost_output(interrupted));
        }
        stopped_ = true;
        client_.async_shutdown(std::chrono::seconds(0), asio::detached); // the send still prints its outcome
    }

private:
    settings common_;
    std::string chat_;
    yunhu::client client_;
    line_reader lines_{std::cin};
    bool waits_ = false;
    bool stopped_ = false;
};

int run_say(const settings& common, const say_settings& what) {
    (void)parse_chat("chat", what.chat); // before a line is read
    const std::vector<std::string> words = what.given();
    if (words == std::vector<std::string>{"-"}) {
        asio::io_context io;
        line_sender lines(common, what.chat, yunhu::client(io, common.config()));
        return run_to_end(io, lines.send_lines(), [&lines] { lines.stop(); });
    }
    std::string text;
    for (const std::string& word : words) {
        text.append(text.empty() ? "" : " ").append(word);
    }
    return run_call(common, sending(), fields_of(what.chat, text));
}

} // namespace

command say_command(CLI::App& program) {
    const auto what = std::make_shared<say_settings>();
    CLI::App* app =
        program.add_subcommand("say", message("Send a text: a short form of send-message --text").translated());
    app->add_option("chat", what->chat, chat_help.translated())->type_name("TYPE:ID")->required();
    app->validate_positionals(); // as they are parsed
    what->text =
        app->add_option("text", what->words,
                        message("the words of the text; -: each line of standard input is a message").translated())
            ->type_name("TEXT")
            ->required()
            ->check([seen = &what->seen](const std::string& word) {
                seen->push_back(word);
                return std::string();
            });
    app->footer(message("Lines are sent one after the other until one fails; empty ones are not sent. Before a text "
                        "that begins with a hyphen, write --.")
                    .translated() +
                "\n" + example_footer("say group:big hello everybody"));
    return {app, [what](const settings& common) { return run_say(common, *what); }};
}

} // namespace cli
