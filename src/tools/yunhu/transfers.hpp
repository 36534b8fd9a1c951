// Copyright (c) 2026 The yunhu authors
// SPDX-License-Identifier: BSL-1.0
#pragma once

#include "progress.hpp"
#include "settings.hpp"

#include <yunhu/client.hpp>
#include <yunhu/client_config.hpp>
#include <yunhu/download.hpp>
#include <yunhu/draft.hpp>
#include <yunhu/error.hpp>
#include <yunhu/upload.hpp>

#include <boost/asio/awaitable.hpp>

#include <array>
#include <chrono>
#include <cstdint>
#include <filesystem>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace CLI {
class App;
} // namespace CLI

// What the subcommands that upload and download have in common.
namespace cli {

namespace asio = boost::asio;

/// Options about the network.
struct transfer_settings {
    void add_to(CLI::App& app);
    /// Throws `bad_field`.
    [[nodiscard]] yunhu::client_config config(const settings& common) const;

    std::uint64_t rate = 0; ///< bytes per second; 0: no limit
    std::vector<std::string> connect_to;
};

/// A kind by its name; absent: there is none of that name.
[[nodiscard]] std::optional<yunhu::upload_kind> kind_named(std::string_view name);
[[nodiscard]] std::string_view name_of(yunhu::upload_kind kind);
/// Adds `--kind`.
void add_kind(CLI::App& app, std::string& to, const std::string& help);

/// A bar with the rate of this run, which an earlier run's bytes do not count to.
class transfer_bar {
public:
    void show(const yunhu::transfer_progress& at);
    void clear() { bar_.clear(); }

private:
    progress_bar bar_;
    std::optional<std::uint64_t> first_; ///< bytes that were there when it began
    std::chrono::steady_clock::time_point begin_ = std::chrono::steady_clock::now();
};

/// Uploads with a bar on a terminal.
[[nodiscard]] asio::awaitable<yunhu::result<yunhu::uploaded_file>>
upload_with_bar(yunhu::client client, std::filesystem::path file, yunhu::upload_options options);
/// Downloads with a bar on a terminal.
[[nodiscard]] asio::awaitable<yunhu::result<yunhu::downloaded_file>> download_with_bar(yunhu::client client,
                                                                                       yunhu::media_source what,
                                                                                       std::filesystem::path to,
                                                                                       yunhu::download_options options);

/// The message of an upload's kind. `seconds`: length of a video or a voice message.
[[nodiscard]] yunhu::draft message_with(const yunhu::uploaded_file& done, std::uint64_t seconds);

} // namespace cli
