// Copyright (c) 2026 The yunhu authors
// SPDX-License-Identifier: BSL-1.0
#pragma once

#include "settings.hpp"

#include <yunhu/client.hpp>
#include <yunhu/download.hpp>
#include <yunhu/error.hpp>

#include <boost/asio/awaitable.hpp>
#include <boost/json/object.hpp>

#include <cstdint>
#include <filesystem>
#include <functional>
#include <optional>
#include <string>

namespace cli {

namespace asio = boost::asio;
namespace json = boost::json;

/// What a message in JSON, as `yunhu history` prints it, has for download; of an empty URL: nothing.
[[nodiscard]] yunhu::media_source media_in(const json::object& message);

/// A folder with the media of a chat's messages. Each file is named after the message's `msg_seq` and what the sender
/// called it, so that it is found again; one that is there is not downloaded again.
class history_media {
public:
    /// Makes the folder. Throws `bad_field`.
    history_media(yunhu::client client, std::filesystem::path folder, std::uint64_t bytes_per_second);

    /// Downloads the media of a message, if it has any. What the service refuses is reported, counted and left out. The
    /// failure that ends the run: the network's, the disk's, Ctrl-C.
    [[nodiscard]] asio::awaitable<std::optional<yunhu::failure>> fetch(const json::object* message);
    /// The same for all messages in a file of `yunhu history`: an interrupted run may have left some.
    [[nodiscard]] asio::awaitable<std::optional<yunhu::failure>> fetch_all_in(std::string jsonl);

    [[nodiscard]] std::uint64_t downloaded() const { return downloaded_; }
    [[nodiscard]] bool left_out() const { return left_out_ > 0; }
    /// Called before something is drawn or printed.
    std::function<void()> before_output;

private:
    yunhu::client client_;
    std::filesystem::path folder_;
    std::uint64_t rate_;
    std::uint64_t downloaded_ = 0;
    std::uint64_t left_out_ = 0;
};

} // namespace cli
