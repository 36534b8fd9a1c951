// Copyright (c) 2026 The yunhu authors
// SPDX-License-Identifier: BSL-1.0

#include "client_fixture.hpp"
#include "exchange.hpp"

#include <array>
#include <chrono>
#include <string_view>

// Faults in every phase of an exchange.
namespace yunhu::soak {
namespace {

using namespace std::string_view_literals;

constexpr std::string_view junk = "\xff\xfe junk, and nothing else\r\n\r\n";

std::size_t header_size(const std::string& response) {
    return response.find("\r\n\r\n") + 4;
}

// --- the connection ends
bool end_while_idle(exchange& e) {
    e.end();
    return false;
}
bool end_before_reading(exchange& e) {
    e.session.read_header();
    e.end();
    return false;
}
bool end_after_reading(exchange& e) {
    e.read();
    e.end();
    return false;
}
bool end_in_header(exchange& e) {
    const std::string response = e.read_for_response();
    e.session.stream().write(std::string_view(response).substr(0, e.number(1, header_size(response) - 1)));
    e.end();
    return false;
}
bool end_in_body(exchange& e) {
    const std::string response = e.read_for_response();
    e.session.stream().write(
        std::string_view(response).substr(0, e.number(header_size(response), response.size() - 1)));
    e.end();
    return false;
}
bool end_after_response(exchange& e) {
    e.response();
    e.end();
    return false;
}

// --- the server stops responding
bool stall_before_reading(exchange& e) {
    e.session.read_header();
    e.stall();
}
bool stall_after_reading(exchange& e) {
    e.read();
    e.stall();
}
bool stall_in_response(exchange& e) {
    const std::string response = e.read_for_response();
    e.session.stream().write(std::string_view(response).substr(0, e.number(1, response.size() - 1)));
    e.stall();
}

// --- delayed, or in pieces
bool delay(exchange& e) {
    const std::string response = e.read_for_response();
    e.session.stream().wait_for(std::chrono::milliseconds(e.number(1, 20)));
    e.session.stream().write(response);
    return true;
}
bool in_two_pieces(exchange& e) {
    const std::string response = e.read_for_response();
    const std::size_t cut = e.number(1, response.size() - 1);
    e.session.stream().write(std::string_view(response).substr(0, cut));
    e.session.stream().write(std::string_view(response).substr(cut));
    return true;
}
bool byte_by_byte(exchange& e) {
    for (const char& byte : e.read_for_response()) {
        e.session.stream().write(std::string_view(&byte, 1));
    }
    return true;
}

// --- wrong bytes
bool garbage(exchange& e) {
    e.read();
    std::string bytes;
    for (std::size_t left = e.number(1, 200); left > 0; --left) {
        bytes += static_cast<char>(e.number(0, 255));
    }
    e.session.stream().write(bytes);
    e.read_until_end();
    return false;
}
bool garbage_under_tls(exchange& e) {
    e.read();
    e.session.stream().write_raw(junk);
    e.read_until_end();
    return false;
}
bool garbage_body(exchange& e) {
    e.read();
    e.session.stream().write(test::http_ok(junk));
    return true;
}
bool quotes_request(exchange& e) {
    e.read();
    const test::seen_request& request = e.session.request();
    const std::string page = "Not you, " + std::string(request.header("token")) + ": " + request.body;
    const std::string status = e.happens(0.5) ? "200" : "400";
    e.session.stream().write("HTTP/1.1 " + status + " OK\r\nContent-Length: " + std::to_string(page.size()) +
                             "\r\n\r\n" + page);
    return true;
}
bool switching_protocols(exchange& e) {
    e.session.stream().write("HTTP/1.1 101 Switching Protocols\r\n\r\n" + e.read_for_response());
    e.read_until_end();
    return false;
}

// --- bytes besides the response
bool interim_responses(exchange& e) {
    std::string before;
    for (std::size_t left = e.number(1, 3); left > 0; --left) {
        before +=
            left % 2 == 0 ? "HTTP/1.1 100 Continue\r\n\r\n"sv : "HTTP/1.1 103 Early Hints\r\nLink: </x>\r\n\r\n"sv;
    }
    const std::string response = e.read_for_response();
    if (e.happens(0.5)) {
        e.session.stream().write(before);
        e.session.stream().write(response);
    } else {
        e.session.stream().write(before + response);
    }
    return true;
}
bool second_response_in_record(exchange& e) {
    const std::string response = e.read_for_response();
    e.session.stream().write(response + test::http_ok(test::read_response("another call")));
    e.read_until_end();
    return false;
}
bool second_response_in_segment(exchange& e) {
    const std::string response = e.read_for_response();
    e.session.stream().start_batch();
    e.session.stream().write(response);
    e.session.stream().write(test::http_ok(test::send_response("another call")));
    e.session.stream().send_batch();
    e.read_until_end();
    return false;
}
// They may cross the next request. (A whole response would then be indistinguishable from that request's response.)
bool stray_bytes_later(exchange& e) {
    e.response();
    e.session.stream().write(junk.substr(0, e.number(1, junk.size())));
    e.read_until_end();
    return false;
}
bool timeout_while_idle(exchange& e) {
    e.session.stream().write("HTTP/1.1 408 Request Timeout\r\nConnection: close\r\nContent-Length: 0\r\n\r\n");
    e.session.stream().send_close_notify();
    e.session.stream().send_fin();
    e.read_until_end();
    return false;
}

constexpr fault make(std::string_view name, bool (*inject)(exchange&)) {
    fault f;
    f.name = name;
    f.inject = inject;
    return f;
}

constexpr std::array all{
    make("end while idle", &end_while_idle),
    make("end before reading", &end_before_reading),
    make("end after reading", &end_after_reading),
    make("end in the header section", &end_in_header),
    make("end in the body", &end_in_body),
    make("end after the response", &end_after_response),
    make("stall before reading", &stall_before_reading),
    make("stall after reading", &stall_after_reading),
    make("stall in the response", &stall_in_response),
    make("delay", &delay),
    make("in two pieces", &in_two_pieces),
    make("byte by byte", &byte_by_byte),
    make("garbage", &garbage),
    make("garbage under TLS", &garbage_under_tls),
    make("garbage body", &garbage_body),
    make("request quoted", &quotes_request),
    make("101", &switching_protocols),
    make("interim responses", &interim_responses),
    make("second response in the record", &second_response_in_record),
    make("second response in the segment", &second_response_in_segment),
    make("stray bytes later", &stray_bytes_later),
    make("408 while idle", &timeout_while_idle),
};

} // namespace

std::span<const fault> faults() {
    return all;
}

} // namespace yunhu::soak
