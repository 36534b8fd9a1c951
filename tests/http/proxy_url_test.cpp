// Copyright (c) 2026 The yunhu authors
// SPDX-License-Identifier: BSL-1.0

#include "http/proxy_url.hpp"

#include <gtest/gtest.h>

#include <string>
#include <string_view>

using yunhu::http::bypasses_proxy;
using yunhu::http::parse_proxy_url;
using yunhu::http::proxy_url;

namespace {

proxy_url good(std::string_view text) {
    auto parsed = parse_proxy_url(text, "url");
    EXPECT_TRUE(parsed) << text << ": " << (parsed ? "" : parsed.error().detail);
    return parsed ? std::move(*parsed) : proxy_url();
}

// The reason, which must not quote the URL.
std::string refused(std::string_view text) {
    const auto parsed = parse_proxy_url(text, "https_proxy");
    if (parsed) {
        return "accepted";
    }
    EXPECT_EQ(parsed.error().detail.find("s3cr3t"), std::string::npos) << parsed.error().detail;
    return parsed.error().detail;
}

bool bypassed(std::string_view list, std::string_view host = "chat.example.com", std::string_view port = "443") {
    return bypasses_proxy(list, host, port);
}

} // namespace

TEST(proxy_url, parts) {
    const proxy_url plain = good("http://proxy.example:3128");
    EXPECT_EQ(plain.server.host, "proxy.example");
    EXPECT_EQ(plain.server.port, "3128");
    EXPECT_FALSE(plain.tls);
    EXPECT_FALSE(plain.has_user);
    EXPECT_EQ(good("http://proxy.example").server.port, "80");
    EXPECT_EQ(good("HTTPS://proxy.example/").server.port, "443");
    EXPECT_TRUE(good("https://proxy.example").tls);
    EXPECT_EQ(good("http://[::1]:8080").server.host, "::1");
    EXPECT_EQ(good("http://[::1]:8080").server.text, "[::1]:8080");
}

TEST(proxy_url, credentials_are_decoded) {
    const proxy_url both = good("http://me%40home:p%3Aw%2F@proxy.example:1");
    EXPECT_TRUE(both.has_user);
    EXPECT_EQ(both.user, "me@home");
    EXPECT_EQ(both.password.reveal(), "p:w/");
    EXPECT_EQ(both.server.text, "proxy.example:1");
    const proxy_url user = good("http://me@proxy.example");
    EXPECT_EQ(user.user, "me");
    EXPECT_TRUE(user.password.empty());
}

TEST(proxy_url, invalid) {
    EXPECT_EQ(refused("proxy.example:3128"), "https_proxy must be http or https");
    EXPECT_EQ(refused("socks5://u:s3cr3t@proxy.example"), "https_proxy must be http or https");
    EXPECT_EQ(refused(""), "https_proxy must be a URL");
    EXPECT_EQ(refused("http://u:s3cr3t@a b"), "https_proxy must be a URL");
    EXPECT_EQ(refused("http://u:s3cr3t@:80"), "https_proxy must have a valid host");
    EXPECT_EQ(refused("http://u:s3cr3t@h:0"), "https_proxy must have a valid port");
    EXPECT_EQ(refused("http://u:s3cr3t@h:70000"), "https_proxy must have a valid port");
    EXPECT_EQ(refused("http://u:s3cr3t@h%41"), "https_proxy must not have a percent-encoded host");
    for (const std::string_view more : {"http://u:s3cr3t@h/path", "http://h/?q", "http://h#f"}) {
        EXPECT_EQ(refused(more), "https_proxy must consist of scheme, credentials, host and port only") << more;
    }
}

TEST(no_proxy, names_include_their_subdomains) {
    EXPECT_TRUE(bypassed("chat.example.com"));
    EXPECT_TRUE(bypassed("example.com"));
    EXPECT_TRUE(bypassed(".example.com"));
    EXPECT_TRUE(bypassed("EXAMPLE.com."));
    EXPECT_TRUE(bypassed("com"));
    EXPECT_TRUE(bypassed("example.com", "EXAMPLE.COM."));
    EXPECT_TRUE(bypassed(".example.com", "example.com"));
    EXPECT_FALSE(bypassed("ample.com"));
    EXPECT_FALSE(bypassed("at.example.com"));
    EXPECT_FALSE(bypassed("my.chat.example.com"));
    EXPECT_FALSE(bypassed("*.example.com")) << "a star stands alone";
}

TEST(no_proxy, lists) {
    EXPECT_FALSE(bypassed(""));
    EXPECT_FALSE(bypassed(" , ,"));
    EXPECT_FALSE(bypassed("."));
    EXPECT_TRUE(bypassed("a.test, example.com"));
    EXPECT_TRUE(bypassed("a.test example.com b.test"));
    EXPECT_TRUE(bypassed("*"));
    EXPECT_TRUE(bypassed("a.test,*"));
    EXPECT_FALSE(bypassed("a.test,b.test"));
}

TEST(no_proxy, ports) {
    EXPECT_TRUE(bypassed("example.com:443"));
    EXPECT_FALSE(bypassed("example.com:8443"));
    EXPECT_FALSE(bypassed("example.com:"));
    EXPECT_TRUE(bypassed("10.0.0.1:443", "10.0.0.1"));
    EXPECT_TRUE(bypassed("[2001:db8::1]:443", "2001:db8::1"));
    EXPECT_FALSE(bypassed("[2001:db8::1]:444", "2001:db8::1"));
}

TEST(no_proxy, addresses) {
    EXPECT_TRUE(bypassed("10.0.0.1", "10.0.0.1"));
    EXPECT_TRUE(bypassed("2001:db8::1", "2001:db8::1"));
    EXPECT_TRUE(bypassed("2001:DB8:0::1", "2001:db8::1"));
    EXPECT_TRUE(bypassed("[2001:db8::1]", "2001:db8::1"));
    EXPECT_FALSE(bypassed("0.1", "10.0.0.1")) << "no domain";
    EXPECT_FALSE(bypassed("10.0.0.0/8", "10.0.0.1")) << "not supported";
}
