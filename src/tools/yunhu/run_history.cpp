// Copyright (c) 2026 The yunhu authors
// SPDX-License-Identifier: BSL-1.0

#include "command.hpp"
#include "exit_code.hpp"
#include "fields.hpp"
#include "help.hpp"
#include "history_file.hpp"
#include "history_media.hpp"
#include "message.hpp"
#include "print.hpp"
#include "progress.hpp"
#include "run.hpp"
#include "terminal.hpp"
#include "to_json.hpp"
#include "transfers.hpp"

#include <yunhu/history.hpp>

#include <CLI/CLI.hpp>

#include <boost/asio/io_context.hpp>
#include <boost/json/array.hpp>

#include <algorithm>
#include <cstdint>
#include <iostream>
#include <memory>
#include <optional>
#include <string>
#include <system_error>
#include <utility>

#include <unistd.h>

namespace cli {
namespace {

struct history_settings {
    std::string chat;
    std::string file;
    std::uint64_t since = 0;
    std::optional<std::uint64_t> limit;
    bool oldest_first = false;
    std::string media; // folder; empty: none
    transfer_settings network;
};

std::uint64_t seq_of(const json::object& message) {
    return message.at("msg_seq").to_number<std::uint64_t>();
}

// Where the messages go.
class sink {
public:
    sink() = default;
    sink(const sink&) = delete;
    sink& operator=(const sink&) = delete;
    virtual ~sink() = default;

    virtual void add(json::object message) = 0;
    virtual void finish() {}
};

class lines_sink final : public sink {
public:
    void add(json::object message) override { std::cout << tools::json_line(message) << '\n'; }
    void finish() override { std::cout.flush(); }
};

// In blocks: the width of a column is that of the rows received so far.
class table_sink final : public sink {
public:
    void add(json::object message) override {
        block_.push_back(std::move(message));
        if (block_.size() == block_size) {
            print();
        }
    }

    void finish() override {
        print();
        std::cout << translated("{0} messages", {std::to_string(printed_)})
                  << (printed_ > 0 ? ids_hint(terminal_columns(STDOUT_FILENO)) : "") << std::endl;
    }

private:
    void print() {
        if (!block_.empty()) {
            print_messages(std::cout, block_, terminal_columns(STDOUT_FILENO), printed_ == 0);
        }
        printed_ += block_.size();
        block_.clear();
    }

    static constexpr std::size_t block_size = 50;

    json::array block_;
    std::size_t printed_ = 0;
};

class file_sink final : public sink {
public:
    explicit file_sink(history_file& file) : file_(file) {}

    void add(json::object message) override { file_.add(message); }

private:
    history_file& file_;
};

// One run.
class run {
public:
    // Throws `bad_field`.
    run(const settings& common, const history_settings& what, yunhu::client client)
        : common_(common), what_(what), chat_(parse_chat("chat", what.chat)), client_(std::move(client)) {
        yunhu::history_options options;
        options.order = what.oldest_first ? yunhu::history_order::oldest_first : yunhu::history_order::newest_first;
        options.since = what.since;
        options.call = common.call_options();
        constexpr std::uint64_t usual_page = 50;
        options.page_size = std::clamp<std::uint64_t>(what.limit.value_or(usual_page), 1, usual_page);
        if (!what.file.empty() && !is_standard_output()) {
            file_.emplace(what.file, chat_name(chat_));
            go_on(options);
        }
        if (!what.media.empty()) {
            media_.emplace(client_, what.media, what.network.rate);
            media_->before_output = [this] { bar_.clear(); };
        }
        messages_.emplace(client_, chat_, std::move(options));
    }

    asio::awaitable<int> execute() {
        if (file_ && bar_.is_shown() && what_.oldest_first) {
            co_await find_newest();
        }
        const std::unique_ptr<sink> out = make_sink();
        std::optional<yunhu::failure> failed;
        if (file_ && media_ && earlier_ > 0) {
            failed = co_await media_->fetch_all_in(what_.file);
        }
        while (!failed && (!what_.limit || done_ < *what_.limit)) {
            auto m = co_await messages_->next(yunhu::as_result);
            if (m.has_error()) {
                failed = m.error();
                break;
            }
            if (!*m) {
                break;
            }
            begin_ = begin_ ? begin_ : (*m)->msg_seq;
            json::object row = to_json(**m, chat_);
            if (media_) { // before the line: a message in the file has its media
                failed = co_await media_->fetch(&row);
                if (failed) {
                    break;
                }
            }
            try {
                out->add(std::move(row));
            } catch (const std::system_error& e) {
                bar_.clear();
                std::cerr << translated("yunhu: the file can't be written: {0}", {e.code().message()}) << std::endl;
                co_return output_lost;
            }
            ++done_;
            if (file_ && bar_.is_due()) {
                draw((*m)->msg_seq);
            }
        }
        out->finish();
        bar_.clear();
        const bool left_out = print_skipped() || (media_ && media_->left_out());
        const int code = failed ? report(*failed) : report();
        co_return code == fine&& left_out ? refused_by_api : code; // --limit ended it first
    }

private:
    [[nodiscard]] bool is_standard_output() const { return what_.file == "-"; }

    // Names the records that could not be listed; false: there are none.
    [[nodiscard]] bool print_skipped() const {
        const yunhu::skipped_records left_out = messages_->skipped();
        for (const std::string& id : left_out.msg_ids) {
            std::cerr << translated("yunhu: left out: message {0}, which has no msg_seq", {tools::on_one_line(id)})
                      << '\n';
        }
        const std::uint64_t unnamed = left_out.without_seq - left_out.msg_ids.size();
        for (const auto& [count, text] :
             {std::pair(unnamed, message("yunhu: left out: {0} other messages without msg_seq")),
              std::pair(left_out.unreadable, message("yunhu: left out: {0} messages that can't be read"))}) {
            if (count > 0) {
                std::cerr << translated(text, {std::to_string(count)}) << '\n';
            }
        }
        return left_out.without_seq + left_out.unreadable > 0;
    }

    // After the last message that is in the file.
    void go_on(yunhu::history_options& options) {
        done_ = earlier_ = file_->lines();
        if (!file_->first()) {
            return;
        }
        if (file_->first()->at("chat").as_string() != chat_name(chat_)) {
            throw bad_field("jsonl", "the file has messages of another chat");
        }
        begin_ = seq_of(*file_->first());
        const std::uint64_t last = seq_of(*file_->last());
        if (earlier_ > 1 && (last > *begin_) != what_.oldest_first) {
            throw bad_field("jsonl", "the file has the other order: use --oldest-first as before");
        }
        options.cursor = yunhu::history_cursor(last, std::string(file_->last()->at("msg_id").as_string()));
    }

    // The end of the progress bar when messages are listed upwards. Without it there is no bar.
    asio::awaitable<void> find_newest() {
        yunhu::list_message_request newest(chat_, 1);
        const auto page = co_await client_.list_message(std::move(newest), common_.call_options(), yunhu::as_result);
        if (page && !page->messages.empty()) {
            newest_ = page->messages.front().msg_seq;
        }
    }

    [[nodiscard]] std::unique_ptr<sink> make_sink() {
        if (file_) {
            return std::make_unique<file_sink>(*file_);
        }
        if (!common_.json && !is_standard_output() && is_terminal(STDOUT_FILENO)) {
            return std::make_unique<table_sink>();
        }
        return std::make_unique<lines_sink>();
    }

    void draw(std::uint64_t at) {
        const std::uint64_t from = what_.oldest_first ? what_.since : *begin_;
        const std::uint64_t to = what_.oldest_first ? newest_ : what_.since;
        const auto distance = [](std::uint64_t a, std::uint64_t b) {
            return static_cast<double>(a < b ? b - a : a - b);
        };
        double part = from == to ? 0 : distance(from, at) / distance(from, to);
        if (what_.limit) {
            part = std::max(part, static_cast<double>(done_) / static_cast<double>(*what_.limit));
        }
        bar_.draw(part, translated("{0} messages", {std::to_string(done_)}));
    }

    [[nodiscard]] int report() const {
        if (!file_) {
            return std::cout ? fine : transport;
        }
        if (common_.json) {
            json::object totals{{"messages", done_}, {"added", done_ - earlier_}};
            if (media_) {
                totals["media"] = media_->downloaded();
            }
            std::cout << tools::json_line(totals) << std::endl;
        } else {
            std::cout << translated("{0} messages in the file, {1} of them new",
                                    {std::to_string(done_), std::to_string(done_ - earlier_)})
                      << '\n';
            if (media_) {
                std::cout << translated("{0} media files downloaded", {std::to_string(media_->downloaded())}) << '\n';
            }
            std::cout.flush();
        }
        return fine;
    }

    [[nodiscard]] int report(const yunhu::failure& failed) const {
        const int code = failed.cause && failed.code == yunhu::errc::invalid_request // of a download: the disk's
                             ? (print_failure(std::cerr, failed), output_lost)
                             : report_failure(common_.json, failed);
        if (file_ && failed.code == yunhu::errc::incomplete_list) { // the same command would add nothing
            std::cerr << translated("{0} messages in the file, {1} of them new",
                                    {std::to_string(done_), std::to_string(done_ - earlier_)})
                      << std::endl;
        } else if (file_) {
            std::cerr << translated("yunhu: {0} messages are in the file; repeat the command to continue",
                                    {std::to_string(done_)})
                      << std::endl;
        }
        return code;
    }

    settings common_;
    history_settings what_;
    yunhu::chat chat_;
    yunhu::client client_;
    std::optional<history_file> file_;
    std::optional<history_media> media_;
    std::optional<yunhu::history> messages_;
    progress_bar bar_;
    std::uint64_t earlier_ = 0;          // messages in the file when this run began
    std::uint64_t done_ = 0;             // with those of earlier runs
    std::optional<std::uint64_t> begin_; // msg_seq of the first message of all runs
    std::uint64_t newest_ = 0;
};

asio::awaitable<int> execute(std::unique_ptr<run> job) {
    co_return co_await job->execute();
}

int run_history(const settings& common, const history_settings& what) {
    asio::io_context io;
    return run_to_end(io, execute(std::make_unique<run>(common, what, yunhu::client(io, what.network.config(common)))));
}

} // namespace

command history_command(CLI::App& program) {
    const auto what = std::make_shared<history_settings>();
    CLI::App* app =
        program.add_subcommand("history", message("List all messages of a chat, optionally into a file").translated());
    app->add_option("--chat", what->chat, chat_help.translated())->type_name("TYPE:ID")->required();
    app->add_option("--jsonl", what->file,
                    message("output file, one JSON object per line; an existing file is continued; -: standard output")
                        .translated())
        ->type_name("FILE");
    app->add_option("--since", what->since, message("only messages after this msg_seq").translated())->type_name("N");
    app->add_option("--limit", what->limit,
                    message("maximum number of messages, including those in the file").translated())
        ->type_name("N");
    app->add_flag(
        "--oldest-first", what->oldest_first,
        message("from the oldest to the newest; another run adds the messages that are new since").translated());
    app->add_option("--media", what->media,
                    message("folder into which the media of the messages are downloaded; files that are there are kept")
                        .translated())
        ->type_name("DIR");
    what->network.add_to(*app);
    app->footer(
        message("From the newest message to the oldest. Without --jsonl, prints a table on a terminal, otherwise one\n"
                "JSON object per line. After an interruption, even by kill -9, the same command continues the file:\n"
                "no message is missing or duplicated.")
            .translated() +
        "\n" + example_footer("history --chat group:big --jsonl big.jsonl"));
    return {app, [what](const settings& common) { return run_history(common, *what); }};
}

} // namespace cli
