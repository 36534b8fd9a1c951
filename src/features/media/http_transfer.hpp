// Copyright (c) 2026 The yunhu authors
// SPDX-License-Identifier: BSL-1.0
#pragma once

#include "features/media/content_file.hpp"
#include "http/transfer_parser.hpp"
#include "runtime/client_core.hpp"
#include "runtime/transfer_stream.hpp"

#include <yunhu/config.hpp>
#include <yunhu/error.hpp>

#include <boost/asio/awaitable.hpp>

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <map>
#include <memory>
#include <mutex>
#include <string>
#include <string_view>
#include <vector>

YUNHU_NAMESPACE_BEGIN
namespace detail {

/// A request of a transfer. Its body is `before`, a part of a file, and `after`.
struct transfer_request {
    transfer_request() = default;

    std::string host;
    std::string head; ///< the header section, with the empty line
    std::string before;
    std::shared_ptr<const content_file> file; ///< null: no such part
    std::uint64_t offset = 0;
    std::uint64_t length = 0;
    std::string after;
    std::function<void(std::size_t)> on_sent;            ///< bytes of the file; may be empty
    std::function<error_code()> on_header;               ///< of the response: an error ends the transfer; may be empty
    std::function<error_code(std::string_view)> on_body; ///< empty: the body goes to `transfer_response::body`
};

/// Its end.
struct transfer_response {
    transfer_response() = default;

    error_code ec; ///< none: the response is complete
    error_code cause;
    std::string detail;
    yunhu::delivery delivery = yunhu::delivery::not_sent;
    http::transfer_header header;
    std::string body; ///< at most `max_transfer_answer`
};

inline constexpr std::size_t max_transfer_answer = 256U << 10U;
inline constexpr std::size_t transfer_buffer = 256U << 10U;

/// Limits the rate of one or several connections together.
class transfer_rate {
public:
    explicit transfer_rate(std::uint64_t bytes_per_second) : per_second_(bytes_per_second) {}

    /// When the next bytes may go, once these have gone.
    [[nodiscard]] std::chrono::steady_clock::time_point reserve(std::size_t bytes);
    [[nodiscard]] bool limited() const noexcept { return per_second_ != 0; }

private:
    const std::uint64_t per_second_;
    std::mutex mutex_;
    std::chrono::steady_clock::time_point next_{};
};

/// The hosts that transfers of a client have used: their addresses, trust and TLS sessions. Thread-safe.
class transfer_hosts {
public:
    /// Throws `yunhu::error` if the name is not valid.
    [[nodiscard]] std::shared_ptr<const client_settings> settings_of(const client_core& core, const std::string& host);

private:
    std::mutex mutex_;
    std::map<std::string, std::shared_ptr<const client_settings>, std::less<>> known_;
};

/// Makes one exchange after the other with one server, over a connection of its own that is kept while it can be.
/// Not thread-safe: belongs to one coroutine.
class http_transfer {
public:
    http_transfer(std::shared_ptr<client_core> core, std::shared_ptr<transfer_rate> rate,
                  std::chrono::nanoseconds step_timeout);
    http_transfer(const http_transfer&) = delete;
    http_transfer& operator=(const http_transfer&) = delete;
    ~http_transfer();

    /// `request` must live until the end. Throws when the coroutine is cancelled, and what reading the file throws.
    [[nodiscard]] boost::asio::awaitable<void> exchange(const transfer_request* request, transfer_response* into);
    /// The header section of the response that is being received; of status 0: there is none.
    [[nodiscard]] const http::transfer_header& header() const noexcept { return parser_ ? parser_->header() : none_; }

private:
    [[nodiscard]] boost::asio::awaitable<error_code> open(const std::string* host, transfer_response* into);
    [[nodiscard]] boost::asio::awaitable<error_code> send(const transfer_request* request);
    [[nodiscard]] boost::asio::awaitable<error_code> receive(const transfer_request* request);
    void close() noexcept;

    std::shared_ptr<client_core> core_;
    std::shared_ptr<transfer_rate> rate_;
    std::chrono::nanoseconds step_timeout_;
    std::shared_ptr<transfer_stream> stream_; ///< null: none is open
    std::string host_;
    std::unique_ptr<http::transfer_parser> parser_;
    http::transfer_header none_;
    std::vector<char> buffer_;
    std::string body_;
};

} // namespace detail
YUNHU_NAMESPACE_END
