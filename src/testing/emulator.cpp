// Copyright (c) 2026 The yunhu authors
// SPDX-License-Identifier: BSL-1.0

#include <yunhu/testing/emulator.hpp>

#include "testing/certificate.hpp"
#include "testing/server.hpp"
#include "testing/service.hpp"
#include "testing/wire_types.hpp"

#include <stdexcept>
#include <utility>

YUNHU_NAMESPACE_BEGIN
namespace testing {
namespace {

// Those of the storage and of the media hosts, which clients have built in.
std::vector<std::string> names_of(const emulator_options& options) {
    std::vector<std::string> names{"api.qiniu.com", "*.qiniup.com", "*.qbox.me", "*.jwznb.com"};
    names.insert(names.begin(), options.host_names.begin(), options.host_names.end());
    return names;
}

} // namespace

struct emulator::impl {
    explicit impl(emulator_options given)
        : options(std::move(given)),
          identity(options.state_dir.empty() ? detail::make_identity(names_of(options))
                                             : detail::stored_identity(options.state_dir, names_of(options))),
          application(options), server(options, identity, application) {
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

std::string emulator::gateway_url() const {
    return "wss://127.0.0.1:" + std::to_string(port()) + "/ws";
}

const std::string& emulator::ca_pem() const {
    return impl_->identity.ca;
}

const emulator_options& emulator::options() const {
    return impl_->options;
}

void emulator::add_account(account added) {
    impl_->application.change_state([&](detail::state& s, std::uint64_t) { s.people().add(std::move(added)); });
}

void emulator::add_group(group_profile added) {
    impl_->application.change_state([&](detail::state& s, std::uint64_t) { s.people().add(std::move(added)); });
}

void emulator::add_bot(bot_profile added) {
    impl_->application.change_state([&](detail::state& s, std::uint64_t) { s.people().add(std::move(added)); });
}

message emulator::say(const std::string& speaker, const chat& to, std::string text, const std::string& quote) {
    return impl_->application.change_state([&](detail::state& s, std::uint64_t now) {
        return detail::service::for_first_account(s.say(speaker, to, std::move(text), quote, now));
    });
}

void emulator::edit(const std::string& msg_id, std::string text) {
    impl_->application.change_state(
        [&](detail::state& s, std::uint64_t now) { s.rewrite(msg_id, std::move(text), now); });
}

void emulator::recall(const std::string& msg_id, const std::string& by) {
    impl_->application.change_state([&](detail::state& s, std::uint64_t now) { s.recall_as(by, msg_id, now); });
}

void emulator::block(const std::string& msg_id) {
    impl_->application.change_state([&](detail::state& s, std::uint64_t now) { s.block(msg_id, now); });
}

void emulator::stream(const std::string& msg_id, const std::string& text) {
    impl_->application.change_state([&](detail::state& s, std::uint64_t) { s.stream(msg_id, text); });
}

void emulator::set_board(board shown) {
    if (shown.bot_id.empty() || shown.in.id.empty()) {
        throw std::invalid_argument("board: bot_id and the chat's id must not be empty");
    }
    impl_->application.change_state([&](detail::state& s, std::uint64_t) {
        std::vector<board>& all = s.relations().boards;
        std::erase_if(all, [&](const board& each) { return each.bot_id == shown.bot_id && each.in == shown.in; });
        all.push_back(shown);
    });
    impl_->application.with_gateway(
        [&](detail::gateway& g, const detail::state& s, std::uint64_t now) { g.publish(shown, s.people(), now); });
}

std::int64_t emulator::add_request(const std::string& user_id, friend_request added, const std::string& only_by) {
    const std::int64_t id = impl_->application.change_state([&](detail::state& s, std::uint64_t now) {
        if (!s.people().with_id(user_id)) {
            throw std::invalid_argument("request: no account has the user_id " + user_id);
        }
        constexpr std::uint64_t milliseconds = 1000;
        added.request_id = ++s.relations().last_id;
        added.receiver_id = user_id;
        added.invite_at = added.invite_at != 0 ? added.invite_at : now / milliseconds;
        detail::community::request kept;
        kept.shown = std::move(added);
        kept.account = user_id;
        kept.only_by = only_by;
        s.relations().requests.push_back(std::move(kept));
        return s.relations().last_id;
    });
    push_command(user_id, "invite_apply");
    return id;
}

std::vector<friend_request> emulator::requests_of(const std::string& user_id) const {
    return impl_->application.with_state([&](const detail::state& s) {
        std::vector<friend_request> made;
        for (const auto& each : s.relations().requests) {
            if (each.account == user_id) {
                made.push_back(each.shown);
            }
        }
        return made;
    });
}

void emulator::add_instruction(instruction added) {
    if (added.bot_id.empty()) {
        throw std::invalid_argument("instruction: bot_id must not be empty");
    }
    impl_->application.change_state(
        [&](detail::state& s, std::uint64_t) { s.relations().instructions.push_back(std::move(added)); });
}

std::int64_t emulator::gag_of(const std::string& group_id, const std::string& user_id) const {
    return impl_->application.with_state(
        [&](const detail::state& s) { return s.relations().gag_of(group_id, user_id); });
}

bool emulator::is_member(const std::string& group_id, const std::string& user_id) const {
    return impl_->application.with_state(
        [&](const detail::state& s) { return s.people().is_member(group_id, user_id); });
}

void emulator::push(const std::string& user_id, std::string bytes, bool text) {
    impl_->application.with_gateway(
        [&](detail::gateway& g, const detail::state&, std::uint64_t) { g.send_raw(user_id, bytes, text); });
}

void emulator::push_command(const std::string& user_id, const std::string& cmd) {
    impl_->application.with_gateway([&](detail::gateway& g, const detail::state&, std::uint64_t) {
        g.send(user_id, detail::push{cmd, {}, {}});
    });
}

message emulator::deliver(chat in, message m) {
    return impl_->application.change_state([&](detail::state& s, std::uint64_t now) {
        return detail::service::for_first_account(s.deliver(0, in, detail::to_wire(m), now));
    });
}

void emulator::erase(const chat& in, const std::string& msg_id) {
    impl_->application.change_state([&](detail::state& s, std::uint64_t) { s.erase(0, in, msg_id); });
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

void emulator::serve_host(std::string host, http_handler handle) {
    impl_->application.serve_host(std::move(host), std::move(handle));
}

std::map<std::string, std::string> emulator::connect_to() const {
    return {{"*", "127.0.0.1:" + std::to_string(port())}};
}

void emulator::store_media(const std::string& bucket, const std::string& key, std::string bytes,
                           std::string content_type) {
    impl_->application.with_media(
        [&](detail::media_store& s) { s.put(bucket, key, std::move(bytes), std::move(content_type)); });
}

std::optional<std::string> emulator::stored_media(const std::string& bucket, const std::string& key) const {
    return impl_->application.with_media([&](const detail::media_store& s) { return s.content(bucket, key); });
}

void emulator::set_upload_host(const std::string& bucket, const std::string& host) {
    impl_->application.with_media([&](detail::media_store& s) { s.set_region(bucket, host); });
}

void emulator::expire_upload_tokens() {
    impl_->application.with_media([](detail::media_store& s) { s.expire_tokens(); });
}

void emulator::forget_uploads() {
    impl_->application.with_media([](detail::media_store& s) { s.forget_uploads(); });
}

void emulator::redirect_files_above(std::uint64_t bytes) {
    impl_->application.with_media([&](detail::media_store& s) { s.redirect_above(bytes); });
}

std::vector<exchange> emulator::journal() const {
    return impl_->application.with_exchanges([](const detail::journal<exchange>& log) { return log.all(); });
}

std::vector<gateway_frame> emulator::frames() const {
    return impl_->application.frames();
}

std::uint64_t emulator::sessions() const {
    return impl_->application.count().sessions;
}

void emulator::clear_journal() {
    impl_->application.clear_journal();
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

void emulator::inject(gateway_fault f) {
    impl_->application.with_gateway(
        [&](detail::gateway& g, const detail::state&, std::uint64_t) { g.add(std::move(f)); });
}

void emulator::clear_faults() {
    impl_->application.with_faults([](detail::fault_plan& plan) { plan.clear(); });
    impl_->application.with_gateway([](detail::gateway& g, const detail::state&, std::uint64_t) { g.clear_faults(); });
}

void emulator::drop_connections() {
    impl_->server.drop_connections();
}

} // namespace testing
YUNHU_NAMESPACE_END
