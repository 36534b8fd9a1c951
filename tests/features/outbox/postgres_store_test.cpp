// Copyright (c) 2026 The yunhu authors
// SPDX-License-Identifier: BSL-1.0

#include "lease_conformance.hpp"
#include "postgres_server.hpp"
#include "store_conformance.hpp"

#include <yunhu/postgres_outbox.hpp>

#include <boost/asio/co_spawn.hpp>

#include <gtest/gtest.h>

#include <chrono>
#include <exception>
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
INSTANTIATE_TEST_SUITE_P(postgres, lease_conformance, ::testing::Values(&make_postgres_place));

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

TEST(postgres_store, a_database_of_an_earlier_version_is_brought_up_to_date_and_keeps_its_messages) {
    const std::string uri = server().new_database();
    boost::asio::io_context io;
    postgres_outbox_store store(io.get_executor(), postgres_outbox_options(uri));
    ASSERT_TRUE(run_operation(io, store.prepare()).has_value());
    ASSERT_TRUE(run_operation(io, store.enqueue({item_of("a")})).has_value());
    server().sql(uri, "drop table yunhu_lease, yunhu_worker, yunhu_position, yunhu_cursor;"
                      " update yunhu_version set version = 1");
    postgres_outbox_store newer(io.get_executor(), postgres_outbox_options(uri));
    const auto refused = run_operation(io, newer.counts());
    ASSERT_TRUE(refused.has_error());
    EXPECT_EQ(refused.error().detail, "outbox: the store is of another version");
    ASSERT_TRUE(run_operation(io, newer.prepare()).has_value());
    EXPECT_EQ(run_operation(io, newer.counts())->queued, 1U);
    EXPECT_EQ(run_operation(io, newer.look("w", {"account"}, 1s))->rows.size(), 1U);
}

// As one that is stopped: its connection lives, and nothing comes from it.
TEST(postgres_store, a_worker_that_is_silent_within_a_transaction_does_not_lock_others_out) {
    const std::string uri = server().new_database();
    claim_request wanted;
    wanted.worker = "w1";
    wanted.accounts = {"bot"};
    boost::asio::io_context stopped;
    postgres_outbox_options hasty(uri);
    hasty.query_timeout = 1s;
    postgres_outbox_store silent(stopped.get_executor(), hasty);
    ASSERT_TRUE(run_operation(stopped, silent.prepare()).has_value());
    ASSERT_TRUE(run_operation(stopped, silent.set_lane(outbox_lane("bot", 1000, 1000))).has_value());
    ASSERT_TRUE(run_operation(stopped, silent.enqueue({item_of("a"), item_of("b")})).has_value());
    boost::asio::co_spawn(stopped, silent.claim(wanted), [](const std::exception_ptr&, const result<claim_batch>&) {});
    stopped.restart();
    const auto holds_the_lane = [&uri] {
        return server().sql(uri, "select count(*) from pg_stat_activity where state = 'idle in transaction' and query"
                                 " like '%yunhu_lane%for update%' and datname = current_database()") == "1\n";
    };
    while (!holds_the_lane()) {
        ASSERT_GT(stopped.run_one(), 0U) << "its transaction has ended";
    }
    boost::asio::io_context io;
    postgres_outbox_store other(io.get_executor(), postgres_outbox_options(uri));
    ASSERT_TRUE(run_operation(io, other.enqueue({item_of("c")})).has_value());
    wanted.worker = "w2";
    const auto claimed = run_operation(io, other.claim(wanted));
    ASSERT_TRUE(claimed.has_value()) << claimed.error();
    EXPECT_FALSE(claimed->claims.empty());
    stopped.run(); // it goes on, and finds its session ended
}

} // namespace
} // namespace yunhu::test
