// Copyright (c) 2026 The yunhu authors
// SPDX-License-Identifier: BSL-1.0

#include "certificate.hpp"

#include <openssl/bio.h>
#include <openssl/ec.h>
#include <openssl/pem.h>
#include <openssl/rand.h>
#include <openssl/x509v3.h>

#include <array>
#include <atomic>
#include <cstdint>
#include <stdexcept>
#include <string_view>

namespace yunhu::test {
namespace {

using bio_ptr = std::unique_ptr<BIO, freed_by<&BIO_free_all>>;
using names_ptr = std::unique_ptr<GENERAL_NAMES, freed_by<&GENERAL_NAMES_free>>;
using extension_ptr = std::unique_ptr<X509_EXTENSION, freed_by<&X509_EXTENSION_free>>;

void check(bool ok, const char* what) {
    if (!ok) {
        throw std::runtime_error(std::string("certificate: ") + what);
    }
}

void set_name(X509_NAME* name, std::string_view common_name) {
    // An explicit length: a NUL inside is part of the name.
    check(X509_NAME_add_entry_by_txt(name, "CN", MBSTRING_UTF8,
                                     reinterpret_cast<const unsigned char*>(common_name.data()),
                                     static_cast<int>(common_name.size()), -1, 0) == 1,
          "common name");
}

void add_extension(X509* x509, int nid, const char* value) {
    const extension_ptr extension(X509V3_EXT_conf_nid(nullptr, nullptr, nid, value));
    check(extension && X509_add_ext(x509, extension.get(), -1) == 1, value);
}

void push_name(GENERAL_NAMES* names, int type, ASN1_STRING* value) {
    GENERAL_NAME* name = GENERAL_NAME_new();
    check(name != nullptr && value != nullptr, "alternative name");
    GENERAL_NAME_set0_value(name, type, value);
    sk_GENERAL_NAME_push(names, name);
}

void add_alternative_names(X509* x509, const certificate_options& options) {
    if (options.dns_names.empty() && options.ip_addresses.empty()) {
        return;
    }
    const names_ptr names(sk_GENERAL_NAME_new_null());
    for (const std::string& dns : options.dns_names) {
        ASN1_STRING* value = ASN1_IA5STRING_new();
        ASN1_STRING_set(value, dns.data(), static_cast<int>(dns.size()));
        push_name(names.get(), GEN_DNS, value);
    }
    for (const std::string& ip : options.ip_addresses) {
        push_name(names.get(), GEN_IPADD, a2i_IPADDRESS(ip.c_str()));
    }
    check(X509_add1_ext_i2d(x509, NID_subject_alt_name, names.get(), 0, 0) == 1, "alternative names");
}

/// A certificate with everything but its extensions and its signature.
x509_ptr begin(EVP_PKEY* key, std::string_view common_name, std::chrono::seconds from, std::chrono::seconds until) {
    x509_ptr x509(X509_new());
    X509_set_version(x509.get(), X509_VERSION_3);
    std::int64_t inline_strand = 0;
    RAND_bytes(reinterpret_cast<unsigned char*>(&inline_strand), sizeof inline_strand);
    ASN1_INTEGER_set_int64(X509_get_serialNumber(x509.get()), inline_strand & INT64_MAX);
    X509_gmtime_adj(X509_getm_notBefore(x509.get()), from.count());
    X509_gmtime_adj(X509_getm_notAfter(x509.get()), until.count());
    set_name(X509_get_subject_name(x509.get()), common_name);
    check(X509_set_pubkey(x509.get(), key) == 1, "key");
    return x509;
}

certificate make_authority() {
    key_ptr key(EVP_EC_gen("P-256"));
    // A name of its own, too: a CA of the same name would be taken for it.
    static std::atomic<unsigned> count = 0;
    const std::string name = "yunhu test CA " + std::to_string(++count);
    x509_ptr x509 = begin(key.get(), name, std::chrono::hours(-24 * 365), std::chrono::hours(24 * 365));
    X509_set_issuer_name(x509.get(), X509_get_subject_name(x509.get()));
    add_extension(x509.get(), NID_basic_constraints, "critical,CA:TRUE");
    add_extension(x509.get(), NID_key_usage, "critical,keyCertSign,cRLSign");
    check(X509_sign(x509.get(), key.get(), EVP_sha256()) > 0, "signature");
    return {std::move(key), std::move(x509)};
}

} // namespace

std::string certificate::pem() const {
    const bio_ptr out(BIO_new(BIO_s_mem()));
    check(PEM_write_bio_X509(out.get(), x509_.get()) == 1, "PEM");
    char* data = nullptr;
    const long size = BIO_get_mem_data(out.get(), &data);
    return {data, static_cast<std::size_t>(size)};
}

std::string certificate::spki_pin() const {
    unsigned char* der = nullptr;
    const int size = i2d_X509_PUBKEY(X509_get_X509_PUBKEY(x509_.get()), &der);
    check(size > 0, "public key");
    std::array<unsigned char, 32> digest{};
    const int ok = EVP_Digest(der, static_cast<std::size_t>(size), digest.data(), nullptr, EVP_sha256(), nullptr);
    OPENSSL_free(der);
    check(ok == 1, "digest");
    std::array<unsigned char, 45> text{}; // 44 characters and a NUL
    const int length = EVP_EncodeBlock(text.data(), digest.data(), static_cast<int>(digest.size()));
    return {text.begin(), text.begin() + length};
}

certificate_authority::certificate_authority() : own_(make_authority()) {}

certificate certificate_authority::issue(const certificate_options& options) const {
    key_ptr key(EVP_EC_gen("P-256"));
    x509_ptr x509 = begin(key.get(), options.common_name, options.not_before, options.not_after);
    X509_set_issuer_name(x509.get(), X509_get_subject_name(options.self_signed ? x509.get() : own_.x509()));
    add_extension(x509.get(), NID_basic_constraints, "critical,CA:FALSE");
    add_extension(x509.get(), NID_ext_key_usage, "serverAuth");
    add_alternative_names(x509.get(), options);
    check(X509_sign(x509.get(), options.self_signed ? key.get() : own_.key(), EVP_sha256()) > 0, "signature");
    return {std::move(key), std::move(x509)};
}

} // namespace yunhu::test
