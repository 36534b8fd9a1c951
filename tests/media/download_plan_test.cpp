// Copyright (c) 2026 The yunhu authors
// SPDX-License-Identifier: BSL-1.0

#include "media/download_plan.hpp"

#include <gtest/gtest.h>

#include <string>
#include <string_view>

namespace yunhu::storage {
namespace {

std::string text(const std::optional<media_url>& url) {
    return url ? url->host + url->target : "-";
}

TEST(media_url, of_known_hosts_only) {
    EXPECT_EQ(text(parse_media_url("https://chat-img.jwznb.com/a.png?x=1#y")), "chat-img.jwznb.com/a.png?x=1");
    EXPECT_EQ(text(parse_media_url("http://CHAT-IMG.jwznb.com/a")), "chat-img.jwznb.com/a");
    EXPECT_EQ(text(parse_media_url("https://chat-storage1.jwznb.com?sign=1")), "chat-storage1.jwznb.com/?sign=1");
    for (const char* url :
         {"", "a.png", "ftp://chat-img.jwznb.com/a", "file:///etc/passwd", "https://evil.example/a",
          "https://chat-img.jwznb.com:81/a", "https://u@chat-img.jwznb.com/a", "https://chat-img.jwznb.com@evil/a",
          "https://chat-img.jwznb.com/a b", "https://chat-img.jwznb.com/a\r\nx: y", "https:///a"}) {
        EXPECT_EQ(text(parse_media_url(url)), "-") << url;
    }
}

TEST(media_url, a_key_is_encoded_by_segment) {
    EXPECT_EQ(text(locate_media("disk/a b.txt", "chat-file.jwznb.com")), "chat-file.jwznb.com/disk/a%20b.txt");
    EXPECT_EQ(text(locate_media("/x?y#z", "chat-img.jwznb.com")), "chat-img.jwznb.com/x%3Fy%23z");
    EXPECT_EQ(text(locate_media("https://chat-img2.jwznb.com/a", "chat-img.jwznb.com")), "chat-img2.jwznb.com/a");
    EXPECT_EQ(text(locate_media("", "chat-img.jwznb.com")), "-");
    EXPECT_EQ(text(locate_media("a/../b", "chat-img.jwznb.com")), "-");
    EXPECT_EQ(text(locate_media("a", "evil.example")), "-");
}

TEST(media_url, redirects) {
    const media_url from{"chat-file.jwznb.com", "/a"};
    EXPECT_EQ(text(follow(from, "https://chat-file-oss.jwznb.com/b?c")), "chat-file-oss.jwznb.com/b?c");
    EXPECT_EQ(text(follow(from, "/b")), "chat-file.jwznb.com/b");
    EXPECT_EQ(text(follow(from, "//chat-file-oss.jwznb.com/b")), "chat-file-oss.jwznb.com/b");
    EXPECT_EQ(text(follow(from, "//evil.example/b")), "-");
    EXPECT_EQ(text(follow(from, "https://evil.example/b")), "-");
    EXPECT_EQ(text(follow(from, "b")), "-");
    EXPECT_EQ(text(follow(from, "")), "-");
}

TEST(media_request, has_the_referer_where_it_is_needed) {
    EXPECT_EQ(write_media_request({"chat-img.jwznb.com", "/a"}, "x/1", {}),
              "GET /a HTTP/1.1\r\nhost: chat-img.jwznb.com\r\nuser-agent: x/1\r\naccept: */*\r\n"
              "accept-encoding: identity\r\nreferer: http://myapp.jwznb.com\r\n\r\n");
    const std::string signed_link = write_media_request({"chat-storage1.jwznb.com", "/a"}, "x/1", {});
    EXPECT_EQ(signed_link.find("referer"), std::string::npos);
    EXPECT_EQ(signed_link.find("range"), std::string::npos);
}

TEST(media_request, goes_on_only_with_a_tag) {
    const std::string on = write_media_request({"chat-img.jwznb.com", "/a"}, "x", {5, "\"t\""});
    EXPECT_NE(on.find("\r\nrange: bytes=5-\r\nif-range: \"t\"\r\n\r\n"), std::string::npos) << on;
    EXPECT_EQ(write_media_request({"chat-img.jwznb.com", "/a"}, "x", {5, ""}).find("range"), std::string::npos);
}

media_response response(int status, std::string type = "image/png") {
    media_response made;
    made.status = status;
    made.content_type = std::move(type);
    return made;
}

TEST(media_decision, status) {
    EXPECT_EQ(decide(response(200), {}, false).step, media_step::take);
    EXPECT_EQ(decide(response(403), {}, false).step, media_step::fail);
    EXPECT_EQ(decide(response(404), {}, false).step, media_step::fail);
    EXPECT_EQ(decide(response(429), {}, false).step, media_step::try_later);
    EXPECT_EQ(decide(response(503), {}, false).step, media_step::try_later);
    EXPECT_EQ(decide(response(302), {}, false).step, media_step::fail);
    media_response redirect = response(302);
    redirect.location = "/x";
    EXPECT_EQ(decide(redirect, {}, false).step, media_step::redirect);
    EXPECT_EQ(decide(response(204), {}, false).step, media_step::fail);
    EXPECT_EQ(decide(response(416), {5, "t"}, false).step, media_step::start_over);
    EXPECT_EQ(decide(response(416), {}, false).step, media_step::fail);
}

TEST(media_decision, a_page_is_not_the_file) {
    EXPECT_EQ(decide(response(200, "text/html; charset=utf-8"), {}, false).step, media_step::fail);
    EXPECT_EQ(decide(response(200, "TEXT/HTML"), {}, false).step, media_step::fail);
    EXPECT_EQ(decide(response(200, "text/html"), {}, true).step, media_step::take);
}

TEST(media_decision, only_the_rest_goes_on) {
    const partial_download have{5, "\"t\""};
    media_response rest = response(206);
    rest.content_range = "bytes 5-9/10";
    rest.etag = "\"t\"";
    rest.content_length = 5;
    const media_decision on = decide(rest, have, false);
    EXPECT_EQ(on.step, media_step::go_on);
    EXPECT_EQ(on.total, 10U);
    const auto with = [&](auto change) {
        media_response other = rest;
        change(other);
        return decide(other, have, false).step;
    };
    EXPECT_EQ(with([](media_response& r) { r.content_range = "bytes 4-9/10"; }), media_step::start_over);
    EXPECT_EQ(with([](media_response& r) { r.content_range = "bytes 5-8/10"; }), media_step::start_over);
    EXPECT_EQ(with([](media_response& r) { r.content_range = "bytes 9-5/10"; }), media_step::start_over);
    EXPECT_EQ(with([](media_response& r) { r.content_range = "bytes 5-9/x"; }), media_step::start_over);
    EXPECT_EQ(with([](media_response& r) { r.content_range = ""; }), media_step::start_over);
    EXPECT_EQ(with([](media_response& r) { r.etag = "\"u\""; }), media_step::start_over);
    EXPECT_EQ(with([](media_response& r) { r.content_length = 6; }), media_step::start_over);
    EXPECT_EQ(with([](media_response& r) { r.status = 200; }), media_step::take);
    EXPECT_EQ(decide(rest, {}, false).step, media_step::fail); // nothing was asked for
}

TEST(media_decision, hash_in_a_tag) {
    EXPECT_EQ(hash_in_etag("\"Fi_U4cZ6LSj87YSe4bt25zkbk-sS\""), "Fi_U4cZ6LSj87YSe4bt25zkbk-sS");
    EXPECT_EQ(hash_in_etag("\"abc\""), "");
    EXPECT_EQ(hash_in_etag(""), "");
    EXPECT_EQ(hash_in_etag("W/\"Fi_U4cZ6LSj87YSe4bt25zkbk-sS\""), "");
}

} // namespace
} // namespace yunhu::storage
