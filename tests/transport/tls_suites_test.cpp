// Copyright (c) 2026 The yunhu authors
// SPDX-License-Identifier: BSL-1.0

#include "transport/tls_context.hpp"

#include <yunhu/error.hpp>

#include <openssl/ssl.h>
#include <openssl/tls1.h>

#include <gtest/gtest.h>

#include <algorithm>
#include <memory>
#include <string>
#include <vector>

namespace yunhu::test {
namespace {

std::vector<std::string> names(const STACK_OF(SSL_CIPHER) * suites) {
    std::vector<std::string> all;
    for (int i = 0; i < sk_SSL_CIPHER_num(suites); ++i) {
        all.emplace_back(SSL_CIPHER_get_name(sk_SSL_CIPHER_value(suites, i)));
    }
    return all;
}

TEST(tls_suites, start_with_aes_128_and_omit_none) {
    transport::tls_context context(tls_config(), "localhost");
    const transport::ssl_ptr connection = context.new_connection();
    std::vector<std::string> offered = names(SSL_get_ciphers(connection.get()));
    const std::unique_ptr<SSL_CTX, transport::ssl_ctx_free> plain(SSL_CTX_new(TLS_client_method()));
    std::vector<std::string> all = names(SSL_CTX_get_ciphers(plain.get()));

    ASSERT_FALSE(offered.empty());
    EXPECT_EQ(offered.front(), "TLS_AES_128_GCM_SHA256");
    std::sort(offered.begin(), offered.end());
    std::sort(all.begin(), all.end());
    EXPECT_EQ(offered, all);
}

TEST(tls_host, that_can_not_be_verified_fails_construction) {
    for (const char* const host : {"::1%lo", "fe80::1%eth0"}) {
        try {
            const transport::tls_context context(tls_config(), host);
            ADD_FAILURE() << host << ": any certificate of a trusted CA would be accepted";
        } catch (const error& e) {
            EXPECT_EQ(e.code(), errc::invalid_request);
            EXPECT_NE(e.info().detail.find("the address to verify"), std::string::npos) << e.info().detail;
        }
    }
}

TEST(tls_host, is_verified_without_the_dot_of_the_root) {
    transport::tls_context context(tls_config(), "example.com.");
    const transport::ssl_ptr connection = context.new_connection();
    EXPECT_STREQ(SSL_get_servername(connection.get(), TLSEXT_NAMETYPE_host_name), "example.com");
}

TEST(tls_host, an_encrypted_ca_is_refused_without_a_question) {
    tls_config config;
    config.ca_pem =
        "-----BEGIN CERTIFICATE-----\nProc-Type: 4,ENCRYPTED\nDEK-Info: AES-256-CBC,00000000000000000000000000000000"
        "\n\nAAAAAAAAAAAAAAAAAAAAAAAA\n-----END CERTIFICATE-----\n";
    EXPECT_THROW(transport::tls_context(config, "localhost"), error);
}

} // namespace
} // namespace yunhu::test
