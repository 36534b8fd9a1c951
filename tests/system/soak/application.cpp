// Copyright (c) 2026 The yunhu authors
// SPDX-License-Identifier: BSL-1.0

#include "application.hpp"

#include "client_fixture.hpp"
#include "exchange.hpp"

#include <charconv>
#include <openssl/ssl.h>
#include <stdexcept>
#include <system_error>

namespace yunhu::soak {
namespace {

/// The share of new connections that fail in the handshake.
constexpr double refused_share = 0.02;

// False: the connection ended before its handshake was complete.
bool handshake_allowed(exchange& e) {
    if (!e.happens(refused_share)) {
        return true;
    }
    switch (e.number(0, 2)) {
    case 0:
        e.session.stream().read_client_hello();
        e.session.stream().close();
        break;
    case 1:
        e.session.stream().reset();
        break;
    default:
        e.session.stream().refuse_handshake(SSL_AD_HANDSHAKE_FAILURE);
        break;
    }
    return false;
}

} // namespace

std::string id_of(std::size_t call) {
    return "call-" + std::to_string(call);
}

std::size_t call_of(std::string_view id) {
    constexpr std::string_view prefix = "call-";
    std::size_t call = 0;
    if (!id.starts_with(prefix) ||
        std::from_chars(id.data() + prefix.size(), id.data() + id.size(), call).ec != std::errc()) {
        throw std::runtime_error("the id of no call");
    }
    return call;
}

application::application(std::size_t calls, std::uint64_t seed, double fault_share)
    : seen_(calls), injected_(faults().size()), seed_(seed), fault_share_(fault_share) {}

test::step application::serve() {
    return [this](test::fault_connection& session) { serve(session); };
}

std::vector<std::size_t> application::injected() const {
    return {injected_.begin(), injected_.end()};
}

void application::serve(test::fault_connection& session) {
    std::seed_seq seeds{seed_, std::uint64_t{session.number()}};
    std::mt19937_64 random(seeds);
    exchange e(*this, session, random);
    try {
        if (fault_share_ > 0 && !handshake_allowed(e)) {
            ++refused_;
            return;
        }
        for (bool usable = true; usable;) {
            if (e.happens(fault_share_)) {
                const std::size_t which = e.number(0, faults().size() - 1);
                ++injected_[which];
                usable = faults()[which].inject(e);
            } else {
                e.response();
            }
        }
    } catch (const test::connection_over&) {
        e.read_until_end(); // the client may have closed with unread requests
    }
}

void exchange::read() {
    session.read_request();
    ++application_.seen_.at(call_of(test::id_of(session.request())));
}

std::string exchange::read_for_response() {
    read();
    return test::http_ok(test::echo_id(session.request()));
}

void exchange::response() {
    session.stream().write(read_for_response());
}

void exchange::end() {
    switch (number(0, 3)) {
    case 0:
        session.stream().send_fin();
        break;
    case 1:
        session.stream().send_close_notify();
        session.stream().send_fin();
        break;
    case 2:
        session.stream().close();
        break;
    default:
        session.stream().reset();
        break;
    }
    read_until_end();
}

void exchange::stall() {
    session.stream().wait_for_end();
    throw test::connection_dropped(); // unread bytes in the socket were never received
}

void exchange::read_until_end() {
    try {
        for (;;) {
            read();
        }
    } catch (const test::connection_over&) {}
}

std::size_t exchange::number(std::size_t low, std::size_t high) {
    return std::uniform_int_distribution<std::size_t>(low, high)(random_);
}

bool exchange::happens(double share) {
    return std::bernoulli_distribution(share)(random_);
}

} // namespace yunhu::soak
