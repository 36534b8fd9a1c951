// Copyright (c) 2026 The yunhu authors
// SPDX-License-Identifier: BSL-1.0

#include "transport/tls_context.hpp"

#include "model/exceptions.hpp"

#include <boost/asio/ip/address.hpp>

#include <openssl/bio.h>
#include <openssl/err.h>
#include <openssl/evp.h>
#include <openssl/pem.h>
#include <openssl/sha.h>
#include <openssl/ssl.h>
#include <openssl/x509.h>
#include <openssl/x509_vfy.h>
#include <openssl/x509v3.h>

#include <algorithm>
#include <array>
#include <filesystem>
#include <memory>
#include <new>
#include <string_view>
#include <utility>

YUNHU_NAMESPACE_BEGIN
namespace transport {
namespace {

// A TLS 1.3 ticket is used once; servers send two per handshake.
constexpr std::size_t max_sessions = 32;

// "http/1.1", preceded by its length.
constexpr std::array<unsigned char, 9> alpn{8, 'h', 't', 't', 'p', '/', '1', '.', '1'};

[[noreturn]] void throw_invalid(std::string detail) {
    ERR_clear_error();
    yunhu::detail::throw_invalid(std::move(detail));
}

// Every result of OpenSSL's setters is checked: a verification that is not set up would accept any certificate.
void require(bool done, std::string_view setting) {
    if (!done) {
        const unsigned long code = ERR_peek_last_error();
        const char* const reason = code != 0 ? ERR_reason_error_string(code) : nullptr;
        throw_invalid("OpenSSL can't set " + std::string(setting) + (reason != nullptr ? ": " : "") +
                      (reason != nullptr ? reason : ""));
    }
}

// For PEM text that is encrypted. OpenSSL's own callback asks on the terminal.
int no_pass_phrase(char* /*buffer*/, int /*size*/, int /*writing*/, void* /*data*/) {
    return -1;
}

struct bio_free {
    void operator()(BIO* p) const noexcept { BIO_free(p); }
};
struct x509_free {
    void operator()(X509* p) const noexcept { X509_free(p); }
};

void trust_pem(SSL_CTX* context, const std::string& pem) {
    const std::unique_ptr<BIO, bio_free> in(BIO_new_mem_buf(pem.data(), static_cast<int>(pem.size())));
    require(in != nullptr, "tls.ca_pem");
    ERR_clear_error();
    int certificates = 0;
    while (const std::unique_ptr<X509, x509_free> one{PEM_read_bio_X509(in.get(), nullptr, &no_pass_phrase, nullptr)}) {
        if (X509_STORE_add_cert(SSL_CTX_get_cert_store(context), one.get()) != 1) {
            throw_invalid("tls.ca_pem contains an invalid certificate");
        }
        ++certificates;
    }
    // The end of the PEM text is reported as an error, too.
    const unsigned long end = ERR_peek_last_error();
    if (ERR_GET_LIB(end) != ERR_LIB_PEM || ERR_GET_REASON(end) != PEM_R_NO_START_LINE) {
        throw_invalid("tls.ca_pem contains an invalid certificate");
    }
    ERR_clear_error();
    if (certificates == 0) {
        throw_invalid("tls.ca_pem must contain a certificate");
    }
}

// Orders the TLS 1.3 suites that OpenSSL is configured to use: AES-128 with SHA-256 first, as in browsers. It is
// cheaper than AES-256 with SHA-384, because processors have instructions for SHA-256 only, and hashing dominates a
// handshake.
void prefer_aes_128(SSL_CTX* context) {
    constexpr std::string_view preferred = "TLS_AES_128_GCM_SHA256";
    const STACK_OF(SSL_CIPHER)* const all = SSL_CTX_get_ciphers(context);
    std::string others;
    bool offered = false;
    for (int i = 0; i < sk_SSL_CIPHER_num(all); ++i) {
        const SSL_CIPHER* const suite = sk_SSL_CIPHER_value(all, i);
        if (SSL_CIPHER_get_version(suite) != std::string_view("TLSv1.3")) {
            continue;
        }
        const std::string_view name = SSL_CIPHER_get_name(suite);
        if (name == preferred) {
            offered = true;
        } else {
            others.append(":").append(name);
        }
    }
    if (offered) {
        require(SSL_CTX_set_ciphersuites(context, (std::string(preferred) + others).c_str()) == 1,
                "the TLS 1.3 suites");
    }
}

std::string decode_pin(const std::string& text) {
    constexpr std::size_t base64_of_sha256 = 44;
    std::array<unsigned char, 33> raw{};
    if (text.size() != base64_of_sha256 || text.back() != '=' ||
        EVP_DecodeBlock(raw.data(), reinterpret_cast<const unsigned char*>(text.data()),
                        static_cast<int>(text.size())) != static_cast<int>(raw.size())) {
        throw_invalid("tls.pins must be base64 of SHA-256 digests");
    }
    return {raw.begin(), raw.begin() + SHA256_DIGEST_LENGTH};
}

} // namespace

void ssl_ctx_free::operator()(SSL_CTX* p) const noexcept {
    SSL_CTX_free(p);
}
void ssl_free::operator()(SSL* p) const noexcept {
    SSL_free(p);
}
void ssl_session_free::operator()(SSL_SESSION* p) const noexcept {
    SSL_SESSION_free(p);
}

tls_context::tls_context(const tls_config& config, std::string host)
    : host_(std::move(host)), context_(SSL_CTX_new(TLS_client_method())) {
    require(context_ != nullptr, "up TLS"); // e.g. a FIPS provider is required and not installed
    SSL_CTX* const ctx = context_.get();
    if (host_.ends_with('.')) { // the root of the DNS, which is not part of SNI and of certificates
        host_.pop_back();
    }
    error_code not_an_address;
    boost::asio::ip::make_address(host_, not_an_address);
    host_is_address_ = !not_an_address;

    const long minimum = config.tls13_only ? TLS1_3_VERSION : TLS1_2_VERSION;
    if (SSL_CTX_get_min_proto_version(ctx) < minimum) { // the system's policy may be stricter
        require(SSL_CTX_set_min_proto_version(ctx, minimum) == 1, "the minimum TLS version");
    }
    prefer_aes_128(ctx);
    SSL_CTX_set_options(ctx, SSL_OP_NO_COMPRESSION | SSL_OP_NO_RENEGOTIATION);
    SSL_CTX_set_mode(ctx, SSL_MODE_ENABLE_PARTIAL_WRITE | SSL_MODE_ACCEPT_MOVING_WRITE_BUFFER);
    SSL_CTX_set_read_ahead(ctx, 1); // one system call per read instead of two
    SSL_CTX_set_verify(ctx, SSL_VERIFY_PEER, nullptr);
    require(SSL_CTX_set_alpn_protos(ctx, alpn.data(), static_cast<unsigned>(alpn.size())) == 0, "ALPN"); // 0 = success
    SSL_CTX_set_session_cache_mode(ctx, SSL_SESS_CACHE_CLIENT | SSL_SESS_CACHE_NO_INTERNAL);
    SSL_CTX_sess_set_new_cb(ctx, &tls_context::on_new_session);
    require(SSL_CTX_set_app_data(ctx, this) == 1, "the TLS context's data");

    if (config.ca_file.empty() && config.ca_pem.empty()) {
        if (SSL_CTX_set_default_verify_paths(ctx) != 1) {
            throw_invalid("the system CA certificates can't be loaded");
        }
    }
    if (!config.ca_file.empty() && SSL_CTX_load_verify_file(ctx, config.ca_file.c_str()) != 1) {
        throw_invalid("tls.ca_file can't be loaded as PEM certificates: " + config.ca_file.string());
    }
    if (!config.ca_pem.empty()) {
        trust_pem(ctx, config.ca_pem);
    }
    for (const std::string& pin : config.pins) {
        pins_.push_back(decode_pin(pin));
    }
    (void)new_connection(); // a host that can't be verified fails the client's construction, not each call
}

tls_context::~tls_context() = default;

ssl_ptr tls_context::new_connection() {
    ssl_ptr ssl(SSL_new(context_.get()));
    if (!ssl) {
        throw std::bad_alloc();
    }
    SSL_set_connect_state(ssl.get());
    if (host_is_address_) { // SNI does not allow addresses
        require(X509_VERIFY_PARAM_set1_ip_asc(SSL_get0_param(ssl.get()), host_.c_str()) == 1, "the address to verify");
    } else {
        require(SSL_set_tlsext_host_name(ssl.get(), host_.c_str()) == 1, "SNI");
        SSL_set_hostflags(ssl.get(), X509_CHECK_FLAG_NO_PARTIAL_WILDCARDS | X509_CHECK_FLAG_NEVER_CHECK_SUBJECT);
        require(SSL_set1_host(ssl.get(), host_.c_str()) == 1, "the host name to verify");
    }
    if (const ssl_session_ptr session = take_session()) {
        if (SSL_set_session(ssl.get(), session.get()) != 1) {
            ERR_clear_error(); // a full handshake instead
        }
    }
    return ssl;
}

bool tls_context::pinned(const SSL* ssl) const {
    if (pins_.empty()) {
        return true;
    }
    const std::unique_ptr<X509, x509_free> certificate(SSL_get1_peer_certificate(ssl));
    if (!certificate) {
        return false;
    }
    unsigned char* der = nullptr;
    const int size = i2d_X509_PUBKEY(X509_get_X509_PUBKEY(certificate.get()), &der);
    if (size <= 0) {
        return false;
    }
    std::array<unsigned char, SHA256_DIGEST_LENGTH> digest{};
    const bool hashed = SHA256(der, static_cast<std::size_t>(size), digest.data()) != nullptr;
    OPENSSL_free(der);
    return hashed && std::find(pins_.begin(), pins_.end(), std::string(digest.begin(), digest.end())) != pins_.end();
}

std::string tls_context::rejection(const SSL* ssl) const {
    const long result = SSL_get_verify_result(ssl);
    std::string reason = X509_verify_cert_error_string(result);
    switch (result) {
    case X509_V_OK:
        return "its public key is not one of the pins";
    case X509_V_ERR_UNABLE_TO_GET_ISSUER_CERT:
    case X509_V_ERR_UNABLE_TO_GET_ISSUER_CERT_LOCALLY:
    case X509_V_ERR_UNABLE_TO_VERIFY_LEAF_SIGNATURE:
    case X509_V_ERR_DEPTH_ZERO_SELF_SIGNED_CERT:
    case X509_V_ERR_SELF_SIGNED_CERT_IN_CHAIN:
        return "it is not issued by a trusted CA (" + reason + ")";
    case X509_V_ERR_HOSTNAME_MISMATCH:
    case X509_V_ERR_IP_ADDRESS_MISMATCH:
        return "it is not valid for " + host_ + " (" + reason + ")";
    default:
        return reason;
    }
}

// Called by OpenSSL, which is written in C: no exception may leave it.
int tls_context::on_new_session(SSL* ssl, SSL_SESSION* session) noexcept {
    ssl_session_ptr owned(session);
    auto* const self = static_cast<tls_context*>(SSL_CTX_get_app_data(SSL_get_SSL_CTX(ssl)));
    try {
        self->store_session(std::move(owned));
    } catch (...) { // out of memory: the next connection performs a full handshake
    }
    return 1; // took ownership of the reference
}

void tls_context::store_session(ssl_session_ptr session) {
    const std::lock_guard lock(mutex_);
    if (sessions_.size() == max_sessions) {
        sessions_.erase(sessions_.begin());
    }
    sessions_.push_back(std::move(session));
}

ssl_session_ptr tls_context::take_session() {
    const std::lock_guard lock(mutex_);
    if (sessions_.empty()) {
        return nullptr;
    }
    if (SSL_SESSION_get_protocol_version(sessions_.back().get()) < TLS1_3_VERSION) {
        if (SSL_SESSION_up_ref(sessions_.back().get()) != 1) {
            return nullptr; // a full handshake instead
        }
        return ssl_session_ptr(sessions_.back().get()); // may be resumed repeatedly
    }
    ssl_session_ptr newest = std::move(sessions_.back());
    sessions_.pop_back();
    return newest;
}

} // namespace transport
YUNHU_NAMESPACE_END
