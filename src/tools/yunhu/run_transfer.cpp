// Copyright (c) 2026 The yunhu authors
// SPDX-License-Identifier: BSL-1.0

#include "command.hpp"
#include "exit_code.hpp"
#include "fields.hpp"
#include "help.hpp"
#include "message.hpp"
#include "output.hpp"
#include "run.hpp"
#include "to_json.hpp"
#include "transfers.hpp"

#include <yunhu/client.hpp>
#include <yunhu/download.hpp>
#include <yunhu/upload.hpp>

#include <CLI/CLI.hpp>

#include <boost/asio/io_context.hpp>

#include <cstdint>
#include <filesystem>
#include <iostream>
#include <memory>
#include <string>
#include <utility>

// upload and download.
namespace cli {
namespace {

struct upload_settings {
    std::string file;
    std::string chat;
    std::string kind;
    std::string resume;
    std::uint64_t seconds = 0;
    transfer_settings network;
};

struct download_settings {
    std::string url; // or a key
    std::string to = ".";
    std::string kind;
    bool overwrite = false;
    transfer_settings network;
};

asio::awaitable<int> upload_and_print(settings common, upload_settings what, yunhu::client client) {
    yunhu::upload_options options;
    options.kind = kind_named(what.kind).value_or(options.kind);
    options.resume_file = what.resume;
    options.bytes_per_second = what.network.rate;
    std::filesystem::path file = what.file;
    auto done = co_await upload_with_bar(client, std::move(file), std::move(options));
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

asio::awaitable<int> download_and_print(settings common, download_settings what, yunhu::client client) {
    yunhu::download_options options;
    options.overwrite = what.overwrite;
    options.bytes_per_second = what.network.rate;
    yunhu::media_source source(what.url);
    source.kind = kind_named(what.kind).value_or(source.kind);
    std::filesystem::path to = what.to;
    auto done = co_await download_with_bar(client, std::move(source), std::move(to), std::move(options));
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

int run_upload(const settings& common, const upload_settings& what) {
    if (!what.chat.empty()) {
        (void)parse_chat("chat", what.chat); // before a byte is sent
    }
    asio::io_context io;
    return run_to_end(io, upload_and_print(common, what, yunhu::client(io, what.network.config(common))));
}

int run_download(const settings& common, const download_settings& what) {
    asio::io_context io;
    return run_to_end(io, download_and_print(common, what, yunhu::client(io, what.network.config(common))));
}

} // namespace

command upload_command(CLI::App& program) {
    const auto what = std::make_shared<upload_settings>();
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
    what->network.add_to(*app);
    app->footer(message("Prints the key of the upload, or the id of the message.").translated() + "\n" +
                example_footer("upload cat.png --chat group:big"));
    return {app, [what](const settings& common) { return run_upload(common, *what); }};
}

command download_command(CLI::App& program) {
    const auto what = std::make_shared<download_settings>();
    CLI::App* app = program.add_subcommand("download", message("Download the media of a message").translated());
    app->add_option("url", what->url, message("a URL of the service, or the key of an upload").translated())
        ->type_name("URL")
        ->required();
    app->add_option("to", what->to, message("the folder or the file; if absent, this folder").translated())
        ->type_name("PATH");
    add_kind(*app, what->kind, message("what a key is of; if absent, a file").translated());
    app->add_flag("--overwrite", what->overwrite, message("replace a file of that name").translated());
    what->network.add_to(*app);
    app->footer(message("Prints the path. After an interruption the same command continues.").translated() + "\n" +
                example_footer("download https://chat-img.jwznb.com/9e107d9d.png"));
    return {app, [what](const settings& common) { return run_download(common, *what); }};
}

} // namespace cli
