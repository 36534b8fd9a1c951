// Copyright (c) 2026 The yunhu authors
// SPDX-License-Identifier: BSL-1.0

#include "system/faults/calls.hpp"

#include "process.hpp"
#include "support/resolver_double.hpp"

#include <boost/asio/ssl/error.hpp>

#include <openssl/err.h>
#include <openssl/pem.h>
#include <openssl/ssl.h>
#include <openssl/x509.h>

#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <iomanip>
#include <memory>
#include <sstream>
#include <string>
#include <string_view>
#include <utility>

// Group K: certificate verification, and TLS that ends early.
namespace yunhu::test {
namespace {

using namespace steps;
using namespace std::chrono_literals;

fault_server_options with(certificate_options certificate) {
    fault_server_options options;
    options.certificate = std::move(certificate);
    return options;
}

/// No byte of a request is sent, there is no retry, and the failure has the reason.
::testing::AssertionResult rejects(client_fixture& f, std::string_view reason) {
    const std::size_t before = f.server.accepted();
    for (const call_result& end : {f.send("impostor-send"), f.read("impostor-read")}) {
        if (auto result = failed(end, errc::certificate_rejected, delivery::not_sent, phase::tls); !result) {
            return result;
        }
        if (end.detail != reason) {
            return ::testing::AssertionFailure() << "the reason is '" << end.detail << "'";
        }
        const std::string line = describe(end);
        if (line.find("certificate_rejected") != line.rfind("certificate_rejected")) {
            return ::testing::AssertionFailure() << line;
        }
    }
    const fault_journal journal = f.server.journal();
    if (journal.bytes != 0 || journal.request_count != 0 || journal.accepted() != before + 2) {
        return ::testing::AssertionFailure() << journal.bytes << " bytes, " << journal.request_count << " requests, "
                                             << journal.accepted() << " connections";
    }
    return ::testing::AssertionSuccess();
}

TEST(tls, case_181_unknown_ca) {
    client_fixture f;
    f.config.tls.ca_pem = certificate_authority().pem();
    EXPECT_TRUE(rejects(f, "it is not issued by a trusted CA (unable to get local issuer certificate)"));
}

TEST(tls, case_181_self_signed) {
    certificate_options own;
    own.self_signed = true;
    client_fixture f(with(own));
    f.config.tls.ca_pem = certificate_authority().pem();
    EXPECT_TRUE(rejects(f, "it is not issued by a trusted CA (self-signed certificate)"));
}

TEST(tls, case_182_expired_and_not_yet_valid) {
    certificate_options expired;
    expired.not_before = -2h;
    expired.not_after = -1h;
    client_fixture late(with(expired));
    EXPECT_TRUE(rejects(late, "certificate has expired"));
    certificate_options early;
    early.not_before = 1h;
    client_fixture soon(with(early));
    EXPECT_TRUE(rejects(soon, "certificate is not yet valid"));
}

/// Calls the server by a host name that resolves to 127.0.0.1.
::testing::AssertionResult accepts(const certificate_options& certificate, const std::string& host) {
    resolver_double names;
    names.set(host, {"127.0.0.1"});
    client_fixture f(with(certificate));
    f.config.base_url = f.server.base_url(host);
    const call_result end = f.send("a");
    if (!end.code) {
        return f.follow_up();
    }
    EXPECT_TRUE(failed(end, errc::certificate_rejected, delivery::not_sent, phase::tls));
    EXPECT_EQ(end.detail, "it is not valid for " + host + " (hostname mismatch)");
    EXPECT_EQ(f.server.journal().bytes, 0U);
    return ::testing::AssertionFailure() << end;
}

TEST(tls, case_184_a_name_that_contains_nul) {
    certificate_options certificate;
    certificate.common_name = std::string("localhost\0evil.test", 19);
    certificate.dns_names = {};
    EXPECT_FALSE(accepts(certificate, "localhost"));
    certificate.dns_names = {"evil.test"};
    EXPECT_FALSE(accepts(certificate, "localhost"));
    EXPECT_TRUE(accepts(certificate, "evil.test"));
}

TEST(tls, case_184_only_subject_alt_name_counts) {
    certificate_options certificate;
    certificate.common_name = "localhost";
    certificate.dns_names = {};
    EXPECT_FALSE(accepts(certificate, "localhost"));
}

TEST(tls, case_186_wildcards) {
    certificate_options certificate;
    certificate.dns_names = {"*.example.test"};
    EXPECT_TRUE(accepts(certificate, "a.example.test"));
    EXPECT_FALSE(accepts(certificate, "a.b.example.test"));
    EXPECT_FALSE(accepts(certificate, "example.test"));
    certificate.dns_names = {"*"};
    EXPECT_FALSE(accepts(certificate, "localhost"));
    certificate.dns_names = {"*.test"};
    EXPECT_FALSE(accepts(certificate, "example.test")) << "all of a top-level domain";
    certificate.dns_names = {"a*.example.test"};
    EXPECT_FALSE(accepts(certificate, "ab.example.test")) << "a part of a label";
}

TEST(tls, case_186_another_address) {
    certificate_options certificate;
    certificate.ip_addresses = {"127.0.0.2"};
    client_fixture f(with(certificate));
    EXPECT_TRUE(rejects(f, "it is not valid for 127.0.0.1 (IP address mismatch)"));
}

TEST(tls, case_187_sni_has_a_name_and_no_address) {
    resolver_double names;
    names.set("localhost", {"127.0.0.1"});
    client_fixture f;
    f.config.base_url = f.server.base_url("localhost");
    ASSERT_TRUE(ok(f.send("a")));
    EXPECT_EQ(f.server.connection(1).sni, "localhost");
    client_fixture by_address;
    ASSERT_TRUE(ok(by_address.send("a")));
    EXPECT_EQ(by_address.server.connection(1).sni, std::nullopt);
    fault_server_options both;
    both.ipv6 = true;
    client_fixture by_v6(std::move(both));
    by_v6.config.base_url = by_v6.server.base_url("[::1]");
    ASSERT_TRUE(ok(by_v6.send("a")));
    EXPECT_EQ(by_v6.server.connection(1).sni, std::nullopt);
}

TEST(tls, case_189_the_handshake_ends_early) {
    const std::vector<script> ways{{fin()},
                                   {read_client_hello(), fin()},
                                   {read_client_hello(), rst()},
                                   {refuse_handshake(SSL_AD_HANDSHAKE_FAILURE)},
                                   {raw_tcp("HTTP/1.1 400 Bad Request\r\n\r\n"), fin()}};
    for (const script& way : ways) {
        SCOPED_TRACE(&way - ways.data());
        client_fixture f;
        f.server.next_connection(way);
        EXPECT_TRUE(failed(f.send("a", once()), errc::tls_failed, delivery::not_sent, phase::tls));
        EXPECT_EQ(f.seen("a"), 0U);
        f.server.next_connection(way);
        EXPECT_TRUE(ok(f.send("b"))) << "not sent: it is retried";
        EXPECT_EQ(f.seen("b"), 1U);
        EXPECT_TRUE(f.reuses());
    }
}

TEST(tls, case_191_pins) {
    client_fixture wrong;
    wrong.config.tls.pins = {fault_server().spki_pin()};
    EXPECT_TRUE(rejects(wrong, "its public key is not one of the pins"));
    for (const int version : {TLS1_2_VERSION, TLS1_3_VERSION}) {
        fault_server_options options;
        options.max_version = version;
        client_fixture right(std::move(options));
        right.config.tls.pins = {wrong.config.tls.pins.front(), right.server.spki_pin()};
        right.server.next_response({response_ok(), close()});
        EXPECT_TRUE(ok(right.send("a")));
        ASSERT_TRUE(right.run_until([&right] { return right.client().stats().connections == 0; }));
        EXPECT_TRUE(ok(right.send("b"))) << "resumed";
        EXPECT_EQ(right.server.journal().resumed(), 1U);
        EXPECT_TRUE(right.reuses());
    }
}

// Many servers close idle connections without close_notify: the next handshake resumes the session all the same.
TEST(tls, a_session_outlives_a_fin_without_close_notify) {
    for (const int version : {TLS1_2_VERSION, TLS1_3_VERSION}) {
        fault_server_options options;
        options.max_version = version;
        client_fixture f(std::move(options));
        f.server.next_response({response_ok(), fin()});
        EXPECT_TRUE(ok(f.send("a")));
        ASSERT_TRUE(f.run_until([&f] { return f.client().stats().connections == 0; }));
        EXPECT_TRUE(ok(f.send("b")));
        EXPECT_EQ(f.server.journal().resumed(), 1U);
        EXPECT_TRUE(f.reuses());
    }
}

TEST(tls, case_192_fin_without_close_notify) {
    client_fixture f;
    f.server.next_response({response_ok(), fin()});
    EXPECT_TRUE(ok(f.send("a")));
    EXPECT_TRUE(f.renews());
    f.server.next_response({send("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n1\r\n{\r\n"), fin()});
    EXPECT_TRUE(failed(f.read("b"), errc::incomplete_response, delivery::answered, phase::body));
    EXPECT_TRUE(f.renews());
    const std::string until_close = "HTTP/1.1 200 OK\r\n\r\n";
    f.server.next_response({send(until_close + read_response("c")), fin()});
    const call_result cut = f.read("c");
    EXPECT_TRUE(failed(cut, errc::incomplete_response, delivery::answered, phase::body));
    EXPECT_EQ(cut.cause, boost::asio::ssl::error::stream_truncated);
    EXPECT_TRUE(f.renews());
    f.server.next_response({send(until_close + read_response("d")), close()});
    EXPECT_TRUE(ok(f.read("d"))) << "close_notify proves that it is complete";
    EXPECT_TRUE(f.renews());
    for (const char* const id : {"a", "b", "c", "d"}) {
        EXPECT_EQ(f.seen(id), 1U);
    }
}

TEST(tls, case_194_alert_inside_a_response) {
    for (const bool non_idempotent : {true, false}) {
        client_fixture f;
        const script alert{send("HTTP/1.1 200 OK\r\nContent-Length: 10\r\n\r\nabc"), bad_record_mac_alert()};
        f.server.next_response(alert);
        EXPECT_TRUE(failed(non_idempotent ? f.send("a") : f.read("a"), errc::incomplete_response, delivery::answered,
                           phase::body));
        EXPECT_EQ(f.seen("a"), 1U);
        EXPECT_TRUE(f.renews());
    }
}

TEST(tls, case_194_alert_instead_of_a_response) {
    client_fixture f;
    ASSERT_TRUE(f.follow_up());
    f.server.next_response({bad_record_mac_alert()});
    EXPECT_TRUE(failed(f.send("a"), errc::outcome_unknown, delivery::maybe_sent, phase::first_byte));
    EXPECT_EQ(f.seen("a"), 1U);
    EXPECT_TRUE(f.renews());
}

// A program that uses OpenSSL itself may leave errors in the thread's error queue.
TEST(tls, foreign_entries_in_the_error_queue_are_ignored) {
    const auto leave_error = [] { ERR_raise(ERR_LIB_USER, ERR_R_INTERNAL_ERROR); };
    client_fixture f;
    leave_error();
    ASSERT_TRUE(f.follow_up()) << "a handshake and a pending read";
    const std::string body = read_response("a");
    f.server.next_response({send("HTTP/1.1 200 OK\r\nContent-Length: " + std::to_string(body.size()) + "\r\n\r\n"),
                            gate("half"), send(body)});
    const pending_call half = f.start_read("a");
    leave_error();
    ASSERT_TRUE(f.run_until_gate("half", 1));
    leave_error();
    f.server.open_gate("half");
    EXPECT_TRUE(ok(f.wait(half)));
    EXPECT_TRUE(f.reuses());
    f.server.next_response({send("HTTP/1.1 200 OK\r\n\r\n" + read_response("b")), close()});
    leave_error();
    EXPECT_TRUE(ok(f.read("b"))) << "ended by close_notify";
    f.server.next_response({bad_record_mac_alert()});
    leave_error();
    const call_result end = f.send("c");
    EXPECT_TRUE(failed(end, errc::outcome_unknown, delivery::maybe_sent, phase::first_byte));
    EXPECT_EQ(ERR_GET_LIB(static_cast<unsigned long>(end.cause.value())), ERR_LIB_SSL) << end.cause.message();
    EXPECT_EQ(f.seen("c"), 1U);
    EXPECT_TRUE(f.renews());
}

TEST(tls, case_194_renegotiation_is_refused) {
    fault_server_options options;
    options.max_version = TLS1_2_VERSION;
    client_fixture f(std::move(options));
    f.server.next_response({renegotiate(), response_ok()});
    const call_result end = f.read("a");
    EXPECT_TRUE(!end.code || end.code == errc::connection_lost) << end;
    EXPECT_LE(f.server.journal().handshakes(), f.server.accepted());
    EXPECT_TRUE(ok(f.read("b"))) << "whether the server ended the connection or not";
}

TEST(tls, case_197_no_early_data) {
    fault_server_options options;
    options.offer_early_data = true;
    client_fixture f(std::move(options));
    f.server.next_response({response_ok(), close()});
    ASSERT_TRUE(ok(f.send("a")));
    ASSERT_TRUE(f.run_until([&f] { return f.client().stats().connections == 0; }));
    EXPECT_TRUE(ok(f.send("b")));
    const seen_connection second = f.server.connection(2);
    EXPECT_TRUE(second.resumed) << "early data would have been possible";
    EXPECT_FALSE(second.early_data);
    EXPECT_EQ(f.seen("b"), 1U);
}

TEST(tls, case_197_425_is_a_response) {
    client_fixture f;
    for (const char* const id : {"a", "b"}) {
        f.server.next_response({send("HTTP/1.1 425 Too Early\r\nContent-Length: 0\r\n\r\n")});
        EXPECT_TRUE(failed(id[0] == 'a' ? f.send(id) : f.read(id), errc::unexpected_status, delivery::answered));
        EXPECT_EQ(f.seen(id), 1U);
        EXPECT_TRUE(f.reuses());
    }
}

/// The failure of the client's construction.
failure validation_error(const client_fixture& f) {
    boost::asio::io_context context;
    try {
        const yunhu::client made(context, f.config);
    } catch (const error& e) {
        return e.info();
    }
    return {};
}

/// Sets a variable of the environment while it exists.
class environment_variable {
public:
    environment_variable(const char* name, const std::string& value) : name_(name) { ::setenv(name, value.c_str(), 1); }
    environment_variable(const environment_variable&) = delete;
    environment_variable& operator=(const environment_variable&) = delete;
    ~environment_variable() { ::unsetenv(name_); }

private:
    const char* name_;
};

TEST(tls, the_environment_replaces_the_systems_cas_as_for_every_program_with_openssl) {
    const temporary_directory folder;
    client_fixture f;
    const std::string pem = std::exchange(f.config.tls.ca_pem, "");
    std::ofstream(folder / "ca.pem") << pem;
    {
        const environment_variable file("SSL_CERT_FILE", (folder / "ca.pem").string());
        client_fixture other;
        other.config.tls = {};
        EXPECT_TRUE(rejects(other, "it is not issued by a trusted CA (unable to get local issuer certificate)"));
        (void)f.client(); // reads it
    }
    EXPECT_TRUE(f.follow_up());

    // A directory has the files by the hash of their subjects.
    const std::unique_ptr<BIO, testing::detail::freed_by<&BIO_free_all>> in(
        BIO_new_mem_buf(pem.data(), static_cast<int>(pem.size())));
    const testing::detail::x509_ptr ca(PEM_read_bio_X509(in.get(), nullptr, nullptr, nullptr));
    ASSERT_TRUE(ca);
    std::ostringstream hash;
    hash << std::hex << std::setw(8) << std::setfill('0') << X509_subject_name_hash(ca.get());
    std::filesystem::create_directory(folder / "certs");
    std::ofstream(folder / "certs" / (hash.str() + ".0")) << pem;
    f.close_client();
    f.server.drop_connections();
    const environment_variable directory("SSL_CERT_DIR", (folder / "certs").string());
    client by_directory(f.context, f.config);
    std::optional<error_code> end;
    by_directory.send_message({group("big"), yunhu::text("x"), "by-directory"},
                              [&end](error_code ec, const sent_message& /*sent*/) { end = ec; });
    ASSERT_TRUE(f.run_until([&end] { return end.has_value(); }));
    EXPECT_EQ(*end, error_code());
}

TEST(tls, case_199_unreadable_ca_files) {
    client_fixture f;
    const std::filesystem::path folder = ::testing::TempDir();
    const auto file = [&folder](const std::string& name, const std::string& text) {
        std::filesystem::path path = folder / ("case_199_" + name);
        std::ofstream(path) << text;
        return path;
    };
    const std::string pem = std::exchange(f.config.tls.ca_pem, "");
    for (const auto& path : {folder / "case_199_missing", file("empty", ""), file("garbage", "-----BEGIN garbage")}) {
        f.config.tls.ca_file = path;
        const failure refused = validation_error(f);
        EXPECT_EQ(refused.code, errc::invalid_request) << path;
        EXPECT_NE(refused.detail.find("tls.ca_file"), std::string::npos) << refused.detail;
    }
    const std::string broken = "-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----\n";
    f.config.tls.ca_file = file("broken", pem + broken);
    EXPECT_EQ(validation_error(f).code, errc::invalid_request) << "one certificate of several";
    f.config.tls.ca_file = file("good", pem);
    EXPECT_TRUE(f.follow_up());
    f.config.tls.ca_file.clear();
    const std::string cut = pem.substr(0, pem.size() / 2);
    for (const std::string& text : {std::string("garbage"), broken, pem + broken, broken + pem, pem + cut, cut}) {
        f.config.tls.ca_pem = text;
        const failure refused = validation_error(f);
        EXPECT_EQ(refused.code, errc::invalid_request);
        EXPECT_NE(refused.detail.find("tls.ca_pem"), std::string::npos) << refused.detail;
    }
    f.config.tls.ca_pem = "a comment\n" + pem + "another\n";
    EXPECT_TRUE(f.follow_up());
}

} // namespace
} // namespace yunhu::test
