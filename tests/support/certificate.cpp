// Copyright (c) 2026 The yunhu authors
// SPDX-License-Identifier: BSL-1.0

#include "certificate.hpp"

#include <openssl/evp.h>
#include <openssl/x509.h>

#include <array>
#include <atomic>
#include <stdexcept>

namespace yunhu::test {
namespace {

std::string next_name() {
    static std::atomic<unsigned> count = 0;
    return "yunhu test CA " + std::to_string(++count);
}

} // namespace

certificate_authority::certificate_authority() : testing::detail::certificate_authority(next_name()) {}

std::string spki_pin(const certificate& of) {
    unsigned char* der = nullptr;
    const int size = i2d_X509_PUBKEY(X509_get_X509_PUBKEY(of.x509()), &der);
    if (size <= 0) {
        throw std::runtime_error("certificate: public key");
    }
    std::array<unsigned char, 32> digest{};
    const int ok = EVP_Digest(der, static_cast<std::size_t>(size), digest.data(), nullptr, EVP_sha256(), nullptr);
    OPENSSL_free(der);
    if (ok != 1) {
        throw std::runtime_error("certificate: digest");
    }
    std::array<unsigned char, 45> text{}; // 44 characters and a NUL
    const int length = EVP_EncodeBlock(text.data(), digest.data(), static_cast<int>(digest.size()));
    return {text.begin(), text.begin() + length};
}

} // namespace yunhu::test
