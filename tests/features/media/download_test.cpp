// Copyright (c) 2026 The yunhu authors
// SPDX-License-Identifier: BSL-1.0

#include "features/media/fixture.hpp"

namespace yunhu::test {
namespace {

using ::testing::ElementsAre;

class download_test : public transfer_fixture {
protected:
    download_test() : content(bytes_of_size(1'000'003)) { server.store_media("chat68", "a.png", content, "image/png"); }

    std::string content;
};

TEST_F(download_test, a_file_into_a_folder) {
    const auto done = download_file("https://chat-img.jwznb.com/a.png", folder);
    ASSERT_TRUE(done) << done.error();
    EXPECT_EQ(done->path, folder / "a.png");
    EXPECT_EQ(read(done->path), content);
    EXPECT_EQ(done->size, content.size());
    EXPECT_EQ(done->content_type, "image/png");
    EXPECT_TRUE(done->verified);
    EXPECT_EQ(files(), 1U); // nothing temporary is left
}

TEST_F(download_test, of_a_message) {
    server.store_media("chat68-file", "disk/k.bin", "bytes", "");
    message m;
    m.content_type = content_type::file;
    m.content->file_url = "disk/k.bin";
    m.content->file_name = "../../报告.pdf";
    const auto done = download_file(m, folder);
    ASSERT_TRUE(done) << done.error();
    EXPECT_EQ(done->path, folder / "报告.pdf");
    EXPECT_EQ(read(done->path), "bytes");
    const auto nothing = download_file(message(), folder);
    ASSERT_FALSE(nothing);
    EXPECT_EQ(nothing.error().code, errc::invalid_request);
}

TEST_F(download_test, no_file_is_replaced) {
    write("a.png", "mine");
    const auto done = download_file("https://chat-img.jwznb.com/a.png", folder);
    ASSERT_TRUE(done) << done.error();
    EXPECT_EQ(done->path, folder / "a (1).png");
    EXPECT_EQ(read(folder / "a.png"), "mine");
    download_options replace;
    replace.overwrite = true;
    EXPECT_EQ(download_file("https://chat-img.jwznb.com/a.png", folder, replace)->path, folder / "a.png");
    EXPECT_EQ(read(folder / "a.png"), content);
}

TEST_F(download_test, goes_on_after_a_break) {
    break_off("/a.png", testing::fault::action::close_in_response, 1);
    const auto done = download_file("https://chat-img.jwznb.com/a.png", folder);
    ASSERT_TRUE(done) << done.error();
    EXPECT_EQ(read(done->path), content);
    std::vector<std::string> ranges;
    for (const auto& each : server.journal()) {
        for (const auto& [name, value] : each.headers) {
            if (name == "range") {
                ranges.push_back(value);
            }
        }
    }
    ASSERT_EQ(ranges.size(), 1U);
    EXPECT_NE(ranges[0], "bytes=0-");
}

TEST_F(download_test, goes_on_with_what_an_earlier_one_has_left) {
    break_off("/a.png", testing::fault::action::close_in_response, 1);
    download_options once;
    once.max_attempts = 1;
    fail_once("/a.png", 404, "{}", 2);
    ASSERT_FALSE(download_file("https://chat-img.jwznb.com/a.png", folder, once));
    EXPECT_FALSE(std::filesystem::exists(folder / "a.png"));
    server.clear_faults();
    const auto done = download_file("https://chat-img.jwznb.com/a.png", folder);
    ASSERT_TRUE(done) << done.error();
    EXPECT_GT(done->resumed, 100'000U);
    EXPECT_EQ(read(done->path), content);
    EXPECT_EQ(files(), 1U);
}

TEST_F(download_test, another_content_begins_anew) {
    break_off("/a.png", testing::fault::action::close_in_response, 1);
    download_options once;
    once.max_attempts = 1;
    fail_once("/a.png", 404, "{}", 2);
    ASSERT_FALSE(download_file("https://chat-img.jwznb.com/a.png", folder, once));
    server.clear_faults();
    server.store_media("chat68", "a.png", "something else", "image/png");
    const auto done = download_file("https://chat-img.jwznb.com/a.png", folder);
    ASSERT_TRUE(done) << done.error();
    EXPECT_EQ(read(done->path), "something else");
}

TEST_F(download_test, redirects_between_known_hosts_only) {
    server.store_media("chat68-file", "big", content, "");
    server.redirect_files_above(1000);
    const auto done = download_file("https://chat-file.jwznb.com/big", folder);
    ASSERT_TRUE(done) << done.error();
    EXPECT_EQ(read(done->path), content);
    EXPECT_THAT(hosts_of("/big"), ElementsAre("chat-file.jwznb.com", "chat-file-oss.jwznb.com"));

    testing::fault away;
    away.endpoint = "/a.png";
    away.status = 302;
    for (const char* to : {"https://evil.example/x", "http://127.0.0.1/x", "//evil.example/x", "file:///etc/passwd"}) {
        server.clear_faults();
        away.headers = {{"location", to}};
        server.inject(away);
        const auto refused = download_file("https://chat-img.jwznb.com/a.png", folder);
        ASSERT_FALSE(refused) << to;
        EXPECT_EQ(refused.error().code, errc::refused);
    }
    server.clear_faults();
    away.headers = {{"location", "https://chat-img.jwznb.com/a.png"}}; // for ever
    server.inject(away);
    EXPECT_FALSE(download_file("https://chat-img.jwznb.com/a.png", folder));
}

TEST_F(download_test, only_the_services_hosts) {
    for (const char* url : {"https://evil.example/a.png", "http://127.0.0.1/a", "ftp://chat-img.jwznb.com/a", ""}) {
        const auto refused = download_file(media_source(url), folder);
        ASSERT_FALSE(refused) << url;
        EXPECT_EQ(refused.error().code, errc::invalid_request);
    }
    EXPECT_EQ(server.requests(), 0U);
}

TEST_F(download_test, what_the_caller_sees_of_a_refusal) {
    EXPECT_EQ(download_file("https://chat-img.jwznb.com/none", folder).error().http_status, 404);
    fail_once("/a.png", 403, "forbidden");
    EXPECT_EQ(download_file("https://chat-img.jwznb.com/a.png", folder).error().code, errc::refused);
    server.store_media("chat68", "page", "<html>", "text/html");
    EXPECT_EQ(download_file("https://chat-img.jwznb.com/page", folder).error().code, errc::bad_response);
    fail_once("/a.png", 503, "", 0);
    EXPECT_EQ(download_file("https://chat-img.jwznb.com/a.png", folder).error().code, errc::server_error);
}

TEST_F(download_test, a_limit) {
    download_options small;
    small.max_size = content.size() - 1;
    const auto refused = download_file("https://chat-img.jwznb.com/a.png", folder, small);
    ASSERT_FALSE(refused);
    EXPECT_EQ(refused.error().code, errc::body_limit);
    EXPECT_EQ(files(), 0U);
    small.max_size = content.size();
    EXPECT_TRUE(download_file("https://chat-img.jwznb.com/a.png", folder, small));
}

TEST_F(download_test, another_hash_is_an_error) {
    download_options options;
    options.hash = "Fto5o-5ea0sNMlW_75VgGJCv2AcJ";
    const auto refused = download_file("https://chat-img.jwznb.com/a.png", folder, options);
    ASSERT_FALSE(refused);
    EXPECT_EQ(refused.error().code, errc::bad_response);
    EXPECT_EQ(files(), 0U);
}

TEST_F(download_test, a_signed_link_has_no_referer) {
    server.store_media("chat68", "s.png", "x", "image/png");
    const auto done = download_file("https://chat-storage1.jwznb.com/s.png?sign=1&t=2", folder);
    ASSERT_TRUE(done) << done.error();
    EXPECT_EQ(done->path, folder / "s.png");
    for (const auto& each : server.journal()) {
        for (const auto& [name, value] : each.headers) {
            EXPECT_NE(name, "referer") << value;
        }
    }
}

} // namespace
} // namespace yunhu::test
