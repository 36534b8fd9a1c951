// Copyright (c) 2026 The yunhu authors
// SPDX-License-Identifier: BSL-1.0

#include "media/storage_reply.hpp"

#include <gtest/gtest.h>

#include <string>

namespace yunhu::storage {
namespace {

using step = storage_step;

struct row {
    int status;
    const char* body;
    step form;
    step parts;
};

// Every row of the table of answers.
TEST(storage_table, every_row) {
    for (const row& each : {
             row{200, R"({"key":"k","hash":"h","fsize":43})", step::done, step::done},
             row{200, "", step::fail, step::fail},
             row{200, "<html>", step::fail, step::fail},
             row{200, R"({"error":"x"})", step::fail, step::fail},
             row{400, R"({"error":"incorrect region, please use up-z2.qiniup.com"})", step::use_host, step::use_host},
             row{400, R"({"error":"incorrect region, please use evil.example"})", step::fail, step::fail},
             row{400, R"({"error":"no such domain"})", step::next_host, step::next_host},
             row{400, R"({"error":"invalid argument"})", step::fail, step::fail},
             row{401, R"({"error":"expired token"})", step::renew_token, step::renew_token},
             row{403, "{}", step::fail, step::fail},
             row{404, "{}", step::fail, step::fail},
             row{405, "{}", step::fail, step::fail},
             row{406, "{}", step::fail, step::fail},
             row{413, "{}", step::fail, step::fail},
             row{429, "{}", step::wait, step::wait},
             row{500, "{}", step::next_host, step::next_host},
             row{502, "<html>", step::next_host, step::next_host},
             row{503, "", step::next_host, step::next_host},
             row{599, "{}", step::next_host, step::next_host},
             row{501, "{}", step::fail, step::fail},
             row{509, "{}", step::fail, step::fail},
             row{573, "{}", step::wait, step::wait},
             row{579, "{}", step::done_unseen, step::done_unseen},
             row{608, "{}", step::fail, step::fail},
             row{612, R"({"error":"no such uploadId"})", step::fail, step::restart_parts},
             row{614, R"({"error":"file exists"})", step::exists, step::exists},
             row{616, "{}", step::fail, step::fail},
             row{618, "{}", step::fail, step::fail},
             row{630, "{}", step::fail, step::fail},
             row{631, R"({"error":"no such bucket"})", step::fail, step::fail},
             row{632, "{}", step::fail, step::fail},
             row{640, "{}", step::fail, step::fail},
             row{701, "{}", step::fail, step::restart_parts},
             row{302, "", step::fail, step::fail},
         }) {
        EXPECT_EQ(decide(each.status, each.body, false).step, each.form) << each.status << ' ' << each.body;
        EXPECT_EQ(decide(each.status, each.body, true).step, each.parts) << each.status << ' ' << each.body;
    }
}

TEST(storage_table, texts_and_hosts) {
    const storage_decision wrong = decide(400, R"({"error":"incorrect region, please use up-z2.qiniup.com"})", false);
    EXPECT_EQ(wrong.host, "up-z2.qiniup.com");
    EXPECT_EQ(decide(403, R"({"error":"no"})", false).text, "no");
    EXPECT_EQ(decide(403, R"({"error":")" + std::string(100'000, 'x') + "\"}", false).text.size(), 256U);
}

TEST(storage_reply, stored_object) {
    const auto stored =
        parse_stored_object(R"({"key":"k","hash":"h","fsize":43,"avinfo":{"video":{"width":3,"height":2}}})");
    ASSERT_TRUE(stored);
    EXPECT_EQ(stored->key, "k");
    EXPECT_EQ(stored->hash, "h");
    EXPECT_EQ(stored->size, 43U);
    EXPECT_EQ(stored->width, 3U);
    EXPECT_EQ(stored->height, 2U);
    EXPECT_FALSE(parse_stored_object(R"({"hash":"h"})"));
    EXPECT_TRUE(parse_stored_object(R"({"key":"k"})"));
}

TEST(storage_reply, parts) {
    const auto session = parse_parts_session(R"({"uploadId":"u1","expireAt":9})");
    ASSERT_TRUE(session);
    EXPECT_EQ(session->upload_id, "u1");
    EXPECT_EQ(session->expires, 9U);
    for (const char* id : {"", "a/b", "a?b", "a b", "a#", "..%2f"}) {
        EXPECT_FALSE(parse_parts_session(std::string(R"({"uploadId":")") + id + "\"}")) << id;
    }
    const auto part = parse_stored_part(R"({"etag":"e","md5":"m"})", 3);
    ASSERT_TRUE(part);
    EXPECT_EQ(part->number, 3U);
    EXPECT_EQ(part->etag, "e");
    EXPECT_FALSE(parse_stored_part("{}", 3));
    const auto list = parse_part_list(
        R"({"partNumberMarker":2,"parts":[{"partNumber":1,"etag":"a","size":5},{"partNumber":2,"etag":"b"}]})");
    ASSERT_TRUE(list);
    EXPECT_EQ(list->parts.size(), 2U);
    EXPECT_EQ(list->parts[0].size, 5U);
    EXPECT_EQ(list->next_marker, 2U);
    EXPECT_FALSE(parse_part_list(R"({"parts":[{"etag":"a"}]})"));
    EXPECT_FALSE(parse_part_list("{}"));
}

} // namespace
} // namespace yunhu::storage
