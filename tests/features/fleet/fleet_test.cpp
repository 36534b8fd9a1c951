// Copyright (c) 2026 The yunhu authors
// SPDX-License-Identifier: BSL-1.0

#include "features/fleet/leased_cursors.hpp"
#include "process.hpp"
#include "strict_emulator.hpp"

#include <yunhu/fleet.hpp>
#include <yunhu/sqlite_outbox.hpp>

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/io_context.hpp>

#include <gtest/gtest.h>

#include <atomic>
#include <chrono>
#include <cstddef>
#include <functional>
#include <memory>
#include <optional>
#include <stdexcept>
#include <string>
#include <utility>
#include <variant>
#include <vector>

namespace yunhu::test {
namespace {

using namespace std::chrono_literals;
using std::chrono::milliseconds;

inbox_cursors cursors_of(std::uint64_t since, std::vector<chat_cursor> chats) {
    inbox_cursors c;
    c.since = since;
    c.chats = std::move(chats);
    return c;
}

TEST(leased_cursors, only_what_changed_is_saved) {
    const auto before = cursors_of(1, {{group("a"), 1, 10}, {group("b"), 2, 20}, {user("a"), 3, 30}});
    const auto after = cursors_of(5, {{group("a"), 1, 10}, {user("a"), 4, 40}, {group("c"), 1, 1}});
    const cursor_change c = detail::change_of(before, after);
    EXPECT_EQ(c.since, 5U);
    EXPECT_EQ(c.changed, (std::vector<chat_cursor>{{user("a"), 4, 40}, {group("c"), 1, 1}}));
    ASSERT_EQ(c.removed.size(), 1U);
    EXPECT_EQ(c.removed.front(), group("b"));
    EXPECT_TRUE(detail::change_of(after, after).changed.empty());
}

/// Forwards, or fails when it is told to.
class failing_store final : public lease_store {
public:
    explicit failing_store(std::shared_ptr<lease_store> of) : of_(std::move(of)) {}

    operation<void> prepare() override { return of_->prepare(); }
    operation<lease_view> look(std::string worker, std::vector<std::string> accounts, milliseconds lease) override {
        return fails ? fail<lease_view>() : of_->look(std::move(worker), std::move(accounts), lease);
    }
    operation<std::vector<lease_ticket>> change(std::string worker, std::vector<lease_change> changes,
                                                milliseconds lease) override {
        return fails ? fail<std::vector<lease_ticket>>() : of_->change(std::move(worker), std::move(changes), lease);
    }
    operation<void> leave(std::string worker) override { return of_->leave(std::move(worker)); }
    operation<std::optional<inbox_cursors>> load_cursors(std::string account) override {
        return of_->load_cursors(std::move(account));
    }
    operation<bool> save_cursors(lease_ticket ticket, cursor_change change) override {
        return fails ? fail<bool>() : of_->save_cursors(std::move(ticket), std::move(change));
    }

    std::atomic<bool> fails{false};

private:
    template <class T> static operation<T> fail() {
        call_info info;
        info.detail = "outbox: the server did not respond";
        co_return failure(errc::timed_out, info);
    }

    std::shared_ptr<lease_store> of_;
};

/// Accounts 1 and 2, with friends 8 and 9, on an `io_context` that the thread of the test runs.
class fleet_fixture : public ::testing::Test {
protected:
    static testing::emulator_options people() {
        testing::emulator_options o;
        o.user_id = "1";
        o.token = "token-1";
        o.accounts = {testing::account("2", "two", "token-2")};
        return o;
    }

    fleet_fixture() : server(people()) {
        sqlite_outbox_options place(folder / "fleet.db");
        place.durability = outbox_durability::process_crash;
        store = std::make_shared<failing_store>(std::make_shared<sqlite_outbox_store>(place));
        EXPECT_TRUE(done(store->prepare()).has_value());
    }

    struct heard {
        std::string account;
        std::string text;
        bool again = false;
    };

    boost::asio::awaitable<void> hear(held_inbox in) {
        for (;;) {
            auto e = co_await in.next();
            if (!e) {
                break;
            }
            if (const auto* m = std::get_if<message_event>(&e->what)) {
                log.push_back({in.name(), m->message.content->text, e->maybe_repeated});
                if (m->message.content->text == throw_at) {
                    throw std::runtime_error("a handler's mistake");
                }
            }
        }
        ++ended;
    }

    fleet_options options() {
        client_config config(secret("token-1"));
        config.base_url = server.base_url();
        config.tls.ca_pem = server.ca_pem();
        fleet_options o;
        o.lease = lease;
        o.clock_tolerance = 0ms;
        client c(io, config);
        for (const char* id : {"1", "2"}) {
            const secret token(std::string("token-") + id);
            inbox_options in(id, token);
            in.gateway_url = server.gateway_url();
            in.save_interval = 0ms;
            o.accounts.emplace_back(std::string("account-") + id, c.with_token(token), in);
        }
        o.handler = [this](held_inbox in) { return hear(std::move(in)); };
        o.on_change = [this](const std::string& account, fleet_change what) {
            changes.push_back(account + ' ' + std::string(to_string(what)));
        };
        return o;
    }

    /// A worker, and how it ended.
    struct member {
        explicit member(yunhu::fleet f) : worker(std::move(f)) {}
        yunhu::fleet worker;
        bool ended = false;
        error_code code;
        fleet_summary summary;
    };
    std::shared_ptr<member> start() {
        auto m = std::make_shared<member>(yunhu::fleet(io.get_executor(), store, options()));
        m->worker.run([m](error_code ec, fleet_summary s) {
            m->ended = true;
            m->code = ec;
            m->summary = std::move(s);
        });
        return m;
    }
    void stop(const std::shared_ptr<member>& m) {
        m->worker.stop();
        EXPECT_TRUE(run_until([&] { return m->ended; })) << "it did not end";
        EXPECT_FALSE(m->code) << failure(m->code, m->summary);
    }

    bool run_until(const std::function<bool()>& condition) {
        const auto end = std::chrono::steady_clock::now() + 60s;
        while (!condition()) {
            if (std::chrono::steady_clock::now() > end) {
                return false;
            }
            io.restart();
            io.run_one_for(50ms);
        }
        return true;
    }
    template <class T> result<T> done(boost::asio::awaitable<result<T>> work) {
        std::optional<result<T>> made;
        boost::asio::co_spawn(io, std::move(work),
                              [&made](const std::exception_ptr&, result<T> r) { made = std::move(r); });
        EXPECT_TRUE(run_until([&] { return made.has_value(); }));
        return *made;
    }
    lease_view view() { return done(store->look("reader", {"account-1", "account-2"}, 1ms)).value(); }
    void say(const std::string& text) {
        server.say("8", user("1"), text);
        server.say("9", user("2"), text);
    }
    [[nodiscard]] std::size_t count(const std::string& text) const {
        std::size_t n = 0;
        for (const heard& h : log) {
            n += h.text == text ? 1U : 0U;
        }
        return n;
    }
    [[nodiscard]] std::size_t changed(const std::string& what) const {
        std::size_t n = 0;
        for (const std::string& c : changes) {
            n += c.ends_with(what) ? 1U : 0U;
        }
        return n;
    }

    temporary_directory folder;
    strict_emulator server;
    boost::asio::io_context io;
    std::shared_ptr<failing_store> store;
    milliseconds lease = 30s;
    std::vector<heard> log;
    std::vector<std::string> changes;
    std::string throw_at;
    std::size_t ended = 0;
};

std::string refusal_of(const boost::asio::any_io_executor& on, const std::shared_ptr<lease_store>& store,
                       fleet_options o) {
    try {
        const yunhu::fleet refused(on, store, std::move(o));
        return "";
    } catch (const error& e) {
        EXPECT_EQ(e.info().code, errc::invalid_request);
        return e.info().detail;
    }
}

TEST_F(fleet_fixture, options_that_can_t_work_are_refused_by_name) {
    const auto on = io.get_executor();
    EXPECT_EQ(refusal_of(on, store, options()), "");
    EXPECT_EQ(refusal_of(on, nullptr, options()), "store must not be null");
    auto o = options();
    o.accounts.clear();
    EXPECT_EQ(refusal_of(on, store, o), "accounts must not be empty");
    o = options();
    o.accounts[1].name = o.accounts[0].name;
    EXPECT_EQ(refusal_of(on, store, o), "accounts must have different names");
    o = options();
    o.accounts[0].name.clear();
    EXPECT_EQ(refusal_of(on, store, o), "accounts must have names");
    o = options();
    o.lease = 299ms;
    EXPECT_EQ(refusal_of(on, store, o), "lease must be at least 300 ms");
    o = options();
    o.handler = nullptr;
    EXPECT_EQ(refusal_of(on, store, o), "handler must not be empty");
    o = options();
    o.accounts[0].inbox.cursors = std::make_shared<cursor_file>(folder / "cursors");
    EXPECT_EQ(refusal_of(on, store, o), "accounts: inbox.cursors must be null: the fleet's store keeps them");
    o = options();
    o.accounts[0].inbox.user_id.clear();
    EXPECT_NE(refusal_of(on, store, o), "");
}

TEST_F(fleet_fixture, a_store_that_is_not_prepared_ends_the_worker) {
    store = std::make_shared<failing_store>(
        std::make_shared<sqlite_outbox_store>(sqlite_outbox_options(folder / "other.db")));
    const auto m = start();
    ASSERT_TRUE(run_until([&] { return m->ended; }));
    EXPECT_EQ(m->code, errc::invalid_request);
}

TEST_F(fleet_fixture, what_was_said_since_the_accounts_were_acquired_is_heard_once_also_after_an_orderly_end) {
    auto m = start();
    ASSERT_TRUE(run_until([&] { return changed("acquired") == 2; }));
    say("one");
    ASSERT_TRUE(run_until([&] { return count("one") == 2; }));
    stop(m);
    EXPECT_EQ(ended, 2U);
    EXPECT_EQ(changed("given_back"), 2U);
    EXPECT_EQ(m->summary.held, 0U);
    EXPECT_EQ(m->summary.given_back, 2U);
    for (const lease_row& row : view().rows) {
        EXPECT_EQ(row.owner, "") << "released";
        EXPECT_EQ(row.epoch, 1U);
    }
    say("two"); // while nobody hears
    m = start();
    ASSERT_TRUE(run_until([&] { return count("two") == 2; }));
    stop(m);
    EXPECT_EQ(count("one"), 2U) << "it was acknowledged";
    EXPECT_EQ(m->summary.taken_over, 0U);
    EXPECT_EQ(m->summary.maybe_repeated, 0U);
}

TEST_F(fleet_fixture, a_second_worker_gets_its_share_and_the_first_gets_it_back) {
    lease = 3s;
    const auto first = start();
    ASSERT_TRUE(run_until([&] { return first->worker.stats().held == 2; }));
    const auto second = start();
    ASSERT_TRUE(run_until([&] { return first->worker.stats().held == 1 && second->worker.stats().held == 1; }));
    say("one");
    ASSERT_TRUE(run_until([&] { return count("one") == 2; }));
    stop(second);
    ASSERT_TRUE(run_until([&] { return first->worker.stats().held == 2; }));
    say("two");
    ASSERT_TRUE(run_until([&] { return count("two") == 2; }));
    stop(first);
    EXPECT_EQ(count("one"), 2U);
}

TEST_F(fleet_fixture, an_event_whose_handler_threw_comes_again_and_is_marked) {
    lease = 2s;
    throw_at = "two";
    auto m = start();
    ASSERT_TRUE(run_until([&] { return m->worker.stats().held == 2; }));
    server.say("8", user("1"), "one");
    server.say("8", user("1"), "two");
    ASSERT_TRUE(run_until([&] { return m->ended; }));
    EXPECT_TRUE(m->code);
    EXPECT_EQ(m->summary.detail, "a fleet's handler, callback or store threw");
    throw_at.clear();
    m = start();
    ASSERT_TRUE(run_until([&] { return count("two") == 2; })) << "within the lease";
    stop(m);
    EXPECT_TRUE(log.back().again);
    EXPECT_EQ(count("one"), 1U) << "it was acknowledged, and saved at the end";
    EXPECT_EQ(m->summary.taken_over, 1U) << "the other account was given back";
}

TEST_F(fleet_fixture, a_worker_that_can_t_renew_delivers_nothing_after_its_lease) {
    lease = 2s;
    const auto m = start();
    ASSERT_TRUE(run_until([&] { return m->worker.stats().held == 2; }));
    say("one");
    ASSERT_TRUE(run_until([&] { return count("one") == 2; }));
    store->fails = true;
    ASSERT_TRUE(run_until([&] { return changed("lost") == 2; }));
    EXPECT_EQ(ended, 2U) << "their handlers ended";
    say("two");
    store->fails = false;
    ASSERT_TRUE(run_until([&] { return count("two") == 2; })) << "it acquires them again";
    stop(m);
    EXPECT_GT(m->summary.store_failures, 0U);
    EXPECT_EQ(m->summary.lost, 2U);
    for (const heard& h : log) {
        EXPECT_TRUE(h.text != "two" || h.again);
    }
}

} // namespace
} // namespace yunhu::test
