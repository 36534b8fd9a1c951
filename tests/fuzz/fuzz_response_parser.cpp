// Copyright (c) 2026 The yunhu authors
// SPDX-License-Identifier: BSL-1.0

#include "http/response_parser.hpp"

#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <string>
#include <string_view>

// Differential: a response parsed in one piece, in several pieces, repeatedly (so that the header cache hits) and by a
// new parser must give the same result, within the limits, and leave the parser ready for the next exchange. The first
// byte selects the end of the connection, the second the sizes of the pieces.

namespace {

using yunhu::error_code;
using yunhu::response_limits;

void require(bool condition) {
    if (!condition) {
        std::abort();
    }
}

// Small limits, so that the fuzzer reaches them.
response_limits small_limits() {
    response_limits limits;
    limits.header_bytes = 256;
    limits.header_count = 8;
    limits.body_bytes = 128;
    limits.chunk_overhead = 64;
    limits.interim_responses = 2;
    return limits;
}

struct outcome {
    error_code ec;
    bool done = false;
    bool trailing_data = false;
    bool got_some = false;
    bool header_done = false;
    yunhu::http::response got;
};

bool same(const outcome& a, const outcome& b) {
    return a.ec == b.ec && a.done == b.done && a.trailing_data == b.trailing_data && a.got_some == b.got_some &&
           a.header_done == b.header_done && a.got.status == b.got.status && a.got.keep_alive == b.got.keep_alive &&
           a.got.body == b.got.body && a.got.retry_after == b.got.retry_after &&
           a.got.hints.timeout == b.got.hints.timeout && a.got.hints.max == b.got.hints.max;
}

enum class ending { open, clean, cut };

// `piece(offset)` is the size of the next piece.
template <class Piece>
outcome read(yunhu::http::response_parser& parser, std::string_view bytes, ending how, Piece piece) {
    outcome o;
    parser.start();
    for (std::size_t at = 0; at < bytes.size() && !o.ec;) {
        const std::string_view part = bytes.substr(at, piece(at));
        o.ec = parser.feed(part);
        at += part.size();
    }
    if (!o.ec && how != ending::open) {
        o.ec = parser.feed_eof(how == ending::clean);
    }
    o.done = parser.is_done();
    o.trailing_data = parser.has_trailing_data();
    o.got_some = parser.got_some();
    o.header_done = parser.is_header_done();
    if (o.done) {
        o.got = parser.release();
    }
    return o;
}

void check(const outcome& o, const response_limits& limits, std::size_t size) {
    require(!o.done || !o.ec);
    require(o.got_some == (size > 0));
    require(!o.trailing_data || o.done);
    if (o.done) {
        require(o.got.status >= 200 && o.got.status <= 999);
        require(o.got.body.size() <= limits.body_bytes);
        require(o.got.retry_after.size() <= limits.header_bytes);
        require(o.header_done);
    }
}

} // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    constexpr std::size_t header = 2;
    if (size < header) {
        return 0;
    }
    const auto how = static_cast<ending>(data[0] % 3);
    const std::size_t stride = data[1] % 16 + 1U;
    const std::string_view bytes(reinterpret_cast<const char*>(data) + header, size - header);
    const response_limits limits = data[0] < 128 ? small_limits() : response_limits();

    yunhu::http::response_parser parser(limits);
    const outcome whole = read(parser, bytes, how, [&](std::size_t) { return bytes.size(); });
    check(whole, limits, bytes.size());
    require(same(whole, read(parser, bytes, how, [&](std::size_t) { return bytes.size(); })));
    require(same(whole, read(parser, bytes, how, [](std::size_t) { return std::size_t{1}; })));
    require(same(whole, read(parser, bytes, how, [&](std::size_t at) { return at % stride + 1; })));
    for (std::size_t split = 1; split < bytes.size() && bytes.size() <= 160; ++split) {
        require(
            same(whole, read(parser, bytes, how, [&](std::size_t at) { return at < split ? split : bytes.size(); })));
    }

    // Two responses on one connection: the result of the second does not depend on the first.
    const std::string_view first = bytes.substr(0, bytes.size() * stride / 16);
    const std::string_view second = bytes.substr(first.size());
    const auto all = [](std::size_t) { return std::string_view::npos; };
    yunhu::http::response_parser new_parser(limits);
    const outcome alone = read(new_parser, second, how, all);
    (void)read(parser, first, how, all);
    require(same(alone, read(parser, second, how, all)));

    constexpr std::string_view good = "HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok";
    const outcome next = read(parser, good, ending::open, [](std::size_t) { return std::size_t{64}; });
    require(next.done && next.got.body == "ok" && next.got.keep_alive && !next.trailing_data);
    return 0;
}
