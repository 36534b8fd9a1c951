// Copyright (c) 2026 The yunhu authors
// SPDX-License-Identifier: BSL-1.0

#include "http/response_parser.hpp"

#include "http/header_cache.hpp"

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

// A body that is announced to be larger grows as it comes: a length costs the server nothing.
constexpr std::uint64_t most_reserved = 64 * 1024;

// What a connection keeps for the next answer's body.
constexpr std::size_t most_kept = 4 * 1024;

// A connection remembers no larger head.
constexpr std::size_t most_known = 1024;

// What a chunk's line may have for nothing: a size in 16 digits, and its line end.
constexpr std::size_t plain_chunk_line = 18;

using boost::system::result;

// Size of the lines at the front, up to the empty one and with it; 0 while that has not come.
result<std::size_t> size_of_lines(std::string_view bytes, std::size_t most) {
    std::size_t line = 0;
    for (;;) {
        const std::size_t end = bytes.substr(0, most).find('\n', line);
        if (end == std::string_view::npos) {
            return bytes.size() < most ? result<std::size_t>(0) : error_code(errc::header_limit);
        }
        if (end == line || bytes[end - 1] != '\r') {
            return error_code(errc::malformed_response);
        }
        if (end == line + 1) {
            return end + 1;
        }
        line = end + 1;
    }
}

result<std::size_t> size_of_head(std::string_view bytes, std::size_t most) {
    constexpr std::string_view begins = "HTTP/1.";
    if (bytes.substr(0, begins.size()) != begins.substr(0, bytes.size())) {
        return error_code(errc::malformed_response);
    }
    return size_of_lines(bytes, most);
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
    parser(const response_limits& limits, response& into) : result(into), limits_(limits) {
        // Head and trailers are bounded here, each; some versions of Beast would have them share one limit.
        header_limit(UINT32_MAX);
        body_limit(boost::optional<std::uint64_t>(limits.body_bytes));
    }

    response& result;
    bool head_done = false;

    [[nodiscard]] bool interim() const noexcept { return result.status < 200; }
    /// A body of that many bytes follows the head, as it says itself; none for another framing.
    [[nodiscard]] std::optional<std::size_t> body_size() const {
        const auto length = content_length();
        return !length || bodiless() ? std::nullopt : std::optional(static_cast<std::size_t>(*length));
    }

    /// How much of `bytes` can be parsed now: a whole head, a chunk's whole line (the last one with its trailers), or
    /// what there is of a body; 0 when more must come. Beast gets nothing else: what it makes of half a line depends
    /// on where the line was split, and half a last chunk trips an assertion of it.
    [[nodiscard]] boost::system::result<std::size_t> parsable(std::string_view bytes) {
        if (!head_done) {
            return size_of_head(bytes, limits_.header_bytes);
        }
        if (!chunked()) {
            return bytes.size();
        }
        if (chunk_left_ > 0) {
            return static_cast<std::size_t>(std::min<std::uint64_t>(chunk_left_, bytes.size()));
        }
        return size_of_chunk_head(bytes);
    }

private:
    [[nodiscard]] bool bodiless() const noexcept { return result.status == 204 || result.status == 304; }

    boost::system::result<std::size_t> size_of_chunk_head(std::string_view bytes) {
        const std::string_view chunk_end = in_chunks_ ? "\r\n" : ""; // of the chunk before
        if (bytes.substr(0, chunk_end.size()) != chunk_end.substr(0, bytes.size())) {
            return error_code(errc::malformed_response);
        }
        bytes.remove_prefix(std::min(chunk_end.size(), bytes.size()));
        const std::size_t end = bytes.find('\n');
        const bool whole = end != std::string_view::npos;
        const std::size_t size = whole ? end + 1 : bytes.size();
        const std::size_t overhead = chunk_overhead_ + (size > plain_chunk_line ? size - plain_chunk_line : 0);
        if (overhead > limits_.chunk_overhead) {
            return error_code(errc::body_limit);
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
        if (status < 100 || status > 999 || status == 101) { // nobody asked for another protocol
            ec = errc::malformed_response;
            return;
        }
        result.status = status;
        http10_ = version < 11;
    }

    void on_field_impl(http::field name, beast::string_view /*name_text*/, beast::string_view value,
                       error_code& ec) override {
        if (++fields_ > limits_.header_count) {
            ec = errc::header_limit;
            return;
        }
        if (head_done) { // a trailer: counted, never believed
            return;
        }
        switch (name) {
        case http::field::transfer_encoding:
            if (!beast::iequals(value, "chunked") || http10_) {
                ec = errc::malformed_response;
            }
            break;
        case http::field::content_encoding:
            if (!beast::iequals(value, "identity")) { // none was accepted
                ec = errc::malformed_response;
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
        head_done = true;
        fields_ = 0;
        // Who announces a body that never is may send it, as what looks like the next answer.
        const bool announced = chunked() || content_length().value_or(0) > 0;
        // Taken now: trailers would change it.
        result.keep_alive = keep_alive() && !http10_ && !(bodiless() && announced);
    }

    void on_body_init_impl(const boost::optional<std::uint64_t>& length, error_code& /*ec*/) override {
        if (length) {
            result.body.reserve(static_cast<std::size_t>(std::min(*length, most_reserved)));
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

    void on_finish_impl(error_code& /*ec*/) override {}

    // Doubles as a string does, but goes to the limit when the next doubling could pass it: never further.
    void append(beast::string_view bytes) {
        std::string& body = result.body;
        const std::size_t size = body.size() + bytes.size();
        if (size > body.capacity()) {
            const std::size_t twice = 2 * body.capacity();
            body.reserve(std::max(size, twice > limits_.body_bytes / 2 ? limits_.body_bytes : twice));
        }
        body.append(bytes.data(), bytes.size());
    }

    const response_limits& limits_;
    std::size_t fields_ = 0;
    std::uint64_t chunk_left_ = 0;
    std::size_t chunk_overhead_ = 0;
    bool in_chunks_ = false; ///< past the first chunk's line
    bool http10_ = false;
};

response_parser::response_parser(const response_limits& limits) : limits_(limits) {}
response_parser::~response_parser() = default;

// Beast's parsers serve one message; the new one takes the old one's memory.
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
    clear_result(std::exchange(memory_, {}));
    pending_.clear();
    interim_ = 0;
    began_ = false;
    in_body_ = false;
    done_ = false;
    trailing_data_ = false;
}

// The whole answer, if its head is known.
bool response_parser::take_known(std::string_view bytes) {
    const std::size_t head = size_of_same_head(known_.head, bytes, limits_.header_bytes);
    if (head == 0 || bytes.size() - head < known_.body_size) {
        return false;
    }
    const std::string_view rest = bytes.substr(head);
    if (head <= most_known) {
        known_.head = bytes.substr(0, head); // the next one has its date
    }
    std::string body = std::move(result_.body);
    result_ = known_.says;
    result_.body = std::move(body.assign(rest.substr(0, known_.body_size)));
    in_body_ = true;
    done_ = true;
    trailing_data_ = rest.size() > known_.body_size;
    return true;
}

void response_parser::know(std::string_view head) {
    const auto body_size = parser_->body_size();
    if (!body_size || head.size() > most_known) {
        return;
    }
    known_.head = head;
    known_.body_size = *body_size;
    known_.says = result_; // its body is still empty
}

error_code response_parser::feed(std::string_view bytes) {
    if (bytes.empty()) {
        return {};
    }
    if (done_) {
        trailing_data_ = true;
        return {};
    }
    if (!began_) {
        began_ = true;
        if (take_known(bytes)) {
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

// Consumes what it can from the front of `bytes`.
error_code response_parser::parse(std::string_view& bytes) {
    while (!bytes.empty()) {
        const auto size = parser_->parsable(bytes);
        if (!size) {
            return size.error();
        }
        if (*size == 0) {
            return {};
        }
        error_code ec;
        const bool in_head = !parser_->head_done;
        const std::string_view part = bytes.substr(0, *size);
        bytes.remove_prefix(parser_->put(boost::asio::buffer(part.data(), part.size()), ec));
        in_body_ = parser_->head_done && !parser_->interim();
        if (ec) {
            return translate(ec);
        }
        if (in_head && in_body_) {
            know(part);
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
            return errc::header_limit;
        }
        clear_result(std::move(result_.body));
        renew_parser();
    }
    return {};
}

error_code response_parser::end(bool clean) {
    if (done_) {
        return {};
    }
    if (!began_) {
        return errc::connection_lost;
    }
    // Only a body without any framing ends with the connection, and only if nobody could have cut it short.
    if (!clean || !in_body_ || !parser_->need_eof()) {
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

void response_parser::reuse(std::string&& memory) {
    if (memory.capacity() <= most_kept && memory.capacity() > memory_.capacity()) {
        memory.clear();
        memory_ = std::move(memory);
    }
}

response response_parser::take() {
    return std::move(result_);
}

} // namespace http
YUNHU_NAMESPACE_END
