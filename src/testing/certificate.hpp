// Copyright (c) 2026 The yunhu authors
// SPDX-License-Identifier: BSL-1.0
#pragma once

#include <yunhu/config.hpp>

#include <openssl/evp.h>
#include <openssl/x509.h>

#include <chrono>
#include <filesystem>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

YUNHU_NAMESPACE_BEGIN
namespace testing::detail {

template <auto Free> struct freed_by {
    template <class T> void operator()(T* object) const noexcept { Free(object); }
};
using key_ptr = std::unique_ptr<EVP_PKEY, freed_by<&EVP_PKEY_free>>;
using x509_ptr = std::unique_ptr<X509, freed_by<&X509_free>>;

/// The subject and the validity of a server certificate. The defaults are valid for this machine.
struct certificate_options {
    certificate_options() = default;

    std::string common_name = "localhost"; ///< raw bytes: may contain a NUL
    std::vector<std::string> dns_names{"localhost"};
    std::vector<std::string> ip_addresses{"127.0.0.1", "::1"};
    std::chrono::seconds not_before = std::chrono::hours(-24);      ///< from now
    std::chrono::seconds not_after = std::chrono::hours(24) * 3649; ///< from now
    bool self_signed = false;                                       ///< signed by its own key instead of the CA's
};

/// A private key (EC P-256) with its certificate.
class certificate {
public:
    certificate(key_ptr key, x509_ptr x509) : key_(std::move(key)), x509_(std::move(x509)) {}

    [[nodiscard]] EVP_PKEY* key() const noexcept { return key_.get(); }
    [[nodiscard]] X509* x509() const noexcept { return x509_.get(); }
    [[nodiscard]] std::string pem() const;
    [[nodiscard]] std::string key_pem() const;

private:
    key_ptr key_;
    x509_ptr x509_;
};

/// A CA; each instance generates a key. Throws `boost::system::system_error` when OpenSSL fails.
class certificate_authority {
public:
    explicit certificate_authority(std::string_view common_name);

    /// The certificate that a client must trust.
    [[nodiscard]] std::string pem() const { return own_.pem(); }
    [[nodiscard]] certificate issue(const certificate_options& options) const;

private:
    certificate own_;
};

using host_names = std::vector<std::string>;

/// The emulator's CA certificate, and a server certificate for localhost signed by that CA. All PEM.
struct identity {
    std::string ca;
    std::string certificate;
    std::string key; ///< of `certificate`; the CA's private key is discarded
};

/// Generates new keys and certificates; `names` are in the server's besides localhost. Throws
/// `boost::system::system_error`.
[[nodiscard]] identity make_identity(const host_names& names = {});

/// That of the folder; if it has none with all of `names`, a new one, which is written there. The folder is created.
/// Throws `boost::system::system_error` and `std::system_error`.
[[nodiscard]] identity stored_identity(const std::filesystem::path& folder, const host_names& names = {});

/// Throws `boost::system::system_error`.
[[nodiscard]] std::string read_file(const std::filesystem::path& file);

enum class readable_by : bool { owner, all };

/// Replaces the file atomically: a concurrent reader sees the old content or the new. Throws
/// `boost::system::system_error`.
void write_atomically(const std::filesystem::path& file, std::string_view text, readable_by reader = readable_by::all);

} // namespace testing::detail
YUNHU_NAMESPACE_END
