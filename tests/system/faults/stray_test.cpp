// Copyright (c) 2026 The yunhu authors
// SPDX-License-Identifier: BSL-1.0

#include "observability/recorder.hpp"
#include "system/faults/calls.hpp"

#include <cstdlib>
#include <memory>
#include <string>
#include <string_view>

// Stray responses: complete and valid, but to no request. HTTP/1.1 pairs by order, so a stray response that the client
// has received before it writes a request must never be taken as the response to it. The server sends it while the
// thread of the client waits in a hook or in the test, so that nothing depends on timing.
namespace yunhu::test {
namespace {

using namespace steps;

/// The number of rounds for each arrival: the environment variable YUNHU_RACE_ROUNDS, or a small default.
std::size_t rounds() {
    const char* const given = std::getenv("YUNHU_RACE_ROUNDS");
    return given == nullptr ? 10 : std::stoul(given);
}

/// When the stray response arrives.
struct arrival {
    std::string_view hook;      ///< prefix of the recorder's line; empty: when no hook is running
    bool of_first_call = false; ///< the hook is of the call before, otherwise of the call that follows
};

/// Pairs of calls on one connection; a stray response arrives between them.
class stray_rounds {
public:
    stray_rounds() {
        f.config.observer = hooks;
        hooks->also = [this](std::string_view line) {
            if (!armed_.empty() && line.starts_with(armed_)) {
                armed_ = {};
                at_hook_();
            }
        };
    }

    void run(const arrival& when) {
        for (std::size_t round = 0; round < rounds() && !::testing::Test::HasFatalFailure(); ++round) {
            SCOPED_TRACE("round " + std::to_string(round));
            one_round(when, std::to_string(round));
        }
        f.close_client();
        f.run_ready();
        EXPECT_EQ(paired, 0U);
        EXPECT_EQ(hooks->report(), "");
    }

    /// Calls `at_hook` in the next hook with that line.
    void arm(std::string_view line, std::function<void()> at_hook) {
        armed_ = line;
        at_hook_ = std::move(at_hook);
    }

    std::shared_ptr<recorder> hooks = std::make_shared<recorder>();
    client_fixture f;
    std::size_t paired = 0;

private:
    void one_round(const arrival& when, const std::string& n) {
        const std::string go = "go" + n;
        const std::string sent = "sent" + n;
        f.server.open_gate(sent);
        f.server.next_response({response_ok(), gate(go), send(http_ok(send_response("EVIL"))), gate(sent)});
        const auto stray = [&] {
            f.server.open_gate(go);
            EXPECT_TRUE(f.server.wait_for_gate(sent)); // the kernel of the client has it
        };
        if (when.of_first_call) {
            arm(when.hook, stray);
        }
        ASSERT_TRUE(ok(f.send("a" + n)));
        if (when.hook.empty()) {
            stray();
        } else if (!when.of_first_call) {
            arm(when.hook, stray);
        }
        const std::size_t connections = f.server.accepted();
        const call_result second = f.send("b" + n, once());
        paired += second.api_msg == "EVIL" ? 1 : 0;
        ASSERT_TRUE(armed_.empty()) << "the hook did not run";
        ASSERT_TRUE(ok(second));
        ASSERT_EQ(f.seen("b" + n), 1U);
        ASSERT_EQ(f.server.accepted(), connections + 1) << "on a new connection";
    }

    std::string_view armed_;
    std::function<void()> at_hook_;
};

TEST(stray_response, before_the_call_is_started) {
    stray_rounds().run({});
}

TEST(stray_response, in_the_hooks_of_the_call_before) {
    for (const std::string_view hook : {"on_first_byte", "on_attempt_end", "on_call_end"}) {
        SCOPED_TRACE(hook);
        stray_rounds().run({hook, true});
    }
}

TEST(stray_response, in_the_hook_that_starts_the_call) {
    stray_rounds().run({"on_call_start", false});
}

// Hooks that run while a request is on its way can't delay its write: the server has it before they run.
TEST(stray_response, the_request_is_written_before_the_hooks_of_its_attempt) {
    for (const std::string_view hook : {"on_queue_end", "on_attempt_start"}) {
        stray_rounds s;
        client_fixture& f = s.f;
        ASSERT_TRUE(ok(f.send("before")));
        for (std::size_t round = 0; round < rounds(); ++round) {
            const std::string n = std::to_string(round);
            f.server.next_response({gate("a" + n), response_ok()});
            const pending_call a = f.start_send("a" + n);
            ASSERT_TRUE(f.run_until_gate("a" + n));
            const pending_call b = f.start_send("b" + n); // queued
            f.run_ready();
            bool written = false;
            s.arm(hook, [&] {
                written = f.server.wait_until(
                    [&](const fault_journal& journal) { return id_of(journal.requests.back()) == "b" + n; });
            });
            f.server.open_gate("a" + n);
            EXPECT_TRUE(ok(f.wait(a)));
            EXPECT_TRUE(ok(f.wait(b)));
            ASSERT_TRUE(written) << hook;
        }
        f.close_client();
        f.run_ready();
        EXPECT_EQ(s.hooks->report(), "");
    }
}

TEST(stray_response, in_the_record_or_the_segment_of_the_response_before) {
    client_fixture f;
    const std::string evil = http_ok(send_response("EVIL"));
    for (std::size_t round = 0; round < rounds(); ++round) {
        const std::string n = std::to_string(round);
        if (round % 2 == 0) {
            f.server.next_response({send(http_ok(send_response("a" + n)) + evil)});
        } else {
            f.server.next_response({together({send(http_ok(send_response("a" + n))), send(evil)})});
        }
        ASSERT_TRUE(ok(f.send("a" + n)));
        ASSERT_TRUE(ok(f.send("b" + n, once())));
        ASSERT_EQ(f.seen("b" + n), 1U);
        ASSERT_EQ(f.connection_of("b" + n), f.connection_of("a" + n) + 1);
    }
}

} // namespace
} // namespace yunhu::test
