// Copyright (c) 2026 The yunhu authors
// SPDX-License-Identifier: BSL-1.0

#include "http/transfer_parser.hpp"

#include <gtest/gtest.h>

#include <cstddef>
#include <initializer_list>
#include <string>
#include <string_view>
#include <vector>

// A response whose body is given away as it is received: every split has the same result, and no truncated or
// ambiguous one is a success.

using namespace yunhu;

namespace {

struct transfer_reading {
    error_code ec;
    bool done = false;
    bool trailing = false;
    int status = 0;
    bool keep_alive = false;
    std::string body;
    unsigned headers = 0; ///< calls of the header function
    bool body_before_header = false;

    bool operator==(const transfer_reading&) const = default;
};

enum class transfer_ending { open, clean, cut };

transfer_reading read_transfer(const std::vector<std::string_view>& parts, transfer_ending how,
                               error_code on_header_result = {}) {
    transfer_reading r;
    http::transfer_parser parser([&r](std::string_view bytes) {
        r.body_before_header = r.body_before_header || r.headers == 0;
        r.body += bytes;
        return error_code();
    });
    const auto on_header = [&] {
        ++r.headers;
        return on_header_result;
    };
    for (const std::string_view part : parts) {
        if (!r.ec && !parser.is_done()) {
            r.ec = parser.feed(part, on_header);
        } else if (!r.ec && !part.empty()) {
            r.trailing = true;
        }
    }
    if (!r.ec && how != transfer_ending::open) {
        r.ec = parser.feed_eof(how == transfer_ending::clean);
    }
    r.done = parser.is_done();
    r.trailing = r.trailing || parser.has_trailing_data();
    r.status = parser.header().status;
    r.keep_alive = parser.header().keep_alive;
    return r;
}

// In one piece, split at every offset, and byte by byte.
transfer_reading read_any_way(std::string_view bytes, transfer_ending how) {
    transfer_reading whole = read_transfer({bytes}, how);
    for (std::size_t at = 1; at < bytes.size(); ++at) {
        EXPECT_EQ(read_transfer({bytes.substr(0, at), bytes.substr(at)}, how), whole) << bytes << " at " << at;
    }
    std::vector<std::string_view> single;
    for (std::size_t i = 0; i < bytes.size(); ++i) {
        single.push_back(bytes.substr(i, 1));
    }
    EXPECT_EQ(read_transfer(single, how), whole) << bytes;
    EXPECT_FALSE(whole.body_before_header);
    return whole;
}

TEST(transfer_parser, a_body_with_a_length) {
    const auto r = read_any_way("HTTP/1.1 206 Partial\r\ncontent-length: 5\r\n\r\nhello", transfer_ending::open);
    EXPECT_FALSE(r.ec) << r.ec;
    EXPECT_TRUE(r.done);
    EXPECT_EQ(r.status, 206);
    EXPECT_TRUE(r.keep_alive);
    EXPECT_EQ(r.body, "hello");
    EXPECT_EQ(r.headers, 1U);
}

TEST(transfer_parser, a_body_in_chunks) {
    const auto r = read_any_way("HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n\r\n2\r\nok\r\n00a;x=y\r\n"
                                "0123456789\r\n0\r\nA: b\r\n\r\n",
                                transfer_ending::open);
    EXPECT_FALSE(r.ec) << r.ec;
    EXPECT_TRUE(r.done);
    EXPECT_EQ(r.body, "ok0123456789");
}

TEST(transfer_parser, a_body_that_the_end_of_the_connection_ends) {
    const std::string_view bytes = "HTTP/1.1 200 OK\r\ncontent-type: image/png\r\n\r\nhello";
    const auto whole = read_any_way(bytes, transfer_ending::clean);
    EXPECT_FALSE(whole.ec) << whole.ec;
    EXPECT_TRUE(whole.done);
    EXPECT_FALSE(whole.keep_alive);
    EXPECT_EQ(whole.body, "hello");
    EXPECT_EQ(read_any_way(bytes, transfer_ending::cut).ec, errc::incomplete_response); // an attacker's end
}

TEST(transfer_parser, no_body) {
    for (const char* text : {"HTTP/1.1 204 No\r\n\r\n", "HTTP/1.1 304 No\r\netag: \"a\"\r\n\r\n",
                             "HTTP/1.1 200 OK\r\ncontent-length: 0\r\n\r\n"}) {
        const auto r = read_any_way(text, transfer_ending::open);
        EXPECT_FALSE(r.ec) << text << r.ec;
        EXPECT_TRUE(r.done) << text;
        EXPECT_EQ(r.headers, 1U);
    }
}

TEST(transfer_parser, interim_responses_are_skipped) {
    const std::string ok = "HTTP/1.1 200 OK\r\ncontent-length: 2\r\n\r\nok";
    const auto r =
        read_any_way("HTTP/1.1 100 Continue\r\n\r\nHTTP/1.1 103 Hints\r\nLink: a\r\n\r\n" + ok, transfer_ending::open);
    EXPECT_FALSE(r.ec) << r.ec;
    EXPECT_EQ(r.status, 200);
    EXPECT_EQ(r.body, "ok");
    EXPECT_EQ(r.headers, 1U);
    std::string many;
    for (int i = 0; i < 17; ++i) {
        many += "HTTP/1.1 100 Continue\r\n\r\n";
    }
    EXPECT_EQ(read_transfer({many + ok}, transfer_ending::open).ec, errc::malformed_response);
    EXPECT_EQ(read_any_way("HTTP/1.1 101 Switch\r\nupgrade: x\r\n\r\n", transfer_ending::open).ec,
              errc::malformed_response);
}

TEST(transfer_parser, no_prefix_is_a_success) {
    for (const char* const each : {"HTTP/1.1 206 P\r\ncontent-length: 5\r\n\r\nhello",
                                   "HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n\r\n2\r\nok\r\n0\r\n\r\n",
                                   "HTTP/1.1 100 C\r\n\r\nHTTP/1.1 200 OK\r\ncontent-length: 1\r\n\r\nx"}) {
        const std::string text = each;
        for (std::size_t size = 0; size < text.size(); ++size) {
            for (const auto how : {transfer_ending::clean, transfer_ending::cut}) {
                const auto r = read_transfer({std::string_view(text).substr(0, size)}, how);
                EXPECT_EQ(r.ec, size == 0 ? errc::connection_lost : errc::incomplete_response) << text << size;
                EXPECT_FALSE(r.done);
            }
        }
    }
}

TEST(transfer_parser, ambiguous_framing_is_refused) {
    for (const char* fields :
         {"content-length: 2\r\ncontent-length: 2\r\n", "content-length: 2\r\ntransfer-encoding: chunked\r\n",
          "transfer-encoding: chunked\r\ntransfer-encoding: chunked\r\n", "transfer-encoding: gzip, chunked\r\n",
          "transfer-encoding: xchunked\r\n", "transfer-encoding: chunked, identity\r\ncontent-length: 2\r\n",
          "content-length: -1\r\n", "content-length: 2, 2\r\n", "content-length: 99999999999999999999999\r\n"}) {
        const std::string text = std::string("HTTP/1.1 200 OK\r\n") + fields + "\r\n2\r\nok\r\n0\r\n\r\n";
        const auto r = read_any_way(text, transfer_ending::clean);
        EXPECT_EQ(r.ec, errc::malformed_response) << fields;
        EXPECT_EQ(r.body, "") << fields;
    }
}

TEST(transfer_parser, what_is_no_http) {
    for (const char* text : {"hello\r\n\r\n", "HTTP/2 200\r\n\r\n", "HTTP/1.1 001 x\r\n\r\n", "\x16\x03\x01\x02",
                             "HTTP/1.1 200 OK\r\ncontent length: 3\r\n\r\nabc"}) {
        EXPECT_TRUE(read_any_way(text, transfer_ending::clean).ec) << text;
    }
    const std::string bad_chunk = "HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n\r\nzz\r\nok\r\n0\r\n\r\n";
    EXPECT_EQ(read_any_way(bad_chunk, transfer_ending::clean).ec, errc::malformed_response);
}

TEST(transfer_parser, large_header_sections_and_lines_are_refused) {
    const std::string field = "x: " + std::string(20'000, 'a') + "\r\n";
    EXPECT_EQ(read_transfer({"HTTP/1.1 200 OK\r\n" + field + "\r\n"}, transfer_ending::open).ec, errc::header_limit);
    // Of a header section without an end no more than a bounded part is kept.
    const std::string endless = "HTTP/1.1 200 OK\r\nx: " + std::string(30'000, 'a');
    const std::vector<std::string_view> parts(10, std::string_view(endless).substr(18));
    std::vector<std::string_view> all{std::string_view(endless).substr(0, 18)};
    all.insert(all.end(), parts.begin(), parts.end());
    EXPECT_TRUE(read_transfer(all, transfer_ending::open).ec);
}

TEST(transfer_parser, bytes_after_the_response_are_noticed) {
    const auto r = read_any_way("HTTP/1.1 200 OK\r\ncontent-length: 2\r\n\r\nokHTTP", transfer_ending::open);
    EXPECT_FALSE(r.ec) << r.ec;
    EXPECT_EQ(r.body, "ok");
    EXPECT_TRUE(r.trailing);
}

TEST(transfer_parser, the_owner_ends_it) {
    const std::string_view text = "HTTP/1.1 200 OK\r\ncontent-length: 5\r\n\r\nhello";
    const auto by_header = read_transfer({text}, transfer_ending::open, errc::body_limit);
    EXPECT_EQ(by_header.ec, errc::body_limit);
    EXPECT_EQ(by_header.body, "");
    http::transfer_parser by_body([](std::string_view) { return error_code(errc::body_limit); });
    EXPECT_EQ(by_body.feed(text, [] { return error_code(); }), errc::body_limit);
}

TEST(transfer_parser, the_fields_that_a_transfer_needs) {
    http::transfer_parser parser([](std::string_view) { return error_code(); });
    const std::string_view text = "HTTP/1.1 302 Found\r\nContent-Length: 0\r\nContent-Type: text/plain\r\n"
                                  "Content-Range: bytes 0-1/2\r\nContent-Disposition: inline\r\nETag: \"t\"\r\n"
                                  "ETag: \"second\"\r\nLocation: /x\r\nRetry-After: 3\r\nX-Reqid: r\r\n\r\n";
    EXPECT_FALSE(parser.feed(text, [] { return error_code(); }));
    const http::transfer_header& header = parser.header();
    EXPECT_EQ(header.content_length, 0U);
    EXPECT_EQ(header.content_type, "text/plain");
    EXPECT_EQ(header.content_range, "bytes 0-1/2");
    EXPECT_EQ(header.content_disposition, "inline");
    EXPECT_EQ(header.etag, "\"t\"");
    EXPECT_EQ(header.location, "/x");
    EXPECT_EQ(header.retry_after, "3");
    EXPECT_EQ(header.request_id, "r");
}

} // namespace
