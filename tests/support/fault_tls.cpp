// Copyright (c) 2026 The yunhu authors
// SPDX-License-Identifier: BSL-1.0

#include "fault_options.hpp"

#include <openssl/err.h>

#include <array>
#include <span>
#include <stdexcept>
#include <string_view>

namespace yunhu::test {
namespace {

void check(bool ok, const char* what) {
    if (!ok) {
        throw std::runtime_error(std::string("TLS context: ") + what + ": " + last_tls_error());
    }
}

handshake_observer& observer_of(const SSL* ssl) {
    return *static_cast<handshake_observer*>(SSL_get_app_data(ssl));
}

using bytes = std::span<const unsigned char>;

/// An extension of the ClientHello; `data()` is null if it is absent.
bytes extension(SSL* ssl, unsigned type) {
    const unsigned char* data = nullptr;
    std::size_t size = 0;
    return SSL_client_hello_get0_ext(ssl, type, &data, &size) == 1 ? bytes(data, size) : bytes();
}

std::string text(bytes from) {
    return {from.begin(), from.end()};
}

/// server_name: list length (2), type (1), name length (2), name.
std::optional<std::string> server_name(bytes from) {
    return from.size() > 5 ? std::optional(text(from.subspan(5))) : std::nullopt;
}

/// application_layer_protocol_negotiation: list length (2), then names with a length byte each.
std::vector<std::string> protocols(bytes from) {
    std::vector<std::string> names;
    from = from.subspan(std::min<std::size_t>(2, from.size()));
    while (!from.empty() && from.size() > from[0]) {
        names.push_back(text(from.subspan(1, from[0])));
        from = from.subspan(1U + from[0]);
    }
    return names;
}

bool offers_resumption(SSL* ssl) {
    const unsigned char* id = nullptr;
    // In TLS 1.3 the session id exists for middleboxes only.
    const bool tls13 = extension(ssl, TLSEXT_TYPE_supported_versions).data() != nullptr;
    return extension(ssl, TLSEXT_TYPE_psk).data() != nullptr || !extension(ssl, TLSEXT_TYPE_session_ticket).empty() ||
           (!tls13 && SSL_client_hello_get0_session_id(ssl, &id) > 0);
}

int on_client_hello(SSL* ssl, int* alert, void*) {
    handshake_observer& observer = observer_of(ssl);
    observer.note([ssl](seen_connection& seen) {
        seen.client_hello = true;
        seen.sni = server_name(extension(ssl, TLSEXT_TYPE_server_name));
        seen.alpn_offered = protocols(extension(ssl, TLSEXT_TYPE_application_layer_protocol_negotiation));
        seen.resumption_offered = offers_resumption(ssl);
        seen.early_data = extension(ssl, TLSEXT_TYPE_early_data).data() != nullptr;
    });
    if (observer.refuse_with >= 0) {
        *alert = observer.refuse_with;
        return SSL_CLIENT_HELLO_ERROR;
    }
    return SSL_CLIENT_HELLO_SUCCESS;
}

void on_info(const SSL* ssl, int where, int value) {
    if ((where & SSL_CB_READ_ALERT) == SSL_CB_READ_ALERT) {
        observer_of(ssl).note([value](seen_connection& seen) { seen.alerts.push_back(value & 0xff); });
    }
}

int choose_protocol(SSL*, const unsigned char** out, unsigned char* size, const unsigned char*, unsigned, void* alpn) {
    const auto& name = *static_cast<const std::string*>(alpn);
    if (name.empty()) {
        return SSL_TLSEXT_ERR_NOACK;
    }
    *out = reinterpret_cast<const unsigned char*>(name.data());
    *size = static_cast<unsigned char>(name.size());
    return SSL_TLSEXT_ERR_OK;
}

} // namespace

std::string last_tls_error() {
    std::array<char, 256> message{};
    const unsigned long code = ERR_peek_last_error();
    if (code == 0) {
        return "unknown error";
    }
    ERR_error_string_n(code, message.data(), message.size());
    return message.data();
}

ssl_context make_context(const fault_server_options& options, const certificate& own) {
    ssl_context context(SSL_CTX_new(TLS_server_method()));
    SSL_CTX* ctx = context.get();
    check(ctx != nullptr, "no memory");
    if (options.max_version < TLS1_2_VERSION) {
        SSL_CTX_set_security_level(ctx, 0); // the old versions need SHA-1
    }
    check(SSL_CTX_set_min_proto_version(ctx, options.min_version) == 1, "lowest version");
    check(SSL_CTX_set_max_proto_version(ctx, options.max_version) == 1, "highest version");
    check(SSL_CTX_use_certificate(ctx, own.x509()) == 1, "certificate");
    check(SSL_CTX_use_PrivateKey(ctx, own.key()) == 1, "key");
    static constexpr std::string_view id = "fault server";
    SSL_CTX_set_session_id_context(ctx, reinterpret_cast<const unsigned char*>(id.data()), id.size());
    SSL_CTX_set_session_cache_mode(ctx, options.session_cache ? SSL_SESS_CACHE_SERVER : SSL_SESS_CACHE_OFF);
    SSL_CTX_set_num_tickets(ctx, options.tickets);
    if (options.tickets == 0) {
        SSL_CTX_set_options(ctx, SSL_OP_NO_TICKET); // for TLS 1.2
    }
    if (options.offer_early_data) {
        SSL_CTX_set_max_early_data(ctx, 16384);
    }
    SSL_CTX_set_client_hello_cb(ctx, &on_client_hello, nullptr);
    SSL_CTX_set_info_callback(ctx, &on_info);
    SSL_CTX_set_alpn_select_cb(ctx, &choose_protocol, const_cast<std::string*>(&options.alpn));
    return context;
}

} // namespace yunhu::test
