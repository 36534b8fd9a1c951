// Copyright (c) 2026 The yunhu authors
// SPDX-License-Identifier: BSL-1.0

#include "http/reading.hpp"

#include <gtest/gtest.h>

#include <cstddef>
#include <ostream>

namespace yunhu::test {
namespace {

// Long inputs are split at every offset near both ends, and at a stride between.
constexpr std::size_t max_exhaustive = 1500;
constexpr std::size_t stride = 211;
constexpr std::size_t margin = 80;

error_code finish(http::response_parser& parser, ending how) {
    return how == ending::open ? error_code() : parser.feed_eof(how == ending::clean);
}

reading read_with(http::response_parser& parser, const std::vector<std::string_view>& parts, ending how) {
    reading r;
    parser.start();
    for (const std::string_view part : parts) {
        r.ec = parser.feed(part);
        if (r.ec) {
            break;
        }
    }
    if (!r.ec) {
        r.ec = finish(parser, how);
    }
    r.reason = parser.reason();
    r.done = parser.is_done();
    r.trailing_data = parser.has_trailing_data();
    r.got_some = parser.got_some();
    r.header_done = parser.is_header_done();
    if (r.done) {
        http::response a = parser.release();
        r.status = a.status;
        r.keep_alive = a.keep_alive;
        r.body = std::move(a.body);
        r.retry_after = std::move(a.retry_after);
        r.idle_timeout = a.hints.timeout;
    }
    return r;
}

// A parser serves many exchanges: no state of one may affect the next.
reading read_and_reuse(const std::vector<std::string_view>& parts, ending how, const response_limits& limits) {
    http::response_parser parser(limits);
    reading first = read_with(parser, parts, how);
    EXPECT_EQ(read_with(parser, parts, how), first) << "second pass";
    const reading second = read_with(parser, {ok2}, ending::open);
    EXPECT_TRUE(second.reusable() && second.status == 200 && second.body == "ok") << second;
    return first;
}

} // namespace

std::ostream& operator<<(std::ostream& out, const reading& r) {
    out << '{' << (r.ec ? yunhu::name(r.ec) : "no error") << (r.reason.empty() ? "" : ": ") << r.reason
        << (r.done ? ", done" : "") << (r.trailing_data ? ", trailing data" : "") << (r.got_some ? ", got some" : "")
        << (r.header_done ? ", header done" : "") << ", status " << r.status << (r.keep_alive ? ", keep-alive" : "")
        << ", body of " << r.body.size();
    if (r.body.size() <= 80) {
        out << " \"" << r.body << '"';
    }
    return out << ", retry-after \"" << r.retry_after << "\"}";
}

reading read_parts(const std::vector<std::string_view>& parts, ending how, const response_limits& limits) {
    http::response_parser parser(limits);
    return read_with(parser, parts, how);
}

std::vector<reading> read_sequence(const std::vector<std::vector<std::string_view>>& responses, ending how,
                                   const response_limits& limits) {
    http::response_parser parser(limits);
    std::vector<reading> all;
    for (const auto& parts : responses) {
        all.push_back(read_with(parser, parts, how));
    }
    return all;
}

reading read_all_ways(std::string_view bytes, ending how, const response_limits& limits) {
    reading whole = read_and_reuse({bytes}, how, limits);

    std::vector<std::string_view> single;
    for (std::size_t i = 0; i < bytes.size(); ++i) {
        single.push_back(bytes.substr(i, 1));
    }
    EXPECT_EQ(read_and_reuse(single, how, limits), whole) << "byte by byte";

    const bool long_one = bytes.size() > max_exhaustive;
    for (std::size_t i = 1; i < bytes.size(); ++i) {
        if (long_one && i > margin && i + margin < bytes.size() && i % stride != 0) {
            continue;
        }
        EXPECT_EQ(read_and_reuse({bytes.substr(0, i), bytes.substr(i)}, how, limits), whole) << "split at " << i;
    }
    return whole;
}

} // namespace yunhu::test
