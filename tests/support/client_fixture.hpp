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

/// What the fixture's calls must not reveal.
inline constexpr std::string_view fixture_token = "fixture-token";
inline constexpr std::string_view fixture_text = "fixture-text";

/// How a call ended; `code` is none when it went well, and the rest is known in both cases.
using outcome = failure;

/// A call that was started.
class pending_call {
public:
    explicit pending_call(std::string id);

    [[nodiscard]] const std::string& id() const noexcept;
    /// How often the call's handler was called.
    [[nodiscard]] unsigned ends() const noexcept;
    [[nodiscard]] bool done() const noexcept { return ends() > 0; }
    [[nodiscard]] const outcome& get() const;
    void cancel(boost::asio::cancellation_type type = boost::asio::cancellation_type::terminal) const;

private:
    friend class client_fixture;
    struct state;
    std::shared_ptr<state> state_;
};

/// A fault server and a client of it, on an `io_context` that the test's thread drives, with a bound that turns a hang
/// into a failure. The server's good answers echo the id of the call, so that an answer to another call is noticed.
///
///     client_fixture f;
///     f.server.next_response({send("HTTP/1.1 200 OK\r\nContent-Len"), fin()});
///     EXPECT_TRUE(failed(f.read("a"), errc::incomplete_response, delivery::answered));
///     EXPECT_TRUE(f.renews());
///
/// It checks that no call's texts reveal the token or the message; at its end that every call ended once, that
/// the client leaves no work behind, and that an observer's hooks were balanced.
class client_fixture {
public:
    explicit client_fixture(fault_server_options options = {});
    client_fixture(const client_fixture&) = delete;
    client_fixture& operator=(const client_fixture&) = delete;
    ~client_fixture();

    fault_server server;
    client_config config; ///< trusts the server and has one connection; may be changed before the first call
    boost::asio::io_context context;

    [[nodiscard]] yunhu::client& client();
    /// Destroys the client's handle.
    void close_client() { client_.reset(); }

    // One call, to its end. `id` is its msg_id.
    /// Of class U, one-shot: send-message.
    [[nodiscard]] outcome send(std::string id, call_options options = {});
    /// Of class S, read: list-message-edit-record.
    [[nodiscard]] outcome read(std::string id, call_options options = {});

    // The same in two parts.
    [[nodiscard]] pending_call start_send(std::string id, call_options options = {});
    [[nodiscard]] pending_call start_read(std::string id, call_options options = {});
    [[nodiscard]] outcome wait(const pending_call& call);

    /// Runs the `io_context` until then; false: it did not happen within `fault_log::wait_limit`.
    [[nodiscard]] bool run_until(const std::function<bool()>& happened);
    [[nodiscard]] bool run_until_seen(const std::function<bool(const fault_journal&)>& happened);
    [[nodiscard]] bool run_until_closed(std::size_t connection);
    [[nodiscard]] bool run_until_gate(const std::string& name, std::size_t times = 1);
    /// Runs what is ready.
    void run_ready();

    /// How often the server's application saw the call with that id.
    [[nodiscard]] std::size_t seen(std::string_view id) const;
    /// The connection on which it was seen last; 0: none.
    [[nodiscard]] std::size_t connection_of(std::string_view id) const;

    /// A good call now goes over the last connection that was accepted.
    [[nodiscard]] ::testing::AssertionResult reuses();
    /// The client closes the last connection that was accepted, and a good call goes over a new one.
    [[nodiscard]] ::testing::AssertionResult renews();
    /// A good call succeeds, over whichever connection.
    [[nodiscard]] ::testing::AssertionResult follow_up();

private:
    pending_call begin(std::string id);

    boost::asio::executor_work_guard<boost::asio::io_context::executor_type> work_;
    std::optional<yunhu::client> client_;
    std::vector<std::shared_ptr<balance>> observers_; ///< of each client
    std::vector<pending_call> calls_;
    std::size_t follow_ups_ = 0;
};

/// The `msg_id` in a request that `client_fixture` makes.
[[nodiscard]] std::string id_of(const seen_request& request);
/// The body of a good answer to a request that `client_fixture` makes: success, with the call's id as the text.
[[nodiscard]] std::string echo_id(const seen_request& request);
/// The body of a good answer to `read(id)`.
[[nodiscard]] std::string read_response(std::string_view id);
/// The body of a good answer to `send(id)`.
[[nodiscard]] std::string send_response(std::string_view id);

/// It went well, and the answer was its own.
[[nodiscard]] ::testing::AssertionResult ok(const outcome& call);
/// It failed with that code and delivery class.
[[nodiscard]] ::testing::AssertionResult failed(const outcome& call, error_code code, delivery how_far);
/// The same, in that phase.
[[nodiscard]] ::testing::AssertionResult failed(const outcome& call, error_code code, delivery how_far, phase in);

/// Every way in which bytes may arrive: in one record, one by one, and split at every offset.
[[nodiscard]] std::vector<step> deliveries(const std::string& bytes);

} // namespace yunhu::test
