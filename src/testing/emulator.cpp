// Copyright (c) 2026 The yunhu authors
// SPDX-License-Identifier: BSL-1.0

#include <yunhu/testing/emulator.hpp>

#include "testing/certificate.hpp"
#include "testing/server.hpp"
#include "testing/service.hpp"

#include <utility>

YUNHU_NAMESPACE_BEGIN
namespace testing {

struct emulator::impl {
    explicit impl(emulator_options given)
        : options(std::move(given)), identity(detail::make_identity()), application(options),
          server(options, identity, application) {
        if (!options.ca_out.empty()) {
            detail::write_atomically(options.ca_out, identity.ca);
        }
    }

    const emulator_options options;
    const detail::identity identity;
    detail::service application;
    detail::server server; // the last: destroyed before its application
};

emulator::emulator(emulator_options options) : impl_(std::make_unique<impl>(std::move(options))) {}

emulator::~emulator() = default;

std::uint16_t emulator::port() const {
    return impl_->server.port();
}

std::string emulator::base_url() const {
    return "https://127.0.0.1:" + std::to_string(port());
}

const std::string& emulator::ca_pem() const {
    return impl_->identity.ca;
}

const emulator_options& emulator::options() const {
    return impl_->options;
}

message emulator::deliver(chat in, message m) {
    return impl_->application.deliver(in, m);
}

void emulator::erase(const chat& in, const std::string& msg_id) {
    impl_->application.erase(in, msg_id);
}

std::vector<message> emulator::messages(const chat& in) const {
    return impl_->application.messages(in);
}

std::vector<button_press> emulator::button_reports() const {
    return impl_->application.with_state([](const detail::state& s) { return s.button_reports(); });
}

std::vector<download> emulator::downloads() const {
    return impl_->application.with_state([](const detail::state& s) { return s.downloads(); });
}

void emulator::serve(std::string path, handler handle) {
    impl_->application.serve(std::move(path), std::move(handle));
}

std::vector<exchange> emulator::journal() const {
    return impl_->application.with_exchanges([](const detail::exchange_log& log) { return log.all(); });
}

void emulator::clear_journal() {
    impl_->application.with_exchanges([](detail::exchange_log& log) { log.clear(); });
}

std::uint64_t emulator::requests() const {
    return impl_->application.count().requests;
}

std::uint64_t emulator::duplicates() const {
    return impl_->application.count().duplicates;
}

std::uint64_t emulator::connections_accepted() const {
    return impl_->application.count().connections_accepted;
}

std::uint64_t emulator::connections_open() const {
    return impl_->application.count().connections_open;
}

std::uint64_t emulator::handshakes_resumed() const {
    return impl_->application.count().handshakes_resumed;
}

bool emulator::wait_until(const std::function<bool()>& condition, std::chrono::milliseconds timeout) const {
    return impl_->application.wait_until(condition, timeout);
}

void emulator::inject(fault f) {
    impl_->application.inject(std::move(f));
}

void emulator::clear_faults() {
    impl_->application.with_faults([](detail::fault_plan& plan) { plan.clear(); });
}

void emulator::drop_connections() {
    impl_->server.drop_connections();
}

} // namespace testing
YUNHU_NAMESPACE_END
