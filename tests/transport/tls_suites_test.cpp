// Copyright (c) 2026 The yunhu authors
// SPDX-License-Identifier: BSL-1.0

#include "transport/tls_context.hpp"

#include <openssl/ssl.h>

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

} // namespace
} // namespace yunhu::test
