// Copyright (c) 2026 The yunhu authors
// SPDX-License-Identifier: BSL-1.0

#include "postgres_server.hpp"
#include "store_conformance.hpp"

#include <yunhu/postgres_outbox.hpp>

#include <gtest/gtest.h>

#include <chrono>
#include <iostream>
#include <memory>
#include <optional>
#include <string>

namespace yunhu::test {
namespace {

using namespace std::chrono_literals;

/// One server for all tests: it takes seconds to make.
postgres_server& server() {
    static postgres_server one;
    return one;
}

class postgres_place final : public store_place {
public:
    std::shared_ptr<outbox_store> open(boost::asio::io_context& io) override {
        return std::make_shared<postgres_outbox_store>(io.get_executor(), postgres_outbox_options(uri_));
    }

private:
    std::string uri_ = server().new_database();
};

std::unique_ptr<store_place> make_postgres_place() {
    try {
        return std::make_unique<postgres_place>();
    } catch (const std::exception& e) {
        std::cerr << e.what() << '\n';
        return nullptr;
    }
}

INSTANTIATE_TEST_SUITE_P(postgres, store_conformance, ::testing::Values(&make_postgres_place));

failure refusal_of(const postgres_outbox_options& options) {
    boost::asio::io_context io;
    postgres_outbox_store store(io.get_executor(), options);
    const auto r = run_operation(io, store.prepare());
    return r.has_error() ? r.error() : failure();
}

TEST(postgres_store, refuses_a_server_that_does_not_keep_what_it_acknowledges) {
    const std::string uri = server().new_database();
    EXPECT_FALSE(refusal_of(postgres_outbox_options(uri)).code);
    for (const char* off : {"off", "local"}) {
        const failure f =
            refusal_of(postgres_outbox_options(uri + "&options=-csynchronous_commit%3D" + std::string(off)));
        EXPECT_EQ(f.code, errc::invalid_request) << off;
        EXPECT_NE(f.detail.find("synchronous_commit"), std::string::npos) << f.detail;
    }
    postgres_outbox_options replicated(uri);
    replicated.replicated = true;
    EXPECT_EQ(refusal_of(replicated).code, errc::invalid_request) << "it has no standby";
}

TEST(postgres_store, names_what_prevents_a_connection) {
    postgres_outbox_options nowhere("postgres:///outbox?host=/nonexistent");
    EXPECT_EQ(refusal_of(nowhere).code, errc::connect_failed);
    EXPECT_EQ(refusal_of(postgres_outbox_options("postgres://[")).code, errc::invalid_request);
    EXPECT_EQ(refusal_of(postgres_outbox_options("postgres://does-not-exist.invalid/x")).code, errc::resolve_failed);
}

TEST(postgres_store, connects_again_after_the_server_crashed_and_has_lost_nothing) {
    boost::asio::io_context io;
    postgres_outbox_store store(io.get_executor(), postgres_outbox_options(server().new_database()));
    ASSERT_TRUE(run_operation(io, store.prepare()).has_value());
    ASSERT_TRUE(run_operation(io, store.enqueue({item_of("a"), item_of("b")})).has_value());
    server().crash();
    const auto broken = run_operation(io, store.counts());
    EXPECT_TRUE(broken.has_error()) << "the connection was lost";
    const auto again = run_operation(io, store.counts());
    ASSERT_TRUE(again.has_value()) << again.error();
    EXPECT_EQ(again->queued, 2U);
}

TEST(postgres_store, a_query_has_a_deadline) {
    const std::string uri = server().new_database();
    boost::asio::io_context io;
    postgres_outbox_store first(io.get_executor(), postgres_outbox_options(uri));
    ASSERT_TRUE(run_operation(io, first.prepare()).has_value());
    server().sql(uri, "create or replace function yunhu_now() returns bigint language sql volatile as"
                      " 'select 1::bigint from pg_sleep(3600)'");
    postgres_outbox_options hasty(uri);
    hasty.query_timeout = 300ms;
    postgres_outbox_store store(io.get_executor(), hasty);
    const auto r = run_operation(io, store.enqueue({item_of("a")}));
    ASSERT_TRUE(r.has_error());
    EXPECT_EQ(r.error().code, errc::outcome_unknown) << "it may have been stored";
    EXPECT_EQ(r.error().cause, errc::timed_out);
}

} // namespace
} // namespace yunhu::test
