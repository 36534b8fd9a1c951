// Copyright (c) 2026 The yunhu authors
// SPDX-License-Identifier: BSL-1.0

#include "transfers.hpp"

#include "fields.hpp"
#include "message.hpp"

#include <CLI/CLI.hpp>

#include <algorithm>
#include <iterator>
#include <memory>

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

std::string megabytes(std::uint64_t bytes) {
    constexpr std::uint64_t tenth = 100'000;
    const std::uint64_t tenths = bytes / tenth;
    return std::to_string(tenths / 10) + "." + std::to_string(tenths % 10);
}

} // namespace

void transfer_settings::add_to(CLI::App& app) {
    app.add_option("--limit-rate", rate,
                   message("maximum number of bytes per second; if absent, unlimited").translated())
        ->type_name("N");
    app.add_option("--connect-to", connect_to,
                   message("address to connect to in place of a server's own; *: of every server").translated())
        ->envname("YUNHU_CONNECT_TO")
        ->type_name("NAME=HOST:PORT");
}

yunhu::client_config transfer_settings::config(const settings& common) const {
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

std::optional<yunhu::upload_kind> kind_named(std::string_view name) {
    const auto* const found = std::ranges::find(kinds, name, &kind_name::name);
    return found == kinds.end() ? std::nullopt : std::optional(found->kind);
}

std::string_view name_of(yunhu::upload_kind kind) {
    const auto* const found = std::ranges::find(kinds, kind, &kind_name::kind);
    return found == kinds.end() ? std::string_view("file") : found->name;
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

void transfer_bar::show(const yunhu::transfer_progress& at) {
    first_ = first_ ? first_ : at.done;
    if (!bar_.is_due()) {
        return;
    }
    const std::chrono::duration<double> elapsed = std::chrono::steady_clock::now() - begin_;
    const std::uint64_t of_this_run = at.done - std::min(at.done, *first_); // a repeated part takes some back
    const double rate = elapsed.count() > 0 ? static_cast<double>(of_this_run) / elapsed.count() : 0;
    const auto part_of = [&at](std::uint64_t bytes) {
        return at.total == 0 ? 0 : static_cast<double>(bytes) / static_cast<double>(at.total);
    };
    bar_.draw(part_of(at.done),
              translated("{0} of {1} MB, {2} MB/s",
                         {megabytes(at.done), megabytes(at.total), megabytes(static_cast<std::uint64_t>(rate))}),
              part_of(*first_));
}

asio::awaitable<yunhu::result<yunhu::uploaded_file>> upload_with_bar(yunhu::client client, std::filesystem::path file,
                                                                     yunhu::upload_options options) {
    const auto bar = std::make_shared<transfer_bar>();
    options.progress = [bar](const yunhu::transfer_progress& at) { bar->show(at); };
    auto done = co_await yunhu::upload(std::move(client), std::move(file), std::move(options), yunhu::as_result);
    bar->clear();
    co_return done;
}

asio::awaitable<yunhu::result<yunhu::downloaded_file>> download_with_bar(yunhu::client client, yunhu::media_source what,
                                                                         std::filesystem::path to,
                                                                         yunhu::download_options options) {
    const auto bar = std::make_shared<transfer_bar>();
    options.progress = [bar](const yunhu::transfer_progress& at) { bar->show(at); };
    auto done = co_await yunhu::download(std::move(client), std::move(what), std::move(to), std::move(options),
                                         yunhu::as_result);
    bar->clear();
    co_return done;
}

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

} // namespace cli
