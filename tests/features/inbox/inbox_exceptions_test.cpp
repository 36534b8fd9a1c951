// Copyright (c) 2026 The yunhu authors
// SPDX-License-Identifier: BSL-1.0

#include "failing_allocation.hpp"
#include "features/inbox/inbox_fixture.hpp"

#include <cstddef>
#include <cstdint>
#include <memory>
#include <new>
#include <optional>

// Each allocation of this thread fails in turn, while an inbox is made and while `next` is initiated. What Asio's
// coroutines need when they are resumed is beyond this: without memory for it they end the program.
namespace yunhu::test {
namespace {

class inbox_exceptions_test : public inbox_fixture {
protected:
    struct ending {
        int handled = 0;
        bool thrown = false;
        bool allocation_failed = false;
    };

    ending next_with_failure(std::size_t n) {
        ending got;
        {
            const failing_allocation fails(n);
            try {
                inbox().next([&](error_code, const optional_result<event>&) { ++got.handled; });
            } catch (const std::bad_alloc&) {
                got.thrown = true;
            }
            got.allocation_failed = failing_allocation::allocation_failed();
        }
        EXPECT_TRUE(run_until([&] { return got.thrown || got.handled != 0; })) << "allocation " << n;
        return got;
    }
};

TEST_F(inbox_exceptions_test, each_allocation_of_an_initiation_fails_in_turn) {
    options.cursors = std::make_shared<memory_store>();
    options.acknowledge = acknowledgement::by_request;
    log_in();
    std::uint64_t said = 0;
    std::size_t failures = 0;
    for (bool failed = true; failed; ++failures) {
        close_inbox();
        close_client();
        (void)client();
        const ending got = next_with_failure(failures);
        failed = got.allocation_failed;
        ASSERT_EQ(got.handled, got.thrown ? 0 : 1) << "allocation " << failures;
        // The next one hears what is said, on the same inbox if there is one.
        server.say("2", big, "hello");
        ++said;
        std::optional<event> heard;
        do {
            heard = next();
            ASSERT_TRUE(heard) << "allocation " << failures << ": " << last_error.message();
        } while (!std::holds_alternative<message_event>(*heard));
        ASSERT_EQ(std::get<message_event>(*heard).message.msg_seq, said) << "allocation " << failures;
        inbox().acknowledge(*heard);
    }
    EXPECT_GT(failures, 20U);
}

} // namespace
} // namespace yunhu::test
