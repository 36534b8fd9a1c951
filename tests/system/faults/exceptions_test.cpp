// Copyright (c) 2026 The yunhu authors
// SPDX-License-Identifier: BSL-1.0

#include "client_fixture.hpp"
#include "proxy_double.hpp"

#include <boost/asio/bind_cancellation_slot.hpp>
#include <boost/asio/cancellation_signal.hpp>

#include <dlfcn.h>
#include <pthread.h>

#include <algorithm>
#include <cerrno>
#include <chrono>
#include <cstddef>
#include <cstdlib>
#include <exception>
#include <new>
#include <optional>
#include <string>
#include <utility>

// An allocation fails at any step of a call, or a thread can't be started. Only the test's thread is affected: the
// fault server has its own threads.
namespace {

thread_local std::optional<std::size_t> fails_in; // allocations until one fails
thread_local bool threads_refused = false;

void* allocate_or_null(std::size_t size) noexcept {
    if (fails_in && (*fails_in)-- == 0) {
        fails_in.reset();
        return nullptr;
    }
    return std::malloc(std::max<std::size_t>(size, 1));
}

void* allocate(std::size_t size) {
    void* const p = allocate_or_null(size);
    if (p == nullptr) {
        throw std::bad_alloc();
    }
    return p;
}

} // namespace

void* operator new(std::size_t size) {
    return allocate(size);
}
void* operator new[](std::size_t size) {
    return allocate(size);
}
void* operator new(std::size_t size, const std::nothrow_t& /*tag*/) noexcept {
    return allocate_or_null(size);
}
void* operator new[](std::size_t size, const std::nothrow_t& /*tag*/) noexcept {
    return allocate_or_null(size);
}
void operator delete(void* p) noexcept {
    std::free(p);
}
void operator delete[](void* p) noexcept {
    std::free(p);
}
void operator delete(void* p, const std::nothrow_t& /*tag*/) noexcept {
    std::free(p);
}
void operator delete[](void* p, const std::nothrow_t& /*tag*/) noexcept {
    std::free(p);
}
void operator delete(void* p, std::size_t /*size*/) noexcept {
    std::free(p);
}
void operator delete[](void* p, std::size_t /*size*/) noexcept {
    std::free(p);
}

extern "C" int pthread_create(pthread_t* thread, const pthread_attr_t* attributes, void* (*run)(void*),
                              void* argument) noexcept {
    if (threads_refused) {
        return EAGAIN;
    }
    using function = int (*)(pthread_t*, const pthread_attr_t*, void* (*)(void*), void*);
    static const auto next = reinterpret_cast<function>(dlsym(RTLD_NEXT, "pthread_create"));
    return next(thread, attributes, run, argument);
}

namespace yunhu::test {
namespace {

using namespace std::chrono_literals;

/// While an instance exists, one allocation of this thread fails.
class failing_allocation {
public:
    explicit failing_allocation(std::size_t after) { fails_in = after; }
    failing_allocation(const failing_allocation&) = delete;
    failing_allocation& operator=(const failing_allocation&) = delete;
    ~failing_allocation() { fails_in.reset(); }

    [[nodiscard]] static bool allocation_failed() noexcept { return !fails_in; }
};

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
    EXPECT_GE(failures, at_first == connection::idle ? 2U : 20U);
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

// --- an exception of a handler

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
