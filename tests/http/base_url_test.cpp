// Copyright (c) 2026 The yunhu authors
// SPDX-License-Identifier: BSL-1.0

#include "http/base_url.hpp"

#include <gtest/gtest.h>

#include <initializer_list>
#include <string>
#include <string_view>

using namespace std::string_literals;
using yunhu::http::base_url;
using yunhu::http::parse_base_url;

namespace {

base_url good(std::string_view text, bool allow_plain_loopback = false) {
    const auto parsed = parse_base_url(text, allow_plain_loopback);
    EXPECT_TRUE(parsed) << text << ": " << (parsed ? "" : parsed.error().detail);
    return parsed ? *parsed : base_url();
}

// Whether the URL is refused, with a text that names the field and quotes nothing of the URL.
bool refused(const std::string& text, bool allow_plain_loopback = false) {
    const auto parsed = parse_base_url(text, allow_plain_loopback);
    if (parsed) {
        return false;
    }
    EXPECT_EQ(parsed.error().detail.rfind("base_url", 0), 0U) << parsed.error().detail;
    EXPECT_EQ(parsed.error().detail.find("secret"), std::string::npos) << parsed.error().detail;
    return true;
}

} // namespace

TEST(base_url, of_the_service) {
    const base_url url = good("https://chat-go.jwzhd.com");
    EXPECT_EQ(url.host, "chat-go.jwzhd.com");
    EXPECT_EQ(url.port, "443");
    EXPECT_EQ(url.host_header, "chat-go.jwzhd.com");
    EXPECT_EQ(url.path, "");
    EXPECT_TRUE(url.tls);
}

TEST(base_url, with_a_port) {
    const base_url url = good("https://localhost:8443");
    EXPECT_EQ(url.port, "8443");
    EXPECT_EQ(url.host_header, "localhost:8443");
    EXPECT_EQ(good("https://h:65535").port, "65535");
}

TEST(base_url, path_prefix) {
    EXPECT_EQ(good("https://h/").path, "");
    EXPECT_EQ(good("https://h//").path, "");
    EXPECT_EQ(good("https://h/yunhu").path, "/yunhu");
    EXPECT_EQ(good("https://h/a/b/").path, "/a/b");
    EXPECT_EQ(good("https://h/a%20b").path, "/a%20b") << "unchanged: it is sent on the wire";
}

TEST(base_url, scheme_in_any_case) {
    EXPECT_EQ(good("HTTPS://h").port, "443");
}

TEST(base_url, ipv6) {
    const base_url url = good("https://[::1]:8443/p");
    EXPECT_EQ(url.host, "::1");
    EXPECT_EQ(url.port, "8443");
    EXPECT_EQ(url.host_header, "[::1]:8443");
    EXPECT_EQ(good("https://[2001:db8::1]").host_header, "[2001:db8::1]");
}

TEST(base_url, bad_ipv6) {
    EXPECT_TRUE(refused("https://::1"));
    EXPECT_TRUE(refused("https://[::1"));
    EXPECT_TRUE(refused("https://[::g]"));
    EXPECT_TRUE(refused("https://[]"));
}

// OpenSSL would get a decoded name or a scoped address: it refused the latter, and no name was verified at all.
TEST(base_url, a_percent_encoded_host_is_refused) {
    for (const char* const url : {"https://%3A%3A1%25lo:8443", "https://h%6Fst", "https://%68ost/p",
                                  "https://[fe80::1%25lo]", "https://fe80%3A%3A1%25eth0"}) {
        EXPECT_TRUE(refused(url)) << url;
    }
    EXPECT_EQ(parse_base_url("https://h%6Fst", false).error().detail, "base_url must not have a percent-encoded host");
}

TEST(base_url, an_address_does_not_end_in_the_middle_of_a_name) {
    // Parsed as a host and a path, the token would be sent to another server.
    for (const char* const url : {"https://127.0.0.1.nip.io", "https://1.2.3.4.5", "https://1.2.3.4x", "https://[::1]x",
                                  "https://[::1]x:443/"}) {
        const auto parsed = parse_base_url(url, false);
        EXPECT_TRUE(!parsed || (parsed->path.empty() && url == "https://" + parsed->host)) << url;
    }
}

TEST(base_url, not_https) {
    EXPECT_TRUE(refused("http://chat-go.jwzhd.com"));
    EXPECT_TRUE(refused("ftp://h"));
    EXPECT_TRUE(refused("wss://h"));
    EXPECT_TRUE(refused("file:///etc/passwd"));
}

TEST(base_url, plain_http_only_to_loopback_and_only_when_allowed) {
    for (const char* const url : {"http://127.0.0.1:1", "http://127.9.9.9:1", "http://[::1]:1", "http://localhost:1"}) {
        EXPECT_FALSE(good(url, true).tls) << url;
        EXPECT_TRUE(refused(url)) << url;
    }
    for (const char* const url : {"http://128.0.0.1", "http://10.0.0.1", "http://0.0.0.0", "http://localhost.example",
                                  "http://127.0.0.1.nip.io", "http://2130706433", "http://0x7f.1", "http://[::2]",
                                  "http://notlocalhost", "http://secret.localhost"}) {
        EXPECT_TRUE(refused(url, true)) << url;
    }
    EXPECT_EQ(good("http://127.0.0.1", true).port, "80");
    EXPECT_TRUE(good("https://127.0.0.1", true).tls);
}

TEST(base_url, user_query_and_fragment) {
    EXPECT_TRUE(refused("https://secret@h"));
    EXPECT_TRUE(refused("https://user:secret@h"));
    EXPECT_TRUE(refused("https://@h"));
    EXPECT_TRUE(refused("https://h?secret"));
    EXPECT_TRUE(refused("https://h/?a=secret"));
    EXPECT_TRUE(refused("https://h#secret"));
    EXPECT_TRUE(refused("http://127.0.0.1@secret.example", true));
}

TEST(base_url, control_characters_and_blanks) {
    for (const std::string& bad :
         {"https://h\r\nx: secret"s, "https://h\n"s, "https://h\0"s, "https://h/\x7f"s, " https://h"s, "https://h "s,
          "https://h/a b"s, "https://h/\t"s, "https://h/\xff"s, "https://\xe4\xba\x91.example"s}) {
        EXPECT_TRUE(refused(bad)) << bad;
    }
}

TEST(base_url, percent_encoded_control_characters) {
    EXPECT_TRUE(refused("https://h%0d%0ax"));
    EXPECT_TRUE(refused("https://h%00"));
    EXPECT_TRUE(refused("https://h%20"));
    EXPECT_TRUE(refused("https://%68%0A"));
}

TEST(base_url, not_a_url) {
    for (const char* const bad : {"", "h", "chat-go.jwzhd.com", "//h", "https", "https:", "https://", "https:/h",
                                  "https:h", "https:///path", "://h", "https://h:x", "https://h%zz", "https://h/<>"}) {
        EXPECT_TRUE(refused(bad)) << bad;
    }
}

TEST(base_url, bad_ports) {
    for (const char* const bad : {"https://h:0", "https://h:65536", "https://h:84430", "https://h:99999999999",
                                  "https://h:-1", "https://h:", "https://h:4 43", "https://:443"}) {
        EXPECT_TRUE(refused(bad)) << bad;
    }
}
