// Copyright (c) 2026 The yunhu authors
// SPDX-License-Identifier: BSL-1.0
#pragma once

#include "testing/certificate.hpp"

#include <string>

// The emulator's certificate generator, which can also make the certificates that a client must reject.
namespace yunhu::test {

using testing::detail::certificate;
using testing::detail::certificate_options;
using testing::detail::freed_by;
using testing::detail::x509_ptr;

/// A CA for one test.
class certificate_authority : public testing::detail::certificate_authority {
public:
    /// Each instance has another name: OpenSSL looks up issuers by name.
    certificate_authority();
};

/// Base64 of the SHA-256 digest of the SubjectPublicKeyInfo.
[[nodiscard]] std::string spki_pin(const certificate& of);

} // namespace yunhu::test
