// Copyright (c) 2026 The yunhu authors
// SPDX-License-Identifier: BSL-1.0

#include "http/reading.hpp"

#include <gtest/gtest.h>

#include <cstddef>
#include <initializer_list>
#include <random>
#include <string>
#include <string_view>
#include <vector>

// A truncated response is never accepted as complete, at any offset, and the result does not depend on the split.

using namespace yunhu;
using namespace yunhu::test;

namespace {

// Framed by a length or by chunks: only the last byte completes them.
const std::vector<std::string>& framed_responses() {
    static const std::vector<std::string> all{
        std::string(ok2),
        "HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n",
        "HTTP/1.1 204 No Content\r\nServer: x\r\n\r\n",
        "HTTP/1.1 500 No\r\nContent-Type: text/html\r\nConnection: close\r\nContent-Length: 13\r\n\r\n<h1>No</h1>\r\n",
        "HTTP/1.1 100 Continue\r\n\r\nHTTP/1.1 103 Hints\r\nLink: a\r\n\r\n" + std::string(ok2),
        "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n",
        "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n2\r\nok\r\n00a;x=y\r\n0123456789\r\n0;z\r\nA: b\r\nC: "
        "d\r\n\r\n",
        "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n4\r\n\r\n\r\n\r\n0\r\n\r\n",
        "HTTP/1.0 200 OK\r\nContent-Length: 2\r\n\r\nok",
    };
    return all;
}

reading read_prefix(std::string_view bytes, std::size_t size, ending how) {
    const reading r = read_parts({bytes.substr(0, size)}, how);
    std::vector<std::string_view> single;
    for (std::size_t i = 0; i < size; ++i) {
        single.push_back(bytes.substr(i, 1));
    }
    EXPECT_EQ(read_parts(single, how), r) << "byte by byte, up to " << size;
    return r;
}

} // namespace

TEST(response_end, no_prefix_of_a_framed_response_is_a_success) {
    for (const std::string& response : framed_responses()) {
        for (const ending how : {ending::clean, ending::cut}) {
            for (std::size_t size = 0; size < response.size(); ++size) {
                const reading r = read_prefix(response, size, how);
                EXPECT_EQ(r.ec, size == 0 ? errc::connection_lost : errc::incomplete_response) << response << size;
                EXPECT_FALSE(r.done);
            }
            EXPECT_TRUE(read_prefix(response, response.size(), how).done) << response;
        }
    }
}

TEST(response_end, a_body_without_framing_is_complete_only_with_a_clean_end) {
    const std::string_view header = "HTTP/1.1 200 OK\r\nServer: x\r\n\r\n";
    const std::string response = std::string(header) + "hello";
    for (std::size_t size = 0; size <= response.size(); ++size) {
        const reading clean = read_prefix(response, size, ending::clean);
        EXPECT_EQ(clean.done, size >= header.size()) << size;
        EXPECT_FALSE(clean.keep_alive);
        const reading cut = read_prefix(response, size, ending::cut);
        EXPECT_TRUE(cut.ec) << size;
        EXPECT_FALSE(cut.done) << size;
    }
}

TEST(response_end, progress_of_the_parser_is_monotonic) {
    for (const std::string& response : framed_responses()) {
        bool header_done = false;
        for (std::size_t size = 0; size <= response.size(); ++size) {
            const reading r = read_prefix(response, size, ending::open);
            EXPECT_EQ(r.got_some, size > 0);
            EXPECT_TRUE(r.header_done || !header_done) << "progress decreased, at " << size << " of " << response;
            header_done = r.header_done;
            EXPECT_TRUE(r.header_done || !r.done);
        }
    }
}

TEST(response_end, bytes_after_a_complete_response_are_trailing_data) {
    for (const std::string& response : framed_responses()) {
        const reading r = read_all_ways(response + "x");
        EXPECT_TRUE(r.done && r.trailing_data) << response << r;
        EXPECT_FALSE(read_all_ways(response).trailing_data);
    }
}

TEST(response_end, empty_reads_change_nothing) {
    const reading r = read_parts({"", ok2.substr(0, 20), "", ok2.substr(20), ""}, ending::open);
    EXPECT_EQ(r, read_parts({ok2}, ending::open));
    EXPECT_FALSE(read_parts({""}, ending::open).got_some);
}

// Damaged responses give the same result for every split.
TEST(response_end, damaged_responses_give_the_same_result_for_every_split) {
    std::mt19937 random(20240229);
    const std::string_view spice = "\r\n\t :;,=\"0129afAFxHT/\0\x7f\xff";
    for (int round = 0; round < 3000; ++round) {
        const auto& responses = framed_responses();
        std::string bytes = responses[random() % responses.size()] + (random() % 4 == 0 ? std::string(ok2) : "");
        for (auto i = random() % 3 + 1; i > 0; --i) {
            const std::size_t at = random() % bytes.size();
            const char c = spice[random() % spice.size()];
            switch (random() % 3) {
            case 0:
                bytes[at] = c;
                break;
            case 1:
                bytes.insert(at, 1, c);
                break;
            default:
                bytes.erase(at, 1);
                break;
            }
        }
        const auto how = static_cast<ending>(random() % 3);
        const reading whole = read_parts({bytes}, how);
        std::vector<std::string_view> pieces;
        for (std::size_t from = 0; from < bytes.size();) {
            const std::size_t size = random() % 5 + 1;
            pieces.push_back(std::string_view(bytes).substr(from, size));
            from += size;
        }
        EXPECT_EQ(read_parts(pieces, how), whole) << bytes;
    }
}
