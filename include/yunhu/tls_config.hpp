// Copyright (c) 2026 The yunhu authors
// SPDX-License-Identifier: BSL-1.0
#pragma once

#include <yunhu/config.hpp>

#include <filesystem>
#include <string>
#include <vector>

YUNHU_NAMESPACE_BEGIN

/// Verification of a server. Its certificate and its host name are always verified. Without `ca_file` and `ca_pem` the
/// system's CAs are trusted: OpenSSL's default file and directory, which the environment variables `SSL_CERT_FILE` and
/// `SSL_CERT_DIR` replace.
struct tls_config {
    tls_config() = default;

    std::filesystem::path ca_file; ///< trusted CAs (PEM), instead of the default ones; unreadable: construction fails
    std::string ca_pem;            ///< the same as text; both may be given
    bool tls13_only = false;       ///< default: TLS 1.2 and 1.3
    /// Base64 of the SHA-256 of the server's public key (SubjectPublicKeyInfo). Not empty: one must match, besides the
    /// usual verification.
    std::vector<std::string> pins;
};

YUNHU_NAMESPACE_END
