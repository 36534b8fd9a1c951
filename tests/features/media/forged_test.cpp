// Copyright (c) 2026 The yunhu authors
// SPDX-License-Identifier: BSL-1.0

#include "features/media/fixture.hpp"

#include <algorithm>
#include <string>
#include <vector>

// What servers and senders may say is not believed: nothing leaves the service's hosts, and no file the folder. That no
// host but the API's gets the token is checked after each test by the fixture.
namespace yunhu::test {
namespace {

class forged_test : public transfer_fixture {
protected:
    forged_test() : inside(folder / "inside") { std::filesystem::create_directory(inside); }
    ~forged_test() override {
        for (const testing::exchange& each : server.journal()) {
            for (const auto& [name, value] : each.headers) {
                if (name == "host" || name == "Host") {
                    EXPECT_TRUE(value.starts_with("127.0.0.1") || value == "api.qiniu.com" ||
                                value.ends_with(".qiniup.com") || value.ends_with(".jwznb.com"))
                        << value;
                }
            }
        }
    }
    [[nodiscard]] std::vector<std::string> names_inside() const {
        std::vector<std::string> all;
        for (const auto& each : std::filesystem::directory_iterator(inside)) {
            all.push_back(each.path().filename().string());
        }
        return all;
    }

    std::filesystem::path inside;
};

TEST_F(forged_test, a_list_of_hosts) {
    for (const char* domain :
         {"evil.example", "127.0.0.1", "upload-z2.qiniup.com.evil.example", "evil.example/.qiniup.com",
          "user@evil.example", "qiniup.com", "evilqiniup.com", "upload-z2.qiniup.com:8443", "a\\r\\nb.qiniup.com"}) {
        server.clear_faults();
        server.clear_journal();
        fail_once("/v4/query", 200, std::string(R"({"hosts":[{"ttl":1,"up":{"domains":[")") + domain + R"("]}}]})");
        const auto done = upload_file(write("a.txt", "a"));
        ASSERT_TRUE(done) << domain << done.error();
        for (const std::string& host : hosts_of("/")) {
            EXPECT_EQ(host, "upload-z2.qiniup.com") << domain;
        }
    }
}

TEST_F(forged_test, an_upload_token) {
    for (const char* token : {R"(AK:sig:eyJ9\r\nhost: evil.example)", "", R"(a b)", R"("x\"y)"}) {
        server.clear_faults();
        server.clear_journal();
        fail_once("/v1/misc/qiniu-token2", 200,
                  std::string(R"({"code":1,"msg":"success","data":{"token":")") + token + R"("}})", 0);
        EXPECT_FALSE(upload_file(write("a.txt", "a"))) << token;
        EXPECT_TRUE(hosts_of("/").empty()) << token;
    }
}

TEST_F(forged_test, the_name_of_an_upload_in_parts) {
    upload_options options;
    options.form_limit = 0;
    for (const char* id : {R"(U\r\nhost: evil.example)", R"(U HTTP/1.1\r\n\r\n)", R"(../../../evil)", R"(a?b#c)", ""}) {
        server.clear_faults();
        server.clear_journal();
        fail_once("/buckets/*", 200, std::string(R"({"uploadId":")") + id + R"(","expireAt":4102444800})");
        EXPECT_FALSE(upload_file(write("a.txt", "a"), options)) << id;
        for (const testing::exchange& each : server.journal()) {
            EXPECT_EQ(each.target.find("evil"), std::string::npos) << each.target;
            EXPECT_NE(each.method, "PUT") << each.target;
        }
    }
}

TEST_F(forged_test, a_file_name_of_the_sender) {
    server.store_media("chat68-file", "disk/k.bin", "bytes", "");
    for (const std::string& name :
         {std::string("../../evil"), std::string("/tmp/evil"), std::string(".."), std::string("."),
          std::string(".bashrc"), std::string("a/../../evil"), std::string("..\\evil"), std::string("a\nb"),
          std::string("a\0b", 3), std::string("\u202etxt.exe"), std::string(5000, 'n') + ".bin", std::string("-rf"),
          std::string("  "), std::string("\x1b[2J"), std::string("\xff\xfe")}) {
        media_source what("disk/k.bin");
        what.kind = upload_kind::file;
        what.file_name = name;
        const auto done = download_file(what, inside);
        ASSERT_TRUE(done) << name << done.error();
        EXPECT_EQ(done->path.parent_path(), inside) << name;
        const std::string given = done->path.filename().string();
        EXPECT_FALSE(given.starts_with(".")) << given;
        EXPECT_LE(given.size(), 255U);
        EXPECT_TRUE(std::ranges::none_of(given, [](char c) { return static_cast<unsigned char>(c) < ' ' || c == '/'; }))
            << given;
        EXPECT_EQ(files(), 1U) << name; // the folder that is given, and nothing beside it
        std::filesystem::remove(done->path);
    }
}

TEST_F(forged_test, a_file_name_of_the_host) {
    for (const char* header : {R"(attachment; filename="../../evil")", R"(attachment; filename=/etc/evil)",
                               R"(attachment; filename*=UTF-8''..%2f..%2fevil)", R"(attachment; filename=".evil")"}) {
        server.clear_faults();
        testing::fault named;
        named.endpoint = "/a.bin";
        named.status = 200;
        named.body = "bytes";
        named.headers = {{"content-disposition", header}};
        server.inject(named);
        const auto done = download_file("https://chat-file.jwznb.com/a.bin", inside);
        ASSERT_TRUE(done) << header << done.error();
        EXPECT_EQ(done->path.parent_path(), inside) << header;
        EXPECT_FALSE(done->path.filename().string().starts_with(".")) << header;
        EXPECT_EQ(files(), 1U) << header;
        std::filesystem::remove(done->path);
    }
    EXPECT_TRUE(names_inside().empty());
}

TEST_F(forged_test, a_length) {
    const auto answer = [this](const char* length, std::string body) {
        server.clear_faults();
        testing::fault lying;
        lying.endpoint = "/a.bin";
        lying.status = 200;
        lying.body = std::move(body);
        lying.headers = {{"content-length", length}, {"etag", "\"Fto5o-5ea0sNMlW_75VgGJCv2AcJ\""}};
        server.inject(lying);
        download_options options;
        options.max_attempts = 2;
        options.step_timeout = std::chrono::milliseconds(300);
        return download_file("https://chat-file.jwznb.com/a.bin", inside, options);
    };
    EXPECT_EQ(answer("99999999999999", "bytes").error().code, errc::body_limit); // nothing is reserved for it
    EXPECT_EQ(answer("3", "bytes").error().code, errc::bad_response);            // another hash
    EXPECT_FALSE(answer("18446744073709551617", "bytes"));
    EXPECT_FALSE(answer("-1", "bytes"));
    EXPECT_FALSE(answer("10", "bytes")); // the rest does not come
    for (const std::string& name : names_inside()) {
        EXPECT_TRUE(name.starts_with(".")) << name; // at most what a later attempt goes on with
    }
}

TEST_F(forged_test, a_redirect_with_everything_in_it) {
    for (const char* to :
         {"https://chat-file.jwznb.com@evil.example/x", "https://chat-file.jwznb.com.evil.example/x",
          "https://chat-file.jwznb.com:444/x", "https://evil.example#chat-file.jwznb.com", "\\\\evil.example\\x",
          "https:///evil.example/x", "https://evil.example\\@chat-file.jwznb.com/x", "javascript:x"}) {
        server.clear_faults();
        testing::fault away;
        away.endpoint = "/a.bin";
        away.status = 302;
        away.headers = {{"location", to}};
        server.inject(away);
        EXPECT_EQ(download_file("https://chat-file.jwznb.com/a.bin", inside).error().code, errc::refused) << to;
    }
    EXPECT_TRUE(names_inside().empty());
}

} // namespace
} // namespace yunhu::test
