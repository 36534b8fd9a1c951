// Copyright (c) 2026 The yunhu authors
// SPDX-License-Identifier: BSL-1.0
#pragma once

#include "fault_server.hpp"
#include "hook_balance_checker.hpp"

#include <yunhu/client.hpp>

#include <boost/asio/cancellation_type.hpp>
#include <boost/asio/executor_work_guard.hpp>
#include <boost/asio/io_context.hpp>

#include <gtest/gtest.h>

#include <cstddef>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace yunhu::test {

/// Secrets of the fixture; no text of the library may contain them.
inline constexpr std::string_view fixture_token = "fixture-token";
inline constexpr std::string_view fixture_text = "fixture-text";

/// The end of a call. Without an error `code` is empty; the other members are set in both cases.
using call_result = failure;

/// A started call.
class pending_call {
public:
    explicit pending_call(std::string id);

    [[nodiscard]] const std::string& id() const noexcept;
    /// The number of invocations of its handler.
    [[nodiscard]] unsigned ends() const noexcept;
    [[nodiscard]] bool done() const noexcept { return ends() > 0; }
    [[nodiscard]] const call_result& get() const;
    void cancel(boost::asio::cancellation_type type = boost::asio::cancellation_type::terminal) const;

private:
    friend class client_fixture;
    struct state;
    std::shared_ptr<state> state_;
};

/// A fault server and its client, on an `io_context` that the thread of the test runs. A timeout turns a hang into a
/// failure. Successful responses contain the id of the call, so that a response to another call is detected.
///
///     client_fixture f;
///     f.server.next_response({send("HTTP/1.1 200 OK\r\nContent-Len"), fin()});
///     EXPECT_TRUE(failed(f.read("a"), errc::incomplete_response, delivery::answered));
///     EXPECT_TRUE(f.renews());
///
/// Checks that no text of a call contains the token or the message. The destructor checks that every call ended once,
/// that the client left no work, and that the hooks of its observer were balanced.
class client_fixture {
public:
    explicit client_fixture(fault_server_options options = {});
    client_fixture(const client_fixture&) = delete;
    client_fixture& operator=(const client_fixture&) = delete;
    ~client_fixture();

    fault_server server;
    client_config config; ///< trusts the server, one connection; may be changed before the first call
    boost::asio::io_context context;

    [[nodiscard]] yunhu::client& client();
    /// Destroys the client's handle.
    void close_client() { client_.reset(); }

    // Runs one call to its end. `id` is its msg_id.
    /// A non-idempotent call: send-message.
    [[nodiscard]] call_result send(std::string id, call_options options = {});
    /// A safe call: list-message-edit-record.
    [[nodiscard]] call_result read(std::string id, call_options options = {});

    // Starts a call, and waits for its end.
    [[nodiscard]] pending_call start_send(std::string id, call_options options = {});
    [[nodiscard]] pending_call start_read(std::string id, call_options options = {});
    [[nodiscard]] call_result wait(const pending_call& call);

    /// Runs the `io_context` until the condition is true; false: not within `fault_log::wait_limit`.
    [[nodiscard]] bool run_until(const std::function<bool()>& condition);
    [[nodiscard]] bool run_until_seen(const std::function<bool(const fault_journal&)>& condition);
    [[nodiscard]] bool run_until_closed(std::size_t connection);
    [[nodiscard]] bool run_until_gate(const std::string& name, std::size_t times = 1);
    /// Runs the ready handlers.
    void run_ready();

    /// The number of requests with that id that the server received.
    [[nodiscard]] std::size_t seen(std::string_view id) const;
    /// The connection of the last request with that id; 0: none.
    [[nodiscard]] std::size_t connection_of(std::string_view id) const;

    /// Whether a successful call uses the last accepted connection.
    [[nodiscard]] ::testing::AssertionResult reuses();
    /// Whether the client closes the last accepted connection and a successful call uses a new one.
    [[nodiscard]] ::testing::AssertionResult renews();
    /// Whether a call succeeds, on any connection.
    [[nodiscard]] ::testing::AssertionResult follow_up();

private:
    pending_call begin(std::string id);

    boost::asio::executor_work_guard<boost::asio::io_context::executor_type> work_;
    std::optional<yunhu::client> client_;
    std::vector<std::shared_ptr<hook_balance_checker>> observers_; ///< one per client
    std::vector<pending_call> calls_;
    std::size_t follow_ups_ = 0;
};

/// The `msg_id` in a request that `client_fixture` makes.
[[nodiscard]] std::string id_of(const seen_request& request);
/// The body of a successful response to such a request: its text is the id of the call.
[[nodiscard]] std::string echo_id(const seen_request& request);
/// The body of a successful response to `read(id)`.
[[nodiscard]] std::string read_response(std::string_view id);
/// The body of a successful response to `send(id)`.
[[nodiscard]] std::string send_response(std::string_view id);

/// Whether the call succeeded with the response to its own request.
[[nodiscard]] ::testing::AssertionResult ok(const call_result& call);
/// Whether the call failed with that code and delivery class.
[[nodiscard]] ::testing::AssertionResult failed(const call_result& call, error_code code, delivery expected);
/// Whether the call failed with that code and delivery class in that phase.
[[nodiscard]] ::testing::AssertionResult failed(const call_result& call, error_code code, delivery expected,
                                                phase expected_phase);

/// Steps that send the bytes in one record, byte by byte, and split at every offset.
[[nodiscard]] std::vector<step> deliveries(const std::string& bytes);

} // namespace yunhu::test
