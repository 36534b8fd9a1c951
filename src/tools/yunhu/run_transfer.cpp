// Copyright (c) 2026 The yunhu authors
// SPDX-License-Identifier: BSL-1.0

#include "command.hpp"
#include "exit_code.hpp"
#include "fields.hpp"
#include "help.hpp"
#include "message.hpp"
#include "output.hpp"
#include "progress.hpp"
#include "run.hpp"
#include "terminal.hpp"
#include "to_json.hpp"

#include <yunhu/client.hpp>
#include <yunhu/download.hpp>
#include <yunhu/upload.hpp>

#include <CLI/CLI.hpp>

#include <boost/asio/io_context.hpp>

#include <array>
#include <chrono>
#include <cstdint>
#include <iostream>
#include <iterator>
#include <memory>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

// upload and download.
namespace cli {
namespace {

struct kind_name {
    std::string_view name;
    yunhu::upload_kind kind;
};
constexpr std::array<kind_name, 4> kinds{{{"image", yunhu::upload_kind::image},
                                          {"file", yunhu::upload_kind::file},
                                          {"video", yunhu::upload_kind::video},
                                          {"audio", yunhu::upload_kind::audio}}};

struct transfer_settings {
    std::string file; // or what to download
    std::string to = ".";
    std::string chat;
    std::string kind;
    std::string resume;
    std::uint64_t seconds = 0;
    std::uint64_t rate = 0;
    bool overwrite = false;
    std::vector<std::string> connect_to;

    void add_common(CLI::App& app) {
        app.add_option("--limit-rate", rate,
                       message("maximum number of bytes per second; if absent, unlimited").translated())
            ->type_name("N");
        app.add_option("--connect-to", connect_to,
                       message("address to connect to in place of a server's own; *: of every server").translated())
            ->envname("YUNHU_CONNECT_TO")
            ->type_name("NAME=HOST:PORT");
    }

    [[nodiscard]] yunhu::client_config config(const settings& common) const {
        yunhu::client_config made = common.config();
        for (const std::string& each : connect_to) {
            const std::size_t equals = each.find('=');
            if (equals == std::string::npos) {
                throw bad_field("connect_to", "must be NAME=HOST:PORT");
            }
            made.connect_to[each.substr(0, equals)] = each.substr(equals + 1);
        }
        if (!made.connect_to.empty()) {
            made.proxy = {};
        }
        return made;
    }
};

std::string megabytes(std::uint64_t bytes) {
    constexpr std::uint64_t tenth = 100'000;
    const std::uint64_t tenths = bytes / tenth;
    return std::to_string(tenths / 10) + "." + std::to_string(tenths % 10);
}

// A bar with the rate.
class transfer_bar {
public:
    void show(const yunhu::transfer_progress& at) {
        if (!bar_.is_due()) {
            return;
        }
        const std::chrono::duration<double> elapsed = std::chrono::steady_clock::now() - begin_;
        const double rate = elapsed.count() > 0 ? static_cast<double>(at.done) / elapsed.count() : 0;
        bar_.draw(at.total == 0 ? 0 : static_cast<double>(at.done) / static_cast<double>(at.total),
                  translated("{0} of {1} MB, {2} MB/s",
                             {megabytes(at.done), megabytes(at.total), megabytes(static_cast<std::uint64_t>(rate))}));
    }
    void clear() { bar_.clear(); }

private:
    progress_bar bar_;
    std::chrono::steady_clock::time_point begin_ = std::chrono::steady_clock::now();
};

yunhu::draft message_with(const yunhu::uploaded_file& done, std::uint64_t seconds) {
    switch (done.kind) {
    case yunhu::upload_kind::image:
        return yunhu::image(done);
    case yunhu::upload_kind::video:
        return yunhu::video(done, seconds);
    case yunhu::upload_kind::audio:
        return yunhu::audio(done, seconds);
    default:
        return yunhu::file(done);
    }
}

std::string_view name_of(yunhu::upload_kind kind) {
    for (const kind_name& each : kinds) {
        if (each.kind == kind) {
            return each.name;
        }
    }
    return "file";
}

yunhu::upload_options options_for(const transfer_settings& what) {
    yunhu::upload_options options;
    for (const kind_name& each : kinds) {
        options.kind = each.name == what.kind ? each.kind : options.kind;
    }
    options.resume_file = what.resume;
    options.bytes_per_second = what.rate;
    options.parallel_parts = 3;
    return options;
}

asio::awaitable<int> upload_and_print(settings common, transfer_settings what, yunhu::client client) {
    const auto bar = std::make_shared<transfer_bar>();
    yunhu::upload_options options = options_for(what);
    options.progress = [bar](const yunhu::transfer_progress& at) { bar->show(at); };
    std::filesystem::path file = what.file;
    auto done = co_await yunhu::upload(client, std::move(file), std::move(options), yunhu::as_result);
    bar->clear();
    if (!done) {
        co_return report_failure(common.json, done.error());
    }
    json::object out{
        {"kind", name_of(done->kind)},        {"key", done->key},   {"hash", done->hash},          {"md5", done->md5},
        {"content_type", done->content_type}, {"size", done->size}, {"file_name", done->file_name}};
    if (!what.chat.empty()) {
        yunhu::send_message_request request(parse_chat("chat", what.chat), message_with(*done, what.seconds));
        auto sent = co_await client.send_message(std::move(request), common.call_options(), yunhu::as_result);
        if (!sent) {
            co_return report_failure(common.json, sent.error(), yunhu::retry_class::non_idempotent);
        }
        out["msg_id"] = sent->msg_id;
    }
    if (common.json) {
        std::cout << tools::json_line(out) << std::endl;
    } else if (what.chat.empty()) {
        std::cout << done->key << std::endl;
    } else {
        std::cout << translated("sent {0}", {std::string(out.at("msg_id").as_string())}) << std::endl;
    }
    co_return fine;
}

asio::awaitable<int> download_and_print(settings common, transfer_settings what, yunhu::client client) {
    const auto bar = std::make_shared<transfer_bar>();
    yunhu::download_options options;
    options.overwrite = what.overwrite;
    options.bytes_per_second = what.rate;
    options.progress = [bar](const yunhu::transfer_progress& at) { bar->show(at); };
    yunhu::media_source source(what.file);
    for (const kind_name& each : kinds) {
        source.kind = each.name == what.kind ? each.kind : source.kind;
    }
    std::filesystem::path to = what.to;
    auto done =
        co_await yunhu::download(client, std::move(source), std::move(to), std::move(options), yunhu::as_result);
    bar->clear();
    if (!done) {
        co_return report_failure(common.json, done.error());
    }
    if (common.json) {
        const json::object out{{"path", done->path.string()},
                               {"size", done->size},
                               {"hash", done->hash},
                               {"verified", done->verified},
                               {"resumed", done->resumed}};
        std::cout << tools::json_line(out) << std::endl;
    } else {
        std::cout << tools::on_one_line(done->path.string()) << std::endl;
    }
    co_return fine;
}

template <class Work> int run_transfer(const settings& common, const transfer_settings& what, Work work) {
    if (!what.chat.empty()) {
        (void)parse_chat("chat", what.chat); // before a byte is sent
    }
    asio::io_context io;
    return run_to_end(io, work(common, what, yunhu::client(io, what.config(common))));
}

void add_kind(CLI::App& app, std::string& to, const std::string& help) {
    std::vector<std::string> names;
    names.reserve(std::size(kinds));
    for (const kind_name& each : kinds) {
        names.emplace_back(each.name);
    }
    app.add_option("--kind", to, help)
        ->type_name("image|file|video|audio")
        ->check(CLI::IsMember(names).description(""));
}

} // namespace

command upload_command(CLI::App& program) {
    const auto what = std::make_shared<transfer_settings>();
    CLI::App* app =
        program.add_subcommand("upload", message("Upload a file for a message, and optionally send it").translated());
    app->add_option("file", what->file, message("the file").translated())->type_name("FILE")->required();
    app->add_option("--chat", what->chat, message("send it to this chat, as a message of its kind").translated())
        ->type_name("TYPE:ID");
    add_kind(*app, what->kind, message("what it is; if absent, by its content").translated());
    app->add_option("--seconds", what->seconds, message("length of a video or a voice message").translated())
        ->type_name("N");
    app->add_option("--resume", what->resume,
                    message("record with which the same command continues an interrupted upload").translated())
        ->type_name("FILE");
    what->add_common(*app);
    app->footer(message("Prints the key of the upload, or the id of the message.").translated() + "\n" +
                example_footer("upload cat.png --chat group:big"));
    return {app, [what](const settings& common) { return run_transfer(common, *what, upload_and_print); }};
}

command download_command(CLI::App& program) {
    const auto what = std::make_shared<transfer_settings>();
    CLI::App* app = program.add_subcommand("download", message("Download the media of a message").translated());
    app->add_option("url", what->file, message("a URL of the service, or the key of an upload").translated())
        ->type_name("URL")
        ->required();
    app->add_option("to", what->to, message("the folder or the file; if absent, this folder").translated())
        ->type_name("PATH");
    add_kind(*app, what->kind, message("what a key is of; if absent, a file").translated());
    app->add_flag("--overwrite", what->overwrite, message("replace a file of that name").translated());
    what->add_common(*app);
    app->footer(message("Prints the path. After an interruption the same command continues.").translated() + "\n" +
                example_footer("download https://chat-img.jwznb.com/9e107d9d.png"));
    return {app, [what](const settings& common) { return run_transfer(common, *what, download_and_print); }};
}

} // namespace cli
