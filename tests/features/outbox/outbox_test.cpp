// Copyright (c) 2026 The yunhu authors
// SPDX-License-Identifier: BSL-1.0

#include "forwarding_store.hpp"
#include "process.hpp"
#include "store_conformance.hpp"
#include "strict_emulator.hpp"

#include "engine/send_verdict.hpp"

#include <yunhu/client.hpp>
#include <yunhu/outbox.hpp>
#include <yunhu/outbox_worker.hpp>
#include <yunhu/sqlite_outbox.hpp>

#include <gtest/gtest.h>

#include <time.h>

#include <chrono>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <utility>
#include <vector>

namespace yunhu::test {
namespace {

using namespace std::chrono_literals;
using outcome = settlement::outcome;

/// An emulator, an outbox in a file, and its worker, on one thread.
class outbox_worker_test : public ::testing::Test {
protected:
    outbox_worker_test() {
        sqlite_outbox_options o(folder / "outbox.db");
        o.durability = outbox_durability::process_crash;
        store = std::make_shared<sqlite_outbox_store>(o);
        EXPECT_TRUE(run_operation(io, store->prepare()).has_value());
        box.emplace(io.get_executor(), store);
        options.poll_interval = 5ms;
        options.call = call_options(5s);
    }

    [[nodiscard]] client make_client(secret token) {
        client_config config(std::move(token));
        config.base_url = server.base_url();
        config.tls.ca_pem = server.ca_pem();
        return {io, config};
    }

    void enqueue(int from, int to) {
        std::vector<outbox_message> all;
        for (int i = from; i < to; ++i) {
            all.emplace_back("k" + std::to_string(i), group("g" + std::to_string(i)), text("hello"));
        }
        const auto r = run_operation(io, box->enqueue(std::move(all), as_result));
        ASSERT_TRUE(r.has_value()) << r.error();
    }

    outbox_counts counts() { return run_operation(io, store->counts()).value(); }

    /// Runs a worker until the condition holds or it ends by itself.
    failure work_until(const std::function<bool(const outbox_worker_stats&)>& condition) {
        outbox_worker worker(make_client(server.options().token), store, options);
        std::optional<failure> ended;
        worker.run([&](error_code ec, outbox_summary s) {
            summary = s;
            ended = failure(ec, std::move(s));
        });
        io.restart();
        bool stopped = false;
        while (!ended && io.run_one() > 0) {
            if (!stopped && condition(worker.stats())) {
                stopped = true;
                worker.stop();
            }
        }
        return ended.value_or(failure());
    }

    temporary_directory folder;
    strict_emulator server;
    boost::asio::io_context io;
    std::shared_ptr<outbox_store> store;
    std::optional<outbox> box;
    outbox_worker_options options;
    outbox_summary summary;
};

TEST_F(outbox_worker_test, sends_what_is_stored_once) {
    enqueue(0, 100);
    enqueue(50, 120); // known ones among them
    EXPECT_FALSE(work_until([](const auto& s) { return s.sent == 120; }).code);
    EXPECT_EQ(counts().sent, 120U);
    EXPECT_EQ(counts().total(), 120U);
    EXPECT_EQ(server.duplicates(), 0U);
    for (int i = 0; i < 120; ++i) {
        ASSERT_EQ(server.messages(group("g" + std::to_string(i))).size(), 1U) << i;
    }
    const auto found = run_operation(io, box->find("k7", as_result));
    ASSERT_TRUE(found.has_value() && found->has_value());
    EXPECT_EQ((*found)->msg_id, server.messages(group("g7")).front().msg_id);
}

TEST_F(outbox_worker_test, an_invalid_message_is_not_stored) {
    std::vector<outbox_message> all;
    all.emplace_back("a", group("g"), text("fine"));
    all.emplace_back("b", group("g"), text(""));
    const auto r = run_operation(io, box->enqueue(all, as_result));
    ASSERT_TRUE(r.has_error());
    EXPECT_EQ(r.error().code, errc::invalid_request);
    EXPECT_EQ(r.error().detail.rfind("messages[1]: ", 0), 0U) << r.error().detail;
    const auto no_key = run_operation(io, box->enqueue(outbox_message("", group("g"), text("x")), as_result));
    EXPECT_TRUE(no_key.has_error());
    EXPECT_EQ(counts().total(), 0U);
}

TEST_F(outbox_worker_test, a_lost_response_is_looked_up_and_not_sent_again) {
    testing::fault lost(endpoints::send_message);
    lost.what = testing::fault::action::close_after;
    lost.times = 10;
    server.inject(lost);
    enqueue(0, 10);
    EXPECT_FALSE(work_until([](const auto& s) { return s.sent == 10; }).code);
    EXPECT_EQ(summary.requests, 10U);
    EXPECT_EQ(summary.lookups, 10U);
    EXPECT_EQ(server.duplicates(), 0U);
}

TEST_F(outbox_worker_test, what_may_have_left_and_is_not_found_is_unknown_until_a_person_sends_it_again) {
    testing::fault lost(endpoints::send_message);
    lost.what = testing::fault::action::close_before;
    lost.times = 1;
    server.inject(lost);
    enqueue(0, 1);
    EXPECT_FALSE(work_until([](const auto& s) { return s.unknown == 1; }).code);
    outbox_filter unknown;
    unknown.state = outbox_state::unknown;
    const auto page = run_operation(io, box->list(unknown, as_result));
    ASSERT_EQ(page.value().records.size(), 1U);
    EXPECT_EQ(page->records.front().key, "k0");
    EXPECT_EQ(run_operation(io, box->resend("k0", as_result)).value().outcome, resend_outcome::quarantined);
    EXPECT_EQ(run_operation(io, box->resend("k0", -1h, as_result)).value().outcome, resend_outcome::queued);
    EXPECT_FALSE(work_until([](const auto& s) { return s.sent == 1; }).code);
    EXPECT_EQ(server.messages(group("g0")).size(), 1U);
}

TEST_F(outbox_worker_test, what_a_dead_worker_left_is_looked_up) {
    enqueue(0, 3);
    claim_request dead;
    dead.worker = "dead";
    dead.accounts = {""};
    const auto batch = run_operation(io, store->claim(dead)).value();
    ASSERT_EQ(batch.claims.size(), 3U);
    std::vector<outbox_ticket> two{ticket_of(batch.claims[0]), ticket_of(batch.claims[1])};
    ASSERT_EQ(run_operation(io, store->mark_sending(two, 0ms)).value().size(), 2U);
    ASSERT_TRUE(run_operation(io, store->renew({ticket_of(batch.claims[2])}, 0ms)).has_value());
    // The first one has left before its worker died, the second one has not.
    client through = make_client(server.options().token);
    auto sent = run_operation(
        io, through.send_message(send_message_request(group("g0"), text("hello"), batch.claims[0].msg_id), as_result));
    ASSERT_TRUE(sent.has_value()) << sent.error();
    EXPECT_FALSE(work_until([](const auto& s) { return s.sent == 2 && s.unknown == 1; }).code);
    EXPECT_EQ(counts().sent, 2U);
    EXPECT_EQ(counts().unknown, 1U);
    EXPECT_EQ(summary.requests, 1U) << "only what was claimed and not marked";
    EXPECT_EQ(server.duplicates(), 0U);
    EXPECT_TRUE(server.messages(group("g1")).empty());
}

TEST_F(outbox_worker_test, throttling_pauses_the_lane_for_all) {
    testing::fault slow(endpoints::send_message);
    slow.status = 429;
    slow.times = 1;
    slow.headers = {{"retry-after", "3600"}};
    server.inject(slow);
    enqueue(0, 1);
    std::chrono::milliseconds pause{};
    options.on_pause = [&pause](const failure&, std::chrono::milliseconds length) { pause = length; };
    EXPECT_FALSE(work_until([&](const auto& s) { return s.released == 1 && pause.count() > 0; }).code);
    EXPECT_EQ(pause, 1h);
    enqueue(1, 2);
    claim_request another;
    another.accounts = {""};
    const auto none = run_operation(io, store->claim(another)).value();
    EXPECT_TRUE(none.claims.empty());
    EXPECT_GT(none.wait.value_or(0ms), 59min);
    EXPECT_EQ(counts().queued, 2U);
}

TEST_F(outbox_worker_test, a_refused_token_ends_it_and_leaves_the_messages) {
    enqueue(0, 5);
    outbox_account wrong("", secret("wrong"));
    options.accounts = {wrong};
    const failure end = work_until([](const auto&) { return false; });
    EXPECT_EQ(end.code, condition::authentication);
    EXPECT_EQ(counts().queued, 5U);
}

TEST_F(outbox_worker_test, a_refused_message_has_failed) {
    testing::fault refusal(endpoints::send_message);
    refusal.status = 400;
    refusal.times = 1;
    server.inject(refusal);
    enqueue(0, 1);
    std::vector<outbox_outcome> seen;
    options.on_outcome = [&seen](const outbox_outcome& o) { seen.push_back(o); };
    EXPECT_FALSE(work_until([](const auto& s) { return s.failed == 1; }).code);
    ASSERT_EQ(seen.size(), 1U);
    EXPECT_EQ(seen[0].what, outcome::failed);
    EXPECT_EQ(seen[0].reason, "bad_request");
    EXPECT_EQ(counts().failed, 1U);
}

// As a process that was stopped between the mark and the send: half of its lease is over when it goes on.
class slow_mark final : public forwarding_store {
public:
    using forwarding_store::forwarding_store;

    operation<std::vector<outbox_ticket>> mark_sending(std::vector<outbox_ticket> c, milliseconds lease) override {
        auto marked = co_await of().mark_sending(std::move(c), lease);
        const auto over = boot_now() + lease / 2;
        while (boot_now() <= over) {} // the thread is stopped, as by SIGSTOP
        co_return marked;
    }

private:
    static std::chrono::nanoseconds boot_now() {
        timespec t{};
        clock_gettime(CLOCK_BOOTTIME, &t);
        return std::chrono::seconds(t.tv_sec) + std::chrono::nanoseconds(t.tv_nsec);
    }
};

TEST_F(outbox_worker_test, nothing_leaves_after_half_of_the_lease) {
    enqueue(0, 4);
    store = std::make_shared<slow_mark>(store);
    options.lease = 200ms;
    EXPECT_FALSE(work_until([](const auto& s) { return s.released >= 4; }).code);
    EXPECT_EQ(summary.requests, 0U);
    EXPECT_EQ(counts().queued, 4U);
    EXPECT_EQ(server.requests(), 0U);
}

TEST_F(outbox_worker_test, options_are_checked) {
    const auto refused = [&](outbox_worker_options o) {
        try {
            outbox_worker w(make_client(server.options().token), store, std::move(o));
        } catch (const error& e) {
            return e.info().detail;
        }
        return std::string();
    };
    outbox_worker_options o;
    EXPECT_EQ(refused(o), "");
    o.concurrency = 0;
    EXPECT_EQ(refused(o), "concurrency must be at least 1");
    o = outbox_worker_options();
    o.lease = 99ms;
    EXPECT_EQ(refused(o), "lease must be at least 100 ms");
    o = outbox_worker_options();
    o.poll_interval = 0ms;
    EXPECT_EQ(refused(o), "poll_interval must be > 0");
}

TEST(send_verdict, releases_only_what_certainly_did_not_leave) {
    using message = engine::send_verdict::message;
    using next = engine::send_verdict::next;
    const auto of = [](errc code, delivery d, int status = 0) {
        failure f(code, call_info());
        f.delivery = d;
        f.http_status = status;
        return engine::verdict_of(f);
    };
    EXPECT_EQ(of(errc::connect_failed, delivery::not_sent).of_message, message::release);
    EXPECT_EQ(of(errc::connect_failed, delivery::not_sent).of_worker, next::pause);
    EXPECT_EQ(of(errc::timed_out, delivery::not_sent).of_message, message::release);
    EXPECT_EQ(of(errc::outcome_unknown, delivery::maybe_sent).of_message, message::look_up);
    EXPECT_EQ(of(errc::server_error, delivery::answered, 503).of_message, message::look_up);
    EXPECT_EQ(of(errc::throttled, delivery::answered, 429).of_message, message::release);
    EXPECT_EQ(of(errc::throttled, delivery::answered, 429).of_worker, next::pause_lane);
    EXPECT_EQ(of(errc::not_authenticated, delivery::answered, 401).of_message, message::release);
    EXPECT_EQ(of(errc::not_authenticated, delivery::answered, 401).of_worker, next::end);
    EXPECT_EQ(of(errc::bad_request, delivery::answered, 400).of_message, message::failed);
    EXPECT_EQ(of(errc::invalid_request, delivery::not_sent).of_message, message::failed);
}

} // namespace
} // namespace yunhu::test
