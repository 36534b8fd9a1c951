// Copyright (c) 2026 The yunhu authors
// SPDX-License-Identifier: BSL-1.0

#include "http/transfer_parser.hpp"

#include <boost/asio/buffer.hpp>
#include <boost/beast/core/string.hpp>
#include <boost/beast/http/basic_parser.hpp>
#include <boost/beast/http/error.hpp>
#include <boost/beast/http/field.hpp>
#include <boost/optional/optional.hpp>

#include <utility>

YUNHU_NAMESPACE_BEGIN
namespace http {
namespace {

constexpr std::uint32_t max_header_bytes = 16 * 1024;
constexpr std::size_t max_pending = 64 * 1024; // a header section, or the line of a chunk
constexpr unsigned max_interim = 16;
constexpr int first_final_status = 200;
constexpr int switching_protocols = 101;

} // namespace

class transfer_parser::parser final : public boost::beast::http::basic_parser<false> {
public:
    explicit parser(body_function& on_body) : on_body_(on_body) {
        header_limit(max_header_bytes);
        body_limit(boost::none);
        eager(true);
    }

    transfer_header header;
    bool bad_framing = false;
    bool header_done = false;

    [[nodiscard]] bool interim() const noexcept { return header.status < first_final_status; }

private:
    using string_view = boost::beast::string_view;
    using ec_type = boost::system::error_code;

    void on_request_impl(boost::beast::http::verb, string_view, string_view, int, ec_type& /*ec*/) override {}
    void on_response_impl(int code, string_view, int, ec_type& ec) override {
        header.status = code;
        if (code == switching_protocols || code < 100) {
            ec = errc::malformed_response;
        }
    }
    void on_field_impl(boost::beast::http::field name, string_view name_text, string_view value,
                       ec_type& /*ec*/) override {
        using boost::beast::http::field;
        const std::string_view text(value.data(), value.size());
        const auto keep = [&text](std::string& to) { to = to.empty() ? std::string(text) : to; };
        switch (name) {
        case field::transfer_encoding:
            bad_framing = bad_framing || has_encoding_ || !boost::beast::iequals(value, "chunked");
            has_encoding_ = true;
            break;
        case field::content_length:
            // Beast takes a list of equal lengths for one.
            bad_framing = bad_framing || has_length_ || value.find_first_not_of("0123456789") != value.npos;
            has_length_ = true;
            break;
        case field::content_type:
            keep(header.content_type);
            break;
        case field::content_range:
            keep(header.content_range);
            break;
        case field::content_disposition:
            keep(header.content_disposition);
            break;
        case field::etag:
            keep(header.etag);
            break;
        case field::location:
            keep(header.location);
            break;
        case field::retry_after:
            keep(header.retry_after);
            break;
        default:
            if (boost::beast::iequals(name_text, "x-reqid")) {
                keep(header.request_id);
            }
        }
    }
    void on_header_impl(ec_type& ec) override {
        header_done = true;
        header.keep_alive = keep_alive();
        if (bad_framing || (has_encoding_ && has_length_)) {
            ec = errc::malformed_response;
        }
        if (const auto length = content_length()) {
            header.content_length = *length;
        }
    }
    void on_body_init_impl(const boost::optional<std::uint64_t>& /*length*/, ec_type& /*ec*/) override {}
    std::size_t on_body_impl(string_view body, ec_type& ec) override {
        ec = on_body_({body.data(), body.size()});
        return body.size();
    }
    void on_chunk_header_impl(std::uint64_t, string_view, ec_type& /*ec*/) override {}
    std::size_t on_chunk_body_impl(std::uint64_t /*left*/, string_view body, ec_type& ec) override {
        ec = on_body_({body.data(), body.size()});
        return body.size();
    }
    void on_finish_impl(ec_type& /*ec*/) override {}

    body_function& on_body_;
    bool has_encoding_ = false;
    bool has_length_ = false;
};

transfer_parser::transfer_parser(body_function on_body)
    : on_body_(std::move(on_body)), parser_(std::make_unique<parser>(on_body_)) {}

transfer_parser::~transfer_parser() = default;

bool transfer_parser::is_header_done() const noexcept {
    return header_reported_;
}

bool transfer_parser::is_done() const noexcept {
    return header_reported_ && parser_->is_done();
}

std::uint64_t transfer_parser::body_left() const noexcept {
    if (!header_reported_ || parser_->is_done()) {
        return 0;
    }
    const auto left = parser_->content_length_remaining();
    return left ? *left : 0;
}

const transfer_header& transfer_parser::header() const noexcept {
    return parser_->header;
}

error_code transfer_parser::feed(std::string_view bytes, const std::function<error_code()>& on_header) {
    namespace beast_http = boost::beast::http;
    got_some_ = got_some_ || !bytes.empty();
    if (!pending_.empty()) { // whole header sections and lines of chunks only
        pending_.append(bytes);
        bytes = pending_;
    }
    // Headers first: the owner decides what becomes of the body before it sees any of it.
    for (bool more = true; more && !bytes.empty() && !parser_->is_done();) {
        error_code ec;
        parser_->eager(header_reported_);
        const std::size_t used = parser_->put(boost::asio::buffer(bytes.data(), bytes.size()), ec);
        bytes.remove_prefix(used);
        if (ec && ec != beast_http::error::need_more) {
            return ec.category() == category() ||
                           ec.category() != beast_http::make_error_code(beast_http::error::need_more).category()
                       ? ec
                       : error_code(ec == beast_http::error::header_limit ? errc::header_limit
                                                                          : errc::malformed_response);
        }
        more = ec != beast_http::error::need_more && (used > 0 || parser_->header_done != header_reported_);
        if (parser_->header_done && !header_reported_) {
            if (parser_->interim()) {
                if (++interim_ > max_interim) {
                    return errc::malformed_response;
                }
                parser_ = std::make_unique<parser>(on_body_);
                more = true;
                continue;
            }
            header_reported_ = true;
            if (const error_code refused = on_header()) {
                return refused;
            }
            more = true;
        }
    }
    trailing_ = is_done() && !bytes.empty();
    if (bytes.size() > max_pending) {
        return errc::malformed_response;
    }
    pending_ = std::string(trailing_ ? std::string_view() : bytes);
    return {};
}

error_code transfer_parser::feed_eof(bool clean) {
    if (is_done()) {
        return {};
    }
    if (!got_some_) {
        return errc::connection_lost;
    }
    if (!header_reported_ || !clean || !parser_->need_eof()) {
        return errc::incomplete_response;
    }
    error_code ec;
    parser_->put_eof(ec);
    return ec ? error_code(errc::incomplete_response) : ec;
}

} // namespace http
YUNHU_NAMESPACE_END
