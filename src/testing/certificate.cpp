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

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <cstdio>
#include <cstdlib>
#include <memory>
#include <utility>

YUNHU_NAMESPACE_BEGIN
namespace testing::detail {
namespace {

using extension_ptr = std::unique_ptr<X509_EXTENSION, freed_by<&X509_EXTENSION_free>>;
using names_ptr = std::unique_ptr<GENERAL_NAMES, freed_by<&GENERAL_NAMES_free>>;
using number_ptr = std::unique_ptr<BIGNUM, freed_by<&BN_free>>;
using file_ptr = std::unique_ptr<std::FILE, freed_by<&std::fclose>>; // a stream's descriptor would be inherited
using bio_ptr = std::unique_ptr<BIO, freed_by<&BIO_free_all>>;

[[noreturn]] void fail() {
    const unsigned long reason = ERR_get_error();
    throw boost::system::system_error(static_cast<int>(reason), boost::asio::error::get_ssl_category(),
                                      "generating a certificate");
}

// OpenSSL reports failure as 0 or as a null pointer.
template <class T> T require(T value) {
    if (!value) {
        fail();
    }
    return value;
}

key_ptr new_key() {
    return key_ptr(require(EVP_PKEY_Q_keygen(nullptr, nullptr, "EC", "P-256")));
}

void add_extension(X509* certificate, X509* issuer, int nid, const char* value) {
    X509V3_CTX context;
    X509V3_set_ctx(&context, issuer, certificate, nullptr, nullptr, 0);
    const extension_ptr extension(require(X509V3_EXT_conf_nid(nullptr, &context, nid, value)));
    require(X509_add_ext(certificate, extension.get(), -1));
}

void push_name(GENERAL_NAMES* names, int type, ASN1_STRING* value) {
    GENERAL_NAME* const name = require(GENERAL_NAME_new());
    GENERAL_NAME_set0_value(name, type, require(value));
    require(sk_GENERAL_NAME_push(names, name));
}

void add_alternative_names(X509* certificate, const certificate_options& options) {
    if (options.dns_names.empty() && options.ip_addresses.empty()) {
        return;
    }
    const names_ptr names(require(sk_GENERAL_NAME_new_null()));
    for (const std::string& dns : options.dns_names) {
        ASN1_STRING* const value = require(ASN1_IA5STRING_new());
        require(ASN1_STRING_set(value, dns.data(), static_cast<int>(dns.size())));
        push_name(names.get(), GEN_DNS, value);
    }
    for (const std::string& ip : options.ip_addresses) {
        push_name(names.get(), GEN_IPADD, a2i_IPADDRESS(ip.c_str()));
    }
    require(X509_add1_ext_i2d(certificate, NID_subject_alt_name, names.get(), 0, 0));
}

// A certificate without extensions and signature.
x509_ptr make_unsigned(EVP_PKEY* key, std::string_view common_name, const certificate_options& options) {
    x509_ptr result(require(X509_new()));
    require(X509_set_version(result.get(), X509_VERSION_3));
    const number_ptr serial_number(require(BN_new()));
    require(BN_rand(serial_number.get(), 127, BN_RAND_TOP_ANY, BN_RAND_BOTTOM_ANY));
    require(BN_to_ASN1_INTEGER(serial_number.get(), X509_get_serialNumber(result.get())));
    require(X509_gmtime_adj(X509_getm_notBefore(result.get()), static_cast<long>(options.not_before.count())));
    require(X509_gmtime_adj(X509_getm_notAfter(result.get()), static_cast<long>(options.not_after.count())));
    require(X509_set_pubkey(result.get(), key));
    // With an explicit length a NUL is part of the name.
    require(X509_NAME_add_entry_by_txt(X509_get_subject_name(result.get()), "CN", MBSTRING_UTF8,
                                       reinterpret_cast<const unsigned char*>(common_name.data()),
                                       static_cast<int>(common_name.size()), -1, 0));
    return result;
}

certificate make_authority(std::string_view common_name) {
    key_ptr key = new_key();
    x509_ptr ca = make_unsigned(key.get(), common_name, {});
    require(X509_set_issuer_name(ca.get(), X509_get_subject_name(ca.get())));
    add_extension(ca.get(), ca.get(), NID_basic_constraints, "critical,CA:TRUE");
    add_extension(ca.get(), ca.get(), NID_key_usage, "critical,keyCertSign,cRLSign");
    add_extension(ca.get(), ca.get(), NID_subject_key_identifier, "hash");
    require(X509_sign(ca.get(), key.get(), EVP_sha256()));
    return {std::move(key), std::move(ca)};
}

std::string text_of(BIO* bio) {
    char* data = nullptr;
    const long size = BIO_get_mem_data(bio, &data);
    return {data, static_cast<std::size_t>(size)};
}

// Without names the certificate is not looked at.
bool is_valid_for(const std::string& pem, const host_names& names) {
    if (names.empty()) {
        return true;
    }
    const bio_ptr bio(require(BIO_new_mem_buf(pem.data(), static_cast<int>(pem.size()))));
    const x509_ptr read(PEM_read_bio_X509(bio.get(), nullptr, nullptr, nullptr));
    return read != nullptr && std::ranges::all_of(names, [&](const std::string& name) {
               return X509_check_host(read.get(), name.data(), name.size(), 0, nullptr) == 1;
           });
}

} // namespace

std::string certificate::pem() const {
    const bio_ptr bio(require(BIO_new(BIO_s_mem())));
    require(PEM_write_bio_X509(bio.get(), x509_.get()));
    return text_of(bio.get());
}

std::string certificate::key_pem() const {
    const bio_ptr bio(require(BIO_new(BIO_s_mem())));
    require(PEM_write_bio_PrivateKey(bio.get(), key_.get(), nullptr, nullptr, 0, nullptr, nullptr));
    return text_of(bio.get());
}

certificate_authority::certificate_authority(std::string_view common_name) : own_(make_authority(common_name)) {}

certificate certificate_authority::issue(const certificate_options& options) const {
    key_ptr key = new_key();
    x509_ptr result = make_unsigned(key.get(), options.common_name, options);
    X509* const issuer = options.self_signed ? result.get() : own_.x509();
    require(X509_set_issuer_name(result.get(), X509_get_subject_name(issuer)));
    add_extension(result.get(), issuer, NID_basic_constraints, "critical,CA:FALSE");
    add_extension(result.get(), issuer, NID_key_usage, "critical,digitalSignature");
    add_extension(result.get(), issuer, NID_ext_key_usage, "serverAuth");
    add_alternative_names(result.get(), options);
    add_extension(result.get(), issuer, NID_subject_key_identifier, "hash");
    add_extension(result.get(), issuer, NID_authority_key_identifier, "keyid:always");
    require(X509_sign(result.get(), options.self_signed ? key.get() : own_.key(), EVP_sha256()));
    return {std::move(key), std::move(result)};
}

identity make_identity(const host_names& names) {
    const certificate_authority ca("Yunhu emulator CA");
    certificate_options options;
    options.dns_names.insert(options.dns_names.end(), names.begin(), names.end());
    const certificate server = ca.issue(options);
    return {ca.pem(), server.pem(), server.key_pem()};
}

identity stored_identity(const std::filesystem::path& folder, const host_names& names) {
    const std::filesystem::path parts[] = {folder / "ca.pem", folder / "certificate.pem", folder / "key.pem"};
    if (std::ranges::all_of(parts, [](const auto& part) { return std::filesystem::exists(part); })) {
        identity stored{read_file(parts[0]), read_file(parts[1]), read_file(parts[2])};
        if (is_valid_for(stored.certificate, names)) {
            return stored;
        }
    }
    std::filesystem::create_directories(folder);
    identity made = make_identity(names);
    write_atomically(parts[2], made.key, readable_by::owner); // the CA last: clients wait for it
    write_atomically(parts[1], made.certificate);
    write_atomically(parts[0], made.ca);
    return made;
}

std::string read_file(const std::filesystem::path& file) {
    const file_ptr in(std::fopen(file.c_str(), "rbe"));
    std::string text;
    std::array<char, 4096> chunk{};
    while (in != nullptr) {
        const std::size_t size = std::fread(chunk.data(), 1, chunk.size(), in.get());
        text.append(chunk.data(), size);
        if (size < chunk.size()) {
            break;
        }
    }
    if (in == nullptr || std::ferror(in.get()) != 0) {
        throw boost::system::system_error(errno, boost::system::system_category(), "reading " + file.string());
    }
    return text;
}

void write_atomically(const std::filesystem::path& file, std::string_view text, readable_by reader) {
    const auto fail_with = [&file](int reason) {
        throw boost::system::system_error(reason, boost::system::system_category(), "writing " + file.string());
    };
    std::string temporary = file.string() + ".XXXXXX";
    const int handle = ::mkostemp(temporary.data(), O_CLOEXEC);
    if (handle < 0) {
        fail_with(errno);
    }
    if (reader == readable_by::all) {
        ::fchmod(handle, 0644); // mkstemp makes it readable by the owner only
    }
    file_ptr out(::fdopen(handle, "wb"));
    const bool written = out != nullptr && std::fwrite(text.data(), 1, text.size(), out.get()) == text.size();
    if (out == nullptr) {
        ::close(handle);
    }
    const bool closed = out != nullptr && std::fclose(out.release()) == 0;
    if (!written || !closed || ::rename(temporary.c_str(), file.c_str()) != 0) {
        const int reason = errno != 0 ? errno : EIO;
        ::unlink(temporary.c_str());
        fail_with(reason);
    }
}

} // namespace testing::detail
YUNHU_NAMESPACE_END
