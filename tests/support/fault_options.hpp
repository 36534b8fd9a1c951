// Copyright (c) 2026 The yunhu authors
// SPDX-License-Identifier: BSL-1.0
#pragma once

#include "certificate.hpp"
#include "fault_journal.hpp"

#include <openssl/ssl.h>

#include <cstddef>
#include <functional>
#include <memory>
#include <string>

namespace yunhu::test {

/// Returns the body of the response to a request.
using body_maker = std::function<std::string(const seen_request&)>;

/// Options of a fault server. The defaults are those of a normal server on 127.0.0.1.
struct fault_server_options {
    fault_server_options() = default;

    bool tls = true;   ///< false: plain TCP
    bool ipv6 = false; ///< listens also on ::1, on the same port
    certificate_options certificate;
    std::shared_ptr<const certificate_authority> ca; ///< issuer of the certificate; null: a new one
    int min_version = TLS1_2_VERSION;
    int max_version = TLS1_3_VERSION;
    std::string alpn = "http/1.1"; ///< selected if the client offers any; empty: ALPN is ignored
    unsigned tickets = 2;          ///< sent after a handshake; 0: none
    bool session_cache = true;     ///< TLS 1.2 by session id
    bool offer_early_data = false; ///< in tickets
    int receive_buffer = 0;        ///< SO_RCVBUF; 0: the system default
    bool remember_requests = true; ///< false: requests are counted only
    body_maker body;               ///< of `response_ok`; none: "ok". Called on the threads of the connections
};

using ssl_context = std::unique_ptr<SSL_CTX, freed_by<&SSL_CTX_free>>;
using ssl_ptr = std::unique_ptr<SSL, freed_by<&SSL_free>>;

/// The state of the OpenSSL callbacks of a handshake.
struct handshake_observer {
    handshake_observer(fault_log& journal_log, std::size_t connection_number)
        : log(journal_log), number(connection_number) {}

    /// Changes the entry of the connection in the journal.
    template <class F> void note(F change) const {
        log.update([&](fault_journal& journal) { change(journal.connections[number - 1]); });
    }

    fault_log& log;
    std::size_t number;
    int refuse_with = -1; ///< alert that is sent instead of a ServerHello; < 0: none
};

/// A context for servers. Each `SSL` must have its `handshake_observer` as application data.
[[nodiscard]] ssl_context make_context(const fault_server_options& options, const certificate& own);

/// The error of the last OpenSSL operation of this thread.
[[nodiscard]] std::string last_tls_error();

} // namespace yunhu::test
