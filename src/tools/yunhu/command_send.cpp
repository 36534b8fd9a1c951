// Copyright (c) 2026 The yunhu authors
// SPDX-License-Identifier: BSL-1.0

#include "calls.hpp"
#include "command.hpp"
#include "endpoint_options.hpp"
#include "fields.hpp"
#include "help.hpp"
#include "message.hpp"
#include "run.hpp"
#include "to_json.hpp"
#include "transfers.hpp"

#include <yunhu/client.hpp>
#include <yunhu/requests.hpp>
#include <yunhu/upload.hpp>

#include <CLI/CLI.hpp>

#include <boost/asio/io_context.hpp>

#include <algorithm>
#include <array>
#include <filesystem>
#include <memory>
#include <string>
#include <string_view>
#include <utility>

// send-message: the fields of the call, or a file that is uploaded for it.
namespace cli {
namespace {

struct send_settings {
    std::string file; // empty: none
    std::string resume;
    transfer_settings network;
};

// What an upload leaves to be said. All else is what the upload is, and would contradict it.
constexpr std::array<std::string_view, 15> free_fields{
    "chat",           "msg_id",          "content_type",     "file_name",       "video_time",
    "audio_time",     "mentioned_id",    "buttons",          "command_id",      "quote_msg_id",
    "quote_msg_text", "quote_image_url", "quote_image_name", "quote_video_url", "quote_video_time"};

yunhu::upload_kind kind_of(yunhu::content_type type) {
    if (type == yunhu::content_type{}) {
        return yunhu::upload_kind::by_content;
    }
    switch (type) {
    case yunhu::content_type::image:
        return yunhu::upload_kind::image;
    case yunhu::content_type::file:
        return yunhu::upload_kind::file;
    case yunhu::content_type::video:
        return yunhu::upload_kind::video;
    case yunhu::content_type::audio:
        return yunhu::upload_kind::audio;
    default:
        throw bad_field("content_type", "must be image, file, video or audio for an upload");
    }
}

// The upload's fields into the request, which keeps those that the user gave.
void put_upload(yunhu::send_message_request& request, const yunhu::uploaded_file& done) {
    yunhu::content& body = *request.content;
    yunhu::draft made = message_with(done, body.video_time != 0 ? body.video_time : body.audio_time);
    const yunhu::content given = body;
    body = *made.content;
    body.mentioned_id = given.mentioned_id;
    body.buttons = given.buttons;
    body.quote_msg_text = given.quote_msg_text;
    body.quote_image_url = given.quote_image_url;
    body.quote_image_name = given.quote_image_name;
    body.quote_video_url = given.quote_video_url;
    body.quote_video_time = given.quote_video_time;
    request.content_type = made.type;
    request.media = std::move(made.media);
}

asio::awaitable<int> upload_and_send(settings common, const call* what, yunhu::client client, send_settings with,
                                     yunhu::send_message_request request) {
    yunhu::upload_options options;
    options.kind = kind_of(request.content_type);
    options.file_name = request.content->file_name;
    options.resume_file = with.resume;
    options.bytes_per_second = with.network.rate;
    std::filesystem::path file = with.file;
    auto done = co_await upload_with_bar(client, std::move(file), std::move(options));
    if (!done) { // nothing was sent
        co_return report_failure(common.json, done.error());
    }
    put_upload(request, *done);
    auto sent = co_await client.send_message(std::move(request), common.call_options(), yunhu::as_result);
    outcome end = sent ? outcome(sent_reply(*sent)) : outcome(sent.error());
    co_return print_outcome(common, *what, end);
}

int run_send(const settings& common, const call& what, const send_settings& with, json::object fields) {
    if (with.file.empty()) {
        return run_call(common, what, std::move(fields));
    }
    for (const auto& [name, value] : fields) {
        if (std::ranges::find(free_fields, std::string_view(name)) == free_fields.end()) {
            throw bad_field(std::string_view(name), "must not be given with upload");
        }
    }
    auto request = read_request(fields, yunhu::send_message_request());
    (void)kind_of(request.content_type); // before a byte is sent
    asio::io_context io;
    yunhu::client client(io, with.network.config(common));
    return run_to_end(io, upload_and_send(common, &what, std::move(client), with, std::move(request)));
}

} // namespace

command send_command(CLI::App& program, const call& what) {
    CLI::App* app = program.add_subcommand(std::string(what.name), what.help.translated());
    app->footer(example_footer(std::string(what.name) + " " + std::string(what.example)));
    const endpoint_options options(*app, what);
    const auto with = std::make_shared<send_settings>();
    app->add_option(
           "--upload", with->file,
           message("upload this file and send it; its kind is that of its content, or --content-type").translated())
        ->type_name("FILE");
    app->add_option("--resume", with->resume,
                    message("record with which the same command continues an interrupted upload").translated())
        ->type_name("FILE");
    with->network.add_to(*app);
    return {app,
            [&what, options, with](const settings& common) { return run_send(common, what, *with, options.fields()); }};
}

} // namespace cli
