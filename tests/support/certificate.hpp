// Copyright (c) 2026 The yunhu authors
// SPDX-License-Identifier: BSL-1.0
#pragma once

#include <openssl/evp.h>
#include <openssl/x509.h>

#include <chrono>
#include <memory>
#include <string>
#include <vector>

namespace yunhu::test {

template <auto Free> struct freed_by {
    template <class T> void operator()(T* p) const noexcept { Free(p); }
};
using key_ptr = std::unique_ptr<EVP_PKEY, freed_by<&EVP_PKEY_free>>;
using x509_ptr = std::unique_ptr<X509, freed_by<&X509_free>>;

/// What a certificate says of its owner. As it is: a good one for this machine.
struct certificate_options {
    certificate_options() = default;

    std::string common_name = "localhost"; ///< raw bytes: may hold a NUL
    std::vector<std::string> dns_names{"localhost"};
    std::vector<std::string> ip_addresses{"127.0.0.1", "::1"};
    std::chrono::seconds not_before = std::chrono::hours(-1); ///< from now
    std::chrono::seconds not_after = std::chrono::hours(24);  ///< from now
    bool self_signed = false;                                 ///< by its own key instead of the CA's
};

/// A key with its certificate.
class certificate {
public:
    certificate(key_ptr key, x509_ptr x509) : key_(std::move(key)), x509_(std::move(x509)) {}

    [[nodiscard]] EVP_PKEY* key() const noexcept { return key_.get(); }
    [[nodiscard]] X509* x509() const noexcept { return x509_.get(); }
    [[nodiscard]] std::string pem() const;
    /// Base64 of the SHA-256 of the SubjectPublicKeyInfo.
    [[nodiscard]] std::string spki_pin() const;

private:
    key_ptr key_;
    x509_ptr x509_;
};

/// A CA that lives as long as a test; every instance has a key of its own.
class certificate_authority {
public:
    certificate_authority();

    /// The certificate that a client must trust.
    [[nodiscard]] std::string pem() const { return own_.pem(); }
    [[nodiscard]] certificate issue(const certificate_options& options) const;

private:
    certificate own_;
};

} // namespace yunhu::test
