// Copyright (c) 2026 The yunhu authors
// SPDX-License-Identifier: BSL-1.0

#include "testing/certificate.hpp"

#include <boost/asio/ssl/error.hpp>
#include <boost/system/errc.hpp>
#include <boost/system/system_error.hpp>

#include <openssl/bio.h>
#include <openssl/bn.h>
#include <openssl/err.h>
#include <openssl/evp.h>
#include <openssl/pem.h>
#include <openssl/x509.h>
#include <openssl/x509v3.h>

#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <cstdio>
#include <cstdlib>
#include <fstream>
#include <memory>

YUNHU_NAMESPACE_BEGIN
namespace testing::detail {
namespace {

template <auto Free> struct freed_by {
    template <class T> void operator()(T* object) const { Free(object); }
};
using key_ptr = std::unique_ptr<EVP_PKEY, freed_by<EVP_PKEY_free>>;
using certificate_ptr = std::unique_ptr<X509, freed_by<X509_free>>;
using extension_ptr = std::unique_ptr<X509_EXTENSION, freed_by<X509_EXTENSION_free>>;
using number_ptr = std::unique_ptr<BIGNUM, freed_by<BN_free>>;
using bio_ptr = std::unique_ptr<BIO, freed_by<BIO_free_all>>;

[[noreturn]] void fail() {
    const unsigned long reason = ERR_get_error();
    throw boost::system::system_error(static_cast<int>(reason), boost::asio::error::get_ssl_category(),
                                      "making a certificate");
}

// OpenSSL says failure as 0 or as a null pointer.
template <class T> T must(T value) {
    if (!value) {
        fail();
    }
    return value;
}

key_ptr new_key() {
    return key_ptr(must(EVP_PKEY_Q_keygen(nullptr, nullptr, "EC", "P-256")));
}

void extend(X509* certificate, X509* issuer, int nid, const char* value) {
    X509V3_CTX context;
    X509V3_set_ctx(&context, issuer, certificate, nullptr, nullptr, 0);
    const extension_ptr extension(must(X509V3_EXT_conf_nid(nullptr, &context, nid, value)));
    must(X509_add_ext(certificate, extension.get(), -1));
}

// A certificate with everything but its extensions and its signature.
certificate_ptr blank(const char* common_name, EVP_PKEY* key) {
    constexpr long day = 24 * 60 * 60;
    constexpr int lifetime_days = 3650;
    certificate_ptr made(must(X509_new()));
    must(X509_set_version(made.get(), X509_VERSION_3));
    const number_ptr inline_strand(must(BN_new()));
    must(BN_rand(inline_strand.get(), 127, BN_RAND_TOP_ANY, BN_RAND_BOTTOM_ANY));
    must(BN_to_ASN1_INTEGER(inline_strand.get(), X509_get_serialNumber(made.get())));
    must(X509_gmtime_adj(X509_getm_notBefore(made.get()), -day));
    must(X509_time_adj_ex(X509_getm_notAfter(made.get()), lifetime_days - 1, 0, nullptr));
    must(X509_set_pubkey(made.get(), key));
    const auto* name = reinterpret_cast<const unsigned char*>(common_name);
    must(X509_NAME_add_entry_by_txt(X509_get_subject_name(made.get()), "CN", MBSTRING_UTF8, name, -1, -1, 0));
    return made;
}

std::string text_of(BIO* bio) {
    char* data = nullptr;
    const long size = BIO_get_mem_data(bio, &data);
    return {data, static_cast<std::size_t>(size)};
}

std::string pem(X509* certificate) {
    const bio_ptr bio(must(BIO_new(BIO_s_mem())));
    must(PEM_write_bio_X509(bio.get(), certificate));
    return text_of(bio.get());
}

std::string pem(EVP_PKEY* key) {
    const bio_ptr bio(must(BIO_new(BIO_s_mem())));
    must(PEM_write_bio_PrivateKey(bio.get(), key, nullptr, nullptr, 0, nullptr, nullptr));
    return text_of(bio.get());
}

} // namespace

identity make_identity() {
    const key_ptr ca_key = new_key();
    const certificate_ptr ca = blank("Yunhu emulator CA", ca_key.get());
    must(X509_set_issuer_name(ca.get(), X509_get_subject_name(ca.get())));
    extend(ca.get(), ca.get(), NID_basic_constraints, "critical,CA:TRUE");
    extend(ca.get(), ca.get(), NID_key_usage, "critical,keyCertSign,cRLSign");
    extend(ca.get(), ca.get(), NID_subject_key_identifier, "hash");
    must(X509_sign(ca.get(), ca_key.get(), EVP_sha256()));

    const key_ptr key = new_key();
    const certificate_ptr server = blank("localhost", key.get());
    must(X509_set_issuer_name(server.get(), X509_get_subject_name(ca.get())));
    extend(server.get(), ca.get(), NID_basic_constraints, "critical,CA:FALSE");
    extend(server.get(), ca.get(), NID_key_usage, "critical,digitalSignature");
    extend(server.get(), ca.get(), NID_ext_key_usage, "serverAuth");
    extend(server.get(), ca.get(), NID_subject_alt_name, "DNS:localhost,IP:127.0.0.1,IP:::1");
    extend(server.get(), ca.get(), NID_subject_key_identifier, "hash");
    extend(server.get(), ca.get(), NID_authority_key_identifier, "keyid:always");
    must(X509_sign(server.get(), ca_key.get(), EVP_sha256()));

    return {pem(ca.get()), pem(server.get()), pem(key.get())};
}

void write_atomically(const std::filesystem::path& file, std::string_view text) {
    const auto refuse = [&file](int reason) {
        throw boost::system::system_error(reason, boost::system::system_category(), "writing " + file.string());
    };
    std::string draft = file.string() + ".XXXXXX";
    const int handle = ::mkstemp(draft.data());
    if (handle < 0) {
        refuse(errno);
    }
    ::fchmod(handle, 0644); // mkstemp makes it readable by the owner only
    ::close(handle);
    std::ofstream out(draft, std::ios::binary);
    out << text;
    out.close();
    if (!out || ::rename(draft.c_str(), file.c_str()) != 0) {
        const int reason = errno != 0 ? errno : EIO;
        ::unlink(draft.c_str());
        refuse(reason);
    }
}

} // namespace testing::detail
YUNHU_NAMESPACE_END
