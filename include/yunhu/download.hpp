// Copyright (c) 2026 The yunhu authors
// SPDX-License-Identifier: BSL-1.0
#pragma once

#include <yunhu/client.hpp>
#include <yunhu/config.hpp>
#include <yunhu/detail/coroutine_operation.hpp>
#include <yunhu/detail/operation.hpp>
#include <yunhu/error.hpp>
#include <yunhu/types.hpp>
#include <yunhu/upload.hpp>

#include <boost/asio/use_awaitable.hpp>

#include <chrono>
#include <cstdint>
#include <filesystem>
#include <functional>
#include <string>
#include <utility>

YUNHU_NAMESPACE_BEGIN

/// Where a download comes from: the media of a message, or a URL.
struct media_source {
    media_source() = default;
    // NOLINTBEGIN(google-explicit-constructor): these are what there is to download
    /// The image, file, video or audio of a message.
    YUNHU_EXPORT media_source(const message& from);
    /// A URL of one of the service's hosts.
    media_source(std::string link) : url(std::move(link)) {}
    media_source(const char* link) : url(link) {}
    // NOLINTEND(google-explicit-constructor)

    std::string url;        ///< or a key of the storage
    upload_kind kind{};     ///< of a key; of a URL it has no meaning
    std::string file_name;  ///< that the sender gave; not trusted
    std::uint64_t size = 0; ///< that the sender gave; 0: unknown
};

/// The name that a download into a folder gives the file, so that a file that is there can be found again: that of the
/// sender, else that of the URL; without folders, control characters and leading dots; never empty. Parameters: what
/// would be downloaded.
[[nodiscard]] YUNHU_EXPORT std::string file_name_of(const media_source& what);

/// Options of a download.
struct download_options {
    download_options() = default;

    std::uint64_t max_size = 1ULL << 30U; ///< bytes; a larger content fails. 0: no limit
    bool resume = true;                   ///< goes on with what an earlier download has left
    bool overwrite = false;               ///< replaces a file of that name; else the name gets a number
    std::string hash;                     ///< of the content, if it is known; empty: that of the response
    unsigned max_attempts = 5;            ///< of requests without progress; at least 1
    std::uint64_t bytes_per_second = 0;   ///< 0: no limit
    std::chrono::nanoseconds pause = std::chrono::milliseconds(500);  ///< before the first repetition; doubles
    std::chrono::nanoseconds step_timeout = std::chrono::seconds(30); ///< without a byte in either direction
    std::function<void(const transfer_progress&)> progress;           ///< called on the download's executor
};

/// Result of a download. The details are those of the last request.
struct YUNHU_EXPORT downloaded_file : call_info {
    downloaded_file() = default;

    std::filesystem::path path; ///< where it is
    std::string content_type;   ///< MIME type, as the host says
    std::string hash;           ///< the storage's hash of what was received
    std::uint64_t size = 0;     ///< bytes
    std::uint64_t resumed = 0;  ///< bytes that were there before
    bool verified = false;      ///< `hash` is the one that was expected
};

namespace detail {

extern template class YUNHU_EXPORT coroutine_operation<downloaded_file>;

[[nodiscard]] YUNHU_EXPORT coroutine<downloaded_file>
download_result(client from, media_source what, std::filesystem::path to, download_options options);

} // namespace detail

/// Downloads media of a message:
///
///     auto file = co_await yunhu::download(client, message, "pictures/");
///
/// Only the service's own hosts are connected to, by HTTPS, also when one of them redirects; none receives the token.
/// The content is written to `.<name>.part` beside its place and gets its name when it is complete and its hash is
/// right; an interrupted download goes on from there. Names come from strangers: folders, control characters and
/// leading dots are removed, and no file is replaced. A page in place of the media is an error. Memory: 256 KiB.
///
/// \par Parameters
/// `from`: the client, whose network options hold. `what`: a message or a URL. `to`: an existing folder, or the path of
/// the file. `options`: limits in bytes, times in nanoseconds.
///
/// \par Completion signature
/// `void(error_code, downloaded_file)`; awaited by default, which throws `yunhu::error`.
///
/// \par Errors
/// `errc::invalid_request` (`not_sent`): the message has no media, the URL is not one of the service's, or the file
/// can't be written. `errc::refused`: the host refuses it, as when a link has expired. `errc::body_limit`: it is larger
/// than `max_size`. `errc::bad_response`: a page, another content or another size. The errors of the connection, after
/// `max_attempts`.
///
/// \par Cancellation
/// Terminal, and partial and total where the coroutine permits them; completes with
/// `boost::asio::error::operation_aborted`. The same call goes on from what was received.
///
/// \par Thread safety
/// May be called from any thread; two downloads to one path must not run at once.
///
/// \par Lifetime
/// The arguments are copied or moved; the client is kept alive until completion.
///
/// \par Source
/// `GET https://chat-img.jwznb.com/<key>` and the other hosts of the service.
template <detail::call_token<downloaded_file> Token = boost::asio::use_awaitable_t<>> auto
download(client from, media_source what, std::filesystem::path to, download_options options, Token&& token = Token()) {
    const client::executor_type executor = from.get_executor();
    return detail::initiate_coroutine(&detail::download_result, executor, std::forward<Token>(token), std::move(from),
                                      std::move(what), std::move(to), std::move(options));
}
template <detail::call_token<downloaded_file> Token = boost::asio::use_awaitable_t<>>
auto download(client from, media_source what, std::filesystem::path to, Token&& token = Token()) {
    return download(std::move(from), std::move(what), std::move(to), download_options(), std::forward<Token>(token));
}

// GCC 12 destroys aggregates twice in a co_await expression: none may become a parameter of an awaited call.
static_assert(client::awaitable_parameter<media_source>);
static_assert(client::awaitable_parameter<download_options>);
static_assert(client::awaitable_parameter<downloaded_file>);

YUNHU_NAMESPACE_END
