// Copyright (c) 2026 The yunhu authors
// SPDX-License-Identifier: BSL-1.0

#include "observability/recorder.hpp"
#include "system/faults/calls.hpp"

#include <boost/asio/execution_context.hpp>

#include <sys/wait.h>
#include <unistd.h>

#include <cstdlib>
#include <exception>
#include <functional>
#include <iostream>
#include <memory>
#include <string_view>
#include <utility>

// A process that forks while it has a client, by Asio's protocol (`notify_fork`). Two processes that write on one TLS
// connection with the same keys would encrypt different data with the same nonce.
namespace yunhu::test {
namespace {

using namespace steps;
using fork_event = boost::asio::execution_context::fork_event;

/// Forks. The child runs `in_child`; the result is its exit status.
int fork_and_wait(client_fixture& f, const std::function<bool()>& in_child) {
    f.context.notify_fork(fork_event::fork_prepare);
    const pid_t child = ::fork();
    if (child == 0) {
        bool good = false;
        try {
            f.context.notify_fork(fork_event::fork_child);
            good = in_child() && !::testing::Test::HasFailure();
        } catch (const std::exception& e) {
            std::cerr << "in the child: " << e.what() << std::endl;
        }
        ::_exit(good ? EXIT_SUCCESS : EXIT_FAILURE);
    }
    f.context.notify_fork(fork_event::fork_parent);
    int status = -1;
    ::waitpid(child, &status, 0);
    return status;
}

TEST(fork, the_child_opens_connections_of_its_own) {
    client_fixture f;
    ASSERT_TRUE(ok(f.send("before")));
    EXPECT_EQ(fork_and_wait(f,
                            [&f] {
                                EXPECT_EQ(f.client().stats().connections, 0U);
                                EXPECT_TRUE(ok(f.send("child")));
                                EXPECT_TRUE(ok(f.send("again")));
                                return true;
                            }),
              EXIT_SUCCESS);
    EXPECT_TRUE(ok(f.send("parent")));
    EXPECT_EQ(f.connection_of("before"), 1U);
    EXPECT_EQ(f.connection_of("child"), 2U);
    EXPECT_EQ(f.connection_of("again"), 2U);
    EXPECT_EQ(f.connection_of("parent"), 1U);
    const seen_connection parents = f.server.connection(1);
    EXPECT_FALSE(parents.close_notify) << "the child must not write it";
    EXPECT_EQ(parents.tls_error, "");
    EXPECT_TRUE(parents.alerts.empty());
}

TEST(fork, calls_of_the_parent_end_in_the_child_and_are_sent_once) {
    client_fixture f;
    f.server.next_response({gate("busy"), response_ok()});
    const pending_call sent = f.start_send("sent");
    ASSERT_TRUE(f.run_until_gate("busy"));
    const pending_call queued = f.start_send("queued");
    f.run_ready();
    EXPECT_EQ(fork_and_wait(f,
                            [&] {
                                EXPECT_TRUE(unknown(f.wait(sent), errc::client_closed));
                                EXPECT_TRUE(failed(f.wait(queued), errc::client_closed, delivery::not_sent));
                                EXPECT_TRUE(ok(f.send("child")));
                                return true;
                            }),
              EXIT_SUCCESS);
    f.server.open_gate("busy");
    EXPECT_TRUE(ok(f.wait(sent)));
    EXPECT_TRUE(ok(f.wait(queued)));
    EXPECT_EQ(f.seen("sent"), 1U);
    EXPECT_EQ(f.seen("queued"), 1U);
    EXPECT_EQ(f.connection_of("queued"), 1U);
    EXPECT_EQ(f.connection_of("child"), 2U);
}

TEST(fork, while_a_connection_is_opened) {
    client_fixture f;
    f.config.pool.circuit_failures = 1; // a connection that is given up is no failure of the server
    f.server.next_connection({read_client_hello(), gate("hello")});
    const pending_call call = f.start_send("parent");
    ASSERT_TRUE(f.run_until_gate("hello"));
    EXPECT_EQ(fork_and_wait(f,
                            [&] {
                                EXPECT_TRUE(failed(f.wait(call), errc::client_closed, delivery::not_sent));
                                EXPECT_TRUE(ok(f.send("child")));
                                return true;
                            }),
              EXIT_SUCCESS);
    f.server.open_gate("hello");
    EXPECT_TRUE(ok(f.wait(call)));
    EXPECT_EQ(f.connection_of("parent"), 1U);
    EXPECT_EQ(f.connection_of("child"), 2U);
    EXPECT_EQ(f.seen("parent"), 1U);
}

/// Two calls on one connection; the process forks in the first hook of that name. False: something was wrong.
bool fork_in_hook(client_fixture& f, recorder& hooks, std::string_view hook, pid_t& child) {
    hooks.also = [&, armed = true](std::string_view line) mutable {
        if (line.starts_with(hook) && std::exchange(armed, false)) {
            f.context.notify_fork(fork_event::fork_prepare);
            child = ::fork();
            f.context.notify_fork(child == 0 ? fork_event::fork_child : fork_event::fork_parent);
        }
    };
    const pending_call first = f.start_send("first");
    const pending_call second = f.start_send("second");
    bool good = true;
    for (const pending_call& call : {first, second}) {
        const call_result end = f.wait(call);
        if (child != 0) {
            good = good && ok(end);
        } else { // a response may have been read before the fork
            good = good && (ok(end) || end.code == errc::client_closed || end.code == errc::outcome_unknown);
        }
    }
    hooks.also = nullptr;
    return good && ok(f.send(child == 0 ? "child" : "parent"));
}

TEST(fork, in_a_hook_of_the_observer) {
    for (const std::string_view hook : {"on_queue_start", "on_attempt_start", "on_first_byte", "on_attempt_end"}) {
        SCOPED_TRACE(hook);
        client_fixture f;
        const auto hooks = std::make_shared<recorder>();
        f.config.observer = hooks;
        ASSERT_TRUE(ok(f.send("before")));
        pid_t child = -1;
        bool good = false;
        try {
            good = fork_in_hook(f, *hooks, hook, child);
        } catch (const std::exception& e) {
            std::cerr << (child == 0 ? "in the child: " : "in the parent: ") << e.what() << std::endl;
        }
        if (child == 0) {
            ::_exit(good && !::testing::Test::HasFailure() ? EXIT_SUCCESS : EXIT_FAILURE);
        }
        EXPECT_TRUE(good);
        int status = -1;
        ::waitpid(child, &status, 0);
        EXPECT_EQ(status, EXIT_SUCCESS);
        for (const std::string_view id : {"first", "second", "parent", "child"}) {
            EXPECT_EQ(f.seen(id), 1U) << id;
            EXPECT_EQ(f.connection_of(id) == 1, id != "child") << id;
        }
        EXPECT_EQ(f.server.connection(1).tls_error, "");
    }
}

TEST(fork, the_parent_and_the_child_end_without_a_trace_on_the_others_connections) {
    client_fixture f;
    ASSERT_TRUE(ok(f.send("before")));
    EXPECT_EQ(fork_and_wait(f,
                            [&f] {
                                f.close_client(); // must not send close_notify for the parent
                                f.run_ready();
                                return true;
                            }),
              EXIT_SUCCESS);
    EXPECT_FALSE(f.server.connection(1).closed_by_client());
    EXPECT_TRUE(f.reuses());
}

} // namespace
} // namespace yunhu::test
