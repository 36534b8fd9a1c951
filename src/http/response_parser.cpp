// Copyright (c) 2026 The yunhu authors
// SPDX-License-Identifier: BSL-1.0

#include "http/response_parser.hpp"

#include <boost/asio/buffer.hpp>
#include <boost/beast/core/string.hpp>
#include <boost/beast/http/basic_parser.hpp>
#include <boost/beast/http/error.hpp>
#include <boost/beast/http/field.hpp>
#include <boost/optional/optional.hpp>
#include <boost/system/result.hpp>

#include <algorithm>
#include <cstdint>
#include <memory>
#include <optional>
#include <utility>

YUNHU_NAMESPACE_BEGIN
namespace http {
namespace {

namespace beast = boost::beast;
namespace http = boost::beast::http;

// A larger body grows as its bytes arrive: announcing a length costs a hostile server nothing.
constexpr std::uint64_t max_reserved = 64 * 1024;

// Largest body memory that a connection keeps between two responses.
constexpr std::size_t max_body_cache = 4 * 1024;

// Bytes of a chunk header that do not count as overhead: a size of 16 digits, and CRLF.
constexpr std::size_t plain_chunk_header = 18;

/// Why bytes are refused. The reason is a literal.
struct rejection {
    error_code code;
    std::string_view reason;
};
using part_size = boost::system::result<std::size_t, rejection>;

constexpr std::string_view too_many_header_bytes = "more than limits.header_bytes";
constexpr std::string_view too_many_body_bytes = "more than limits.body_bytes";

// Size of the lines at the front, up to and including the empty line; 0 if that is not received yet.
part_size size_of_lines(std::string_view bytes, std::size_t limit) {
    std::size_t line = 0;
    for (;;) {
        const std::size_t end = bytes.substr(0, limit).find('\n', line);
        if (end == std::string_view::npos) {
            return bytes.size() < limit ? part_size(0)
                                        : part_size(rejection{errc::header_limit, too_many_header_bytes});
        }
        if (end == line || bytes[end - 1] != '\r') {
            return rejection{errc::malformed_response, "a line does not end with CR LF"};
        }
        if (end == line + 1) {
            return end + 1;
        }
        line = end + 1;
    }
}

part_size size_of_header_section(std::string_view bytes, std::size_t limit) {
    constexpr std::string_view prefix = "HTTP/1.";
    if (bytes.substr(0, prefix.size()) != prefix.substr(0, bytes.size())) {
        return rejection{errc::malformed_response, "it does not begin with HTTP/1."};
    }
    return size_of_lines(bytes, limit);
}

bool is_last_chunk(std::string_view line) {
    constexpr std::string_view digits = "0123456789abcdefABCDEF";
    const std::string_view size = line.substr(0, line.find_first_not_of(digits));
    return !size.empty() && size.find_first_not_of('0') == std::string_view::npos;
}

error_code translate(const error_code& ec) {
    if (ec == http::error::header_limit) {
        return errc::header_limit;
    }
    if (ec == http::error::body_limit) {
        return errc::body_limit;
    }
    if (ec == http::error::partial_message) {
        return errc::incomplete_response;
    }
    return ec.category() == category() ? ec : error_code(errc::malformed_response);
}

} // namespace

class response_parser::parser final : public http::basic_parser<false> {
public:
    parser(const response_limits& limits, response& destination) : result(destination), limits_(limits) {
        // `parsable` limits the header section and the trailers separately; some versions of Beast let them share one
        // limit.
        header_limit(UINT32_MAX);
        body_limit(boost::optional<std::uint64_t>(limits.body_bytes));
    }

    response& result;
    bool header_done = false;
    std::string_view reason; ///< of an error of this class

    [[nodiscard]] bool interim() const noexcept { return result.status < 200; }
    /// Length of the body if it is framed by `Content-Length`; none for any other framing.
    [[nodiscard]] std::optional<std::size_t> body_size() const {
        const auto length = content_length();
        return !length || bodiless() ? std::nullopt : std::optional(static_cast<std::size_t>(*length));
    }

    /// Size of the next part of `bytes` that can be parsed: a complete header section, a complete chunk header (the
    /// last one with its trailers), or any part of a body; 0 if more bytes are needed. Beast must not see less: its
    /// result for an incomplete line depends on the split, and an incomplete last chunk fails an assertion in it.
    [[nodiscard]] part_size parsable(std::string_view bytes) {
        if (!header_done) {
            return size_of_header_section(bytes, limits_.header_bytes);
        }
        if (!chunked()) {
            return bytes.size();
        }
        if (chunk_left_ > 0) {
            return static_cast<std::size_t>(std::min<std::uint64_t>(chunk_left_, bytes.size()));
        }
        return size_of_chunk_header(bytes);
    }

private:
    void refuse(error_code& ec, errc code, std::string_view why) {
        ec = code;
        reason = why;
    }

    [[nodiscard]] bool bodiless() const noexcept { return result.status == 204 || result.status == 304; }

    part_size size_of_chunk_header(std::string_view bytes) {
        const std::string_view chunk_end = in_chunks_ ? "\r\n" : ""; // of the previous chunk
        if (bytes.substr(0, chunk_end.size()) != chunk_end.substr(0, bytes.size())) {
            return rejection{errc::malformed_response, "a chunk does not end with CR LF"};
        }
        bytes.remove_prefix(std::min(chunk_end.size(), bytes.size()));
        const std::size_t end = bytes.find('\n');
        const bool whole = end != std::string_view::npos;
        const std::size_t size = whole ? end + 1 : bytes.size();
        const std::size_t overhead = chunk_overhead_ + (size > plain_chunk_header ? size - plain_chunk_header : 0);
        if (overhead > limits_.chunk_overhead) {
            return rejection{errc::body_limit, "more than limits.chunk_overhead"};
        }
        if (!whole) {
            return 0;
        }
        if (!is_last_chunk(bytes)) {
            chunk_overhead_ = overhead;
            return chunk_end.size() + size;
        }
        const auto trailers = size_of_lines(bytes.substr(size), limits_.header_bytes);
        return !trailers || *trailers == 0 ? trailers : chunk_end.size() + size + *trailers;
    }

    void on_request_impl(http::verb /*method*/, beast::string_view /*name*/, beast::string_view /*target*/,
                         int /*version*/, error_code& /*ec*/) override {}

    void on_response_impl(int status, beast::string_view /*reason*/, int version, error_code& ec) override {
        if (status < 100 || status > 999) {
            return refuse(ec, errc::malformed_response, "its status is not between 100 and 999");
        }
        if (status == 101) {
            return refuse(ec, errc::malformed_response, "it switches protocols, which the request does not ask for");
        }
        result.status = status;
        http10_ = version < 11;
    }

    void on_field_impl(http::field name, beast::string_view /*name_text*/, beast::string_view value,
                       error_code& ec) override {
        if (++fields_ > limits_.header_count) {
            return refuse(ec, errc::header_limit, "more fields than limits.header_count");
        }
        if (header_done) { // a trailer: counted, but has no effect
            return;
        }
        switch (name) {
        case http::field::transfer_encoding:
            if (!beast::iequals(value, "chunked") || http10_) {
                refuse(ec, errc::malformed_response, "its transfer-encoding is not chunked, or is in HTTP/1.0");
            }
            break;
        case http::field::content_encoding:
            if (!beast::iequals(value, "identity")) {
                refuse(ec, errc::malformed_response,
                       "its content-encoding is not identity: the request accepts no compression");
            }
            break;
        case http::field::keep_alive:
            result.hints = parse_keep_alive({value.data(), value.size()});
            break;
        case http::field::retry_after:
            result.retry_after.assign(value.data(), value.size());
            break;
        default:
            break;
        }
    }

    void on_header_impl(error_code& /*ec*/) override {
        header_done = true;
        fields_ = 0;
        // If a body is announced where none is allowed, its bytes would be taken for the next response.
        const bool announced = chunked() || content_length().value_or(0) > 0;
        // Computed here, because trailers would change it.
        result.keep_alive = keep_alive() && !http10_ && !(bodiless() && announced);
    }

    void on_body_init_impl(const boost::optional<std::uint64_t>& length, error_code& /*ec*/) override {
        largest_body_ = limits_.body_bytes;
        if (length) {
            largest_body_ = static_cast<std::size_t>(std::min<std::uint64_t>(*length, limits_.body_bytes));
            result.body.reserve(static_cast<std::size_t>(std::min(*length, max_reserved)));
        }
    }

    std::size_t on_body_impl(beast::string_view bytes, error_code& /*ec*/) override {
        append(bytes);
        return bytes.size();
    }

    void on_chunk_header_impl(std::uint64_t size, beast::string_view /*extensions*/, error_code& /*ec*/) override {
        in_chunks_ = true;
        chunk_left_ = size;
    }

    std::size_t on_chunk_body_impl(std::uint64_t left, beast::string_view bytes, error_code& /*ec*/) override {
        append(bytes);
        chunk_left_ = left - bytes.size();
        return bytes.size();
    }

    // A body of unknown length may have been given much more memory than it has bytes.
    void on_finish_impl(error_code& /*ec*/) override {
        if (result.body.capacity() > max_reserved && result.body.capacity() / 2 > result.body.size()) {
            result.body.shrink_to_fit();
        }
    }

    // Doubles the capacity as `std::string` does, but never exceeds the body's length or limit.
    void append(beast::string_view bytes) {
        std::string& body = result.body;
        const std::size_t size = body.size() + bytes.size();
        if (size > body.capacity()) {
            const std::size_t twice = 2 * body.capacity();
            body.reserve(std::max(size, twice > largest_body_ / 2 ? largest_body_ : twice));
        }
        body.append(bytes.data(), bytes.size());
    }

    const response_limits& limits_;
    std::size_t fields_ = 0;
    std::size_t largest_body_ = 0;
    std::uint64_t chunk_left_ = 0;
    std::size_t chunk_overhead_ = 0;
    bool in_chunks_ = false; ///< the first chunk header is parsed
    bool http10_ = false;
};

response_parser::response_parser(const response_limits& limits) : limits_(limits), header_cache_(limits.header_bytes) {}
response_parser::~response_parser() = default;

// A Beast parser serves one message; the next one is constructed in the same memory.
void response_parser::renew_parser() {
    if (parser_) {
        std::destroy_at(parser_.get());
        std::construct_at(parser_.get(), limits_, result_);
    } else {
        parser_ = std::make_unique<parser>(limits_, result_);
    }
}

void response_parser::clear_result(std::string memory) {
    memory.clear();
    result_ = response();
    result_.body = std::move(memory);
}

void response_parser::start() {
    clear_result(std::exchange(body_cache_, {}));
    pending_.clear();
    reason_ = {};
    interim_ = 0;
    got_some_ = false;
    header_done_ = false;
    done_ = false;
    trailing_data_ = false;
}

// Completes the response if its header section hits the cache and its body is here.
bool response_parser::complete_from_cache(std::string_view bytes) {
    const std::size_t header_size = header_cache_.hit(bytes);
    if (header_size == 0 || bytes.size() - header_size < header_cache_.body_size()) {
        return false;
    }
    const std::string_view rest = bytes.substr(header_size);
    std::string body = std::move(result_.body);
    result_ = header_cache_.parsed();
    result_.body = std::move(body.assign(rest.substr(0, header_cache_.body_size())));
    header_done_ = true;
    done_ = true;
    trailing_data_ = rest.size() > header_cache_.body_size();
    return true;
}

error_code response_parser::feed(std::string_view bytes) {
    if (bytes.empty()) {
        return {};
    }
    if (done_) {
        trailing_data_ = true;
        return {};
    }
    if (!got_some_) {
        got_some_ = true;
        if (complete_from_cache(bytes)) {
            return {};
        }
        renew_parser();
    }
    if (pending_.empty()) {
        const error_code ec = parse(bytes);
        if (!ec && !done_) {
            pending_.assign(bytes);
        }
        return ec;
    }
    pending_.append(bytes);
    std::string_view all = pending_;
    const error_code ec = parse(all);
    pending_.erase(0, pending_.size() - all.size());
    return ec;
}

error_code response_parser::refuse(const error_code& code, std::string_view reason) {
    reason_ = reason;
    return code;
}

// Removes the parsable bytes from the front of `bytes`.
error_code response_parser::parse(std::string_view& bytes) {
    while (!bytes.empty()) {
        const auto size = parser_->parsable(bytes);
        if (!size) {
            return refuse(size.error().code, size.error().reason);
        }
        if (*size == 0) {
            return {};
        }
        error_code ec;
        const bool in_header = !parser_->header_done;
        const std::string_view part = bytes.substr(0, *size);
        bytes.remove_prefix(parser_->put(boost::asio::buffer(part.data(), part.size()), ec));
        header_done_ = parser_->header_done && !parser_->interim();
        if (ec) {
            return refuse(translate(ec), ec == http::error::body_limit ? too_many_body_bytes : parser_->reason);
        }
        if (in_header && header_done_) {
            if (const auto body_size = parser_->body_size()) {
                header_cache_.store(part, *body_size, result_);
            }
        }
        if (!parser_->is_done()) {
            continue;
        }
        if (!parser_->interim()) {
            done_ = true;
            trailing_data_ = !bytes.empty();
            return {};
        }
        if (++interim_ > limits_.interim_responses) {
            return refuse(errc::header_limit, "more interim responses than limits.interim_responses");
        }
        clear_result(std::move(result_.body));
        renew_parser();
    }
    return {};
}

error_code response_parser::feed_eof(bool clean) {
    if (done_) {
        return {};
    }
    if (!got_some_) {
        return errc::connection_lost;
    }
    // Only a body without framing ends with the connection, and only an authenticated end proves it complete.
    if (!clean || !header_done_ || !parser_->need_eof()) {
        return errc::incomplete_response;
    }
    error_code ec;
    parser_->put_eof(ec);
    if (ec) {
        return translate(ec);
    }
    done_ = true;
    return {};
}

void response_parser::reuse_body(std::string&& memory) {
    if (memory.capacity() <= max_body_cache && memory.capacity() > body_cache_.capacity()) {
        memory.clear();
        body_cache_ = std::move(memory);
    }
}

response response_parser::release() {
    return std::move(result_);
}

} // namespace http
YUNHU_NAMESPACE_END
