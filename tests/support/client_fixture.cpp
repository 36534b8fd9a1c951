// Copyright (c) 2026 The yunhu authors
// SPDX-License-Identifier: BSL-1.0

#include "client_fixture.hpp"

#include "secrets.hpp"

#include <boost/asio/bind_cancellation_slot.hpp>
#include <boost/asio/cancellation_signal.hpp>
#include <boost/json/object.hpp>
#include <boost/json/parse.hpp>
#include <boost/json/serialize.hpp>
#include <boost/json/value.hpp>

#include <algorithm>
#include <chrono>
#include <stdexcept>
#include <utility>

namespace yunhu::test {
namespace {

namespace asio = boost::asio;
namespace json = boost::json;

/// The interval at which a condition on the server's journal is evaluated.
constexpr std::chrono::milliseconds poll_interval{1};

fault_server_options with_echo(fault_server_options options) {
    if (!options.body) {
        options.body = &echo_id;
    }
    return options;
}

/// A protobuf field with a short text: tag, length, text.
std::string short_field(char tag, std::string_view text) {
    if (text.size() > 127) {
        throw std::length_error("the length must fit into one byte");
    }
    return std::string{tag, static_cast<char>(text.size())} + std::string(text);
}

bool is_json(const seen_request& request) {
    return request.body.starts_with('{');
}

constexpr char field_1_bytes = 0x0a;
constexpr char field_2_bytes = 0x12;
constexpr char field_2_number = 0x10;
constexpr char field_3_bytes = 0x1a;

} // namespace

struct pending_call::state {
    explicit state(std::string call_id) : id(std::move(call_id)) {}

    std::string id;
    unsigned ends = 0;
    call_result result;
    asio::cancellation_signal signal;

    void end(call_result ended) {
        ++ends;
        result = std::move(ended);
        EXPECT_FALSE(reveals(result, fixture_token)) << "call " << id;
        EXPECT_FALSE(reveals(result, fixture_text)) << "call " << id;
    }
};

pending_call::pending_call(std::string id) : state_(std::make_shared<state>(std::move(id))) {}

const std::string& pending_call::id() const noexcept {
    return state_->id;
}

unsigned pending_call::ends() const noexcept {
    return state_->ends;
}

const call_result& pending_call::get() const {
    if (!done()) {
        throw std::logic_error("the call has not ended");
    }
    return state_->result;
}

void pending_call::cancel(asio::cancellation_type type) const {
    state_->signal.emit(type);
}

std::string read_response(std::string_view id) {
    return json::serialize(json::value{{"code", 1}, {"data", json::object()}, {"msg", id}});
}

std::string send_response(std::string_view id) {
    // {1: Status {2: code 1, 3: msg}}
    return short_field(field_1_bytes, std::string{field_2_number, 1} + short_field(field_3_bytes, id));
}

std::string id_of(const seen_request& request) {
    const std::string& body = request.body;
    if (is_json(request)) {
        return std::string(json::parse(body).at("msgId").as_string());
    }
    // The id is the first field of a send.
    if (body.size() < 2 || body[0] != field_2_bytes) {
        throw std::runtime_error("not a request of the fixture");
    }
    return body.substr(2, static_cast<unsigned char>(body[1]));
}

std::string echo_id(const seen_request& request) {
    return is_json(request) ? read_response(id_of(request)) : send_response(id_of(request));
}

client_fixture::client_fixture(fault_server_options options)
    : server(with_echo(std::move(options))), config(secret(fixture_token)), work_(context.get_executor()) {
    config.base_url = server.base_url();
    config.allow_plain_http_to_loopback = true;
    config.tls.ca_pem = server.ca_pem();
    config.pool.max_connections = 1;
}

client_fixture::~client_fixture() {
    close_client();
    const bool all_ended = run_until([this] { return std::ranges::all_of(calls_, &pending_call::done); });
    EXPECT_TRUE(all_ended) << "a call has not ended";
    work_.reset();
    context.restart();
    context.run_for(fault_log::wait_limit);
    EXPECT_TRUE(context.stopped()) << "the client has outstanding work";
    for (const pending_call& call : calls_) {
        EXPECT_LE(call.ends(), 1U) << "call " << call.id();
    }
    for (const auto& observer : observers_) {
        EXPECT_EQ(observer->report(), "");
    }
    for (const seen_connection& seen : server.journal().connections) {
        EXPECT_EQ(seen.trouble, "");
    }
}

yunhu::client& client_fixture::client() {
    if (!client_) {
        client_config settings = config;
        if (!settings.observer) {
            settings.observer = observers_.emplace_back(std::make_shared<hook_balance_checker>());
        }
        client_.emplace(context, std::move(settings));
    }
    return *client_;
}

pending_call client_fixture::begin(std::string id) {
    calls_.emplace_back(std::move(id));
    return calls_.back();
}

pending_call client_fixture::start_send(std::string id, call_options options) {
    pending_call call = begin(id);
    client().send_message({group("big"), text(std::string(fixture_text)), std::move(id)}, options,
                          asio::bind_cancellation_slot(call.state_->signal.slot(),
                                                       [s = call.state_](error_code code, sent_message result) {
                                                           s->end(call_result(code, std::move(result)));
                                                       }));
    return call;
}

pending_call client_fixture::start_read(std::string id, call_options options) {
    pending_call call = begin(id);
    client().list_message_edit_record(
        {std::move(id), 1, 1}, options,
        asio::bind_cancellation_slot(call.state_->signal.slot(),
                                     [s = call.state_](error_code code, edit_record_page result) {
                                         s->end(call_result(code, std::move(result)));
                                     }));
    return call;
}

call_result client_fixture::wait(const pending_call& call) {
    if (!run_until([&call] { return call.done(); })) {
        throw std::runtime_error("the call " + call.id() + " has not ended");
    }
    return call.get();
}

call_result client_fixture::send(std::string id, call_options options) {
    return wait(start_send(std::move(id), options));
}

call_result client_fixture::read(std::string id, call_options options) {
    return wait(start_read(std::move(id), options));
}

bool client_fixture::run_until(const std::function<bool()>& condition) {
    const auto limit = std::chrono::steady_clock::now() + fault_log::wait_limit;
    context.restart();
    while (!condition()) {
        if (std::chrono::steady_clock::now() > limit) {
            return false;
        }
        context.run_one_for(poll_interval);
    }
    return true;
}

bool client_fixture::run_until_seen(const std::function<bool(const fault_journal&)>& condition) {
    return run_until([&] { return server.holds(condition); });
}

bool client_fixture::run_until_closed(std::size_t connection) {
    return run_until_seen([connection](const fault_journal& journal) { return journal.closed(connection); });
}

bool client_fixture::run_until_gate(const std::string& name, std::size_t times) {
    return run_until_seen([&](const fault_journal& journal) {
        const auto found = journal.at_gate.find(name);
        return found != journal.at_gate.end() && found->second >= times;
    });
}

void client_fixture::run_ready() {
    context.restart();
    context.poll();
}

std::size_t client_fixture::seen(std::string_view id) const {
    const fault_journal journal = server.journal();
    return static_cast<std::size_t>(
        std::ranges::count_if(journal.requests, [id](const seen_request& r) { return id_of(r) == id; }));
}

std::size_t client_fixture::connection_of(std::string_view id) const {
    const fault_journal journal = server.journal();
    const auto last = std::find_if(journal.requests.rbegin(), journal.requests.rend(),
                                   [id](const seen_request& r) { return id_of(r) == id; });
    return last == journal.requests.rend() ? 0 : last->connection;
}

::testing::AssertionResult client_fixture::follow_up() {
    call_options once;
    once.max_attempts = 1; // a retry would hide an unusable connection
    return ok(read("follow-up-" + std::to_string(++follow_ups_), once));
}

::testing::AssertionResult client_fixture::reuses() {
    const std::size_t last = server.accepted();
    ::testing::AssertionResult result = follow_up();
    const std::size_t used = server.accepted();
    if (result && used != last) {
        return ::testing::AssertionFailure() << "connection " << used << " instead of " << last;
    }
    return result;
}

::testing::AssertionResult client_fixture::renews() {
    const std::size_t last = server.accepted();
    if (!run_until_closed(last)) {
        return ::testing::AssertionFailure() << "connection " << last << " was not closed";
    }
    ::testing::AssertionResult result = follow_up();
    const std::size_t used = server.accepted();
    if (result && used != last + 1) {
        return ::testing::AssertionFailure() << "connection " << used << " after " << last;
    }
    return result;
}

::testing::AssertionResult ok(const call_result& call) {
    if (call.code) {
        return ::testing::AssertionFailure() << call;
    }
    if (call.msg_id.empty() || call.api_msg != call.msg_id) {
        return ::testing::AssertionFailure() << "the call " << call.msg_id << " got the response to " << call.api_msg;
    }
    return ::testing::AssertionSuccess();
}

::testing::AssertionResult failed(const call_result& call, error_code code, delivery expected) {
    if (call.code != code || call.delivery != expected) {
        return ::testing::AssertionFailure() << call << "; expected " << yunhu::name(code) << ", " << expected;
    }
    return ::testing::AssertionSuccess();
}

::testing::AssertionResult failed(const call_result& call, error_code code, delivery expected, phase expected_phase) {
    if (call.phase != expected_phase) {
        return ::testing::AssertionFailure() << call << "; expected in phase " << expected_phase;
    }
    return failed(call, code, expected);
}

std::vector<step> deliveries(const std::string& bytes) {
    std::vector<step> ways{steps::send(bytes), steps::send_byte_by_byte(bytes)};
    for (std::size_t offset = 1; offset < bytes.size(); ++offset) {
        ways.push_back(steps::send_split(bytes, offset));
    }
    return ways;
}

} // namespace yunhu::test
