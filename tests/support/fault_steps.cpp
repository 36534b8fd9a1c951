// Copyright (c) 2026 The yunhu authors
// SPDX-License-Identifier: BSL-1.0

#include "fault_steps.hpp"

#include <string_view>
#include <utility>

namespace yunhu::test::steps {
namespace {

void execute(const script& of, fault_connection& session) {
    for (const step& next : of) {
        next(session);
    }
}

} // namespace

step read_client_hello() {
    return [](fault_connection& s) { s.stream().read_client_hello(); };
}
step handshake() {
    return [](fault_connection& s) { s.stream().handshake(); };
}
step refuse_handshake(int alert) {
    return [alert](fault_connection& s) { s.stream().refuse_handshake(alert); };
}

step expect_request() {
    return [](fault_connection& s) { s.read_request(); };
}
step expect_header() {
    return [](fault_connection& s) { s.read_header(); };
}
step expect_eof() {
    return [](fault_connection& s) { s.read_to_end(); };
}
step read_slowly(std::size_t bytes_at_once) {
    return [bytes_at_once](fault_connection& s) { s.stream().read_at_most(bytes_at_once); };
}

step send(std::string bytes) {
    return [bytes = std::move(bytes)](fault_connection& s) { s.stream().write(bytes); };
}
step send_split(std::string bytes, std::size_t offset) {
    return [bytes = std::move(bytes), offset](fault_connection& s) {
        s.stream().write(std::string_view(bytes).substr(0, offset));
        s.stream().write(std::string_view(bytes).substr(offset));
    };
}
step send_byte_by_byte(std::string bytes) {
    return [bytes = std::move(bytes)](fault_connection& s) {
        for (const char& byte : bytes) {
            s.stream().write(std::string_view(&byte, 1));
        }
    };
}
step flood(std::string bytes, std::size_t times) {
    return loop({send(std::move(bytes))}, times);
}
step response_ok() {
    return [](fault_connection& s) { s.response_ok(); };
}
step respond(body_maker make) {
    return [make = std::move(make)](fault_connection& s) { s.stream().write(make(s.request())); };
}
step together(script of) {
    return [of = std::move(of)](fault_connection& s) {
        s.stream().handshake(); // it must read, too
        s.stream().start_batch();
        execute(of, s);
        s.stream().send_batch();
    };
}

step send_ticket() {
    return [](fault_connection& s) { s.stream().send_ticket(); };
}
step key_update(bool request_peer) {
    return [request_peer](fault_connection& s) { s.stream().update_keys(request_peer); };
}
step renegotiate() {
    return [](fault_connection& s) { s.stream().request_renegotiation(); };
}
step raw_tcp(std::string bytes) {
    return [bytes = std::move(bytes)](fault_connection& s) { s.stream().write_raw(bytes); };
}
step bad_record_mac_alert() {
    return [](fault_connection& s) { s.stream().send_bad_record_mac_alert(); };
}
step close_notify() {
    return [](fault_connection& s) { s.stream().send_close_notify(); };
}

step fin() {
    return [](fault_connection& s) { s.stream().send_fin(); };
}
step close() {
    return [](fault_connection& s) {
        s.stream().send_close_notify();
        s.stream().send_fin();
    };
}
step abrupt_close() {
    return [](fault_connection& s) {
        s.stream().send_batch();
        s.stream().close();
    };
}
step rst() {
    return [](fault_connection& s) {
        s.stream().send_batch();
        s.stream().reset();
    };
}
step stall() {
    return [](fault_connection& s) {
        s.stream().wait_for_end();
        throw connection_dropped(); // unread requests must not be recorded
    };
}
step hold_open() {
    return [](fault_connection& s) { s.stream().wait_until([] { return false; }); };
}

step gate(std::string name) {
    return [name = std::move(name)](fault_connection& s) { s.wait_at_gate(name); };
}
step wait(std::chrono::milliseconds time) {
    return [time](fault_connection& s) { s.stream().wait_for(time); };
}
step loop(script of, std::size_t times) {
    return [of = std::move(of), times](fault_connection& s) {
        for (std::size_t n = 0; times == 0 || n < times; ++n) {
            execute(of, s);
        }
    };
}

} // namespace yunhu::test::steps
