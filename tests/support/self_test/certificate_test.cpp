// Copyright (c) 2026 The yunhu authors
// SPDX-License-Identifier: BSL-1.0

#include "raw_client.hpp"

#include <gtest/gtest.h>

// Each invalid certificate is rejected for its reason, and the valid one is accepted.
namespace yunhu::test {
namespace {

long verify(const certificate_options& with, const std::string& host, bool host_is_ip = false) {
    fault_server_options options;
    options.certificate = with;
    fault_server server(std::move(options));
    raw_client_options how(server.ca_pem());
    how.host = host;
    how.host_is_ip = host_is_ip;
    raw_client client(server.port(), how);
    const long result = client.verify_result();
    EXPECT_EQ(client.handshake_done(), result == X509_V_OK);
    client.close();
    EXPECT_TRUE(server.wait_for_close(1));
    EXPECT_EQ(server.request_count(), 0);
    EXPECT_EQ(server.connection(1).alerts.empty(), result == X509_V_OK);
    return result;
}

certificate_options with_dns(std::string name) {
    certificate_options options;
    options.dns_names = {std::move(name)};
    return options;
}

TEST(certificates, valid_for_name_and_addresses) {
    EXPECT_EQ(verify({}, "localhost"), X509_V_OK);
    EXPECT_EQ(verify({}, "127.0.0.1", true), X509_V_OK);
    EXPECT_EQ(verify({}, "::1", true), X509_V_OK);
}

TEST(certificates, wrong_host) {
    EXPECT_EQ(verify(with_dns("other.example"), "localhost"), X509_V_ERR_HOSTNAME_MISMATCH);
    certificate_options no_ip;
    no_ip.ip_addresses.clear();
    EXPECT_EQ(verify(no_ip, "127.0.0.1", true), X509_V_ERR_IP_ADDRESS_MISMATCH);
}

TEST(certificates, wildcard_is_one_label) {
    EXPECT_EQ(verify(with_dns("*.example.com"), "a.example.com"), X509_V_OK);
    EXPECT_EQ(verify(with_dns("*.example.com"), "a.b.example.com"), X509_V_ERR_HOSTNAME_MISMATCH);
}

TEST(certificates, expired_and_not_yet_valid) {
    certificate_options expired;
    expired.not_after = std::chrono::seconds(-1);
    EXPECT_EQ(verify(expired, "localhost"), X509_V_ERR_CERT_HAS_EXPIRED);
    certificate_options early;
    early.not_before = std::chrono::hours(1);
    EXPECT_EQ(verify(early, "localhost"), X509_V_ERR_CERT_NOT_YET_VALID);
}

TEST(certificates, self_signed_and_unknown_authority) {
    certificate_options self_signed;
    self_signed.self_signed = true;
    EXPECT_EQ(verify(self_signed, "localhost"), X509_V_ERR_DEPTH_ZERO_SELF_SIGNED_CERT);

    fault_server server;
    raw_client client(server.port(), raw_client_options(certificate_authority().pem()));
    EXPECT_FALSE(client.handshake_done());
    EXPECT_EQ(client.verify_result(), X509_V_ERR_UNABLE_TO_GET_ISSUER_CERT_LOCALLY);
    client.close();
    ASSERT_TRUE(server.wait_for_close(1));
    EXPECT_EQ(server.connection(1).alerts, std::vector<int>{SSL_AD_UNKNOWN_CA});
    EXPECT_FALSE(server.connection(1).tls_error.empty());
}

TEST(certificates, common_name_with_nul) {
    certificate_options evil;
    evil.common_name = std::string("localhost\0.evil", 15);
    evil.dns_names.clear();
    evil.ip_addresses.clear();
    EXPECT_EQ(verify(evil, "localhost"), X509_V_ERR_HOSTNAME_MISMATCH);
    const certificate issued = certificate_authority().issue(evil);
    const X509_NAME* name = X509_get_subject_name(issued.x509());
    const ASN1_STRING* common_name = X509_NAME_ENTRY_get_data(X509_NAME_get_entry(name, 0));
    EXPECT_EQ(std::string(reinterpret_cast<const char*>(ASN1_STRING_get0_data(common_name)),
                          static_cast<std::size_t>(ASN1_STRING_length(common_name))),
              evil.common_name);
}

TEST(certificates, pin_is_of_the_key) {
    const certificate_authority ca;
    const certificate first = ca.issue({});
    EXPECT_EQ(spki_pin(first).size(), 44);
    EXPECT_EQ(spki_pin(first), spki_pin(first));
    EXPECT_NE(spki_pin(first), spki_pin(ca.issue({})));
}

TEST(certificates, servers_can_share_an_authority) {
    fault_server_options options;
    options.ca = std::make_shared<certificate_authority>();
    fault_server one(options);
    fault_server two(options);
    EXPECT_EQ(one.ca_pem(), two.ca_pem());
    EXPECT_NE(one.spki_pin(), two.spki_pin());
    EXPECT_TRUE(raw_client(two.port(), raw_client_options(one.ca_pem())).handshake_done());
}

} // namespace
} // namespace yunhu::test
