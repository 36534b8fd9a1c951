// Copyright (c) 2026 The yunhu authors
// SPDX-License-Identifier: BSL-1.0

#include "history_media.hpp"

#include "fields.hpp"
#include "message.hpp"
#include "print.hpp"
#include "transfers.hpp"
#include "untrusted.hpp"

#include <yunhu/types.hpp>

#include <boost/json/parse.hpp>
#include <boost/system/error_code.hpp>

#include <fstream>
#include <iostream>
#include <string_view>
#include <system_error>
#include <utility>

#include <unistd.h>

namespace cli {
namespace {

std::string text_at(const json::object& in, std::string_view name) {
    const json::value* const found = in.if_contains(name);
    return found != nullptr && found->is_string() ? std::string(found->get_string()) : std::string();
}

std::uint64_t number_at(const json::object& in, std::string_view name) {
    const json::value* const found = in.if_contains(name);
    boost::system::error_code ec;
    return found != nullptr && found->is_number() ? found->to_number<std::uint64_t>(ec) : 0;
}

// It concerns this one content; the next download may go well.
bool is_of_the_content(const yunhu::failure& f) {
    return f.code == yunhu::errc::refused || f.code == yunhu::errc::bad_response || f.code == yunhu::errc::body_limit ||
           (f.code == yunhu::errc::invalid_request && !f.cause);
}

} // namespace

yunhu::media_source media_in(const json::object& message) {
    yunhu::message m;
    m.content_type = static_cast<yunhu::content_type>(number_at(message, "content_type"));
    if (const json::value* const body = message.if_contains("content"); body != nullptr && body->is_object()) {
        const json::object& from = body->get_object();
        m.content->image = text_at(from, "image");
        m.content->image_url = text_at(from, "image_url");
        m.content->file_url = text_at(from, "file_url");
        m.content->file_name = text_at(from, "file_name");
        m.content->video_url = text_at(from, "video_url");
        m.content->audio_url = text_at(from, "audio_url");
    }
    return m;
}

history_media::history_media(yunhu::client client, std::filesystem::path folder, std::uint64_t bytes_per_second)
    : client_(std::move(client)), folder_(std::move(folder)), rate_(bytes_per_second) {
    std::error_code ec;
    std::filesystem::create_directories(folder_, ec);
    if (!std::filesystem::is_directory(folder_, ec) || ::access(folder_.c_str(), W_OK | X_OK) != 0) {
        throw bad_field("media", "must be a folder that can be written to");
    }
}

asio::awaitable<std::optional<yunhu::failure>> history_media::fetch(const json::object* message) {
    yunhu::media_source what = media_in(*message);
    if (what.url.empty()) {
        co_return std::nullopt;
    }
    std::filesystem::path to =
        folder_ / (std::to_string(number_at(*message, "msg_seq")) + "-" + yunhu::file_name_of(what));
    std::error_code ec;
    if (std::filesystem::exists(std::filesystem::symlink_status(to, ec))) {
        co_return std::nullopt;
    }
    yunhu::download_options options;
    options.bytes_per_second = rate_;
    if (before_output) {
        before_output();
    }
    auto done = co_await download_with_bar(client_, std::move(what), std::move(to), std::move(options));
    if (done) {
        ++downloaded_;
        co_return std::nullopt;
    }
    if (!is_of_the_content(done.error())) {
        co_return done.error();
    }
    ++left_out_;
    std::cerr << translated("yunhu: left out: the media of message {0}",
                            {tools::on_one_line(text_at(*message, "msg_id"))})
              << '\n';
    print_failure(std::cerr, done.error());
    co_return std::nullopt;
}

asio::awaitable<std::optional<yunhu::failure>> history_media::fetch_all_in(std::string jsonl) {
    std::ifstream in(jsonl, std::ios::binary);
    for (std::string line; std::getline(in, line);) {
        boost::system::error_code ec;
        const json::value read = json::parse(line, ec);
        const json::object* const message = ec ? nullptr : read.if_object();
        if (message == nullptr) {
            continue;
        }
        std::optional<yunhu::failure> failed = co_await fetch(message);
        if (failed) {
            co_return failed;
        }
    }
    co_return std::nullopt;
}

} // namespace cli
