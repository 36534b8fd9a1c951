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

/// Makes the body of an answer to a request.
using body_maker = std::function<std::string(const seen_request&)>;

/// How a fault server is. As it is: a good server on 127.0.0.1.
struct fault_server_options {
    fault_server_options() = default;

    bool tls = true;   ///< false: plain TCP
    bool ipv6 = false; ///< listens on ::1 too, on the same port
    certificate_options certificate;
    std::shared_ptr<const certificate_authority> ca; ///< who issues it; null: one of the server's own
    int min_version = TLS1_2_VERSION;
    int max_version = TLS1_3_VERSION;
    std::string alpn = "http/1.1"; ///< chosen whenever the client offers any; empty: ALPN is ignored
    unsigned tickets = 2;          ///< sent after a handshake; 0: none
    bool session_cache = true;     ///< TLS 1.2 by session id
    bool offer_early_data = false; ///< tickets allow it
    int receive_buffer = 0;        ///< SO_RCVBUF; 0: the system's
    bool remember_requests = true; ///< false: they are only counted
    body_maker body;               ///< of `response_ok`; none: "ok". Called on the connections' threads
};

using ssl_context = std::unique_ptr<SSL_CTX, freed_by<&SSL_CTX_free>>;
using ssl_ptr = std::unique_ptr<SSL, freed_by<&SSL_free>>;

/// What the callbacks of a handshake report to, and ask.
struct handshake_watch {
    handshake_watch(fault_log& journal_log, std::size_t connection_number)
        : log(journal_log), number(connection_number) {}

    /// The connection's entry in the journal, changed under the lock.
    template <class F> void note(F change) const {
        log.update([&](fault_journal& journal) { change(journal.connections[number - 1]); });
    }

    fault_log& log;
    std::size_t number;
    int refuse_with = -1; ///< the alert that ends the handshake instead of a ServerHello; below 0: none
};

/// A context for servers; a connection's `SSL` must have its `handshake_watch` as application data.
[[nodiscard]] ssl_context make_context(const fault_server_options& options, const certificate& own);

/// Why the last operation of this thread failed.
[[nodiscard]] std::string last_tls_error();

} // namespace yunhu::test
