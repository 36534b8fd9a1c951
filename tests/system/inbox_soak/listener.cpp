// Copyright (c) 2026 The yunhu authors
// SPDX-License-Identifier: BSL-1.0

#include "listener.hpp"

#include <stdexcept>
#include <utility>

namespace yunhu::inbox_soak {
namespace {

client_config config_for(const testing::emulator& server) {
    client_config made(server.options().token);
    made.base_url = server.base_url();
    made.tls.ca_pem = server.ca_pem();
    made.retry.base = std::chrono::milliseconds(1);
    made.retry.budget_per_second = 1'000;
    return made;
}

inbox_options options_for(const testing::emulator& server) {
    inbox_options made(server.options().user_id, server.options().token);
    made.gateway_url = server.gateway_url();
    made.backoff_base = std::chrono::milliseconds(1);
    made.backoff_max = std::chrono::milliseconds(20);
    made.hole_grace = std::chrono::milliseconds(10);
    made.heartbeat = std::chrono::milliseconds(100);
    made.silence = std::chrono::milliseconds(600);
    made.save_interval = std::chrono::milliseconds(5);
    made.max_per_chat = 100'000;
    made.max_total = 1'000'000;
    return made;
}

} // namespace

listener::listener(const testing::emulator& server, record& into)
    : record_(into), client_(context_, config_for(server)), options_(options_for(server)),
      store_(std::make_shared<memory_store>()) {
    options_.cursors = store_;
    begin();
}

void listener::begin() {
    inbox_.emplace(client_, options_);
    hear(++life_);
}

void listener::hear(std::size_t life) {
    inbox_->next([this, life](error_code ec, const optional_result<event>& e) {
        if (life != life_) { // of an inbox that was destroyed
            return;
        }
        if (ec || !e) {
            throw std::runtime_error("next failed: " + ec.message());
        }
        last_event_ = std::chrono::steady_clock::now();
        record_.heard(*e);
        hear(life);
    });
}

void listener::poll() {
    context_.restart();
    context_.poll();
}

void listener::run_for(std::chrono::milliseconds time) {
    context_.restart();
    context_.run_for(time);
}

bool listener::run_until(const std::function<bool()>& condition) {
    constexpr auto too_long = std::chrono::seconds(60);
    last_event_ = std::chrono::steady_clock::now();
    while (!condition()) {
        if (std::chrono::steady_clock::now() - last_event_ > too_long) {
            return false;
        }
        context_.restart();
        context_.run_one_for(std::chrono::milliseconds(20));
    }
    return true;
}

void listener::restart() {
    before_ = stats();
    ++life_;
    store_->crash();
    inbox_.reset();
    poll();
    record_.new_life();
    begin();
}

inbox_stats listener::stats() const {
    inbox_stats sum = before_;
    const inbox_stats now = inbox_->stats();
    sum.logins += now.logins;
    sum.losses += now.losses;
    sum.frames += now.frames;
    sum.ignored += now.ignored;
    sum.duplicates += now.duplicates;
    sum.gaps += now.gaps;
    sum.catch_up_requests += now.catch_up_requests;
    sum.saves += now.saves;
    return sum;
}

} // namespace yunhu::inbox_soak
