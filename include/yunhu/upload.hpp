// Copyright (c) 2026 The yunhu authors
// SPDX-License-Identifier: BSL-1.0
#pragma once

#include <yunhu/client.hpp>
#include <yunhu/config.hpp>
#include <yunhu/detail/coroutine_operation.hpp>
#include <yunhu/detail/operation.hpp>
#include <yunhu/draft.hpp>
#include <yunhu/error.hpp>

#include <boost/asio/any_io_executor.hpp>
#include <boost/asio/awaitable.hpp>
#include <boost/asio/use_awaitable.hpp>

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <functional>
#include <span>
#include <string>
#include <utility>

YUNHU_NAMESPACE_BEGIN

/// What an upload is for. It determines the bucket, and so the hosts that serve it.
enum class upload_kind : std::uint8_t {
    by_content, ///< image, video or audio by the first bytes of the file; else file
    image,
    file,
    video,
    audio,
    sticker,    ///< a personal sticker
    group_disk, ///< a file of a group's disk
};

/// Where the bytes of an upload come from, when they are in no file: a response of another server, a pipe, an encoder.
struct upload_source {
    /// Fills the beginning of the buffer; the number of bytes, 0: there are no more. What it throws ends the upload.
    using reader = std::function<boost::asio::awaitable<std::size_t, boost::asio::any_io_executor>(std::span<char>)>;

    upload_source() = default;
    upload_source(reader from, std::string name) : read(std::move(from)), file_name(std::move(name)) {}

    reader read;
    std::string file_name; ///< that people see; its suffix is used as that of a file
};

/// How far a transfer is.
struct transfer_progress {
    transfer_progress() = default;
    transfer_progress(std::uint64_t finished, std::uint64_t all) : done(finished), total(all) {}

    std::uint64_t done = 0;  ///< bytes
    std::uint64_t total = 0; ///< bytes; 0: unknown
};

/// Options of an upload.
struct upload_options {
    upload_options() = default;

    upload_kind kind = upload_kind::by_content;
    std::string file_name;    ///< that people see; empty: that of the path
    std::string content_type; ///< MIME type; empty: by content
    /// Record of an upload in parts, with which the same call goes on after the process was killed. It is removed when
    /// the upload is complete. Empty: none.
    std::filesystem::path resume_file;
    std::uint64_t form_limit = 4U << 20U; ///< bytes; a larger file is uploaded in parts
    std::uint64_t part_size = 4U << 20U;  ///< bytes, from 1 MiB to 1 GiB
    unsigned parallel_parts = 3;          ///< parts at a time, each over a connection of its own; at least 1
    std::uint64_t bytes_per_second = 0;   ///< of the whole upload; 0: no limit
    bool check_limits = true;             ///< asks the service for the greatest size before a byte leaves
    bool skip_existing = false;           ///< asks the service whether it has the content already
    unsigned max_attempts = 5;            ///< of each request to the storage; at least 1
    std::chrono::nanoseconds pause = std::chrono::milliseconds(500);  ///< before the first repetition; doubles
    std::chrono::nanoseconds step_timeout = std::chrono::seconds(30); ///< without a byte in either direction
    /// Where the bytes of an `upload_source` are kept until the end, in a file without a name; empty: the system's
    /// folder for temporary files.
    std::filesystem::path spool_folder;
    std::function<void(const transfer_progress&)> progress; ///< from any thread, one call at a time
};

/// Result of an upload. The details are those of the last request.
struct YUNHU_EXPORT uploaded_file : call_info {
    uploaded_file() = default;

    upload_kind kind = upload_kind::file; ///< never `by_content`
    std::string key;                      ///< what a message names it by
    std::string hash;                     ///< the storage's, e.g. `Fi_U4cZ6LSj87YSe4bt25zkbk-sS`
    std::string md5;                      ///< 32 hex digits
    std::string content_type;             ///< MIME type
    std::string suffix;                   ///< without a dot
    std::string file_name;                ///< that people see
    std::uint64_t size = 0;               ///< bytes
    std::uint64_t width = 0;              ///< pixels; 0: unknown
    std::uint64_t height = 0;             ///< pixels; 0: unknown
    bool was_there = false;               ///< the service had it, and nothing was sent
    std::uint64_t parts_sent = 0;         ///< 0: as a form
};

/// The message with an uploaded image, with its metadata. Parameters: the upload.
[[nodiscard]] YUNHU_EXPORT draft image(const uploaded_file& from);
/// The message with an uploaded file. Parameters: the upload.
[[nodiscard]] YUNHU_EXPORT draft file(const uploaded_file& from);
/// The message with an uploaded video, with its metadata. Parameters: the upload; the length in seconds, 0 if unknown.
[[nodiscard]] YUNHU_EXPORT draft video(const uploaded_file& from, std::uint64_t seconds = 0);
/// The voice message, with its metadata. Parameters: the upload; the length in seconds.
[[nodiscard]] YUNHU_EXPORT draft audio(const uploaded_file& from, std::uint64_t seconds);

namespace detail {

extern template class YUNHU_EXPORT coroutine_operation<uploaded_file>;

[[nodiscard]] YUNHU_EXPORT coroutine<uploaded_file> upload_result(client from, std::filesystem::path file,
                                                                  upload_options options);
[[nodiscard]] YUNHU_EXPORT coroutine<uploaded_file> upload_source_result(client from, upload_source what,
                                                                         upload_options options);

} // namespace detail

/// Uploads a file to the service's storage. A message names it by the key:
///
///     auto picture = co_await yunhu::upload(client, "cat.png");
///     co_await client.send_message({yunhu::group("big"), yunhu::image(picture)});
///
/// The file is read twice: for the names of its content, and while it is sent. It is never in memory as a whole: 256
/// KiB for each connection. Connections are the upload's own, so that it does not hold those of calls. Repeating is
/// safe, since the same content has the same key; so every transient failure is repeated, a wrong host is left for the
/// right one, and an expired upload token is renewed once. Only hosts of the storage are connected to, and none of them
/// receives the account's token. User accounts only.
///
/// \par Parameters
/// `from`: the client of the account. `file`: a regular file, which must not change meanwhile. `options`: the kind, the
/// sizes in bytes, times in nanoseconds.
///
/// \par Completion signature
/// `void(error_code, uploaded_file)`; awaited by default, which throws `yunhu::error`.
///
/// \par Errors
/// `errc::invalid_request` (`not_sent`): the file can't be read, an option is not valid, or the file is larger than the
/// service allows. `errc::refused`, `errc::not_authenticated`: the storage refuses it; `api_msg` has its text. Those of
/// a call, for the token and the hosts. The errors of the connection, after `max_attempts`.
///
/// \par Cancellation
/// Terminal, and partial and total where the coroutine permits them; completes with
/// `boost::asio::error::operation_aborted`. With `resume_file` the same call goes on from the last finished part.
///
/// \par Thread safety
/// May be called from any thread.
///
/// \par Lifetime
/// The arguments are copied or moved; the client is kept alive until completion.
///
/// \par Source
/// `GET /v1/misc/qiniu-token` and its kin, `GET /v1/misc/setting`; the storage's form upload and upload in parts.
template <detail::call_token<uploaded_file> Token = boost::asio::use_awaitable_t<>>
auto upload(client from, std::filesystem::path file, upload_options options, Token&& token = Token()) {
    const client::executor_type executor = from.get_executor();
    return detail::initiate_coroutine(&detail::upload_result, executor, std::forward<Token>(token), std::move(from),
                                      std::move(file), std::move(options));
}
template <detail::call_token<uploaded_file> Token = boost::asio::use_awaitable_t<>>
auto upload(client from, std::filesystem::path file, Token&& token = Token()) {
    return upload(std::move(from), std::move(file), upload_options(), std::forward<Token>(token));
}

/// Uploads bytes that are in no file:
///
///     yunhu::upload_source log(read_log, "today.log"); // awaitable<std::size_t> read_log(std::span<char> into)
///     auto sent = co_await yunhu::upload(client, std::move(log));
///
/// The key is made of the content's hash and goes first, so the bytes are kept in a file without a name, in
/// `spool_folder`, until the upload has ended. Memory: 256 KiB for each connection, whatever the size.
///
/// \par Parameters
/// `from`: the client of the account. `what`: the reader, called one call at a time on the upload's executor, and the
/// name. `options`: the kind, the sizes in bytes, times in nanoseconds; `resume_file` must be empty.
///
/// \par Completion signature
/// `void(error_code, uploaded_file)`; awaited by default, which throws `yunhu::error`.
///
/// \par Errors
/// Those of the upload of a file. `errc::invalid_request` (`not_sent`): there is no reader, it gave more than its
/// buffer has room for, or the bytes can't be kept. An exception of the reader other than `boost::system::system_error`
/// is not caught; of the latter the code is the `cause`.
///
/// \par Cancellation
/// Terminal, and partial and total where the coroutine permits them; completes with
/// `boost::asio::error::operation_aborted`. The reader is cancelled as any awaited operation.
///
/// \par Thread safety
/// May be called from any thread.
///
/// \par Lifetime
/// The arguments are copied or moved, the reader with what it owns; the client is kept alive until completion.
///
/// \par Source
/// As the upload of a file: `GET /v1/misc/qiniu-token` and its kin, and the storage.
template <detail::call_token<uploaded_file> Token = boost::asio::use_awaitable_t<>>
auto upload(client from, upload_source what, upload_options options, Token&& token = Token()) {
    const client::executor_type executor = from.get_executor();
    return detail::initiate_coroutine(&detail::upload_source_result, executor, std::forward<Token>(token),
                                      std::move(from), std::move(what), std::move(options));
}
template <detail::call_token<uploaded_file> Token = boost::asio::use_awaitable_t<>>
auto upload(client from, upload_source what, Token&& token = Token()) {
    return upload(std::move(from), std::move(what), upload_options(), std::forward<Token>(token));
}

// GCC 12 destroys aggregates twice in a co_await expression: none may become a parameter of an awaited call.
static_assert(client::awaitable_parameter<upload_source>);
static_assert(client::awaitable_parameter<upload_options>);
static_assert(client::awaitable_parameter<uploaded_file>);

YUNHU_NAMESPACE_END
