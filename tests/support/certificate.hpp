// Copyright (c) 2026 The yunhu authors
// SPDX-License-Identifier: BSL-1.0
#pragma once

#include "testing/certificate.hpp"

#include <string>

// The certificate generator of the emulator, which also generates certificates that a client must reject.
namespace yunhu::test {

using testing::detail::certificate;
using testing::detail::certificate_options;
using testing::detail::freed_by;
using testing::detail::x509_ptr;

/// A CA for one test.
class certificate_authority : public testing::detail::certificate_authority {
public:
    /// Each instance has a different name, for OpenSSL identifies issuers by name.
    certificate_authority();
};

/// Base64 of the SHA-256 digest of the SubjectPublicKeyInfo.
[[nodiscard]] std::string spki_pin(const certificate& of);

} // namespace yunhu::test
