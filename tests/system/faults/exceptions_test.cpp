// Copyright (c) 2026 The yunhu authors
// SPDX-License-Identifier: BSL-1.0

#include "failing_allocation.hpp"
#include "proxy_double.hpp"
#include "system/faults/calls.hpp"
#include "transport/inline_strand.hpp"
#include "transport/tls_context.hpp"

#include <boost/asio/any_io_executor.hpp>
#include <boost/asio/bind_cancellation_slot.hpp>
#include <boost/asio/bind_executor.hpp>
#include <boost/asio/cancellation_signal.hpp>

#include <openssl/ssl.h>

#include <dlfcn.h>
#include <pthread.h>
#include <sys/socket.h>

#include <algorithm>
#include <cerrno>
#include <chrono>
#include <cstddef>
#include <cstdlib>
#include <exception>
#include <functional>
#include <iterator>
#include <memory>
#include <new>
#include <optional>
#include <stdexcept>
#include <string>
#include <utility>
#include <vector>

// An allocation fails at any step of a call, a thread can't be started, or a write fails. Only the test's thread is
// affected: the fault server has its own threads.
namespace {

thread_local bool threads_refused = false;
thread_local bool handshake_fails = false;
thread_local bool digest_fails = false;

/// What this thread does between the check of a connection and the end of an exchange.
enum class event { allocation, peek, read, write };
thread_local std::vector<event>* recorded = nullptr;
thread_local std::function<bool()>* write_fails = nullptr; // called instead of a write

void record(event what) {
    if (auto* const into = std::exchange(recorded, nullptr)) {
        into->push_back(what);
        recorded = into;
    }
}

} // namespace

extern "C" int pthread_create(pthread_t* thread, const pthread_attr_t* attributes, void* (*run)(void*),
                              void* argument) noexcept {
    if (threads_refused) {
        return EAGAIN;
    }
    using function = int (*)(pthread_t*, const pthread_attr_t*, void* (*)(void*), void*);
    static const auto next = reinterpret_cast<function>(dlsym(RTLD_NEXT, "pthread_create"));
    return next(thread, attributes, run, argument);
}

extern "C" int SSL_do_handshake(SSL* ssl) {
    if (std::exchange(handshake_fails, false)) {
        return -1;
    }
    using function = int (*)(SSL*);
    static const auto next = reinterpret_cast<function>(dlsym(RTLD_NEXT, "SSL_do_handshake"));
    return next(ssl);
}

extern "C" unsigned char* SHA256(const unsigned char* data, size_t size, unsigned char* digest) {
    if (std::exchange(digest_fails, false)) {
        return nullptr;
    }
    using function = unsigned char* (*)(const unsigned char*, size_t, unsigned char*);
    static const auto next = reinterpret_cast<function>(dlsym(RTLD_NEXT, "SHA256"));
    return next(data, size, digest);
}

extern "C" ssize_t recv(int socket, void* data, size_t size, int flags) {
    record((flags & MSG_PEEK) != 0 ? event::peek : event::read);
    using function = ssize_t (*)(int, void*, size_t, int);
    static const auto next = reinterpret_cast<function>(dlsym(RTLD_NEXT, "recv"));
    return next(socket, data, size, flags);
}

extern "C" ssize_t send(int socket, const void* data, size_t size, int flags) {
    record(event::write);
    if (auto* const fails = std::exchange(write_fails, nullptr); fails != nullptr && (*fails)()) {
        errno = EPIPE;
        return -1;
    }
    using function = ssize_t (*)(int, const void*, size_t, int);
    static const auto next = reinterpret_cast<function>(dlsym(RTLD_NEXT, "send"));
    return next(socket, data, size, flags);
}

namespace yunhu::test {
namespace {

using namespace std::chrono_literals;
using namespace steps;

send_message_request request(const std::string& id) {
    return send_message_request(group("g"), text(std::string(fixture_text)), id);
}

struct ending {
    unsigned handled = 0;
    bool thrown = false;
    bool escaped = false; ///< an exception left the executor's run()
    bool allocation_failed = false;
    error_code code;
    unsigned completed() const { return handled + (thrown ? 1 : 0); }
};

/// Whether a call succeeds. The client has no observer, because the fixture's observer allocates too.
bool succeeds(client_fixture& f, client& c, const std::string& id) {
    std::optional<error_code> end;
    c.send_message(request(id), [&end](const error_code& ec, const sent_message& /*sent*/) { end = ec; });
    return f.run_until([&end] { return end.has_value(); }) && !*end;
}

/// One send; its allocation number `n` fails.
ending send_with_failure(client_fixture& f, client& c, const std::string& id, std::size_t n, bool cancel) {
    ending end;
    send_message_request r = request(id);
    boost::asio::cancellation_signal signal;
    {
        const failing_allocation fails(n);
        try {
            c.send_message(std::move(r), boost::asio::bind_cancellation_slot(
                                             signal.slot(), [&end](const error_code& ec, const sent_message& /*sent*/) {
                                                 ++end.handled;
                                                 end.code = ec;
                                             }));
        } catch (const std::bad_alloc&) {
            end.thrown = true;
        }
        if (cancel && !end.thrown) {
            signal.emit(boost::asio::cancellation_type::terminal);
        }
        const auto until = std::chrono::steady_clock::now() + fault_log::wait_limit;
        while (end.completed() == 0 && std::chrono::steady_clock::now() < until) {
            try {
                f.context.run_one_for(10ms);
            } catch (const std::exception&) {
                end.escaped = true;
            }
        }
        end.allocation_failed = failing_allocation::allocation_failed();
    }
    f.run_ready();
    return end;
}

enum class connection { none, idle, named, tunnelled };

/// Fails each allocation of a send in turn.
void fail_each(connection at_first, bool cancel) {
    std::size_t failures = 0;
    for (std::size_t n = 0;; ++n) {
        SCOPED_TRACE("allocation " + std::to_string(n));
        client_fixture f;
        proxy_double proxy(proxy_double::transport::tls);
        if (at_first == connection::named) {
            f.config.base_url = f.server.base_url("localhost");
        } else if (at_first == connection::tunnelled) {
            proxy.route("127.0.0.1:" + std::to_string(f.server.port()), f.server.port());
            f.config.proxy.url = proxy.url();
            f.config.proxy.tls.ca_pem = proxy.ca_pem();
        }
        client c(f.context, f.config);
        if (at_first == connection::idle) {
            EXPECT_TRUE(succeeds(f, c, "before"));
        }
        const ending end = send_with_failure(f, c, "tried", n, cancel);
        EXPECT_EQ(end.completed(), 1U) << "handled " << end.handled << ", thrown " << end.thrown;
        EXPECT_FALSE(end.escaped);
        EXPECT_LE(f.seen("tried"), 1U);
        EXPECT_TRUE(succeeds(f, c, "after"));
        if (!end.allocation_failed) {
            break;
        }
        ++failures;
        if (::testing::Test::HasFailure()) {
            return;
        }
    }
    EXPECT_GE(failures, at_first == connection::idle ? 2U : 15U);
}

TEST(exceptions, each_allocation_of_a_call_on_a_new_connection_fails_in_turn) {
    fail_each(connection::none, false);
}

TEST(exceptions, each_allocation_of_a_call_that_resolves_a_name_fails_in_turn) {
    fail_each(connection::named, false);
}

TEST(exceptions, each_allocation_of_a_call_through_a_proxy_fails_in_turn) {
    fail_each(connection::tunnelled, false);
}

TEST(exceptions, each_allocation_of_a_call_on_an_idle_connection_fails_in_turn) {
    fail_each(connection::idle, false);
}

TEST(exceptions, each_allocation_of_a_cancelled_call_fails_in_turn) {
    fail_each(connection::none, true);
    fail_each(connection::idle, true);
}

TEST(exceptions, each_allocation_of_a_strand_and_of_a_post_to_it_fails_in_turn) {
    boost::asio::io_context context;
    bool failed = true;
    for (std::size_t n = 0; failed; ++n) {
        int ran = 0;
        bool thrown = false;
        std::optional<boost::asio::any_io_executor> on;
        {
            const failing_allocation fails(n);
            try {
                on = transport::make_strand(context.get_executor());
                boost::asio::post(*on, [&] { ++ran; });
            } catch (const std::bad_alloc&) {
                thrown = true;
            }
            failed = failing_allocation::allocation_failed();
        }
        context.restart();
        context.run();
        EXPECT_EQ(ran, thrown ? 0 : 1) << n;
        if (on) {
            boost::asio::post(*on, [&] { ++ran; });
            context.restart();
            context.run();
            EXPECT_EQ(ran, thrown ? 1 : 2) << n;
        }
    }
}

TEST(exceptions, a_resolver_without_a_thread_fails_the_call_and_no_later_one) {
    client_fixture f(fault_server_options{});
    f.config.base_url = f.server.base_url("localhost");
    f.config.retry.max_attempts = 1;
    (void)f.client();
    threads_refused = true;
    const call_result refused = f.send("refused");
    threads_refused = false;
    EXPECT_TRUE(failed(refused, errc::resolve_failed, delivery::not_sent));
    EXPECT_EQ(refused.cause.value(), EAGAIN);
    EXPECT_TRUE(f.follow_up());
}

TEST(exceptions, a_call_survives_a_temporary_lack_of_threads) {
    client_fixture f;
    f.config.base_url = f.server.base_url("localhost");
    (void)f.client();
    threads_refused = true;
    const pending_call call = f.start_send("waits");
    threads_refused = false;
    EXPECT_TRUE(ok(f.wait(call)));
    EXPECT_TRUE(f.follow_up());
}

// --- OpenSSL's callbacks

// OpenSSL is written in C: an exception that passes its frames leaves it in the middle of an operation.
TEST(exceptions, none_leaves_the_callback_for_new_sessions) {
    transport::tls_context context(tls_config(), "localhost");
    const transport::ssl_ptr connection = context.new_connection();
    auto* const on_new_session = SSL_CTX_sess_get_new_cb(SSL_get_SSL_CTX(connection.get()));
    ASSERT_NE(on_new_session, nullptr);
    bool failed_once = false;
    for (int i = 0; i < 100; ++i) { // the list of sessions grows, and is bounded
        SSL_SESSION* const session = SSL_SESSION_new();
        const failing_allocation fails(0);
        EXPECT_NO_THROW(EXPECT_EQ(on_new_session(connection.get(), session), 1)); // LeakSanitizer checks the ownership
        failed_once = failed_once || failing_allocation::allocation_failed();
    }
    EXPECT_TRUE(failed_once);
}

// An operation that fails and says no reason must not look like one that has succeeded.
TEST(exceptions, a_failure_of_openssl_without_a_reason_is_a_failure) {
    client_fixture f;
    (void)f.client();
    const pending_call call = f.start_send("a", once());
    handshake_fails = true;
    EXPECT_TRUE(failed(f.wait(call), errc::tls_failed, delivery::not_sent));
    EXPECT_FALSE(handshake_fails);
    EXPECT_TRUE(call.get().cause) << "has a cause";
    EXPECT_EQ(f.seen("a"), 0U);
    EXPECT_TRUE(f.follow_up());
}

// A digest that was not computed must not equal a pin, whatever its memory has.
TEST(exceptions, a_digest_that_can_not_be_computed_matches_no_pin) {
    client_fixture f;
    f.config.tls.pins = {std::string(43, 'A') + '='}; // 32 bytes of 0
    (void)f.client();
    digest_fails = true;
    EXPECT_TRUE(failed(f.send("a", once()), errc::certificate_rejected, delivery::not_sent));
    EXPECT_FALSE(digest_fails);
    EXPECT_EQ(f.seen("a"), 0U);
}

// --- between the check of a connection and the write

/// Records the events of this thread while an instance exists.
class recording {
public:
    recording() {
        events.reserve(10'000);
        recorded = &events;
        on_allocation = [] { record(event::allocation); };
    }
    recording(const recording&) = delete;
    recording& operator=(const recording&) = delete;
    ~recording() { stop(); }
    void stop() {
        recorded = nullptr;
        on_allocation = nullptr;
    }

    std::vector<event> events;
};

// A stray response that arrives between the check and the write is indistinguishable from the response, so nothing
// else may be done there, such as an allocation on a connection that has released its buffers.
TEST(exceptions, nothing_is_done_between_the_check_of_a_connection_and_the_write) {
    for (const bool tls : {true, false}) {
        fault_server_options options;
        options.tls = tls;
        client_fixture f(std::move(options));
        f.config.observer = std::make_shared<hook_balance_checker>();
        ASSERT_TRUE(ok(f.send("before")));
        const auto idle_since = std::chrono::steady_clock::now();
        const auto released = [&] { return std::chrono::steady_clock::now() > idle_since + 100ms; };
        ASSERT_TRUE(f.run_until(released)); // long enough for the connection to release its buffers
        recording seen;
        const pending_call call = f.start_send("a");
        seen.stop();
        const auto write = std::find(seen.events.begin(), seen.events.end(), event::write);
        ASSERT_NE(write, seen.events.end());
        ASSERT_NE(write, seen.events.begin());
        EXPECT_EQ(*std::prev(write), event::peek);
        EXPECT_TRUE(ok(f.wait(call)));
        EXPECT_EQ(f.server.accepted(), 1U);
    }
}

// The write fails and the kernel has accepted nothing. A response that arrives meanwhile can't be one to the request.
TEST(exceptions, a_request_that_was_not_sent_is_followed_by_no_read) {
    for (const bool tls : {true, false}) {
        fault_server_options options;
        options.tls = tls;
        client_fixture f(std::move(options));
        f.server.open_gate("sent");
        f.server.next_response({response_ok(), gate("go"), send(http_ok(send_response("EVIL"))), gate("sent")});
        ASSERT_TRUE(ok(f.send("before")));
        std::function<bool()> fail = [&f] {
            f.server.open_gate("go");
            return f.server.wait_for_gate("sent");
        };
        write_fails = &fail;
        recording seen;
        const pending_call call = f.start_send("a");
        seen.stop();
        EXPECT_EQ(write_fails, nullptr) << "the write was tried";
        const auto write = std::find(seen.events.begin(), seen.events.end(), event::write);
        EXPECT_EQ(std::count(write, seen.events.end(), event::read), 0);
        EXPECT_TRUE(ok(f.wait(call))) << "with its own response";
        EXPECT_EQ(call.get().attempts, 2U);
        EXPECT_EQ(f.seen("a"), 1U);
        EXPECT_EQ(f.connection_of("a"), 2U);
        EXPECT_TRUE(f.reuses());
    }
}

// --- an exception of a handler, or of its executor

/// Refuses everything, as an executor may that is shut down.
class refusing_executor {
public:
    template <class Function> void execute(Function&& /*f*/) const { throw std::runtime_error("the executor refuses"); }
    bool operator==(const refusing_executor& /*other*/) const noexcept { return true; }
    bool operator!=(const refusing_executor& /*other*/) const noexcept { return false; }
};

TEST(exceptions, an_executor_that_refuses_a_handler_affects_no_other_call) {
    client_fixture f;
    unsigned refused = 0;
    unsigned handled = 0;
    unsigned escaped = 0;
    client c = f.client();
    const auto handler = [](unsigned& n) { return [&n](const error_code&, const sent_message& /*sent*/) { ++n; }; };
    for (int i = 0; i < 6; ++i) {
        const std::string id = std::to_string(i);
        if (i % 2 == 0) {
            c.send_message(request("refused" + id), boost::asio::bind_executor(refusing_executor(), handler(refused)));
        } else {
            c.send_message(request("handled" + id), handler(handled));
        }
    }
    const auto until = std::chrono::steady_clock::now() + fault_log::wait_limit;
    while (handled + escaped < 6 && std::chrono::steady_clock::now() < until) {
        try {
            f.context.run_one_for(10ms);
        } catch (const std::runtime_error&) {
            ++escaped;
        }
    }
    EXPECT_EQ(refused, 0U);
    EXPECT_EQ(handled, 3U);
    EXPECT_EQ(escaped, 3U);
    EXPECT_TRUE(f.follow_up());
}

TEST(exceptions, a_handlers_exception_leaves_run_and_affects_no_other_call) {
    client_fixture f;
    f.config.pool.max_connections = 4;
    unsigned thrown = 0;
    unsigned handled = 0;
    unsigned escaped = 0;
    client c = f.client();
    for (int i = 0; i < 20; ++i) {
        c.send_message(request("c" + std::to_string(i)), [&, i](const error_code& ec, const sent_message& /*sent*/) {
            EXPECT_FALSE(ec);
            if (i % 3 == 0) {
                ++thrown;
                throw std::runtime_error("thrown by the handler");
            }
            ++handled;
        });
    }
    const auto until = std::chrono::steady_clock::now() + fault_log::wait_limit;
    while (thrown + handled < 20 && std::chrono::steady_clock::now() < until) {
        try {
            f.context.run_one_for(10ms);
        } catch (const std::runtime_error&) {
            ++escaped;
        }
    }
    EXPECT_EQ(thrown, 7U);
    EXPECT_EQ(handled, 13U);
    EXPECT_EQ(escaped, 7U);
    EXPECT_TRUE(f.follow_up());
}

} // namespace
} // namespace yunhu::test
